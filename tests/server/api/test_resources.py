"""/id, /doc, /dataset, /graph, /ontology, /shapes: names that answer."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Dataset, Literal, NamedNode, Quad, RdfFormat, parse
from rdflib import Dataset as RdflibDataset
from rdflib import Graph

from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.model.namespaces import OA, RDF, SEC, SKOS, XSD
from sauran.kg.release.release import Release

BASE = "https://w3id.org/sauran/"
CLAIM = "source/kazakhstan-security/claim/c047"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VARY = "Accept, Accept-Language"
# One thing of each kind, with slashes and dots and all.
THINGS = [
    "kazakhstan",
    CLAIM,
    "source/kazakhstan-security",
    "source/kazakhstan-security/passage/p21",
    "source/kazakhstan-security/note/n03",
    "scheme/modality",
    "scheme/modality/asserted",
    "time/2022-01",
]


def triples(data: bytes, wanted: RdfFormat = RdfFormat.TURTLE) -> set[Quad]:
    return set(parse(data, format=wanted))


@pytest.mark.parametrize("slug", THINGS)
def test_a_thing_leads_to_its_document(client: FlaskClient, slug: str) -> None:
    response = client.get(f"/id/{slug}")
    assert (response.status_code, response.location) == (303, f"/doc/{slug}")
    document = client.get(response.location)
    assert (document.status_code, document.content_type) == (200, "text/turtle; charset=utf-8")
    thing = NamedNode(f"{BASE}id/{slug}")
    assert any(quad.subject == thing and quad.predicate == RDF["type"] for quad in triples(document.data))


@pytest.mark.parametrize(
    "path",
    [
        "/id/nothing",
        "/doc/nothing",
        "/doc/nothing.ttl",
        "/doc/kazakhstan.txt",
        "/id/a%20b",
        "/dataset/nothing",
        "/id/kazakhstan.ttl",
    ],
)
def test_what_is_unknown_is_404(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    assert response.json is not None
    assert response.json["detail"].startswith("Nothing is known of <http://127.0.0.1:8000/")


@pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda wanted: wanted.name)
@pytest.mark.parametrize("slug", ["dataset/kazakhstan", f"doc/{CLAIM}"])
def test_every_format_by_accept_and_by_suffix_is_the_same(
    client: FlaskClient, slug: str, wanted: Format
) -> None:
    by_accept = client.get(f"/{slug}", headers={"Accept": f"{wanted.media_type}, */*;q=0.1"})
    by_suffix = client.get(f"/{slug}.{wanted.suffix}", headers={"Accept": "image/png"})
    assert by_accept.content_type == by_suffix.content_type == wanted.content_type
    assert by_accept.data == by_suffix.data
    assert by_accept.headers["Vary"] == f"{VARY}, Accept-Encoding"
    assert by_suffix.headers["Vary"] == "Accept-Encoding"


def test_all_formats_say_the_same_triples_in_the_default_graph(client: FlaskClient) -> None:
    said = [
        Dataset(parse(client.get(f"/doc/{CLAIM}.{wanted.suffix}").data, format=wanted.rdf))
        for wanted in RDF_FORMATS
    ]
    assert all(one == said[0] for one in said)
    assert len(said[0]) > 50


def test_a_document_of_a_claim_holds_its_evidence_its_notes_and_the_labels_of_what_it_names(
    client: FlaskClient,
) -> None:
    found = {(q.subject.value, q.predicate, q.object) for q in triples(client.get(f"/doc/{CLAIM}").data)}
    source = f"{BASE}id/source/kazakhstan-security"
    start = Literal("2284", datatype=XSD.nonNegativeInteger)  # as written: the store would say xsd:integer
    assert (f"{source}/passage/p21#selector", OA.start, start) in found
    assert (f"{source}/note/n03", OA.hasTarget, NamedNode(f"{source}/claim/c047")) in found
    assert (
        f"{BASE}id/scheme/verdict/snapshot-figure",
        SKOS.prefLabel,
        Literal("snapshot figure", language="en"),
    ) in found
    assert (f"{BASE}id/kazakhstan", SKOS.prefLabel, Literal("Қазақстан", language="kk")) in found
    assert (f"{source}/claim/c047", SEC.derives, Literal("true", datatype=XSD.boolean)) in found


def test_a_document_of_a_thing_holds_the_claims_that_mention_it(client: FlaskClient) -> None:
    found = {
        (q.subject, q.predicate, q.object) for q in triples(client.get("/doc/arrests-january-2022").data)
    }
    thing = NamedNode(f"{BASE}id/arrests-january-2022")
    assert {p for s, p, o in found if o == thing} >= {RDF.subject, RDF.object}
    claims = {s for s, p, o in found if p == RDF["type"] and o == SEC.Claim}
    assert claims >= {NamedNode(f"{BASE}id/{CLAIM}")}
    assert {s for s, p, _ in found if p == SEC.statedIn} == claims
    # Each claim of the briefing that carries a note is shown with it.
    assert {o for _, p, o in found if p == OA.hasTarget} & claims


@pytest.mark.parametrize(
    ("language", "page"),
    [("fr", "/fr/doc/kazakhstan"), ("", "/en/doc/kazakhstan"), ("kk, en;q=0.1", "/kk/doc/kazakhstan")],
)
def test_a_browser_is_led_to_the_page(client: FlaskClient, language: str, page: str) -> None:
    response = client.get("/doc/kazakhstan", headers={"Accept": BROWSER, "Accept-Language": language})
    assert (response.status_code, response.location, response.headers["Vary"]) == (303, page, VARY)
    assert client.get("/doc/kazakhstan.html", headers={"Accept-Language": language}).location == page


@pytest.mark.parametrize("path", ["/doc/kazakhstan", "/dataset/kazakhstan", "/graph/kazakhstan", "/ontology"])
def test_what_cannot_be_given_is_406_with_what_there_is(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.json is not None
    there_is = "text/turtle, application/n-triples, application/ld+json, application/rdf+xml"
    assert there_is in response.json["detail"]


@pytest.mark.parametrize(
    ("path", "dump"),
    [
        ("/graph/kazakhstan", "kazakhstan"),
        ("/graph/kazakhstan/derived", "kazakhstan-derived"),
        ("/graph/reference", "reference"),
        ("/graph/ontology", "ontology"),
        ("/ontology", "ontology"),
        ("/ontology/alignments", "alignments"),
        ("/shapes", "shapes"),
        ("/graph/shapes", "shapes"),
    ],
)
def test_a_graph_is_sent_as_its_dump(client: FlaskClient, briefing: Release, path: str, dump: str) -> None:
    for wanted in RDF_FORMATS:
        said = briefing.files[f"dumps/{dump}.{wanted.suffix}"]
        by_accept = client.get(path, headers={"Accept": wanted.media_type})
        assert (by_accept.status_code, by_accept.content_type) == (200, wanted.content_type)
        assert by_accept.data == (briefing.folder / said["path"]).read_bytes()
        assert by_accept.get_etag() == (said["sha256"], False)
        by_language = ", Accept-Language" if path in ("/ontology", "/shapes") else ""
        assert by_accept.headers["Vary"] == f"Accept-Encoding, Accept{by_language}"
        assert client.get(f"{path}.{wanted.suffix}").data == by_accept.data
    assert client.get(path).content_type == "text/turtle; charset=utf-8"


def test_a_graph_comes_packed_as_the_release_has_it(client: FlaskClient, briefing: Release) -> None:
    said = briefing.files["dumps/reference.nt.gz"]
    response = client.get("/graph/reference.nt", headers={"Accept-Encoding": "gzip"})
    assert (response.content_type, response.headers["Content-Encoding"]) == ("application/n-triples", "gzip")
    assert response.get_etag() == (said["sha256"], False)
    assert response.data == (briefing.folder / said["path"]).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/graph/nothing",
        "/graph/all",
        "/graph/reference/derived",
        "/ontologyx",
        "/shapesx",
        "/ontology/nothing",
        "/ontology/alignments.html",
    ],
)
def test_an_unknown_graph_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_dataset_is_its_description(client: FlaskClient) -> None:
    found = Graph().parse(data=client.get("/dataset/kazakhstan").data, format="turtle")
    answer = found.query(
        "SELECT ?dump ?triples { <https://w3id.org/sauran/dataset/kazakhstan> a dcat:Dataset, void:Dataset ;"
        " dcterms:title 'Security in Kazakhstan: claims, evidence and doubts'@en ; void:triples ?triples ;"
        " void:sparqlEndpoint <http://127.0.0.1:8000/sparql> ; void:dataDump ?dump }",
        initNs={
            "dcat": "http://www.w3.org/ns/dcat#",
            "void": "http://rdfs.org/ns/void#",
            "dcterms": "http://purl.org/dc/terms/",
        },
    )
    rows = list(answer)
    assert len(rows) == 2 * len(RDF_FORMATS)
    for dump, count in rows:  # type: ignore[misc]
        path = str(dump).removeprefix("http://127.0.0.1:8000")
        assert client.get(path).status_code == 200
        assert int(count) > 5000


def test_rdflib_reads_every_format(client: FlaskClient) -> None:
    for wanted, name in zip(RDF_FORMATS, ["turtle", "nt", "json-ld", "xml", "trig", "nquads"], strict=True):
        graph = RdflibDataset() if name in ("trig", "nquads") else Graph()
        graph.parse(data=client.get(f"/doc/{CLAIM}.{wanted.suffix}").data, format=name)
        assert len(graph) > 50
