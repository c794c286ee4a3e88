"""The store: datasets as the protocol says, a union that is a set."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.loading.store import Store, count_union, write_store_folder
from sauran.kg.model.errors import QueryError
from sauran.kg.model.formats import RESULT_FORMATS

E = "http://example.org/"
A, B = E + "a", E + "b"
DEFAULT = "SELECT ?s {} WHERE {{ ?s ?p ?o }} ORDER BY ?s"
NAMED = "SELECT ?s {} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?s"


@pytest.fixture
def store() -> Store:
    p = NamedNode(E + "p")
    return Store.of_quads(
        [
            Quad(NamedNode(A), p, Literal("in a"), NamedNode(A)),
            Quad(NamedNode(B), p, Literal("in b"), NamedNode(B)),
        ]
    )


def names(store: Store, query: str, default: Sequence[str] = (), named: Sequence[str] = ()) -> list[str]:
    answer = store.query(query, default_graphs=default, named_graphs=named)
    return [row[0].value.removeprefix(E) for row in answer.rows() if isinstance(row[0], NamedNode)]


@pytest.mark.parametrize(
    ("query", "default", "named", "expected"),
    [
        (DEFAULT.format(""), [], [], ["a", "b"]),
        (NAMED.format(""), [], [], ["a", "b"]),
        (DEFAULT.format(f"FROM <{A}>"), [], [], ["a"]),
        (NAMED.format(f"FROM <{A}>"), [], [], []),
        (DEFAULT.format(f"FROM NAMED <{A}>"), [], [], []),
        (NAMED.format(f"FROM NAMED <{A}>"), [], [], ["a"]),
        (DEFAULT.format(""), [B], [], ["b"]),
        (NAMED.format(""), [B], [], []),
        (DEFAULT.format(""), [], [B], []),
        (NAMED.format(""), [], [B], ["b"]),
        (DEFAULT.format(f"FROM <{A}>"), [B], [], ["b"]),
        (NAMED.format(f"FROM NAMED <{A}>"), [], [B], ["b"]),
        (DEFAULT.format(""), [A, B], [], ["a", "b"]),
    ],
)
def test_the_dataset_is_what_query_or_request_say(
    store: Store, query: str, default: list[str], named: list[str], expected: list[str]
) -> None:
    assert names(store, query, default, named) == expected


def test_a_query_that_does_not_parse_is_an_error_with_its_place(store: Store) -> None:
    with pytest.raises(QueryError, match=r"error at 1:26: expected one of"):
        store.query("SELECT ?s WHERE { ?s ?p }")


def test_an_update_is_no_query(store: Store) -> None:
    with pytest.raises(QueryError):
        store.query("INSERT DATA { <http://e/s> <http://e/p> 1 }")


def test_columns_come_in_the_order_of_the_query(store: Store) -> None:
    assert store.query("SELECT ?z ?a { ?z ?p ?a }").variables == ("z", "a")


def test_a_description_follows_blank_nodes_and_stops_at_others() -> None:
    s, p, b = NamedNode(A), NamedNode(E + "p"), BlankNode("n")
    quads = [
        Quad(s, p, b, NamedNode(A)),
        Quad(b, p, NamedNode(B), NamedNode(A)),
        Quad(NamedNode(B), p, Literal("far"), NamedNode(A)),
    ]
    assert len(list(Store.of_quads(quads).query(f"DESCRIBE <{A}>").triples())) == 2


COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
SHARED = [Quad(NamedNode(A), NamedNode(E + "p"), Literal("x"), NamedNode(graph)) for graph in (A, B)]


@pytest.mark.parametrize("kind", ["quads", "file", "folder"])
def test_a_triple_in_two_graphs_counts_once_in_their_union(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "all.nq"
    file.write_text("".join(f"{quad} .\n" for quad in SHARED), "utf-8")
    if kind == "folder":
        write_store_folder(file, tmp_path / "store", merged=True)
    store = {
        "quads": lambda: Store.of_quads(SHARED),
        "file": lambda: Store.of_file(file, merged=True),
        "folder": lambda: Store.of_folder(tmp_path / "store", merged=True),
    }[kind]()

    def number(query: str) -> str:
        return next(row[0].value for row in store.query(query).rows() if isinstance(row[0], Literal))

    assert count_union(SHARED) == 1
    assert number(COUNT.format("")) == "1"
    assert number(COUNT.format(f"FROM <{B}>")) == "1"
    assert number("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == "2"
    graphs = store.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g").rows()
    assert [str(graph) for (graph,) in graphs] == [f"<{A}>", f"<{B}>"]


def test_a_boolean_is_written_as_a_result(store: Store) -> None:
    assert store.query("ASK { ?s ?p ?o }").serialize(RESULT_FORMATS[0]) == b'{"head":{},"boolean":true}'


def test_values_are_bound_not_pasted(store: Store) -> None:
    answer = store.query("SELECT ?g ?o { GRAPH ?g { ?s ?p ?o } }", substitutions={"g": NamedNode(B)})
    assert [row[1].value for row in answer.rows() if isinstance(row[1], Literal)] == ["in b"]


def test_an_unknown_function_is_an_error_of_its_expression(store: Store) -> None:
    answer = store.query("SELECT (COALESCE(<http://e/f>(1) + <http://e/g>(), 'error') AS ?x) {}")
    assert [row[0] for row in answer.rows()] == [Literal("error")]


def test_relative_iris_are_resolved_against_the_base(store: Store) -> None:
    answer = store.query("SELECT ?o { GRAPH ?g { <a> ?p ?o } }", base=E)
    assert [row[0] for row in answer.rows()] == [Literal("in a")]
    with pytest.raises(QueryError):
        store.query("SELECT ?o { GRAPH ?g { <a> ?p ?o } }")
