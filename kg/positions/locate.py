"""Findings to their places: file, line and column of the triple, or of its subject where it is missing."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode

from sauran.kg.model.findings import Finding, Place, Term
from sauran.kg.positions.placed_file import DataFile, PlacedFile
from sauran.kg.shacl.result import located_at

__all__ = ["Places"]

_Node = NamedNode | BlankNode
_Question = tuple[Term, NamedNode | None, Term | None]
_PATH_TOKEN = re.compile(r"<([^>]*)>|([/|^()])")
_CLOSED = "ClosedConstraintComponent"


class Places:
    """The places of all triples in some files; read only when a finding asks for one.

    `numbered`: whether blank nodes of findings have the labels that `load_files` gave them for these files in
    this order, counted from `first`.
    """

    def __init__(self, files: Sequence[Path | DataFile], *, numbered: bool = False, first: int = 0) -> None:
        known = [file if isinstance(file, DataFile) else DataFile.at(file) for file in files]
        self._files = [
            PlacedFile(file, f"f{number}n" if numbered else None)
            for number, file in enumerate(known, start=first)
            if file is not None
        ]

    def place(self, findings: Iterable[Finding]) -> list[Finding]:
        """Give each finding without a place the best one there is; reasons inside get theirs too."""
        found = list(findings)
        wanted = {term for finding in found for term in _terms(finding)}
        for file in self._files if wanted else ():
            file.want(wanted)
        return [self._placed(finding) for finding in found]

    def _placed(self, finding: Finding) -> Finding:
        if finding.because:
            finding = finding.because_of(self._placed(reason) for reason in finding.because)
        return finding if finding.place else finding.at(self._best(finding))

    def _best(self, finding: Finding) -> Place | None:
        """The most exact place there is: the triple, else its predicate, else its subject."""
        for question in _questions(finding):
            places = (file.find(*question) for file in self._files)
            place = next(filter(None, places), None)
            if place is None and question[1] is None:
                place = next(filter(None, (file.find_value(question[0]) for file in self._files)), None)
            if place:
                return place
        nodes = [node for node in (located_at(finding), finding.focus) if node is not None]
        return next((p for node in nodes for file in self._files if (p := file.find_around(node))), None)


def _terms(finding: Finding) -> list[Term]:
    own = [] if finding.place else [term for term in (finding.focus, finding.value) if term is not None]
    return own + [term for reason in finding.because for term in _terms(reason)]


def _questions(finding: Finding) -> list[_Question]:
    """What to look for, the most exact first."""
    node, focus, value = located_at(finding), finding.focus, finding.value
    if node is None or focus is None:
        return []
    questions: list[_Question] = []
    steps = _first_steps(finding.path)
    for predicate, inverse in steps:
        if finding.component == _CLOSED:  # the fault is that the property is there, whatever its value
            questions.append((focus, predicate, None))
        elif node == focus and value is not None:
            questions.append((value, predicate, focus) if inverse else (focus, predicate, value))
    questions += [(node, predicate, None) for predicate, inverse in steps if not inverse]
    return [*questions, (node, None, None), (focus, None, None)]


def _first_steps(path: str | None) -> list[tuple[NamedNode, bool]]:
    """The predicates that a path may begin with, each with whether it is walked backwards."""
    if not path or not path.startswith(("<", "(", "^")):
        return [(NamedNode(path), False)] if path else []
    steps: list[tuple[NamedNode, bool]] = []
    inverse, depth, behind = False, 0, None
    for iri, sign in _PATH_TOKEN.findall(path):
        if iri:
            if behind is None:
                steps.append((NamedNode(iri), inverse))
            inverse = False
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "^":
            inverse = True
        elif sign == "/":
            behind = depth if behind is None else behind
        elif behind is not None and depth <= behind:
            behind = None
    return steps
