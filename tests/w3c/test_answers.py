"""The comparison of answers: what is the same, and what it must not take for the same."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from w3c.answers import Answer, Graph, Table, as_stored, is_same, read_answer, read_expected

INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
P = NamedNode("http://example.org/p")


def table(*terms: object, columns: tuple[str, ...] = ("x",)) -> Table:
    return Table(columns, tuple(frozenset({("x", term)}) for term in terms))


def number(text: str) -> Literal:
    return Literal(text, datatype=INTEGER)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (table(number("1"), number("2")), table(number("2"), number("1"))),
        (table(BlankNode("a"), BlankNode("b")), table(BlankNode("b"), BlankNode("c"))),
        (Graph(frozenset({Triple(BlankNode("a"), P, P)})), Graph(frozenset({Triple(BlankNode("b"), P, P)}))),
        (True, True),
    ],
    ids=["order of rows", "names of blank nodes", "names of blank nodes of a graph", "truth"],
)
def test_answers_are_the_same_but_for(one: Answer, other: Answer) -> None:
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (table(number("1")), table(number("01"))),
        (table(number("1")), table(Literal("1"))),
        (table(number("1")), table(number("1"), number("1"))),
        (table(BlankNode("a"), BlankNode("a")), table(BlankNode("a"), BlankNode("b"))),
        (table(BlankNode("a")), table(P)),
        (table(P), table(P, columns=("x", "y"))),
        (table(P), table()),
        (True, False),
        (Graph(frozenset()), table()),
        (Graph(frozenset({Triple(P, P, P)})), Graph(frozenset({Triple(P, P, BlankNode("a"))}))),
    ],
    ids=[
        "lexical form",
        "datatype",
        "duplicates",
        "shared blank nodes",
        "blank node and IRI",
        "columns",
        "a missing row",
        "truth",
        "graph and table",
        "blank node and IRI of a graph",
    ],
)
def test_answers_differ_by(one: Answer, other: Answer) -> None:
    assert not is_same(one, other)
    assert not is_same(other, one)


def test_order_counts_where_the_query_decides_it() -> None:
    one, other = table(number("1"), number("2")), table(number("2"), number("1"))
    assert not is_same(one, other, ordered=True)
    assert is_same(one, one, ordered=True)


def test_reduced_may_leave_duplicates_out_but_no_row() -> None:
    three = table(P, P, number("1"))
    assert is_same(three, table(P, number("1")), lax=True)
    assert not is_same(three, table(P, P), lax=True)
    assert not is_same(three, table(P, P, P, number("1")), lax=True)


def test_canonical_literals_are_told_from_other_values() -> None:
    assert is_same(as_stored(table(number("01"))), as_stored(table(number("1"))))
    assert not is_same(as_stored(table(number("01"))), as_stored(table(number("2"))))


def test_results_are_read_from_every_format(tmp_path: Path) -> None:
    json = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"http://example.org/p"}}]}}'
    assert read_answer(json, "application/sparql-results+json") == table(P)
    assert read_answer(b"?x\n<http://example.org/p>\n", "text/tab-separated-values") == table(P)
    assert read_answer(b"x\r\n01\r\n", "text/csv") != read_answer(b"x\r\n1\r\n", "text/csv")
    described = tmp_path / "described.ttl"
    described.write_text(
        "@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .\n"
        '[] a rs:ResultSet ; rs:resultVariable "x" ; rs:solution\n'
        '[ rs:index 2 ; rs:binding [ rs:variable "x" ; rs:value 5 ] ] ,\n'
        '[ rs:index 1 ; rs:binding [ rs:variable "x" ; rs:value 7 ] ] .\n',
        "utf-8",
    )
    assert read_expected(described, "http://example.org/") == table(number("7"), number("5"))
    described.write_text(
        "@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .\n"
        "[] a rs:ResultSet ; rs:boolean false .\n",
        "utf-8",
    )
    assert read_expected(described, "http://example.org/") is False
