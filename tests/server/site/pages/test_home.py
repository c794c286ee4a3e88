"""The home page: claims with their evidence and doubts, questions, numbers; and a page of each IRI."""

import html
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from page_support import words
from rdflib import Graph
from web_support import client_over

from sauran.kg.release.build import build
from sauran.kg.release.release import Release
from sauran.server.http.executor import own_query
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import LimitReached
from sauran.server.site.pages import home as module
from sauran.server.site.pages.home import home_page

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


def numbers(text: str, section: str) -> list[str]:
    """The figures of a section, in their order."""
    (part,) = re.findall(rf'<section aria-labelledby="{section}">.*?</section>', text, re.DOTALL)
    return re.findall(r"<dd>([^<]*)</dd>", part)


def answer(client: FlaskClient, query: str) -> list[dict[str, str]]:
    """The rows that the public endpoint gives."""
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"})
    assert response.json is not None
    rows = response.json["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in rows]


def test_the_front_page_says_what_is_here(client: FlaskClient, briefing: Release) -> None:
    text = client.get("/en/").text
    shown = words(text)
    assert shown.count("Sauran: security knowledge as linked data") == 2  # title and heading
    assert f"Release {briefing.version} of 22 November 2026 · " in shown
    assert "Security in Kazakhstan: claims, evidence and doubts" in shown
    assert re.search(r"5,\d{3} triples · 2\d\d more derived from its claims", shown)
    for name in ("all.nq.gz", "all.zip"):
        assert f'href="/release/{briefing.version}/dumps/{name}"' in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize(
    ("language", "claim", "verdict", "held"),
    [
        ("en", "Kazakhstan wants to be sovereign in energy.", "needs context", "Held by:"),
        ("fr", "Le Kazakhstan veut être maître de son énergie.", "demande un contexte", "Soutenue par :"),
    ],
)
def test_claims_stand_with_evidence_and_the_notes_on_them(
    client: FlaskClient, language: str, claim: str, verdict: str, held: str
) -> None:
    text = client.get(f"/{language}/").text
    cards = re.findall(r'<article class="claim">.*?</article>', text, re.DOTALL)
    assert len(cards) == 4
    assert (
        f'<a href="/{language}/doc/{SOURCE}/claim/c085" lang="{language}" dir="auto">{claim}</a>' in cards[0]
    )
    assert f'href="/{language}/doc/{SOURCE}/note/n01"' in cards[0]
    first = words(cards[0])
    assert held in first
    assert verdict in first
    assert "passage/p40" in first
    assert "4599–4796" in first
    assert "5 561 937" in first or "5,561,937" in first
    assert all('<aside class="note"' in card for card in cards)


def test_kazakh_texts_that_nobody_reviewed_say_so(client: FlaskClient) -> None:
    cards = re.findall(r'<article class="claim">.*?</article>', client.get("/kk/").text, re.DOTALL)
    assert len(cards) == 4
    # The claim and the note upon it.
    assert [card.count('<span class="tag">тексерілмеген</span>') for card in cards] == [2, 2, 2, 2]
    assert "тексерілмеген" not in client.get("/ru/").text


def test_the_questions_run_at_a_click(client: FlaskClient, briefing: Release) -> None:
    text = client.get("/ru/").text
    (part,) = re.findall(r'<section aria-labelledby="query">.*?</section>', text, re.DOTALL)
    links = re.findall(r'<a href="(/ru/sparql\?query=[^"]*)" lang="ru" dir="auto">([^<]*\?)</a>', part)
    assert len(links) == 3
    known = json.loads((briefing.folder / "queries.json").read_bytes())
    assert {question for _, question in links} <= {query["questions"]["ru"] for query in known}
    for address, question in links:
        page = client.get(html.unescape(address))
        assert page.status_code == 200
        assert html.escape(question, quote=False) in page.text
        assert "<table" in page.text


def test_every_number_is_the_answer_of_its_query(client: FlaskClient, briefing: Release) -> None:
    text = client.get("/en/").text
    (row,) = answer(client, own_query("state-of-claims"))
    findings = [str(count) for count in briefing.manifest["findings"].values()]
    wanted = [row["claims"], row["stated"], row["provable"], row["notes"], *findings]
    assert numbers(text, "state") == wanted
    assert f"passages with position and digest, of {row['passages']}" in text
    assert (row["claims"], row["stated"], row["passages"], row["notes"]) == ("148", "148", "67", "17")
    coverage = answer(client, own_query("label-coverage"))
    assert [line["language"] for line in coverage] == ["en", "fr", "kk", "ru"]
    for line in coverage:
        assert f'max="{line["things"]}" value="{line["labelled"]}"' in text
    assert text.count("<meter ") == 4


def test_without_notes_the_first_claims_stand_there(harbour: Path, tmp_path: Path) -> None:
    assert build(harbour, tmp_path / "releases").release is not None
    with client_over(tmp_path / "releases") as client:
        text = client.get("/en/").text
    assert "Some claims, with the passages that state them" in text
    assert text.count('<article class="claim">') == 2
    assert '<aside class="note"' not in text
    # No questions come with it.
    assert "sparql?query=" not in text


def test_where_there_is_too_much_to_count_the_page_says_so_and_is_not_kept(
    client: FlaskClient, served_release: ServedRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_served_release: ServedRelease) -> None:
        raise LimitReached("time", "10 s", "-")

    monkeypatch.setattr(module, "read_data_quality", stop)
    assert home_page(served_release, "en").state is None
    with client.application.test_request_context("/en/"):
        response = client.application.full_dispatch_request()
    text = response.get_data(as_text=True)
    assert "There is too much data to be counted in the time that a query may take." in text
    assert response.headers["Cache-Control"] == "no-store"
