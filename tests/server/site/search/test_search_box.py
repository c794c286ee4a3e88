"""Suggestions, how browsers search here, and a search whose index is damaged."""

import html
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.release.release import Release
from sauran.kg.search.search_index import SEARCH_FILE
from sauran.server.http.negotiation import LANGUAGES

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_suggestions_are_names_in_the_language_of_the_page(client: FlaskClient) -> None:
    response = client.get("/search/suggest?q=kaz&lang=ru")
    assert response.content_type == "application/x-suggestions+json; charset=utf-8"
    typed, names, kinds, addresses = json.loads(response.data)
    assert (typed, names[0], kinds[0]) == ("kaz", "Казахстан", "государство")
    assert addresses[0] == "http://127.0.0.1:8000/ru/doc/kazakhstan"
    assert len(names) == len(set(names)) == len(kinds) == len(addresses) <= 8
    assert {client.get(urlsplit(address).path).status_code for address in addresses} == {200}
    assert json.loads(client.get("/search/suggest?q=k&lang=ru").data) == ["k", [], [], []]


def test_suggestions_follow_the_browser_where_no_language_is_named(client: FlaskClient) -> None:
    response = client.get("/search/suggest?q=russ", headers={"Accept-Language": "kk"})
    assert json.loads(response.data)[1][0] == "Ресей"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_browsers_are_told_how_to_search_here(client: FlaskClient, language: str) -> None:
    page = client.get(f"/{language}/").text
    (address,) = re.findall(
        r'<link rel="search" type="application/opensearchdescription\+xml" href="(.*?)"', page
    )
    response = client.get(html.unescape(address))
    assert response.content_type == "application/opensearchdescription+xml; charset=utf-8"
    tree = ET.fromstring(response.data)  # noqa: S314 (our own)
    spec = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert tree.findtext(f"{spec}Language") == language
    for url in tree.findall(f"{spec}Url"):
        target = urlsplit(url.attrib["template"].replace("{searchTerms}", "Kazakhstan"))
        answered = client.get(f"{target.path}?{target.query}")
        assert answered.status_code == 200
        assert answered.content_type.startswith(url.attrib["type"])


@pytest.fixture
def copied(briefing: Release, tmp_path: Path) -> Path:
    """A releases folder with a copy of the briefing."""
    copytree(briefing.folder, tmp_path / briefing.version)
    (tmp_path / "current").symlink_to(briefing.version)
    return tmp_path


@pytest.fixture(params=["missing", "no database", "cut off", "of another form"])
def damaged(copied: Path, request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    """A client of a site whose search index is damaged."""
    file = copied / "current" / SEARCH_FILE
    if request.param == "missing":
        file.unlink()
    elif request.param == "no database":
        file.write_bytes(b"x" * 10_000)
    elif request.param == "cut off":
        file.write_bytes(file.read_bytes()[:20_000])
    else:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA user_version = 99")
    with client_over(copied) as client:
        yield client


def test_without_its_index_only_the_search_is_out_of_order(damaged: FlaskClient) -> None:
    for _ in range(6):  # more often than there are connections
        response = damaged.get("/search.json?q=Kazakhstan")
        assert response.status_code == 503
        assert response.json["detail"] == (
            "search: this release has no readable search index. Run: sauran build"
        )
    assert damaged.get("/en/search?q=Kazakhstan", headers={"Accept": BROWSER}).status_code == 503
    assert damaged.get("/search/suggest?q=kaz&lang=en").status_code == 503
    assert damaged.get("/en/search").status_code == 200
    assert damaged.get("/en/doc/kazakhstan").status_code == 200
