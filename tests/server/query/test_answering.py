"""Answers within limits, in this process."""

import itertools
import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import replace

import pytest
from engine_support import FORMATS, question
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    parse,
    parse_query_results,
)

from sauran.kg.loading.store import Store
from sauran.kg.model.errors import QueryError
from sauran.kg.model.formats import Format
from sauran.server.query.answering import Writing, answer
from sauran.server.query.question import LimitPassed, QueryLimits, Tally

TABLES = ("json", "xml", "csv", "tsv")
GRAPHS = ("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads")
ROWS = "SELECT ?s ?o { ?s ?p ?o }"
TRIPLES = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
WRITING = Writing({"e": "http://e/"}, {"e": "http://e/"})
SIZE = 50
GRAPH = NamedNode("http://e/graph")


@pytest.fixture(scope="module")
def store() -> Store:
    predicate = NamedNode("http://e/p")
    return Store.of_quads(
        Quad(NamedNode(f"http://e/{n}"), predicate, Literal(f'}},{{"\n{n}'), GRAPH) for n in range(SIZE)
    )


def told(
    store: Store, text: str, wanted: str, limits: QueryLimits, *, partial: bool = False
) -> tuple[bytes, Tally]:
    pieces: list[bytes] = []
    tally = answer(store, question(text, wanted, partial=partial), limits, WRITING, pieces.append)
    data = b"".join(pieces)
    assert tally.size == len(data)
    return data, tally


def rows_in(data: bytes, wanted: str) -> int:
    """How many rows another reader finds; it fails where the answer is not whole."""
    if wanted in GRAPHS:
        known = FORMATS[wanted].rdf
        assert known is not None
        return len(list(parse(data, format=known)))
    if wanted == "csv":
        return data.count(b"\r\n") - 1
    if wanted == "json":
        return len(json.loads(data)["results"]["bindings"])
    if wanted == "xml":
        ET.fromstring(data)  # noqa: S314 (the same)
    found = parse_query_results(data, format=FORMATS[wanted].results or QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return len(list(found))


@pytest.mark.parametrize("wanted", TABLES + GRAPHS)
def test_as_many_rows_as_may_be_are_answered_and_one_more_is_not(store: Store, wanted: str) -> None:
    text = ROWS if wanted in TABLES else TRIPLES
    data, tally = told(store, text, wanted, QueryLimits(max_rows=SIZE))
    assert (rows_in(data, wanted), tally.rows, tally.stopped_by) == (SIZE, SIZE, "")
    with pytest.raises(LimitPassed) as passed:
        told(store, text, wanted, QueryLimits(max_rows=SIZE - 1))
    assert passed.value.limit == "rows"


@pytest.mark.parametrize("wanted", TABLES + GRAPHS)
def test_as_many_bytes_as_may_be_are_answered_and_one_more_is_not(store: Store, wanted: str) -> None:
    text = ROWS if wanted in TABLES else TRIPLES
    size = len(told(store, text, wanted, QueryLimits())[0])
    assert told(store, text, wanted, QueryLimits(max_bytes=size))[1].size == size
    with pytest.raises(LimitPassed) as passed:
        told(store, text, wanted, QueryLimits(max_bytes=size - 1))
    assert passed.value.limit == "bytes"


@pytest.mark.parametrize("wanted", TABLES + GRAPHS)
@pytest.mark.parametrize("most", [1, 7, SIZE - 1])
def test_a_partial_answer_is_whole_in_its_format(store: Store, wanted: str, most: int) -> None:
    text = ROWS if wanted in TABLES else TRIPLES
    data, tally = told(store, text, wanted, QueryLimits(max_rows=most), partial=True)
    assert (rows_in(data, wanted), tally.rows, tally.stopped_by) == (most, most, "rows")


@pytest.mark.parametrize("wanted", TABLES)
def test_a_partial_answer_that_needs_no_limit_is_the_answer(store: Store, wanted: str) -> None:
    for text in (ROWS, "SELECT ?nothing { ?s ?p ?o }", "SELECT ?s { ?s ?p 1 }", "ASK {}"):
        whole, _ = told(store, text, wanted, QueryLimits())
        assert told(store, text, wanted, QueryLimits(max_rows=SIZE), partial=True)[0] == whole


@pytest.mark.parametrize("wanted", TABLES)
def test_a_partial_answer_goes_on_over_many_batches(store: Store, wanted: str) -> None:
    text = "SELECT ?a ?b { ?a ?p ?x . ?b ?q ?y }"
    data, tally = told(store, text, wanted, QueryLimits(max_rows=2300), partial=True)
    assert (rows_in(data, wanted), tally.stopped_by) == (2300, "rows")
    assert (
        told(store, text, wanted, QueryLimits(), partial=True)[0]
        == told(store, text, wanted, QueryLimits())[0]
    )


@pytest.mark.parametrize("wanted", TABLES)
def test_a_partial_answer_keeps_below_the_limit_of_bytes(store: Store, wanted: str) -> None:
    text = "SELECT ?a ?b { ?a ?p ?x . ?b ?q ?y }"
    limits = QueryLimits(max_bytes=len(told(store, text, wanted, QueryLimits())[0]) - 1)
    data, tally = told(store, text, wanted, limits, partial=True)
    assert len(data) <= limits.max_bytes
    assert (rows_in(data, wanted), tally.rows, tally.stopped_by) == (2000, 2000, "bytes")


@pytest.mark.parametrize("wanted", GRAPHS)
def test_partial_triples_keep_below_the_limit_of_bytes(store: Store, wanted: str) -> None:
    data, tally = told(store, TRIPLES, wanted, QueryLimits(max_bytes=2500), partial=True)
    assert 0 < rows_in(data, wanted) == tally.rows < SIZE
    assert tally.stopped_by == "bytes"
    assert len(data) <= 2500


@pytest.mark.parametrize("text", [ROWS, TRIPLES])
def test_a_partial_answer_stops_in_time(store: Store, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: float(next(ticks)))
    wanted = "json" if text == ROWS else "ntriples"
    data, tally = told(store, text, wanted, QueryLimits(timeout_s=10), partial=True)
    assert (rows_in(data, wanted), tally.rows, tally.stopped_by) == (8, 8, "time")


def test_few_triples_are_sorted_and_many_are_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    few, _ = told(store, TRIPLES, "ntriples", QueryLimits())
    assert few.splitlines() == sorted(few.splitlines())
    for wanted in GRAPHS:
        monkeypatch.setitem(FORMATS, wanted, replace(FORMATS[wanted], most_sorted=10))
        many, tally = told(store, TRIPLES, wanted, QueryLimits())
        assert (rows_in(many, wanted), tally.rows) == (SIZE, SIZE)
    assert b"@prefix e:" in told(store, TRIPLES, "turtle", QueryLimits())[0]


def test_json_ld_is_compacted_where_it_is_sorted(store: Store) -> None:
    data, _ = told(store, TRIPLES, "jsonld", QueryLimits())
    assert "@context" in json.loads(data)


def test_rows_that_a_function_of_the_format_writes_have_the_same_limits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Format("lines", "Lines", "text/x-lines", "lines", write_rows=_as_lines, tail=b"")
    monkeypatch.setitem(FORMATS, "lines", lines)
    data, tally = told(store, ROWS, "lines", QueryLimits())
    assert (data.count(b"\n"), tally.rows, tally.stopped_by) == (SIZE, SIZE, "")
    data, tally = told(store, ROWS, "lines", QueryLimits(max_rows=7), partial=True)
    assert (data.count(b"\n"), tally.rows, tally.stopped_by) == (7, 7, "rows")
    for limits, limit in ((QueryLimits(max_rows=7), "rows"), (QueryLimits(max_bytes=20), "bytes")):
        for wanted in (lines, replace(lines, tail=None)):
            monkeypatch.setitem(FORMATS, "lines", wanted)
            with pytest.raises(LimitPassed, match=limit):
                told(store, ROWS, "lines", limits)


def _as_lines(names: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    return b"".join(b"%d\n" % len(row) for row in rows)


def test_what_does_not_parse_is_said() -> None:
    with pytest.raises(QueryError):
        told(Store.of_quads([]), "SELECT", "json", QueryLimits())


def test_directions_and_triples_survive_a_partial_answer() -> None:
    text = (
        'SELECT ?a ?b ?c { VALUES (?a ?b ?c) { ("x"@ar--rtl "y"@en <<( <http://e/s> <http://e/p> "1" )>>) } '
        "FILTER(!BOUND(?no)) }"
    )
    store = Store.of_quads([])
    for wanted in TABLES:
        whole, _ = told(store, text, wanted, QueryLimits())
        assert told(store, text, wanted, QueryLimits(), partial=True)[0] == whole
