"""/sparql: forms, formats, datasets, errors, and the page."""

import csv
import io
import json
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from rdflib import Graph

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS, Format
from sauran.kg.release.release import Release
from sauran.server.http.executor import own_query

BASE = "https://w3id.org/sauran/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ONE = "SELECT ?x ?y { VALUES (?x ?y) { ('<é> \"q\"'@kk UNDEF) } }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
EXPECTED = {
    "json": '{"head":{"vars":["x","y"]},"results":{"bindings":'
    '[{"x":{"type":"literal","value":"<é> \\"q\\"","xml:lang":"kk"}}]}}',
    "xml": '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
    '<head><variable name="x"/><variable name="y"/></head><results><result>'
    '<binding name="x"><literal xml:lang="kk">&lt;é&gt; "q"</literal></binding></result></results></sparql>',
    "csv": 'x,y\r\n"<é> ""q""",\r\n',
    "tsv": '?x\t?y\n"<é> \\"q\\""@kk\t\n',
}


def ask(client: FlaskClient, query: str, accept: str = "*/*", **more: str) -> str:
    response = client.get("/sparql", query_string={"query": query, **more}, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    return response.text


def number(client: FlaskClient, query: str, more: list[tuple[str, str]] | None = None) -> int:
    response = client.get("/sparql", query_string=urlencode([("query", query), *(more or [])]))
    return int(json.loads(response.text)["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("wanted", RESULT_FORMATS, ids=lambda wanted: wanted.name)
def test_rows_come_in_every_result_format(client: FlaskClient, wanted: Format) -> None:
    response = client.get("/sparql", query_string={"query": ONE}, headers={"Accept": wanted.media_type})
    assert (response.content_type, response.headers["Vary"]) == (
        wanted.content_type,
        "Accept, Accept-Encoding",
    )
    assert response.text.replace("&quot;", '"') == EXPECTED[wanted.name]


def test_json_is_the_answer_to_who_takes_anything(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": ONE})
    assert (response.content_type, response.text) == ("application/sparql-results+json", EXPECTED["json"])


@pytest.mark.parametrize("wanted", RESULT_FORMATS[:2], ids=lambda wanted: wanted.name)
def test_a_truth_value_comes_in_json_and_xml(client: FlaskClient, wanted: Format) -> None:
    text = ask(client, "ASK { ?s a <https://w3id.org/sauran/ontology#Claim> }", wanted.media_type)
    assert "true" in text


@pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda wanted: wanted.name)
@pytest.mark.parametrize(
    "query",
    [
        f"DESCRIBE <{BASE}id/kazakhstan>",
        f"CONSTRUCT {{ <{BASE}id/kazakhstan> ?p ?o }} {{ <{BASE}id/kazakhstan> ?p ?o }}",
    ],
    ids=["describe", "construct"],
)
def test_triples_come_in_every_rdf_format(client: FlaskClient, wanted: Format, query: str) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": wanted.media_type})
    assert response.content_type == wanted.content_type
    assert wanted.rdf is not None
    found = {q.triple for q in parse(response.data, format=wanted.rdf)}
    plain = {
        q.triple
        for q in parse(ask(client, query, "application/n-triples").encode(), format=RdfFormat.N_TRIPLES)
    }
    assert found == plain
    assert len(found) > 10


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/sparql-query"])
def test_both_posts_answer_as_get_does(client: FlaskClient, content_type: str) -> None:
    body = urlencode({"query": ONE}) if content_type.endswith("urlencoded") else ONE
    response = client.post("/sparql", data=body.encode(), content_type=content_type)
    assert response.text == EXPECTED["json"]


def test_head_says_what_get_says_without_the_body(client: FlaskClient) -> None:
    response = client.head("/sparql", query_string={"query": ONE})
    assert (response.status_code, response.data) == (200, b"")
    assert response.content_length == len(EXPECTED["json"].encode())


def test_the_default_graph_is_the_union_until_the_query_or_the_request_names_a_dataset(
    client: FlaskClient, briefing: Release
) -> None:
    sizes = {graph["iri"]: graph["triples"] for graph in briefing.manifest["graphs"]}
    reference, derived = f"{BASE}graph/reference", f"{BASE}graph/kazakhstan/derived"
    in_named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(client, in_named) == sum(sizes.values())
    union = number(client, "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }")
    assert number(client, COUNT) == union < sum(sizes.values())
    assert number(client, COUNT, [("default-graph-uri", reference)]) == sizes[reference]
    both = [("default-graph-uri", reference), ("default-graph-uri", derived)]
    assert number(client, COUNT, both) == sizes[reference] + sizes[derived]
    assert number(client, COUNT, [("named-graph-uri", reference)]) == 0
    assert number(client, in_named, [("named-graph-uri", reference)]) == sizes[reference]
    assert number(client, COUNT.replace("{", f"FROM <{derived}> {{")) == sizes[derived]
    assert number(client, COUNT.replace("{", f"FROM NAMED <{derived}> {{")) == 0
    assert (
        number(client, COUNT.replace("{", f"FROM <{derived}> {{"), [("default-graph-uri", reference)])
        == sizes[reference]
    )


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("SELECT * {", "query: line 1, column 10: { is not closed."),
        (
            "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
            "query: SERVICE is refused. Ask each endpoint itself; ",
        ),
        ("INSERT DATA {}", "This endpoint is read-only"),
        ("", "query: line 1, column 1: the query ends before it is complete"),
    ],
    ids=["syntax", "service", "update", "empty"],
)
def test_a_query_that_cannot_be_answered_is_400_and_says_why(
    client: FlaskClient, query: str, start: str
) -> None:
    response = client.get("/sparql", query_string={"query": query})
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert response.json is not None
    assert response.json["detail"].startswith(start)


@pytest.mark.parametrize("wanted", (*RESULT_FORMATS, *RDF_FORMATS), ids=lambda wanted: wanted.name)
def test_the_parameter_format_is_for_links(client: FlaskClient, wanted: Format) -> None:
    query = ONE if wanted in RESULT_FORMATS else f"DESCRIBE <{BASE}id/kazakhstan>"
    for accept in ("image/png", "*/*", BROWSER):
        response = client.get(
            "/sparql", query_string={"query": query, "format": wanted.name}, headers={"Accept": accept}
        )
        assert (response.status_code, response.content_type) == (200, wanted.content_type)
        assert response.data == ask(client, query, wanted.media_type).encode()


def test_a_header_that_names_a_format_of_programs_wins_over_the_parameter(client: FlaskClient) -> None:
    for named in ("json", "tsv", "n3"):
        response = client.get(
            "/sparql", query_string={"query": ONE, "format": named}, headers={"Accept": "text/csv"}
        )
        assert (response.status_code, response.mimetype) == (200, "text/csv")


def test_a_format_that_is_none_is_400_and_one_that_does_not_fit_406(client: FlaskClient) -> None:
    unknown = client.get("/sparql", query_string={"query": ONE, "format": "xlsx"})
    assert (unknown.status_code, unknown.json and unknown.json["detail"]) == (
        400,
        "format takes one of json, xml, csv, tsv, turtle, ntriples, jsonld, rdfxml, trig, nquads, once, "
        "as format=csv",
    )
    assert client.get(f"/sparql?{urlencode({'query': ONE})}&format=csv&format=csv").status_code == 400
    unfit = client.post("/sparql", data={"query": ONE, "format": "turtle"})
    assert (unfit.status_code, unfit.json and unfit.json["detail"]) == (
        406,
        "format=turtle cannot hold this answer. There is: json, xml, csv, tsv.",
    )


def test_a_graph_that_is_no_iri_is_400(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": COUNT, "default-graph-uri": "not an iri"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("query", "accept", "there_is"),
    [
        (ONE, "text/turtle", "application/sparql-results+json, application/sparql-results+xml, text/csv, "),
        ("DESCRIBE <http://e/>", "text/csv", "text/turtle, application/n-triples, "),
    ],
)
def test_a_format_that_cannot_hold_the_answer_is_406(
    client: FlaskClient, query: str, accept: str, there_is: str
) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 406
    assert there_is in response.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_405_with_those_allowed(client: FlaskClient, method: str) -> None:
    response = client.open("/sparql", method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_body_above_the_limit_is_413(client: FlaskClient) -> None:
    response = client.post("/sparql", data=b" " * (1024 * 1024 + 1), content_type="application/sparql-query")
    assert response.status_code == 413


def test_without_a_query_it_describes_itself(client: FlaskClient, briefing: Release) -> None:
    response = client.get("/sparql")
    assert response.content_type == "text/turtle; charset=utf-8"
    found = Graph().parse(data=response.data, format="turtle")
    answer = found.query(
        "BASE <http://127.0.0.1:8000/> SELECT ?name ?n { <sparql> a sd:Service ; sd:endpoint <sparql> ;"
        " sd:supportedLanguage sd:SPARQL11Query ; sd:feature sd:UnionDefaultGraph ;"
        " sd:defaultDataset/sd:namedGraph ?graph . ?graph sd:name ?name ; sd:graph/void:triples ?n }",
        initNs={"sd": "http://www.w3.org/ns/sparql-service-description#", "void": "http://rdfs.org/ns/void#"},
    )
    said = {str(name): int(count) for name, count in answer}  # type: ignore[misc]
    assert said == {graph["iri"]: graph["triples"] for graph in briefing.manifest["graphs"]}
    of_default = found.query(
        "SELECT ?n { ?dataset sd:defaultGraph/void:triples ?n }",
        initNs={"sd": "http://www.w3.org/ns/sparql-service-description#", "void": "http://rdfs.org/ns/void#"},
    )
    assert [int(count) for (count,) in of_default] == [number(client, COUNT)]  # type: ignore[misc, call-overload]


def test_a_browser_is_led_to_the_page_with_its_query(client: FlaskClient) -> None:
    bare = client.get("/sparql", headers={"Accept": BROWSER})
    assert (bare.status_code, bare.location) == (303, "/en/sparql")
    asked = client.get("/sparql?query=ASK%20%7B%7D", headers={"Accept": BROWSER})
    assert (asked.status_code, asked.location) == (303, "/en/sparql?query=ASK%20%7B%7D")
    assert "<strong>true</strong>" in client.get(asked.location).text


def test_a_form_posted_by_a_browser_is_answered_with_the_page(client: FlaskClient) -> None:
    response = client.post("/sparql", data={"query": "ASK { ?s ?p 'none' }"}, headers={"Accept": BROWSER})
    assert response.content_type == "text/html; charset=utf-8"
    assert "<strong>false</strong>" in response.text


def test_the_example_on_the_page_has_an_answer(client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(ask(client, own_query("example"), "text/csv"))))
    assert rows[0] == ["claim", "text", "start", "end"]
    assert len(rows) == 21
