"""Findings to their places: file, line and column of the triple, or of its subject where it is missing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, parse

from sauran.kg.loading.load import number_blanks
from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Finding, Place, Term
from sauran.kg.model.formats import Format, format_of_suffix
from sauran.kg.positions import (
    EXACT_FORMATS,
    PlacedTriple,
    Position,
    PositionIndex,
    Statements,
    TurtleSyntaxError,
    index_text,
    match_blanks,
    name_anonymous,
    parse_exactly,
)
from sauran.kg.shacl.result import located_at

__all__ = ["DataFile", "Places"]

Result = TypeVar("Result")
_MOST_STEPS = 100  # from a blank node up to a node with a name
_Node = NamedNode | BlankNode
_Question = tuple[Term, NamedNode | None, Term | None]
_PATH_TOKEN = re.compile(r"<([^>]*)>|([/|^()])")
_CLOSED = "ClosedConstraintComponent"


@dataclass(frozen=True)
class DataFile:
    """A source of RDF: the name shown in findings, its format, and how to read it.

    `statements` are those of Turtle, where somebody has found them already.
    """

    name: str
    format: Format
    read: Callable[[], bytes]
    base_iri: str | None = None
    statements: Callable[[], Statements] | None = None

    @classmethod
    def at(cls, path: Path) -> "DataFile | None":
        """A file whose suffix says its format; None for another one."""
        known = format_of_suffix(path.suffix)
        return None if known is None else cls(str(path), known, path.read_bytes)


@dataclass
class _PlacedFile:
    """The places of the terms that are wanted; `prefix` begins the labels of its blank nodes in findings."""

    source: DataFile
    prefix: str | None = None
    _wanted: set[Term] = field(default_factory=set)

    def want(self, terms: set[Term]) -> None:
        """Register terms for `find`; must be called before it."""
        self._wanted = terms

    def find(self, subject: Term, predicate: NamedNode | None, value: Term | None) -> Place | None:
        """The place of exactly what is asked: a triple's object, a predicate, or a subject."""
        node, known = self._ours(subject), None if value is None else self._ours(value)
        if not isinstance(node, NamedNode | BlankNode) or isinstance(known, Triple):
            return None
        if value is not None and known is None:
            return None
        return self._place(self._index.find_exact(node, predicate, known))

    def find_value(self, value: Term) -> Place | None:
        """The place of a term as an object of any triple."""
        ours = self._ours(value)
        if not isinstance(ours, NamedNode | BlankNode | Literal):
            return None
        return self._place(self._index.find_value(ours) or self._values.find_value(ours))

    def _place(self, found: Position | None) -> Place | None:
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
                return Place(self.source.name, found.line, found.column, exact=False, around=True)
            node = parent
        return Place(self.source.name, exact=False) if mentioned else None

    @cached_property
    def _text(self) -> str:
        own = self.source.statements
        return self.source.read().decode("utf-8") if own is None else own().text

    @cached_property
    def _index(self) -> PositionIndex:
        index, around_blanks, _ = self._scanned
        ours = (self._ours(term) for term in self._wanted if isinstance(term, BlankNode))
        index.add_triples(around_blanks, {node for node in ours if isinstance(node, BlankNode)})
        return index

    @cached_property
    def _scanned(self) -> tuple[PositionIndex, list[PlacedTriple], dict[int, BlankNode]]:
        """The places of the named terms that are wanted; and if a blank node is, what is said with such.

        With the numbers of blank nodes where only a part of the text was read.
        """
        name, base = self.source.format.name, self.source.base_iri
        if name not in EXACT_FORMATS:
            subjects = self._guarded(lambda: index_text(self._text, name, base))
            if self._wanted_blanks:
                subjects.add_subjects(self._as_written[1].items())
            return subjects, [], {}
        named = {term for term in self._wanted if isinstance(term, NamedNode | Literal)}
        around_blanks: list[PlacedTriple] = []
        index = PositionIndex()

        blanks: dict[int, BlankNode] = {}

        def read() -> None:
            if self._reads_part:
                triples = self._statements.read(self._wanted, self._numbers, blanks)
            else:
                triples = parse_exactly(self._text, name, base)
            index.add_triples(
                _keeping_blanks(triples, around_blanks) if self._wanted_blanks else triples, named
            )

        self._guarded(read)
        return index, around_blanks, blanks

    @property
    def _statements(self) -> Statements:
        own = self.source.statements
        return Statements(self._text, self.source.base_iri) if own is None else own()

    @cached_property
    def _reads_part(self) -> bool:
        """Whether only the part of the text is read in which there is something to find."""
        labels_anywhere = self._wanted_blanks and "_:" in self._text
        return self.source.format.name == "turtle" and not labels_anywhere

    @cached_property
    def _wanted_blanks(self) -> list[BlankNode]:
        return [term for term in self._wanted if isinstance(term, BlankNode) and self._is_ours(term)]

    @cached_property
    def _values(self) -> PositionIndex:
        """What stands as an object in parts of the text that were not read for subjects."""
        if not self._reads_part:
            return self._index
        named = {term for term in self._wanted if isinstance(term, NamedNode | Literal)}
        return self._guarded(
            lambda: index_text(self._text, self.source.format.name, self.source.base_iri, named)
        )

    @cached_property
    def _quads(self) -> list[Quad]:
        """The triples of Oxigraph, with the labels of findings; of exact formats those with a blank node."""
        quads: Iterable[Quad] = parse(
            self._text, format=self.source.format.rdf, base_iri=self.source.base_iri
        )
        if self.source.format.name in EXACT_FORMATS:
            quads = filter(_has_blank, quads)
        return list(number_blanks(quads, (self.prefix or "").removesuffix("n")))

    @cached_property
    def _labels(self) -> dict[BlankNode, BlankNode]:
        """For each label of findings the one under which the index has the node."""
        if self._reads_part:
            found = self._scanned[2]
            return {node: found[number] for number, node in self._numbers.items() if number in found}
        if self.source.format.name in EXACT_FORMATS:
            return match_blanks(self._scanned[1], self._quads)
        labels: dict[BlankNode, BlankNode] = {}
        for numbered, written in zip(self._quads, self._as_written[0], strict=True):
            pairs = ((numbered.subject, written.subject), (numbered.object, written.object))
            labels |= {n: w for n, w in pairs if isinstance(n, BlankNode) and isinstance(w, BlankNode)}
        return labels

    @cached_property
    def _as_written(self) -> tuple[list[Quad], dict[BlankNode, Position]]:
        """The triples with the labels that the text has, and with names for nodes that could have one."""
        rdf, base = self.source.format.rdf, self.source.base_iri
        text, places = name_anonymous(self._text, self.source.format.name)
        try:
            named = list(parse(text, format=rdf, base_iri=base))
        except SyntaxError:
            named = []
        # Naming must not change anything else; if it does, we misread the text.
        if [_without_labels(quad) for quad in named] == [_without_labels(quad) for quad in self._quads]:
            return named, places
        return list(parse(self._text, format=rdf, base_iri=base)), {}

    def _ours(self, term: Term) -> Term | None:
        """A term of a finding as the index has it; None for a blank node of another file."""
        if not isinstance(term, BlankNode) or self.prefix is None:
            return term
        return self._labels.get(term) if self._is_ours(term) else None

    def _is_ours(self, node: BlankNode) -> bool:
        return self.prefix is None or node.value.startswith(self.prefix)

    @cached_property
    def _numbers(self) -> dict[int, BlankNode]:
        """The blank nodes that are wanted, by the number in their label."""
        if not self.prefix:
            return {}
        return {int(node.value.removeprefix(self.prefix)): node for node in self._wanted_blanks}

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
            # The engine parses this file but our parser does not: a bug in ours, which must not be hidden.
            where = f"{self.source.name}:{error.line}:{error.column}"
            raise ContentError(where, f"positions: {error.message}") from error


def _without_labels(quad: Quad) -> tuple[object, ...]:
    terms = (quad.subject, quad.predicate, quad.object)
    return tuple(None if isinstance(term, BlankNode) else term for term in terms)


def _has_blank(statement: Quad | PlacedTriple) -> bool:
    return isinstance(statement.subject, BlankNode) or isinstance(statement.object, BlankNode)


def _keeping_blanks(triples: Iterable[PlacedTriple], kept: list[PlacedTriple]) -> Iterator[PlacedTriple]:
    for triple in triples:
        if _has_blank(triple):
            kept.append(triple)
        yield triple


class Places:
    """The places of all triples in some files; read only when a finding asks for one.

    `numbered`: whether blank nodes of findings have the labels that `load_files` gave them for these files in
    this order, counted from `first`.
    """

    def __init__(self, files: Sequence[Path | DataFile], *, numbered: bool = False, first: int = 0) -> None:
        known = [file if isinstance(file, DataFile) else DataFile.at(file) for file in files]
        self._files = [
            _PlacedFile(file, f"f{number}n" if numbered else None)
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
