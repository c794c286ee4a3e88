"""/sparql when it is not plain: descriptions, faults and their places, limits, parts, streams."""

import gzip
import json

import pytest
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.model.formats import RDF_FORMATS
from sauran.kg.release.release import Release


def test_every_format_and_every_graph_is_described(client: FlaskClient) -> None:
    for wanted in RDF_FORMATS:
        response = client.get("/sparql", headers={"Accept": wanted.media_type})
        assert (response.status_code, response.content_type) == (200, wanted.content_type)
    assert "BasicFederatedQuery" not in client.get("/sparql").text
    assert "Limits of an answer: 10 s, " in client.get("/sparql").text


def test_federation_is_described_and_admitted_where_it_is_allowed(briefing: Release) -> None:
    other = "http://127.0.0.1:9/sparql"
    with client_over(briefing.folder.parent, service_allow=other) as client:
        assert "sd:BasicFederatedQuery" in client.get("/sparql").text
        for target in ("<http://e/>", "?s", f"SILENT <{other}/x>"):
            query = f"SELECT * {{ ?s ?p ?o SERVICE {target} {{ ?a ?b ?c }} }}"
            response = client.get("/sparql", query_string={"query": query})
            assert response.status_code == 400
            assert response.json is not None
            assert response.json["detail"] == (
                f"query: SERVICE may not name this. Write SERVICE and one of <{other}>."
            )


def test_a_wrong_query_is_shown_with_its_place(client: FlaskClient) -> None:
    query = "SELECT * {\n  ?s ex:name ?o\n}"
    response = client.get("/sparql", query_string={"query": query})
    assert response.json == {
        "type": "tag:w3id.org,2026:sauran/problem/query-syntax",
        "title": "Bad Request",
        "status": 400,
        "detail": "query: line 2, column 6: the prefix ex: is not declared; write PREFIX ex: <…> first.",
        "line": 2,
        "column": 6,
        "expected": ["PREFIX ex: <…>"],
        "excerpt": "  ?s ex:name ?o\n     ^",
    }
    text = client.get(
        "/sparql", query_string={"query": query}, headers={"Accept": "text/plain, */*;q=0.1"}
    ).text
    assert text.endswith("first.\n\n  ?s ex:name ?o\n     ^\n")


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_is_new_each_time_is_neither_tagged_nor_kept(client: FlaskClient, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    first, second = (client.get("/sparql", query_string={"query": query}) for _ in range(2))
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert first.data != second.data or function == "BNODE()"


def test_a_partial_answer_says_whether_it_is_cut_and_is_not_kept(briefing: Release) -> None:
    with client_over(briefing.folder.parent, query_max_rows=10) as client:
        query = {"query": "SELECT ?s { ?s ?p ?o }"}
        refused = client.get("/sparql", query_string=query)
        assert refused.status_code == 503
        assert refused.json is not None
        assert (refused.json["type"], refused.json["limit"]) == (
            "tag:w3id.org,2026:sauran/problem/limit-rows",
            "rows",
        )
        assert "partial=true" in refused.json["detail"]
        cut = client.get("/sparql", query_string=query | {"partial": "true"})
        assert (cut.status_code, cut.headers["Sauran-Partial"]) == (200, "rows")
        assert (cut.headers["Cache-Control"], "ETag" in cut.headers) == ("no-store", False)
        assert len(json.loads(cut.text)["results"]["bindings"]) == 10
        whole = client.get("/sparql", query_string={"query": "ASK {}", "partial": "true"})
        assert whole.headers["Sauran-Partial"] == "no"


def test_less_time_is_an_error_that_says_so(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    response = client.get("/sparql", query_string={"query": query, "timeout": "0.3"})
    assert response.status_code == 504
    assert response.json is not None
    assert (response.json["limit"], response.json["value"]) == ("time", "0.3 s")


def test_an_answer_above_the_buffer_is_streamed_whole(briefing: Release) -> None:
    with client_over(briefing.folder.parent, buffer_mb=1) as client:
        query = {"query": "SELECT * { ?s ?p ?o . ?o ?q ?r }"}
        response = client.get("/sparql", query_string=query)
        assert response.status_code == 200
        assert len(response.data) > 1024 * 1024
        assert "ETag" not in response.headers
        packed = client.get("/sparql", query_string=query, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == response.data
        head = client.head("/sparql", query_string=query)
        assert (head.status_code, head.data) == (200, b"")
