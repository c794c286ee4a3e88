"""SPARQLWrapper, the commonest client in Python; its warning of a format not asked for is an error here."""

import csv
import io

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Graph
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

KAZAKHSTAN = "https://w3id.org/sauran/id/kazakhstan"
WAYS = pytest.mark.parametrize(
    ("method", "sent"),
    [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)],
    ids=["get", "form", "direct"],
)


def asking(
    endpoint: str, query: str, returned: str, method: str = GET, sent: str = URLENCODED
) -> SPARQLWrapper:
    client = SPARQLWrapper(endpoint)
    client.setTimeout(30)
    client.setQuery(query)
    client.setMethod(method)
    client.setRequestMethod(sent)
    client.setReturnFormat(returned)
    return client


@WAYS
def test_json_is_right_in_each_way_of_asking(
    endpoint: str, question: str, rows: list, method: str, sent: str
) -> None:
    found = asking(endpoint, question, JSON, method, sent).queryAndConvert()["results"]["bindings"]
    assert [(row["claim"]["value"], row["text"]["value"]) for row in found] == rows
    assert {row["text"]["xml:lang"] for row in found} == {"kk"}


@WAYS
def test_xml_is_right_in_each_way_of_asking(
    endpoint: str, question: str, rows: list, method: str, sent: str
) -> None:
    document = asking(endpoint, question, XML, method, sent).queryAndConvert()
    uris = [node.firstChild.data for node in document.getElementsByTagName("uri")]
    texts = [node.firstChild.data for node in document.getElementsByTagName("literal")]
    assert list(zip(uris, texts, strict=True)) == rows


@WAYS
def test_csv_is_right_in_each_way_of_asking(
    endpoint: str, question: str, rows: list, method: str, sent: str
) -> None:
    text = asking(endpoint, question, CSV, method, sent).queryAndConvert().decode("utf-8")
    assert [tuple(row) for row in csv.reader(io.StringIO(text))] == [("claim", "text"), *rows]


@WAYS
def test_tsv_is_right_in_each_way_of_asking(
    endpoint: str, question: str, rows: list, method: str, sent: str
) -> None:
    head, *lines = (
        asking(endpoint, question, TSV, method, sent).queryAndConvert().decode("utf-8").splitlines()
    )
    assert head == "?claim\t?text"
    assert lines == [f'<{iri}>\t"{text}"@kk' for iri, text in rows]


# SPARQLWrapper itself makes the graph that rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    "form", ["CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s = <%s>) }", "DESCRIBE <%s>"]
)
def test_every_form_of_triples_says_the_same(endpoint: str, form: str) -> None:
    query = form % KAZAKHSTAN
    turtle = asking(endpoint, query, TURTLE, POST).queryAndConvert()
    graph = Graph().parse(data=turtle, format="turtle")
    assert len(graph) == len(list(parse(turtle, format=RdfFormat.TURTLE))) > 10
    for returned in (RDFXML, JSONLD):
        other = asking(endpoint, query, returned).queryAndConvert()
        assert set(other) == set(graph), returned


def test_ask_is_a_truth_value(endpoint: str) -> None:
    for thing, known in ((KAZAKHSTAN, True), ("urn:x-unknown", False)):
        answer = asking(endpoint, f"ASK {{ <{thing}> ?p ?o }}", JSON).queryAndConvert()
        assert answer["boolean"] is known


def test_its_default_graphs_are_the_dataset(endpoint: str, truth: object) -> None:
    client = asking(endpoint, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", JSON)
    client.addDefaultGraph("https://w3id.org/sauran/graph/reference")
    found = client.queryAndConvert()["results"]["bindings"][0]["n"]["value"]
    pattern = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH <https://w3id.org/sauran/graph/reference> { ?s ?p ?o } }"
    assert found == next(iter(truth.query(pattern)))["n"].value  # type: ignore[attr-defined]


def test_a_wrong_query_shows_our_message(endpoint: str) -> None:
    with pytest.raises(QueryBadFormed, match=r"column 23: the query ends before it is complete; expected: "):
        asking(endpoint, "SELECT * WHERE { ?s ?p", JSON).query()


def test_an_update_is_refused(endpoint: str) -> None:
    client = asking(endpoint, "INSERT DATA { <urn:a> <urn:b> <urn:c> }", JSON, POST)
    with pytest.raises(QueryBadFormed, match="This endpoint is read-only"):
        client.query()
