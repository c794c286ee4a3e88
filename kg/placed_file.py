"""One data file as places: which terms stand where, under the labels that findings use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, parse

from kg.errors import ContentError
from kg.findings import Place, Term
from kg.formats import Format, format_of_suffix
from kg.load import number_blanks
from kg.positions import (
    EXACT_FORMATS,
    PositionIndex,
    TurtleSyntaxError,
    index_text,
    match_blanks,
    parse_exactly,
)

__all__ = ["DataFile", "PlacedFile"]

Result = TypeVar("Result")
_MOST_STEPS = 100  # from a blank node up to a node with a name


@dataclass(frozen=True)
class DataFile:
    """Where RDF comes from: the name that findings show, its format, and how to read it."""

    name: str
    format: Format
    read: Callable[[], bytes]
    base_iri: str | None = None

    @classmethod
    def at(cls, path: Path) -> "DataFile | None":
        """A file whose suffix says its format; None for another one."""
        known = format_of_suffix(path.suffix)
        return None if known is None else cls(str(path), known, path.read_bytes)


@dataclass
class PlacedFile:
    """The places of the terms that are wanted; `prefix` begins the labels of its blank nodes in findings."""

    source: DataFile
    prefix: str | None = None
    _wanted: set[Term] = field(default_factory=set)

    def want(self, terms: set[Term]) -> None:
        """Say which terms `find` will be asked for; before it is."""
        self._wanted = terms

    def find(self, subject: Term, predicate: NamedNode | None, value: Term | None) -> Place | None:
        """The place of exactly what is asked: a triple's object, a predicate, or a node."""
        node = self._ours(subject)
        found = None
        if isinstance(node, NamedNode | BlankNode):
            known = self._ours(value) if value is not None else None
            if value is None or isinstance(known, NamedNode | BlankNode | Literal):
                found = self._index.find_exact(node, predicate, known)  # type: ignore[arg-type]
        if not found and predicate is None and isinstance(node, NamedNode | BlankNode | Literal):
            found = self._index.find_value(node)
        return Place(self.source.name, found.line, found.column, self._index.exact) if found else None

    def find_around(self, node: Term) -> Place | None:
        """The place of what leads to a node that stands nowhere itself; at least the file, if it is there."""
        quads = self._quads if isinstance(node, BlankNode) or not self._index.exact else []
        mentioned = False
        for _ in range(_MOST_STEPS):
            mentioned = mentioned or any(node in (quad.subject, quad.object) for quad in quads)
            parent = next((quad.subject for quad in quads if quad.object == node), None)
            if parent is None:
                break
            found = self._index.find_exact(self._ours(parent))  # type: ignore[arg-type]
            if found:
                return Place(self.source.name, found.line, found.column, exact=False)
            node = parent
        return Place(self.source.name, exact=False) if mentioned else None

    @cached_property
    def _text(self) -> str:
        return self.source.read().decode("utf-8")

    @cached_property
    def _index(self) -> PositionIndex:
        ours = (self._ours(term) for term in self._wanted)
        wanted = {term for term in ours if isinstance(term, NamedNode | BlankNode | Literal)}
        return self._guarded(
            lambda: index_text(self._text, self.source.format.name, self.source.base_iri, wanted)
        )

    @cached_property
    def _quads(self) -> list[Quad]:
        """The triples of Oxigraph, with the labels of findings."""
        parser = parse(self._text, format=self.source.format.rdf, base_iri=self.source.base_iri)
        return list(number_blanks(parser, (self.prefix or "").removesuffix("n")))

    @cached_property
    def _labels(self) -> dict[BlankNode, BlankNode]:
        """For each label of findings the one under which the index has the node."""
        name, base = self.source.format.name, self.source.base_iri
        if name in EXACT_FORMATS:
            return self._guarded(lambda: match_blanks(parse_exactly(self._text, name, base), self._quads))
        as_written = list(parse(self._text, format=self.source.format.rdf, base_iri=base))
        labels: dict[BlankNode, BlankNode] = {}
        for numbered, written in zip(self._quads, as_written, strict=True):
            pairs = ((numbered.subject, written.subject), (numbered.object, written.object))
            labels |= {n: w for n, w in pairs if isinstance(n, BlankNode) and isinstance(w, BlankNode)}
        return labels

    def _ours(self, term: Term) -> Term | None:
        """A term of a finding as the index has it; None for a blank node of another file."""
        if not isinstance(term, BlankNode) or self.prefix is None:
            return term
        return self._labels.get(term) if term.value.startswith(self.prefix) else None

    def _guarded(self, read: Callable[[], Result]) -> Result:
        try:
            return read()
        except TurtleSyntaxError as error:
            try:
                for _ in parse(self._text, format=self.source.format.rdf, base_iri=self.source.base_iri):
                    pass
            except SyntaxError:
                raise ContentError(
                    self.source.name, "changed while it was being read.", "Try again."
                ) from error
            # The engine reads this file, our parser does not: a fault of ours, never one to hide.
            where = f"{self.source.name}:{error.line}:{error.column}"
            raise ContentError(where, f"positions: {error.message}") from error
