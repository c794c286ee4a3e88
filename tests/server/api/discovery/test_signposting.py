"""Links of pages, documents and files; JSON-LD in pages; nothing made up for old releases."""

import json
import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_support import client_over
from werkzeug.test import TestResponse

from sauran.kg.describe.schema_org import catalog_json, dataset_json
from sauran.kg.release.build import build
from sauran.kg.release.release import Release

SITE = "http://127.0.0.1:8000/"
BASE = "https://w3id.org/sauran/"
# What older manifests do not say of publication and datasets.
LATER = {
    "access_right",
    "availability",
    "countries",
    "data_themes",
    "frequency",
    "identifiers",
    "portals",
    "provenance",
    "spatial",
    "temporal",
}


def links(response: TestResponse) -> dict[str, list[str]]:
    """The targets of the Link headers, by relation."""
    found: dict[str, list[str]] = {}
    for target, relation in re.findall(
        r'<([^>]*)>; rel="([^"]*)"', ", ".join(response.headers.getlist("Link"))
    ):
        found.setdefault(relation, []).append(target)
    return found


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_page_of_a_dataset_is_signposted(client: FlaskClient, briefing: Release, language: str) -> None:
    found = links(client.get(f"/{language}/dataset/kazakhstan"))
    assert found["cite-as"] == [f"{BASE}dataset/kazakhstan"]
    assert found["type"] == ["https://schema.org/AboutPage", "https://schema.org/Dataset"]
    assert found["author"] == [f"{BASE}id/sauran"]
    assert found["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert f"{SITE}dataset/kazakhstan.ttl" in found["describedby"]
    assert found["linkset"] == [f"{SITE}linkset/kazakhstan.json", f"{SITE}linkset/kazakhstan.txt"]
    start = f"{SITE}release/{briefing.version}/dumps/kazakhstan."
    assert sorted(item.removeprefix(start) for item in found["item"]) == [
        "jsonld",
        "nq",
        "nt",
        "rdf",
        "trig",
        "ttl",
    ]


def test_headers_stay_far_below_what_servers_take(client: FlaskClient) -> None:
    assert len(client.get("/en/dataset/kazakhstan").headers["Link"]) < 4096


@pytest.mark.parametrize("path", ["dataset/kazakhstan", "dataset/kazakhstan.rdf"])
def test_the_description_of_a_dataset_leads_to_its_page(client: FlaskClient, path: str) -> None:
    found = links(client.get(f"/{path}"))
    assert found["describes"] == [f"{SITE}en/dataset/kazakhstan"]
    assert found["linkset"][0] == f"{SITE}linkset/kazakhstan.json"


def test_the_page_and_the_document_of_a_thing_are_signposted(client: FlaskClient) -> None:
    page = links(client.get("/fr/doc/kazakhstan"))
    assert page["cite-as"] == [f"{BASE}id/kazakhstan"]
    assert page["describedby"] == [f"{SITE}doc/kazakhstan.ttl", f"{SITE}doc/kazakhstan.jsonld"]
    assert page["http://rdfs.org/ns/void#inDataset"] == [f"{BASE}dataset/reference"]
    for path in ("/doc/kazakhstan", "/doc/kazakhstan.nt"):
        document = links(client.get(path))
        assert document["describes"] == [f"{BASE}id/kazakhstan"]
        assert document["license"] == ["https://creativecommons.org/licenses/by/4.0/"]


def test_a_file_leads_to_the_page_of_its_dataset(client: FlaskClient, briefing: Release) -> None:
    start = f"/release/{briefing.version}/dumps"
    assert links(client.head(f"{start}/kazakhstan-derived.nt.gz"))["collection"] == [
        f"{SITE}en/dataset/kazakhstan"
    ]
    part = client.get(f"{start}/reference.ttl", headers={"Range": "bytes=0-9"})
    assert part.status_code == 206
    assert links(part)["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    for path in (f"{start}/all.ttl", f"{start}/ontology.nt.gz"):
        assert links(client.head(path))["collection"] == [f"{SITE}en/downloads"]


def test_the_front_page_leads_to_all_that_programs_need(client: FlaskClient) -> None:
    for response in (client.get("/"), client.get("/en/"), client.get("/", headers={"Accept": "text/turtle"})):
        found = links(response)
        assert found["api-catalog"] == [f"{SITE}.well-known/api-catalog"]
        assert found["describedby"] == [f"{SITE}catalogue", f"{SITE}.well-known/void"]
        assert found["service-desc"] == [f"{SITE}sparql", f"{SITE}oai?verb=Identify"]
        assert found["alternate"] == [f"{SITE}releases.atom"]
        assert found["linkset"] == [f"{SITE}linkset.json", f"{SITE}linkset.txt"]


def test_the_whole_is_a_dataset_like_others(client: FlaskClient, briefing: Release) -> None:
    for path in ("/dataset/all", "/dataset/all.nt"):
        found = links(client.get(path))
        assert found["describes"] == [f"{SITE}en/downloads"]
        assert found["linkset"] == [f"{SITE}linkset/all.json", f"{SITE}linkset/all.txt"]
    page = links(client.get("/fr/downloads"))
    assert page["cite-as"] == [f"{BASE}dataset/all"]
    assert page["describedby"] == [f"{SITE}dataset/all.ttl", f"{SITE}dataset/all.jsonld"]
    assert f"{SITE}release/{briefing.version}/dumps/all.nq" in page["item"]


@pytest.mark.parametrize("path", ["/catalogue", "/catalog.nt", "/catalogue?profile=schema.org"])
def test_the_catalogue_as_data_leads_to_its_page(client: FlaskClient, path: str) -> None:
    found = links(client.get(path))
    assert found["describes"] == [f"{SITE}en/catalogue"]
    assert found["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert found["linkset"] == [f"{SITE}linkset.json", f"{SITE}linkset.txt"]
    assert "describedby" not in found
    assert f"{SITE}catalogue" in links(client.get("/en/catalogue"))["describedby"]


@pytest.mark.parametrize("path", ["/en/dataset/nothing", "/doc/nothing", "/dataset/nothing"])
def test_what_is_not_there_has_no_links(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert links(response) == {}


def structured(response: TestResponse) -> list[dict]:
    found = re.findall(r'<script type="application/ld\+json">\n(.*?)\n</script>', response.text, re.DOTALL)
    return [json.loads(text) for text in found]


@pytest.mark.parametrize("language", ["en", "fr", "ru", "kk"])
def test_pages_carry_what_search_engines_read(client: FlaskClient, briefing: Release, language: str) -> None:
    (dataset,) = structured(client.get(f"/{language}/dataset/kazakhstan"))
    assert dataset == dataset_json(briefing.manifest, "kazakhstan", SITE, language)
    (catalogue,) = structured(client.get(f"/{language}/"))
    assert catalogue == catalog_json(briefing.manifest, SITE, language)
    assert structured(client.get(f"/{language}/about")) == []


def test_no_text_ends_the_element_that_carries_it(harbour: Path, tmp_path: Path) -> None:
    settings = harbour.parent / "datasets/harbour/dataset.toml"
    evil = "</script><script>alert(1)</script><!-- & 'x'"
    text = settings.read_text("utf-8").replace("The port of Veldon", evil)
    settings.write_text(text, "utf-8")
    assert build(harbour, tmp_path / "releases").release is not None
    with client_over(tmp_path / "releases") as client:
        page = client.get("/en/dataset/harbour")
        assert "<script>alert" not in page.text
        assert "<!--" not in page.text
        (dataset,) = structured(page)
        assert dataset["name"] == evil


def test_a_release_that_tells_less_is_served_with_less(briefing: Release, tmp_path: Path) -> None:
    folder = tmp_path / "releases" / briefing.version
    shutil.copytree(briefing.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for key in ("statistics", "quality", "tables"):
        del manifest[key]
    manifest["files"] = [f for f in manifest["files"] if f.get("format") not in ("csv", "zip")]
    for said in (manifest["publication"], *manifest["publication"]["datasets"]):
        for key in LATER & set(said):
            del said[key]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (tmp_path / "releases/current").symlink_to(briefing.version)
    with client_over(tmp_path / "releases") as client:
        text = client.get("/.well-known/void").text
        assert "void:dataDump" in text
        assert not re.search(r"void:(triples|entities|classes) ", text)
        assert client.get("/dataset/kazakhstan/croissant.json").status_code == 404
        found = links(client.get("/en/dataset/kazakhstan"))
        assert not any("croissant" in target for target in found["describedby"])
        for path in (
            "/sitemap.xml",
            "/llms.txt",
            "/linkset/kazakhstan.json",
            "/en/",
            "/dataset/kazakhstan.ttl",
        ):
            assert client.get(path).status_code == 200, path
