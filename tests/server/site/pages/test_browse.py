"""Pages for people: the front page, and a page of each IRI."""

import html
import re

import pytest
from flask.testing import FlaskClient
from page_support import words
from rdflib import Graph

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SOURCE = "source/kazakhstan-security"


def test_the_front_page_is_for_people_and_a_description_for_programs(client: FlaskClient) -> None:
    for accept in ("", "*/*", BROWSER):
        response = client.get("/", headers={"Accept": accept})
        assert (response.status_code, response.location) == (303, "/en/")
        assert response.headers["Vary"] == "Accept, Accept-Language"
    found = Graph().parse(data=client.get("/", headers={"Accept": "text/turtle"}).data, format="turtle")
    assert len(found) > 50
    assert client.get("/", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "path",
    [
        "/en/",
        "/en/sparql",
        f"/en/doc/{SOURCE}/claim/c047",
        "/en/doc/kazakhstan",
        f"/en/doc/{SOURCE}",
        f"/en/doc/{SOURCE}/passage/p21",
        f"/en/doc/{SOURCE}/note/n03",
        "/en/doc/time/1991",
        "/en/dataset/kazakhstan",
    ],
)
def test_every_link_of_a_page_leads_somewhere(client: FlaskClient, path: str) -> None:
    text = client.get(path).text
    targets = {
        html.unescape(link).partition("#")[0] for link in re.findall(r'(?:href|action)="(/[^"]*)"', text)
    }
    assert len(targets) >= 5
    broken = [target for target in sorted(targets) if client.get(target).status_code not in (200, 303)]
    assert broken == []


def test_an_unknown_page_is_404_for_people(client: FlaskClient) -> None:
    response = client.get("/en/doc/nothing", headers={"Accept": BROWSER})
    assert (response.status_code, response.content_type) == (404, "text/html; charset=utf-8")
    assert "Nothing is known of <http://127.0.0.1:8000/doc/nothing>." in words(response.text)
