"""/catalogue over HTTP: formats, profiles, pages; the names in it; the graph; older releases."""

import hashlib
import re

import pytest
from catalogue_support import read
from flask.testing import FlaskClient
from page_support import words
from pyoxigraph import RdfFormat, parse
from rdflib import DCTERMS, RDF, XSD, Graph, Literal, Namespace, URIRef

from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.release.release import Release

BASE = "https://w3id.org/sauran/"
# That of rdflib knows DCAT 2 only.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SITE = "http://127.0.0.1:8000/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


# --- formats


@pytest.mark.parametrize("accept", [None, "*/*", "text/turtle", "application/x-unknown, */*;q=0.1"])
@pytest.mark.parametrize("path", ["/catalogue", "/catalog"])
def test_whoever_does_not_ask_for_a_page_gets_turtle(
    client: FlaskClient, path: str, accept: str | None
) -> None:
    """CKAN asks for */*, and takes what comes for RDF: HTML is an error there."""
    headers = {"Accept": accept} if accept else {}
    for method in ("HEAD", "GET"):
        response = client.open(path, method=method, headers=headers)
        assert (response.status_code, response.content_type) == (200, "text/turtle; charset=utf-8")
        assert {"Accept", "Accept-Profile"} <= set(response.headers["Vary"].split(", "))
    assert response.data == client.get("/catalogue").data


@pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda wanted: wanted.name)
def test_every_format_says_the_same(client: FlaskClient, wanted: Format) -> None:
    by_suffix = client.get(f"/catalogue.{wanted.suffix}")
    asked = client.get("/catalog", headers={"Accept": wanted.media_type})
    assert by_suffix.content_type == asked.content_type == wanted.content_type
    assert by_suffix.data == asked.data
    assert client.get(f"/catalog.{wanted.suffix}").data == by_suffix.data
    assert wanted.rdf is not None
    triples = {quad.triple for quad in parse(by_suffix.data, format=wanted.rdf)}
    lines = parse(client.get("/catalogue.nt").data, format=RdfFormat.N_TRIPLES)
    assert triples == {quad.triple for quad in lines}


@pytest.mark.parametrize(
    ("path", "accept", "location"),
    [
        ("/catalogue", BROWSER, "/en/catalogue"),
        ("/catalog", "text/html", "/en/catalogue"),
        ("/catalogue.html", "*/*", "/en/catalogue"),
        ("/catalog.html?page=1", "", "/en/catalogue?page=1"),
        ("/release/1.2.3", "text/html", None),
        ("/dataset/all", "text/html", "/en/downloads"),
        ("/record/all.html", "", "/en/downloads"),
        ("/service/sparql", BROWSER, "/en/catalogue"),
        ("/record/kazakhstan", "text/html", "/en/dataset/kazakhstan"),
        ("/distribution/kazakhstan-derived-turtle", "text/html", "/en/dataset/kazakhstan"),
        ("/distribution/all-nquads-gz.html", "", "/en/downloads"),
    ],
)
def test_people_are_led_to_a_page(client: FlaskClient, path: str, accept: str, location: str | None) -> None:
    response = client.get(path, headers={"Accept": accept} if accept else {})
    if location is None:
        assert response.status_code == 404
        return
    assert (response.status_code, response.location) == (303, location)
    page = client.get(location)
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("language", "heading", "service"),
    [
        ("en", "Catalogue", "SPARQL endpoint"),
        ("fr", "Catalogue", "Point d'accès SPARQL"),
        ("ru", "Каталог", "Точка доступа SPARQL"),
        ("kk", "Каталог", "SPARQL кіру нүктесі"),
    ],
)
def test_the_page_lists_everything_in_its_language(
    client: FlaskClient, briefing: Release, language: str, heading: str, service: str
) -> None:
    page = client.get(f"/{language}/catalogue").text
    shown = words(page)
    assert f"<h1>{heading}</h1>" in page
    assert service in shown
    for dataset in briefing.manifest["publication"]["datasets"]:
        assert dataset["title"][language] in shown
        assert f'href="/{language}/dataset/{dataset["slug"]}"' in page
    for known in RDF_FORMATS:
        assert f'href="/catalogue.{known.suffix}"' in page


def test_the_whole_has_one_page_whoever_names_it(client: FlaskClient) -> None:
    whole = URIRef(f"{BASE}dataset/all")
    for language in ("en", "kk"):
        page = client.get(f"/{language}/catalogue").text
        assert f'href="/{language}/downloads"' in page
        led = client.get("/dataset/all", headers={"Accept": "text/html", "Accept-Language": language})
        assert led.location == f"/{language}/downloads"
    assert list(read(client, "/catalogue").objects(whole, DCAT.landingPage)) == [
        URIRef(f"{SITE}en/downloads")
    ]


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/plain;q=0.5, */*;q=0.1"])
@pytest.mark.parametrize("path", ["/catalogue", "/catalog"])
def test_json_is_json_ld(client: FlaskClient, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (200, "application/ld+json")
    assert response.data == client.get("/catalogue.jsonld").data


def test_json_is_json_ld_of_the_catalogue_only(client: FlaskClient) -> None:
    for path in ("/dataset/kazakhstan", "/record/all"):
        assert client.get(path, headers={"Accept": "application/json"}).status_code == 406, path


@pytest.mark.parametrize("path", ["/catalogue.xml", "/catalog.csv", "/catalogue.", "/catalogues"])
def test_what_is_no_format_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_type_that_is_none_is_406(client: FlaskClient) -> None:
    response = client.get("/catalogue", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "application/rdf+xml" in response.text


# --- what it says is there


def test_every_address_that_is_named_answers_with_the_very_bytes(client: FlaskClient) -> None:
    graph = read(client, "/catalogue")
    files = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(files) > 60
    spdx = Namespace("http://spdx.org/rdf/terms#")
    for file in files:
        address = str(graph.value(file, DCAT.downloadURL))
        response = client.get(address.removeprefix("http://127.0.0.1:8000"))
        assert response.status_code == 200, address
        assert len(response.data) == int(str(graph.value(file, DCAT.byteSize)))
        checksum = graph.value(file, spdx.checksum)
        assert checksum is not None
        digest = graph.value(checksum, spdx.checksumValue)
        assert isinstance(digest, Literal)
        assert (str(digest), digest.datatype) == (hashlib.sha256(response.data).hexdigest(), XSD.hexBinary)
        access = client.get(str(graph.value(file, DCAT.accessURL)).removeprefix("http://127.0.0.1:8000"))
        assert access.status_code in (200, 302), access
        named = client.get(str(file).removeprefix(BASE.rstrip("/")))
        assert named.status_code == 200
        assert (file, RDF.type, DCAT.Distribution) in Graph().parse(data=named.data, format="turtle")


def test_every_page_service_and_record_that_is_named_answers(client: FlaskClient) -> None:
    graph = read(client, "/catalogue")
    pages = {*graph.objects(None, DCAT.landingPage), *graph.objects(None, DCAT.endpointDescription)}
    assert len(pages) > 5
    for page in pages:
        answer = client.get(str(page).removeprefix("http://127.0.0.1:8000"), headers={"Accept": "*/*"})
        assert answer.status_code == 200, page
    for kind in (DCAT.Dataset, DCAT.DataService, DCAT.CatalogRecord):
        for thing in graph.subjects(RDF.type, kind):
            found = read(client, str(thing).removeprefix(BASE.rstrip("/")))
            assert (thing, RDF.type, kind) in found, thing


def test_a_dataset_tells_its_numbers_and_its_files(client: FlaskClient) -> None:
    graph = read(client, "/dataset/kazakhstan")
    void = Namespace("http://rdfs.org/ns/void#")
    dataset = URIRef(f"{BASE}dataset/kazakhstan")
    assert graph.value(dataset, void.triples) is not None
    assert len(list(graph.objects(dataset, DCAT.distribution))) == 28
    assert len(set(graph.objects(dataset, DCTERMS.title))) == 4


def test_the_base_address_alone_leads_to_everything(client: FlaskClient) -> None:
    front, catalogue = read(client, "/", Accept="text/turtle"), read(client, "/catalogue")
    assert set(catalogue.subjects(RDF.type, DCAT.Dataset)) == set(front.subjects(RDF.type, DCAT.Dataset))
    assert set(catalogue.subjects(RDF.type, DCAT.Distribution)) <= set(
        front.subjects(RDF.type, DCAT.Distribution)
    )


# --- profiles


@pytest.mark.parametrize(
    ("query", "header", "iri"),
    [
        ("", "", "http://data.europa.eu/r5r/"),
        ("?profile=dcat-ap", "", "http://data.europa.eu/r5r/"),
        ("?profile=udata", "", f"{BASE}catalogue#profile-udata"),
        ("?profile=schema.org", "", "https://schema.org/"),
        ("", "<https://schema.org/>;q=0.8, <urn:other>", "https://schema.org/"),
        ("", f"<{BASE}catalogue#profile-udata>", f"{BASE}catalogue#profile-udata"),
        ("?profile=dcat-ap", "<https://schema.org/>", "http://data.europa.eu/r5r/"),
    ],
)
def test_a_profile_is_given_and_named(client: FlaskClient, query: str, header: str, iri: str) -> None:
    response = client.get(f"/catalogue{query}", headers={"Accept-Profile": header} if header else {})
    assert (response.status_code, response.headers["Content-Profile"]) == (200, f"<{iri}>")
    assert ("Accept-Profile" in response.headers["Vary"]) == (not query)
    links = ", ".join(response.headers.getlist("Link"))
    assert f'<{iri}>; rel="profile"' in links
    others = re.findall(r'<([^<>]*)>; rel="alternate"; profile="([^"]*)"', links)
    assert len(others) == 2
    for address, other in others:
        found = client.get(address.removeprefix("http://127.0.0.1:8000"))
        assert found.headers["Content-Profile"] == f"<{other}>"


def test_answers_of_one_address_in_other_profiles_are_never_mixed_up(client: FlaskClient) -> None:
    """The cache of answers knows the header too."""
    kinds = [
        client.get("/catalogue", headers={"Accept-Profile": p}).headers["Content-Profile"]
        for p in 2 * ["<https://schema.org/>", "<http://data.europa.eu/r5r/>"]
    ]
    assert kinds == 2 * ["<https://schema.org/>", "<http://data.europa.eu/r5r/>"]


@pytest.mark.parametrize(
    ("query", "header"), [("?profile=other", ""), ("?profile=", ""), ("", "<urn:other>"), ("", "<<")]
)
def test_of_profiles_that_are_none_one_is_told_which_there_are(
    client: FlaskClient, query: str, header: str
) -> None:
    response = client.get(f"/catalogue.ttl{query}", headers={"Accept-Profile": header} if header else {})
    assert response.status_code == 406
    assert response.json is not None
    assert response.json["detail"] == (
        "The catalogue has no such profile. There are: dcat-ap <http://data.europa.eu/r5r/>, "
        f"udata <{BASE}catalogue#profile-udata>, schema.org <https://schema.org/>."
    )
