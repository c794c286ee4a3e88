"""Answers of queries, expected and given, and whether they are the same; holds no test."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    Store,
    Triple,
    parse,
    parse_query_results,
)
from w3c.fixtures import read_quads

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS, Format

__all__ = ["Answer", "Graph", "Table", "as_stored", "is_same", "literals_of", "read_answer", "read_expected"]

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_NODE, _TIMES, _PLACE = (NamedNode(f"urn:x:{name}") for name in ("node", "times", "place"))
_NUMBER = NamedNode("http://www.w3.org/2001/XMLSchema#double")
Term = NamedNode | BlankNode | Literal | Triple
Row = frozenset[tuple[str, Term]]


@dataclass(frozen=True)
class Table:
    """Columns, and for each row its bound columns with their terms."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Graph:
    """Triples."""

    triples: frozenset[Triple]


Answer = Table | Graph | bool


def read_answer(body: bytes, media_type: str) -> Answer:
    """Read an answer by its media type."""
    known = next(f for f in (*RESULT_FORMATS, *RDF_FORMATS) if f.media_type == media_type)
    if known.rdf is not None:
        return Graph(frozenset(quad.triple for quad in parse(body, format=known.rdf)))
    return _read_csv(body) if known.name == "csv" else _read_results(body, known)


def read_expected(file: Path, address: str) -> Answer:
    """Read a file of expected results: a results format, RDF, or RDF that describes a result set."""
    for known in RESULT_FORMATS:
        if file.suffix == f".{known.suffix}":
            return read_answer(file.read_bytes(), known.media_type)
    described = _Description(read_quads(file, address))
    answer = described.answer()
    return Graph(frozenset(described.triples)) if answer is None else answer


def is_same(expected: Answer, given: Answer, *, ordered: bool = False, lax: bool = False) -> bool:
    """Whether two answers are the same but for the names of blank nodes.

    Shape: `ordered` compares rows by place, `lax` lets duplicates differ in number.
    """
    if type(expected) is not type(given):
        return False
    if isinstance(expected, Table) and isinstance(given, Table):
        if set(expected.columns) != set(given.columns):
            return False
        if lax and not len(set(expected.rows)) <= len(given.rows) <= len(expected.rows):
            return False
    shapes = [_shape(answer, ordered=ordered, lax=lax) for answer in (expected, given)]
    return shapes[0] == shapes[1]


def as_stored(answer: Answer) -> Answer:
    """The answer with its literals as the store writes them: 01 as 1, xsd:byte as xsd:integer."""
    if isinstance(answer, Graph):
        return Graph(frozenset(Triple(t.subject, t.predicate, _stored(t.object)) for t in answer.triples))
    if isinstance(answer, Table):
        rows = (frozenset((name, _stored(term)) for name, term in row) for row in answer.rows)
        return Table(answer.columns, tuple(rows))
    return answer


def literals_of(answer: Answer) -> set[Literal]:
    """The literals in an answer."""
    if isinstance(answer, bool):
        return set()
    terms = (
        [triple.object for triple in answer.triples]
        if isinstance(answer, Graph)
        else [term for row in answer.rows for _, term in row]
    )
    return {term for term in terms if isinstance(term, Literal)}


def _stored(term: Term) -> Term:
    store = Store()
    store.add(Quad(_NODE, _NODE, term))
    (quad,) = store
    return quad.object


def _shape(answer: Answer, *, ordered: bool, lax: bool) -> object:
    """What two answers have in common exactly when they are the same."""
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, Graph):
        return _canonical(Quad(t.subject, t.predicate, t.object) for t in answer.triples)
    return _canonical(_row_quads(answer.rows, ordered=ordered, lax=lax))


def _row_quads(rows: tuple[Row, ...], *, ordered: bool, lax: bool) -> Iterator[Quad]:
    """A table as a graph: a blank node for each row, or for each group of equal ones."""
    # Equal rows are counted: canonical names take exponential time on many that look the same.
    numbered = [(row, _PLACE, n) for n, row in enumerate(rows)]
    counted = [(row, _TIMES, 1 if lax else times) for row, times in Counter(rows).items()]
    for n, (row, mark, number) in enumerate(numbered if ordered else counted):
        node = BlankNode(f"row{n}")
        yield Quad(node, mark, Literal(number))
        for name, term in row:
            yield Quad(node, NamedNode(f"urn:x:column:{name}"), term)


def _canonical(quads: Iterable[Quad]) -> frozenset[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, dataset))


def _read_results(body: bytes, known: Format) -> Table | bool:
    assert known.results is not None
    found = parse_query_results(body, format=known.results)
    if not isinstance(found, QuerySolutions):
        return bool(found)
    columns = tuple(variable.value for variable in found.variables)
    rows = (zip(columns, solution, strict=True) for solution in found)
    return Table(columns, tuple(frozenset((n, t) for n, t in row if t is not None) for row in rows))


def _read_csv(body: bytes) -> Table:
    """Read CSV: it tells blank nodes and what looks like a number from the rest, nothing more."""
    head, *lines = csv.reader(io.StringIO(body.decode("utf-8"), newline=""))
    rows = (
        frozenset((name, _csv_term(cell)) for name, cell in zip(head, line, strict=True) if cell)
        for line in lines
    )
    return Table(tuple(head), tuple(rows))


def _csv_term(cell: str) -> Term:
    if cell.startswith("_:"):
        return BlankNode(cell[2:])
    return Literal(cell, datatype=_NUMBER if re.fullmatch(r"[-+]?[\d.]+(E[-+]?\d+)?", cell) else None)


class _Description:
    """RDF that describes a result set in the words of the suite of SPARQL 1.0."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.triples = [quad.triple for quad in quads]
        self._said: dict[object, dict[str, list[Term]]] = {}
        for triple in self.triples:
            self._said.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(
                triple.object
            )

    def answer(self) -> Table | bool | None:
        """The result set that is described; None where the RDF is not about one."""
        sets = [
            node
            for node, said in self._said.items()
            if NamedNode(f"{RS}ResultSet") in said.get(_RDF_TYPE, ())
        ]
        if not sets:
            return None
        (node,) = sets
        if truth := self._texts(node, "boolean"):
            return truth == ["true"]
        solutions = self._values(node, "solution")
        solutions.sort(key=lambda solution: [int(text) for text in self._texts(solution, "index")])
        return Table(tuple(self._texts(node, "resultVariable")), tuple(map(self._row, solutions)))

    def _row(self, solution: object) -> Row:
        cells = self._values(solution, "binding")
        return frozenset((self._texts(cell, "variable")[0], self._values(cell, "value")[0]) for cell in cells)

    def _values(self, node: object, word: str) -> list[Term]:
        return list(self._said.get(node, {}).get(RS + word, ()))

    def _texts(self, node: object, word: str) -> list[str]:
        return [term.value for term in self._values(node, word) if isinstance(term, Literal)]
