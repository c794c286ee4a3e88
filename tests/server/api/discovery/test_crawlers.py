"""robots.txt, sitemap.xml and llms.txt."""

import re
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from flask import Blueprint
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.release.build import build
from sauran.kg.release.release import Release
from sauran.server.api.discovery import crawlers
from sauran.server.http.served_release import ServedRelease

SITE = "http://127.0.0.1:8000/"
XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def mapped(data: bytes) -> dict[str, str]:
    """The addresses of a sitemap with their days."""
    root = ET.fromstring(data)  # noqa: S314 (we wrote it)
    found = {}
    for entry in root:
        address = entry.findtext("s:loc", "", XML)
        assert address not in found
        found[address] = entry.findtext("s:lastmod", "", XML)
    return found


def allowed(client: FlaskClient, path: str) -> bool:
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").text.splitlines())
    return rules.can_fetch("AnyBot", SITE + path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "catalogue",
        "catalogue.rdf?page=2",
        "catalog",
        "en/dataset/kazakhstan",
        "dataset/kazakhstan.ttl",
        "doc/kazakhstan",
        "ru/doc/kazakhstan",
        "en/claims",
        "en/sparql",
        ".well-known/void",
        "oai?verb=Identify",
        "dumps/all.nq.gz",
        "release/1.0.0/dumps/all.nq.gz",
        "sitemap.xml",
        "linkset/kazakhstan.json",
        "static/site.css",
    ],
)
def test_harvesters_may_fetch_what_they_need(client: FlaskClient, path: str) -> None:
    assert allowed(client, path)


@pytest.mark.parametrize(
    "path", ["search?q=a", "en/search?q=a", "validate", "kk/neighbourhood?iri=x", "metrics"]
)
def test_crawlers_are_kept_off_what_costs_much(client: FlaskClient, path: str) -> None:
    assert not allowed(client, path)


def test_queries_are_forbidden_in_the_way_of_rfc_9309(client: FlaskClient) -> None:
    """The parser of Python knows no wildcards."""
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /sparql?*", "Disallow: /fr/claims?*", "Disallow: /*?in="} <= set(lines)
    assert lines[-1] == f"Sitemap: {SITE}sitemap.xml"
    assert "Disallow: /" not in lines


def test_the_map_has_each_page_in_every_language_with_a_day_of_the_content(client: FlaskClient) -> None:
    response = client.get("/sitemap.xml")
    assert (response.status_code, response.content_type) == (200, "application/xml")
    found = mapped(response.data)
    assert set(found.values()) == {"2026-11-22"}
    for path in (
        "",
        "claims",
        "catalogue",
        "dataset/kazakhstan",
        "doc/kazakhstan",
        "doc/source/kazakhstan-security",
    ):
        assert {f"{SITE}{language}/{path}" for language in ("en", "fr", "ru", "kk")} <= set(found), path
    assert not any("#" in address for address in found)
    root = ET.fromstring(response.data)  # noqa: S314 (we wrote it)
    (entry,) = (e for e in root if e.findtext("s:loc", "", XML) == f"{SITE}fr/doc/kazakhstan")
    others = {link.get("hreflang"): link.get("href") for link in entry.findall("x:link", XML)}
    assert others == {language: f"{SITE}{language}/doc/kazakhstan" for language in ("en", "fr", "ru", "kk")}


def test_every_page_of_the_map_is_there(client: FlaskClient) -> None:
    english = [
        a.removeprefix(SITE) for a in mapped(client.get("/sitemap.xml").data) if a.startswith(f"{SITE}en/")
    ]
    families = {re.sub(r"/[^/]*$", "", path): path for path in english}
    assert len(families) > 8
    for path in (*families.values(), *(path for path in english if path.count("/") == 1)):
        answer = client.get(f"/{path}")
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), path


def test_the_map_has_every_described_thing(client: FlaskClient, briefing: Release) -> None:
    addresses = set(mapped(client.get("/sitemap.xml").data))
    text = (briefing.folder / "dumps/kazakhstan.nt").read_text("utf-8")
    things = set(re.findall(r"^<https://w3id.org/sauran/id/([^#>]*)> ", text, re.MULTILINE))
    assert len(things) > 400
    assert {f"{SITE}en/doc/{thing}" for thing in things} <= addresses


def test_too_many_pages_come_in_several_maps(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = mapped(client.get("/sitemap.xml").data)
    monkeypatch.setattr(crawlers, "_MOST_IN_ONE", 10)
    monkeypatch.setattr(crawlers, "_PIECE", 3 * 16 * 1024)
    # Another query: the whole map may be in the cache.
    response = client.get("/sitemap.xml?again")
    root = ET.fromstring(response.data)  # noqa: S314
    assert root.tag == f"{{{XML['s']}}}sitemapindex"
    maps = mapped(response.data)
    assert len(maps) > 10
    found: dict[str, str] = {}
    for address in maps:
        part = client.get("/" + address.removeprefix(SITE))
        assert (part.status_code, part.content_type) == (200, "application/xml")
        found |= mapped(part.data)
    assert found == whole
    assert client.get(f"/sitemap-{len(maps) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_pieces_of_a_graph_hold_each_subject_once(served_release: ServedRelease) -> None:
    graph = f"{served_release.links.base}graph/kazakhstan"
    (all_of_it,) = served_release.quads.pieces(graph, 10**9)
    whole = list(served_release.quads.subjects(*all_of_it))
    for size in (16 * 1024, 48 * 1024):
        pieces = served_release.quads.pieces(graph, size)
        assert len(pieces) > 5
        assert [pieces[0][0], pieces[-1][1]] == list(all_of_it)
        assert [iri for piece in pieces for iri in served_release.quads.subjects(*piece)] == whole
    assert len(whole) == len(set(whole)) > 400
    assert served_release.quads.pieces(f"{served_release.links.base}graph/nothing", 1000) == []


def test_addresses_are_written_so_that_xml_can_hold_them(harbour: Path, tmp_path: Path) -> None:
    file = harbour.parent / "datasets/harbour/entities.ttl"
    text = file.read_text("utf-8")
    first = re.search(r"^(id:[\w-]+)$", text, re.MULTILINE)
    assert first is not None
    name = first[1].removeprefix("id:")
    for other in sorted(harbour.parent.rglob("*.ttl")):
        changed = re.sub(rf"\bid:{name}(?![\w-])", r"id:a\\&b", other.read_text("utf-8"))
        other.write_text(changed.replace(f"/id/{name}>", "/id/a&b>"), "utf-8")
    assert build(harbour, tmp_path / "releases").release is not None
    with client_over(tmp_path / "releases") as client:
        addresses = mapped(client.get("/sitemap.xml").data)
        assert f"{SITE}en/doc/a&b" in addresses


def test_llms_txt_is_markdown_whose_links_answer(client: FlaskClient) -> None:
    response = client.get("/llms.txt")
    assert response.content_type == "text/markdown; charset=utf-8"
    lines = response.text.splitlines()
    assert lines[0] == "# Sauran: security knowledge as linked data"
    assert lines[2].startswith("> Briefings on security as linked data")
    assert [line for line in lines if line.startswith("## ")] == [
        "## Datasets",
        "## Ways to ask",
        "## Optional",
    ]
    links = re.findall(r"\]\(([^)]*)\)", response.text)
    assert len(links) > 10
    for address in links:
        assert client.get("/" + address.removeprefix(SITE)).status_code == 200, address


def test_a_page_that_somebody_adds_is_in_the_map_and_a_file_beside_it_is_not(briefing: Release) -> None:
    added = Blueprint("added", __name__)
    added.add_url_rule("/<any(en, fr, ru, kk):language>/added", view_func=lambda language: language)
    added.add_url_rule("/<any(en, fr, ru, kk):language>/added.json", "file", lambda language: language)
    with client_over(briefing.folder.parent) as client:
        client.application.register_blueprint(added)
        found = mapped(client.get("/sitemap.xml").data)
    assert f"{SITE}kk/added" in found
    assert f"{SITE}kk/added.json" not in found
    assert f"{SITE}en/search" not in found
