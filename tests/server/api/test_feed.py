"""/releases.atom: what RFC 4287 asks of a feed, and what became of the data from release to release."""

import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from support import change
from web_support import client_over, publication_at

from sauran.kg.release.build import BuildOptions, build
from sauran.kg.release.release import Release, make_current
from sauran.server.http.negotiation import LANGUAGES

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
BASE = "http://127.0.0.1:7777/"
SITE = "http://127.0.0.1:8000/"


def read(client: FlaskClient, query: str = "") -> ET.Element:
    response = client.get(f"/releases.atom{query}")
    assert (response.status_code, response.content_type) == (200, "application/atom+xml")
    return ET.fromstring(response.data)  # noqa: S314 (our own)


def summaries(feed: ET.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}summary") for entry in feed.iter(f"{ATOM}entry")]


def test_a_feed_has_what_the_standard_asks_for(history: Path) -> None:
    with client_over(history) as client:
        feed = read(client)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(ATOM + name)
            assert found.text
        assert re.fullmatch(MOMENT, element.findtext(f"{ATOM}updated") or "")
        assert [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert len({element.findtext(f"{ATOM}id") for element in (feed, *entries)}) == 4
    author = feed.find(f"{ATOM}author")
    assert author is not None
    assert [(part.tag.removeprefix(ATOM), part.text) for part in author] == [
        ("name", "Sauran"),
        ("uri", "https://w3id.org/sauran/id/sauran"),
        ("email", "contact@sauran.example"),
    ]
    (own,) = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == f"{SITE}releases.atom?lang=en"


def test_each_finished_release_is_told_the_newest_first(history: Path) -> None:
    with client_over(history) as client:
        feed = read(client)
        entries = feed.findall(f"{ATOM}entry")
        assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
            f"{BASE}release/{version}" for version in ("0.3", "0.2", "0.1")
        ]
        assert [entry.findtext(f"{ATOM}updated") for entry in entries] == [
            f"{day}T00:00:00Z" for day in ("2026-12-24", "2026-12-01", "2026-11-22")
        ]
        assert feed.findtext(f"{ATOM}updated") == "2026-12-24T00:00:00Z"
        triples = Release.open(history / "0.3").union_triples
        assert summaries(feed) == [
            f"1 dataset, {triples:,} triples. Changed: The port of Veldon.",
            f"1 dataset, {triples:,} triples. The same datasets as in 0.1.",
            f"1 dataset, {triples:,} triples.",
        ]
        for entry in entries:
            for link in entry.findall(f"{ATOM}link"):
                answer = client.get((link.get("href") or "").removeprefix(SITE.rstrip("/")))
                assert (answer.status_code, answer.mimetype) == (200, link.get("type"))
                if link.get("rel") == "enclosure":
                    assert len(answer.data) == int(link.get("length") or 0)


def test_datasets_come_and_go(tmp_path: Path) -> None:
    publication = publication_at(tmp_path / "harbour", 7777)
    folder = publication.parent / "datasets"
    build(publication, tmp_path / "releases", BuildOptions(final=True))
    shutil.copytree(folder / "harbour", folder / "beacon")
    change(publication, 'datasets = ["harbour"]', 'datasets = ["beacon"]')
    change(publication, 'version = "0.1"', 'version = "0.2"')
    change(folder / "beacon/dataset.toml", 'slug = "harbour"', 'slug = "beacon"')
    change(folder / "beacon/dataset.toml", 'en = "The port of Veldon"', 'en = "The beacon & <its> keeper"')
    result = build(publication, tmp_path / "releases", BuildOptions(final=True))
    assert result.release is not None, result.findings
    with client_over(tmp_path / "releases") as client:
        said = summaries(read(client))[0] or ""
    assert said.endswith(". New: The beacon & <its> keeper. Gone: The port of Veldon.")


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("en", "Harbour watch 0.3", "Changed: The port of Veldon."),
        ("fr", "Veille portuaire 0.3", "Modifications\N{NO-BREAK SPACE}: Le port de Veldon."),
        ("ru", "Портовая вахта 0.3", "Изменено: Порт Велдон."),
        ("kk", "Айлақ күзеті 0.3", "Өзгергені: Велдон айлағы."),
    ],
)
def test_it_is_there_in_each_language(history: Path, language: str, title: str, said: str) -> None:
    with client_over(history) as client:
        feed = read(client, f"?lang={language}")
        # Whoever asks without a language gets the same whatever their browser prefers.
        plain = client.get("/releases.atom", headers={"Accept-Language": language}).text
    assert plain.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert 'xml:lang="en"' in plain
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    entry = next(feed.iter(f"{ATOM}entry"))
    assert entry.findtext(f"{ATOM}title") == title
    assert (entry.findtext(f"{ATOM}summary") or "").endswith(said)
    others = {link.get("hreflang") for link in feed if link.get("type") == "application/atom+xml"}
    assert others == set(LANGUAGES)


def test_what_is_not_there_in_a_language_says_which_it_is_in(tmp_path: Path) -> None:
    publication = publication_at(tmp_path / "harbour", 7777)
    change(publication, '["en", "fr", "ru", "kk"]', '["en", "fr", "ru"]')
    for text in (
        "Айлақ күзеті",
        "Сынақтарға арналған шағын жарияланым: өзіміз жазған бір дереккөз, екі тұжырым.",
    ):
        change(publication, f'kk = "{text}"\n', "")
    build(publication, tmp_path / "releases", BuildOptions(final=True))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    with client_over(tmp_path / "releases") as client:
        feed, french = read(client, "?lang=kk"), read(client, "?lang=fr")
    entry = next(feed.iter(f"{ATOM}entry"))
    for element in (feed.find(f"{ATOM}title"), feed.find(f"{ATOM}subtitle"), entry.find(f"{ATOM}title")):
        assert element is not None
        assert element.get(lang) == "en"
    assert entry.findtext(f"{ATOM}title") == "Harbour watch 0.1"
    assert [element.tag for element in french.iter() if lang in element.attrib] == [f"{ATOM}feed"]


def test_it_costs_a_header_where_nothing_is_new(history: Path, tmp_path: Path) -> None:
    shutil.copytree(history, tmp_path / "releases", symlinks=True)
    shutil.rmtree(tmp_path / "releases/0.3")
    make_current(tmp_path / "releases", "0.2")
    with client_over(tmp_path / "releases") as client:
        tag = client.get("/releases.atom").headers["ETag"]
        again = client.get("/releases.atom", headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    with client_over(history) as client:
        assert client.get("/releases.atom", headers={"If-None-Match": tag}).status_code == 200


def test_drafts_are_no_entries(client: FlaskClient, briefing: Release) -> None:
    feed = read(client)
    assert briefing.manifest["draft"]
    assert summaries(feed) == []
    assert feed.findtext(f"{ATOM}updated") == f"{briefing.manifest['publication']['issued']}T00:00:00Z"


def test_pages_lead_to_it(client: FlaskClient) -> None:
    page = client.get("/ru/downloads").text
    assert '<link rel="alternate" type="application/atom+xml" href="/releases.atom?lang=ru"' in page
