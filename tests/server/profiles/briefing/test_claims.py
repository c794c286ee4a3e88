"""All claims, narrowed down: as page, JSON and CSV, with counts that hold."""

import csv
import io
import re
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from page_support import answer, words

BASE = "https://w3id.org/sauran/"
POSSIBLE = f"{BASE}id/scheme/modality/possible"
PREFIX = "PREFIX sec: <https://w3id.org/sauran/ontology#> PREFIX time: <http://www.w3.org/2006/time#> "


def facet_links(text: str, name: str) -> list[tuple[str, int]]:
    """The values of a facet: address and count."""
    (part,) = re.findall(rf'<ul class="facet" aria-labelledby="by-{name}">.*?</ul>', text, re.DOTALL)
    return [
        (href.replace("&amp;", "&"), int(count.replace(",", "")))
        for href, count in re.findall(r'<a href="([^"]*)".*?</a> <small>([\d,]+)</small>', part)
    ]


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "148 claims"), ("fr", "148 affirmations"), ("ru", "148 утверждений"), ("kk", "148 тұжырым")],
)
def test_the_page_shows_fifty_of_all_claims(client: FlaskClient, language: str, heading: str) -> None:
    text = client.get(f"/{language}/claims").text
    assert f'<h2 id="found">{heading}</h2>' in text
    assert text.count('<article class="claim">') == 50
    assert 'rel="next"' in text
    assert 'rel="prev"' not in text


def test_all_pages_together_show_every_claim_once(client: FlaskClient) -> None:
    shown: list[str] = []
    for page in (1, 2, 3):
        shown += re.findall(
            r'<h3><a href="/en/doc/([^"]*/claim/c\d+)"', client.get(f"/en/claims?page={page}").text
        )
    rows = answer(client, PREFIX + "SELECT ?c { ?c a sec:Claim } ORDER BY ?c")
    assert shown == [row["c"].removeprefix(f"{BASE}id/") for row in rows]


@pytest.mark.parametrize("name", ["type", "modality", "holder", "section", "year"])
def test_each_count_of_a_facet_is_what_choosing_it_gives(client: FlaskClient, name: str) -> None:
    values = facet_links(client.get("/en/claims").text, name)
    assert len(values) >= 4
    for href, count in values:
        found = client.get(href).text
        assert re.search(rf'<h2 id="found">{count} claims?</h2>', found), href


def test_facets_count_within_what_is_chosen(client: FlaskClient) -> None:
    text = client.get(f"/en/claims?{urlencode({'modality': POSSIBLE})}").text
    rows = answer(
        client,
        PREFIX + f"SELECT ?t (COUNT(DISTINCT ?c) AS ?n) {{ ?c a sec:Claim ; sec:modality <{POSSIBLE}> ; "
        "sec:claimType ?t } GROUP BY ?t",
    )
    assert sorted(count for _, count in facet_links(text, "type")) == sorted(int(row["n"]) for row in rows)
    # Choosing the chosen value again lets go of it.
    assert facet_links(text, "modality") == [("/en/claims", 7)]
    assert 'aria-current="true"' in text


def test_a_year_is_that_in_which_the_time_of_a_claim_begins(client: FlaskClient) -> None:
    rows = answer(
        client,
        PREFIX + "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a sec:Claim ; sec:claimTime ?t . "
        "?t time:hasBeginning ?b . ?b time:inXSDDate ?d FILTER(YEAR(?d) = 1991) }",
    )
    data = client.get("/claims.json?year=1991").json
    assert data is not None
    assert data["total"] == len(data["claims"]) == int(rows[0]["n"])


def test_what_nothing_fits_says_so(client: FlaskClient) -> None:
    text = client.get("/en/claims?year=1850").text
    assert "0 claims" in words(text)
    assert "No claim fits all that is chosen." in words(text)
    assert client.get("/claims.json?year=1850").json["claims"] == []  # type: ignore[index]


def test_json_csv_and_page_hold_the_same_claims(client: FlaskClient) -> None:
    data = client.get(f"/claims.json?modality={quote(POSSIBLE)}").json
    assert data is not None
    table = list(csv.DictReader(io.StringIO(client.get(f"/claims.csv?modality={quote(POSSIBLE)}").text)))
    page = client.get(f"/en/claims?modality={quote(POSSIBLE)}").text
    iris = [row["claim"] for row in data["claims"]]
    assert len(iris) == data["total"] == 7
    assert iris == [row["claim"] for row in table]
    assert iris == [
        f"{BASE}id/{path}" for path in re.findall(r'<h3><a href="/en/doc/([^"]*/claim/c\d+)"', page)
    ]
    for row, cells in zip(data["claims"], table, strict=True):
        assert row["text"] == {tag: cells[f"text_{tag}"] for tag in ("en", "fr", "ru", "kk")}
        assert [passage["passage"] for passage in row["passages"]] == cells["passages"].split()
        assert row["modality"] == cells["modality"] == POSSIBLE


def test_a_row_of_json_holds_the_whole_claim(client: FlaskClient) -> None:
    data = client.get("/claims.json").json
    assert data is not None
    assert (data["total"], data["first"], data["last"], data["next"]) == (148, 1, 148, None)
    claim = next(row for row in data["claims"] if row["claim"].endswith("/c047"))
    source = f"{BASE}id/source/kazakhstan-security"
    assert claim["predicate"] == f"{BASE}ontology#hasFigure"
    assert claim["passages"] == [
        {
            "passage": f"{source}/passage/p21",
            "document": source,
            "section": f"{source}/section/threats-internal",
            "start": 2284,
            "end": 2436,
            "digest": claim["passages"][0]["digest"],
        }
    ]
    assert claim["notes"] == [
        {"note": f"{source}/note/n03", "verdict": f"{BASE}id/scheme/verdict/snapshot-figure", "judges": True}
    ]


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("", 200, "application/json"),
        ("application/json", 200, "application/json"),
        ("text/csv", 200, "text/csv; charset=utf-8"),
        ("text/html,*/*;q=0.8", 303, "text/html; charset=utf-8"),
        ("image/png", 406, "application/problem+json"),
    ],
)
def test_the_bare_address_negotiates(client: FlaskClient, accept: str, status: int, kind: str) -> None:
    response = client.get(
        "/claims?year=2022", headers={"Accept": accept, "Accept-Language": "kk-KZ, ru;q=0.5"}
    )
    assert (response.status_code, response.content_type) == (status, kind)
    if status == 303:
        assert response.location == "/kk/claims?year=2022"
    if status != 406:
        assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].replace(" ", "").split(","))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("page=0", 400),
        ("page=x", 400),
        ("page=4", 404),
        ("page=9999999999", 400),
        ("year=soon", 400),
        ("type=%3Cno%20IRI%3E", 400),
        ("modality=x", 400),
    ],
)
def test_what_makes_no_sense_is_a_problem(client: FlaskClient, asked: str, status: int) -> None:
    response = client.get(f"/en/claims?{asked}", headers={"Accept": "text/html"})
    assert response.status_code == status
    assert client.get("/claims.xml").status_code == 404
