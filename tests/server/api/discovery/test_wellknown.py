"""/.well-known/void, /.well-known/api-catalog, /linkset and Croissant, as programs ask for them."""

import json

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Dataset, NamedNode, Quad, parse

from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.model.namespaces import PREFIXES, Namespace
from sauran.kg.release.release import Release

VOID, DQV = Namespace(PREFIXES["void"]), Namespace("http://www.w3.org/ns/dqv#")
SITE = "http://127.0.0.1:8000/"
DATASET = NamedNode("https://w3id.org/sauran/dataset/kazakhstan")


def described(client: FlaskClient, wanted: Format) -> set[Quad]:
    response = client.get("/.well-known/void", headers={"Accept": wanted.media_type})
    assert (response.status_code, response.content_type) == (200, wanted.content_type)
    return set(parse(response.data, format=wanted.rdf))


def test_void_is_the_same_in_every_format(client: FlaskClient) -> None:
    first = described(client, RDF_FORMATS[0])
    assert len(first) > 500
    for wanted in RDF_FORMATS[1:]:
        assert described(client, wanted) == first, wanted.name


def test_void_is_turtle_for_who_asks_for_nothing_and_says_it_varies(client: FlaskClient) -> None:
    for headers in ({}, {"Accept": "*/*"}):
        response = client.get("/.well-known/void", headers=headers)
        assert response.content_type == "text/turtle; charset=utf-8"
        assert response.headers["Vary"] == "Accept, Accept-Encoding"
    refused = client.get("/.well-known/void", headers={"Accept": "text/html"})
    assert (refused.status_code, refused.content_type) == (406, "text/html; charset=utf-8")


def test_void_and_the_dataset_say_the_same_numbers(client: FlaskClient, briefing: Release) -> None:
    quads = described(client, RDF_FORMATS[0])
    own = set(parse(client.get("/dataset/kazakhstan.ttl").data, format=RDF_FORMATS[0].rdf))
    for word in (VOID.triples, VOID.entities, VOID.dataDump, DQV.hasQualityMeasurement):
        values = {q.object for q in quads if (q.subject, q.predicate) == (DATASET, word)}
        assert values
        assert values == {q.object for q in own if (q.subject, q.predicate) == (DATASET, word)}
    (triples,) = (q.object.value for q in quads if (q.subject, q.predicate) == (DATASET, VOID.triples))
    assert int(triples) == briefing.manifest["statistics"]["kazakhstan"]["triples"]


def test_every_dump_that_void_names_is_there(client: FlaskClient) -> None:
    dumps = {q.object.value for q in described(client, RDF_FORMATS[0]) if q.predicate == VOID.dataDump}
    assert len(dumps) > 50
    for address in dumps:
        assert client.head("/" + address.removeprefix(SITE)).status_code == 200, address


def test_a_dump_that_void_names_holds_as_many_triples_as_it_says(client: FlaskClient) -> None:
    quads = Dataset(described(client, RDF_FORMATS[0]))
    checked = 0
    for quad in quads.quads_for_predicate(VOID.dataDump):
        if quad.object.value.endswith(".nt"):
            (said,) = (
                q.object.value for q in quads.quads_for_subject(quad.subject) if q.predicate == VOID.triples
            )
            lines = client.get("/" + quad.object.value.removeprefix(SITE)).text.split("\n")
            assert len([line for line in lines if line]) == int(said), quad.object
            checked += 1
    assert checked == 7


def test_every_example_of_void_leads_to_a_document(client: FlaskClient) -> None:
    quads = described(client, RDF_FORMATS[0])
    examples = {q.object.value for q in quads if q.predicate == VOID.exampleResource}
    assert len(examples) > 10
    for iri in examples:
        path = "/" + iri.removeprefix("https://w3id.org/sauran/").partition("#")[0]
        assert client.get(path, follow_redirects=True).status_code == 200, iri


def test_the_api_catalog_names_every_interface(client: FlaskClient) -> None:
    response = client.get("/.well-known/api-catalog")
    assert response.content_type == (
        'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    )
    contexts = {context.pop("anchor"): context for context in json.loads(response.data)["linkset"]}
    items = [item["href"] for item in contexts.pop(f"{SITE}.well-known/api-catalog")["item"]]
    paths = ["sparql", "graphs", "search.json", "oai", "releases.atom", "validate"]
    assert items == list(contexts) == [SITE + path for path in paths]
    assert all(context["status"][0]["href"] == f"{SITE}health" for context in contexts.values())


def test_everything_that_the_api_catalog_names_answers_as_it_says(client: FlaskClient) -> None:
    checked = 0
    for context in json.loads(client.get("/.well-known/api-catalog").data)["linkset"]:
        for relation, targets in context.items():
            for target in targets if relation.startswith("service-") else ():
                path = "/" + target["href"].removeprefix(SITE)
                answer = client.get(path, headers={"Accept": target["type"]})
                assert (answer.status_code, answer.mimetype) == (200, target["type"]), target
                checked += 1
    assert checked >= 9


def test_head_of_the_api_catalog_says_the_same_as_links(client: FlaskClient) -> None:
    response = client.head("/.well-known/api-catalog")
    assert (response.status_code, response.data) == (200, b"")
    links = response.headers["Link"].split(", ")
    assert links[0].startswith(f'<{SITE}.well-known/api-catalog>; rel="api-catalog"')
    assert links[1] == f'<{SITE}sparql>; rel="item"'


def test_a_set_of_links_is_json_unless_text_is_wanted(client: FlaskClient) -> None:
    plain = client.get("/linkset")
    assert (plain.content_type, plain.headers["Vary"]) == (
        "application/linkset+json",
        "Accept, Accept-Encoding",
    )
    assert plain.data == client.get("/linkset.json").data
    text = client.get("/linkset", headers={"Accept": "application/linkset"})
    assert text.content_type == "application/linkset"
    assert text.data == client.get("/linkset.txt").data
    assert client.get("/linkset.xml").status_code == 404
    assert client.get("/linkset", headers={"Accept": "image/png"}).status_code == 406


def test_the_links_of_a_dataset_lead_to_every_file_of_it(client: FlaskClient, briefing: Release) -> None:
    document = json.loads(client.get("/linkset/kazakhstan.json").data)["linkset"]
    contexts = {context["anchor"]: context for context in document}
    pages = [f"{SITE}{language}/dataset/kazakhstan" for language in ("en", "fr", "ru", "kk")]
    files = {
        f"{SITE}release/{briefing.version}/{entry['path']}"
        for entry in briefing.manifest["files"]
        if entry.get("dump", "").startswith("kazakhstan") and entry.get("format")
    }
    assert len(files) >= 24
    for page in pages:
        assert {item["href"] for item in contexts[page]["item"]} == files
        assert contexts[page]["cite-as"] == [{"href": DATASET.value}]
    for file in files:
        assert contexts[file]["collection"] == [{"href": pages[0], "type": "text/html"}]
    for target in contexts[pages[0]]["describedby"]:
        answer = client.get("/" + target["href"].removeprefix(SITE))
        assert (answer.status_code, answer.mimetype) == (200, target["type"])


def test_the_links_of_the_whole_lead_to_its_files(client: FlaskClient, briefing: Release) -> None:
    (page, *others) = json.loads(client.get("/linkset/all.json").data)["linkset"]
    assert page["anchor"] == f"{SITE}en/downloads"
    assert page["cite-as"] == [{"href": "https://w3id.org/sauran/dataset/all"}]
    files = {item["href"].removeprefix(f"{SITE}release/{briefing.version}/") for item in page["item"]}
    assert {"dumps/all.nq", "dumps/ontology.ttl", "dumps/shapes.nt.gz"} <= files
    assert len(others) > len(files)
    for target in page["describedby"]:
        answer = client.get("/" + target["href"].removeprefix(SITE))
        assert (answer.status_code, answer.mimetype) == (200, target["type"])
    assert 'rel="cite-as"; anchor="http://127.0.0.1:8000/en/downloads"' in client.get("/linkset/all.txt").text


@pytest.mark.parametrize("path", ["/linkset/nothing", "/linkset/nothing.json", "/linkset/kazakhstan.xml"])
def test_there_are_no_links_of_what_is_unknown(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_croissant_names_files_that_are_there(client: FlaskClient) -> None:
    response = client.get("/dataset/kazakhstan/croissant.json")
    assert (response.status_code, response.content_type) == (200, "application/ld+json")
    for file in json.loads(response.data)["distribution"]:
        head = client.head("/" + file["contentUrl"].removeprefix(SITE))
        assert (head.status_code, head.mimetype) == (200, "text/csv")
        assert f"{head.content_length} B" == file["contentSize"]
    assert client.get("/dataset/nothing/croissant.json").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/void",
        "/.well-known/api-catalog",
        "/linkset",
        "/linkset/kazakhstan.txt",
        "/robots.txt",
        "/llms.txt",
    ],
)
def test_an_unchanged_description_costs_a_header(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" in first.headers["Access-Control-Expose-Headers"]
