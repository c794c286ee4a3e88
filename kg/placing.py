"""Findings to their places: file, line and column of the triple, or of its subject where it is missing."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import ContentError
from kg.findings import Finding, Place
from kg.load import load_files
from kg.positions import PositionIndex, TurtleSyntaxError
from kg.shacl import located_at

__all__ = ["Places"]

_Node = NamedNode | BlankNode
_ANY_GRAPH = NamedNode("urn:sauran:any")


class Places:
    """The places of all triples in some Turtle files; read only when a finding asks for one."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files

    def place(self, findings: Iterable[Finding]) -> list[Finding]:
        """Give each finding without a place the best one there is."""
        return [f if f.place else f.at(self._best(f)) for f in findings]

    @cached_property
    def _indexes(self) -> list[tuple[Path, PositionIndex]]:
        indexes = []
        for file in self._files:
            if file.suffix != ".ttl":
                continue
            try:
                indexes.append((file, PositionIndex(file.read_bytes().decode("utf-8"))))
            except TurtleSyntaxError as error:
                if load_files([file], _ANY_GRAPH).findings:
                    raise ContentError(str(file), "changed while it was being read.", "Try again.") from error
                # The engine reads this file, our parser does not: a fault of ours, never one to hide.
                raise ContentError(
                    f"{file}:{error.line}:{error.column}", f"positions: {error.message}"
                ) from error
        return indexes

    def _best(self, finding: Finding) -> Place | None:
        """The most exact place there is: the triple, else its predicate, else its subject."""
        node, focus, value = located_at(finding), finding.focus, finding.value
        if not isinstance(node, NamedNode | BlankNode) or not isinstance(focus, NamedNode | BlankNode):
            return None
        path = NamedNode(finding.path) if finding.path and _is_iri(finding.path) else None
        if path is None:
            return self._first(node) or self._first(focus)
        exact = None
        if node == focus and isinstance(value, NamedNode | BlankNode | Literal):
            exact = self._first(focus, path, value)
        return exact or self._first(node, path) or self._first(node) or self._first(focus)

    def _first(
        self, subject: _Node, predicate: NamedNode | None = None, value: _Node | Literal | None = None
    ) -> Place | None:
        """The first place that is as exact as the question."""
        for file, index in self._indexes:
            found = index.find_exact(subject, predicate, value)
            if found:
                return Place(str(file), found.line, found.column)
        return None


def _is_iri(path: str) -> bool:
    return ":" in path and not any(sign in path for sign in " <>()|^*+?")
