"""Pages for people: the front page, and a page of each IRI."""

import html
import re

import pytest
from flask.testing import FlaskClient
from rdflib import Graph

from kg.release import Release

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SOURCE = "source/kazakhstan-security"


def words(text: str) -> str:
    """The page as somebody reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_front_page_is_for_people_and_a_description_for_programs(client: FlaskClient) -> None:
    for accept in ("", "*/*", BROWSER):
        response = client.get("/", headers={"Accept": accept})
        assert (response.status_code, response.location) == (303, "/en/")
        assert response.headers["Vary"] == "Accept, Accept-Language"
    found = Graph().parse(data=client.get("/", headers={"Accept": "text/turtle"}).data, format="turtle")
    assert len(found) > 50
    assert client.get("/", headers={"Accept": "image/png"}).status_code == 406


def test_the_front_page_shows_what_is_here(client: FlaskClient, briefing: Release) -> None:
    text = client.get("/en/").text
    shown = words(text)
    assert f"Release {briefing.version} , " in shown
    assert "Security in Kazakhstan: claims, evidence and doubts" in shown
    assert re.search(r"5,\d{3} triples, and 2\d\d derived from its claims", shown)
    assert re.search(
        r"Stated in passage/p\d+ in article on security in Kazakhstan : characters \d+–\d+", shown
    )
    assert 'href="/dumps/all.nq.gz"' in text
    assert "SELECT ?claim ?text ?start ?end" in shown
    assert text.count('<article class="claim">') == 5


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


def test_a_claim_is_shown_with_its_words_its_evidence_and_its_note(client: FlaskClient) -> None:
    text = client.get(f"/en/doc/{SOURCE}/claim/c047").text
    shown = words(text)
    assert "The number of arrests after the January 2022 riots in Kazakhstan was close to 6,000." in shown
    assert "January 2022 arrests has figure number of arrests (nearly 6,000)" in shown
    assert "modality asserted" in shown
    assert "held by anonymous author of the article on security in Kazakhstan" in shown
    assert "Stated in passage/p21 in article on security in Kazakhstan : characters 2284–2436" in shown
    assert re.search(r"SHA-256 [0-9a-f]{64}", shown)
    assert "note/n03 : snapshot figure The text speaks of nearly 6,000 arrests" in shown
    assert f'rel="alternate" type="application/ld+json" href="/doc/{SOURCE}/claim/c047.jsonld"' in text


def test_no_page_shows_a_claim_without_its_notes(client: FlaskClient) -> None:
    """Claim c047 carries note n03, wherever it is shown."""
    for slug in (
        "arrests-january-2022",
        "figure-arrests-2022",
        f"{SOURCE}/passage/p21",
        f"{SOURCE}/note/n03",
    ):
        text = client.get(f"/en/doc/{slug}").text
        claim = text.index(f'<a href="/en/doc/{SOURCE}/claim/c047"')
        note = text.index(f'<a href="/en/doc/{SOURCE}/note/n03"', claim)
        assert "</article>" not in text[claim:note]


def test_a_thing_is_shown_with_what_follows_from_its_claims(client: FlaskClient) -> None:
    shown = words(client.get("/en/doc/arrests-january-2022").text)
    assert "January 2022 arrests event" in shown
    assert "Derived from claims, without their time" in shown


def test_fragments_are_shown_in_the_page_of_their_document(client: FlaskClient) -> None:
    text = client.get("/en/doc/time/1991").text
    assert 'href="/en/doc/time/1991#beginning"' in text
    assert '<section id="beginning">' in text
    assert "1991-01-01" in text


def test_a_scheme_lists_its_concepts_and_a_document_its_parts(client: FlaskClient) -> None:
    assert 'href="/en/doc/scheme/modality/asserted"' in client.get("/en/doc/scheme/modality").text
    source = client.get(f"/en/doc/{SOURCE}").text
    assert source.count(f'href="/en/doc/{SOURCE}/passage/') > 50
    notes = set(re.findall(rf'href="/en/doc/{SOURCE}/note/(n\d+)"', source))
    assert len(notes) == 17


def test_a_dataset_has_a_page(client: FlaskClient) -> None:
    shown = words(client.get("/en/dataset/kazakhstan").text)
    assert "Security in Kazakhstan: claims, evidence and doubts" in shown
    assert "What one anonymous and undated article in French says" in shown


def test_an_unknown_page_is_404_for_people(client: FlaskClient) -> None:
    response = client.get("/en/doc/nothing", headers={"Accept": BROWSER})
    assert (response.status_code, response.content_type) == (404, "text/html; charset=utf-8")
    assert "Nothing is known of <http://127.0.0.1:8000/doc/nothing>." in words(response.text)
