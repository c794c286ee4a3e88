"""The Graph Store Protocol, for reading: graphs by their IRIs, and nothing can be written."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import parse

from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.release.release import Release

BASE = "https://w3id.org/sauran/"


@pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda wanted: wanted.name)
def test_a_named_graph_comes_in_every_format(client: FlaskClient, briefing: Release, wanted: Format) -> None:
    graph = {"graph": f"{BASE}graph/reference"}
    response = client.get("/graphs", query_string=graph, headers={"Accept": wanted.media_type})
    assert (response.status_code, response.content_type) == (200, wanted.content_type)
    assert response.data == (briefing.folder / f"dumps/reference.{wanted.suffix}").read_bytes()
    assert response.headers["Vary"] == "Accept-Encoding, Accept"
    direct = client.get("/graph/reference", headers={"Accept": wanted.media_type})
    assert direct.data == response.data


def test_the_default_graph_is_that_of_the_endpoint(client: FlaskClient) -> None:
    response = client.get("/graphs?default", headers={"Accept": "application/n-triples"})
    # The engine counts a triple of two graphs twice.
    query = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    count = client.get("/sparql", query_string={"query": query}).json
    assert count is not None
    triples = set(parse(response.data, format=RDF_FORMATS[1].rdf))
    assert len(triples) == int(count["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    ("query", "status", "start"),
    [
        ("", 400, "Name one graph: ?default, or ?graph= and its IRI. The graphs are: https://"),
        ("?graph=a:b&default", 400, "Name one graph"),
        ("?graph=a:b&graph=c:d", 400, "Name one graph"),
        ("?graph=", 400, "graph takes an absolute IRI, not ''."),
        ("?graph=reference", 400, "graph takes an absolute IRI, not 'reference'."),
        ("?graph=http://[", 400, "graph takes an absolute IRI"),
        ("?graph=http://e/nothing", 404, "There is no graph <http://e/nothing>. The graphs are: https://"),
        (f"?graph={BASE}graph/alignments", 404, "There is no graph"),
    ],
)
def test_what_names_no_graph_is_told_which_there_are(
    client: FlaskClient, query: str, status: int, start: str
) -> None:
    for method in ("GET", "HEAD"):
        response = client.open(f"/graphs{query}", method=method)
        assert response.status_code == status
        if method == "GET":
            assert response.json is not None
            assert response.json["detail"].startswith(start)


def test_a_format_that_is_none_is_406(client: FlaskClient) -> None:
    response = client.get("/graphs?default", headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert "text/turtle, application/n-triples" in response.text


@pytest.mark.parametrize(
    "path", ["/graphs?default", f"/graphs?graph={BASE}graph/reference", "/graph/reference"]
)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: FlaskClient, path: str, method: str) -> None:
    response = client.open(path, method=method, data=b"<a:b> <a:b> <a:b> .", content_type="text/turtle")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
