"""The graph of the catalogue, and the versions that it leads to."""

import re
from pathlib import Path

from catalogue_support import read, write_release
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from rdflib import Namespace, URIRef
from web_support import client_over

from sauran.kg.release.build import BuildOptions, build
from sauran.kg.release.release import Release

BASE = "https://w3id.org/sauran/"
# That of rdflib knows DCAT 2 only.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SITE = "http://127.0.0.1:8000/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_the_graph_of_the_catalogue_is_what_the_catalogue_says(client: FlaskClient) -> None:
    name = f"{BASE}graph/catalogue"
    quads = set(parse(client.get("/graph/catalogue.nq").data, format=RdfFormat.N_QUADS))
    assert {quad.graph_name.value for quad in quads} == {name}  # type: ignore[union-attr]
    triples = {quad.triple for quad in parse(client.get("/catalogue.nt").data, format=RdfFormat.N_TRIPLES)}
    assert {quad.triple for quad in quads} == triples
    by_protocol = client.get(
        "/graphs", query_string={"graph": name}, headers={"Accept": "application/n-quads"}
    )
    assert set(parse(by_protocol.data, format=RdfFormat.N_QUADS)) == quads
    assert name in client.get("/graphs").text
    for path in ("/graph/catalogue", f"/graphs?graph={name}"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/graph/catalogue.html").status_code == 404
    assert client.get("/ontology/catalogue").status_code == 404


def test_a_graph_of_many_datasets_comes_piece_by_piece(briefing: Release, tmp_path: Path) -> None:
    write_release(briefing, tmp_path, 120)
    with client_over(tmp_path) as client:
        texts = {name: client.get(f"/graph/catalogue.{name}") for name in ("ttl", "nt", "trig", "nq")}
        found = {
            name: {quad.triple for quad in parse(text.data, format=RdfFormat.from_extension(name))}
            for name, text in texts.items()
        }
        assert len(found["nt"]) > 10_000
        assert found["ttl"] == found["nt"] == found["trig"] == found["nq"]
        refused = client.get("/graph/catalogue", headers={"Accept": "application/rdf+xml"})
        assert refused.status_code == 406
        assert "text/turtle, application/n-triples, application/trig, application/n-quads" in refused.text


# --- older releases


def test_older_versions_are_named_and_answer(harbour: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    for version in ("0.1", "0.2"):
        text = harbour.read_text("utf-8")
        harbour.write_text(re.sub('version = "[^"]*"', f'version = "{version}"', text), "utf-8")
        assert build(harbour, releases, BuildOptions(final=True)).release is not None
    with client_over(releases) as client:
        graph = read(client, "/catalogue")
        base = "http://127.0.0.1:7777/"
        dataset, version = URIRef(f"{base}dataset/harbour"), URIRef(f"{base}release/0.1#harbour")
        assert list(graph.objects(dataset, DCAT.hasVersion)) == [version]
        assert [str(value) for value in graph.objects(dataset, DCAT.version)] == ["0.2"]
        released = read(client, "/release/0.1")
        assert (version, DCAT.isVersionOf, dataset) in released
        void = Namespace("http://rdfs.org/ns/void#")
        dumps = list(released.objects(version, void.dataDump))
        assert len(dumps) > 10
        for dump in dumps:
            path = str(dump).removeprefix("http://127.0.0.1:8000")
            assert path.startswith("/release/0.1/")
            assert client.get(path).status_code == 200
        missing = client.get("/release/0.3")
        assert missing.status_code == 404
        assert "There are: 0.1, 0.2." in missing.text
        assert client.get("/release/current").status_code == 404


def test_a_build_that_breaks_changes_nothing(harbour: Path, tmp_path: Path) -> None:
    """Portals delete what a shorter catalogue leaves out: the last good release goes on being listed."""
    releases = tmp_path / "releases"
    assert build(harbour, releases).release is not None
    with client_over(releases) as client:
        before = client.get("/catalogue").data
        claims = harbour.parent / "datasets/harbour/claims.ttl"
        claims.write_text(claims.read_text("utf-8") + "\n<broken", "utf-8")
        assert build(harbour, releases).release is None
        (releases / ".building-killed").mkdir()
        assert client.get("/catalogue").data == before
        assert client.get("/catalogue").status_code == 200
