"""The search: what is found first in four languages and two scripts, true counts, the same as data."""

import csv
import html
import io
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from page_support import answer, section, words

from sauran.server.http.negotiation import LANGUAGES

ID = "https://w3id.org/sauran/id/"
SOURCE = f"{ID}source/kazakhstan-security"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def find(client: FlaskClient, typed: str, **chosen: str) -> dict:
    response = client.get("/search.json", query_string={"q": typed, **chosen})
    assert response.status_code == 200, response.text
    return json.loads(response.data)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        # A name in every language and script, with and without its letters and accents.
        ("Kazakhstan", "kazakhstan"),
        ("Казахстан", "kazakhstan"),
        ("Қазақстан", "kazakhstan"),
        ("казакстан", "kazakhstan"),
        ("Qazaqstan", "kazakhstan"),
        ("Kazahstan", "kazakhstan"),
        ("Russia", "russia"),
        ("Russie", "russia"),
        ("Россия", "russia"),
        ("Ресей", "russia"),
        ("rossiya", "russia"),
        ("Central Asia", "central-asia"),
        ("asie centrale", "central-asia"),
        ("Центральная Азия", "central-asia"),
        ("Орталық Азия", "central-asia"),
        # Words of a name, in another form, without accents, with words between.
        ("énergie souveraineté", "energy-sovereignty"),
        ("souverainete energetique", "energy-sovereignty"),
        ("энергетического суверенитета", "energy-sovereignty"),
        ("the arrests of January 2022", "arrests-january-2022"),
        ("arrestation janvier 2022", "arrests-january-2022"),
        ("референдум о строительстве АЭС", "nuclear-referendum-2024"),
        ("nuclear referendum", "nuclear-referendum-2024"),
        # A phrase, a number, a word that must not be there.
        ('"nuclear power plant"', "nuclear-referendum-2024"),
        ("«Орталық Азия»", "central-asia"),
        ("referendum -nuclear 71.12", "energy-referendum"),
        # Only in a text: the claim or the note that says it.
        ("where several regional powers meet", "source/kazakhstan-security/claim/c028"),
        ("Rosatom", "source/kazakhstan-security/reference/astana-times-2025-06"),
        ("Росатом", "source/kazakhstan-security/note/n01"),
        # The beginning of words.
        ("kazakhst", "kazakhstan"),
        ("souvera énergét", "energy-sovereignty"),
    ],
)
def test_what_was_meant_is_found_first(client: FlaskClient, typed: str, slug: str) -> None:
    assert find(client, typed)["results"][0]["iri"] == ID + slug


@pytest.mark.parametrize(
    ("typed", "matching"),
    [
        ("Kazakhstan", "all"),
        ("kazakhst", "beginnings"),
        ("Kazakhstan zzzzzz", "some"),
        ("zzzzzz", "all"),
        ("", None),
        ("-Kazakhstan", None),
        ("* \" ' ( ) : ^ ~ \x00 🙂", None),
    ],
)
def test_it_says_how_words_had_to_be_taken(client: FlaskClient, typed: str, matching: str | None) -> None:
    assert find(client, typed)["matching"] == matching


def test_what_must_not_be_there_is_not(client: FlaskClient) -> None:
    everything, less = find(client, "Kazakhstan"), find(client, "Kazakhstan -Russia")
    both = find(client, "Kazakhstan Russia")
    assert both["total"] > 0
    assert less["total"] < everything["total"]
    assert find(client, 'Kazakhstan -"no such phrase"')["total"] == everything["total"]


def test_counts_of_facets_are_those_of_the_lists_they_lead_to(client: FlaskClient) -> None:
    found = find(client, "Kazakhstan")
    assert set(found["facets"]) == {"class", "dataset", "section", "modality", "type", "place", "year"}
    seen = 0
    for facet, values in found["facets"].items():
        for value, count in list(values.items())[:6]:
            seen += 1
            assert find(client, "Kazakhstan", **{facet: value})["total"] == count, (facet, value)
    assert seen > 20


def test_counts_hold_for_all_that_is_chosen(client: FlaskClient) -> None:
    modality = f"{ID}scheme/modality/asserted"
    found = find(client, "Kazakhstan", modality=modality, year="2022")
    assert found["chosen"] == {"modality": modality, "year": "2022"}
    assert found["facets"]["modality"] == {modality: found["total"]}
    for iri in (row["iri"] for row in found["results"]):
        asked = f"ASK {{ <{iri}> <https://w3id.org/sauran/ontology#modality> <{modality}> }}"
        assert client.get("/sparql", query_string={"query": asked}).json["boolean"]


def test_all_claims_with_a_word_in_their_text_are_found(client: FlaskClient) -> None:
    claim = "https://w3id.org/sauran/ontology#Claim"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    wanted = answer(
        client,
        f"SELECT DISTINCT ?c {{ ?c a <{claim}> ; <{label}> ?l "
        "FILTER(LANGMATCHES(LANG(?l), 'en') && REGEX(?l, '\\\\bkazakhstan\\\\b', 'i')) }",
    )
    first = find(client, "Kazakhstan", **{"class": claim})
    rows = first["results"] + find(client, "Kazakhstan", page="2", **{"class": claim})["results"]
    assert len(rows) == first["total"]
    assert {row["c"] for row in wanted} <= {row["iri"] for row in rows}
    assert len(wanted) > 90


def test_pages_follow_each_other_and_hold_everything_once(client: FlaskClient) -> None:
    address, seen = "/search.json?q=Kazakhstan", list[str]()
    while address:
        response = client.get(address)
        found = json.loads(response.data)
        assert len(found["results"]) == found["last"] - found["first"] + 1
        seen += [row["iri"] for row in found["results"]]
        address = found["next"] and urlsplit(found["next"])._replace(scheme="", netloc="").geturl()
        assert ('rel="next"' in response.headers.get("Link", "")) is bool(address)
    assert len(seen) == len(set(seen)) == found["total"] > 100
    for page, status in (("0", 400), ("x", 400), ("999999999", 404), ("9" * 30, 400)):
        assert client.get(f"/search.json?q=Kazakhstan&page={page}").status_code == status


def test_a_claim_comes_with_its_evidence_and_its_notes(client: FlaskClient) -> None:
    (row,) = [row for row in find(client, "6,000 arrests")["results"] if row["iri"].endswith("/claim/c047")]
    assert row["text"]["en"].endswith("was close to 6,000.")
    assert set(row["text"]) == set(LANGUAGES)
    assert [passage["passage"] for passage in row["passages"]] == [f"{SOURCE}/passage/p21"]
    assert [note["note"] for note in row["notes"]] == [f"{SOURCE}/note/n03"]
    text = client.get("/en/search?q=6,000+arrests").text
    (article,) = [part for part in text.split("<article") if "/claim/c047" in part.partition("</h3>")[0]]
    assert "<mark>6,000</mark>" in article
    assert "Stated in passage/p21" in words(article)
    assert "Curator’s note note/n03 : snapshot figure" in words(article)


def test_json_and_csv_say_the_same(client: FlaskClient) -> None:
    found = find(client, "referendum")
    response = client.get("/search", query_string={"q": "referendum"}, headers={"Accept": "text/csv"})
    assert response.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["iri"] for row in rows] == [row["iri"] for row in found["results"]]
    assert [row["text_ru"] for row in rows] == [row["text"].get("ru", "") for row in found["results"]]
    assert [row["match"] for row in rows] == [row["match"] for row in found["results"]]


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("", 200, "application/json"),
        ("application/json", 200, "application/json"),
        ("text/csv", 200, "text/csv; charset=utf-8"),
        (BROWSER, 303, "text/html; charset=utf-8"),
        ("image/png", 406, "application/problem+json"),
    ],
)
def test_the_bare_address_gives_what_is_asked_for(
    client: FlaskClient, accept: str, status: int, kind: str
) -> None:
    headers = {"Accept": accept, "Accept-Language": "fr"}
    response = client.get("/search?q=%C3%A9nergie", headers=headers)
    assert (response.status_code, response.content_type) == (status, kind)
    assert "Accept" in response.headers["Vary"]
    if status == 303:
        assert response.location == "/fr/search?q=%C3%A9nergie"
    assert client.get("/search.xml?q=a").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_shows_names_in_its_language_and_what_matched_in_any(
    client: FlaskClient, language: str
) -> None:
    name = {"en": "Russia", "fr": "Russie", "ru": "Россия", "kk": "Ресей"}[language]
    text = client.get(f"/{language}/search", query_string={"q": "Rosatom"}).text
    assert re.search(r"<mark>Ro[sс]atom</mark>|<mark>«?Росатом»?</mark>", text)
    text = client.get(f"/{language}/search", query_string={"q": "Ресей"}).text
    first = text.split("<article")[1]
    assert f'<a href="/{language}/doc/russia" lang="{language}" dir="auto">' in first
    assert name in words(first)
    assert '<bdi lang="kk">' in first or "<mark>" in first or 'lang="kk"' in first


def test_links_of_facets_choose_and_let_go(client: FlaskClient) -> None:
    text = client.get("/en/search?q=Kazakhstan&year=2022").text
    part = section(text, "narrow")
    (address,) = re.findall(r'<a href="([^"]*)" aria-current="true"[^>]*>2022<', part)
    assert parse_qs(urlsplit(html.unescape(address)).query) == {"q": ["Kazakhstan"]}
    links = [html.unescape(link) for link in re.findall(r'<li><a href="([^"]*)"', part)]
    assert len(links) > 5
    assert {client.get(link).status_code for link in links} == {200}


def test_every_number_of_a_facet_is_that_of_the_page_it_leads_to(client: FlaskClient) -> None:
    part = section(client.get("/en/search?q=energy").text, "narrow")
    found = re.findall(r'<li><a href="([^"]*)".*?</a> <small>(\d+)</small></li>', part)
    assert len(found) > 10
    for link, count in found:
        shown = words(section(client.get(html.unescape(link)).text, "found"))
        assert re.match(rf"{count} results? ", shown), link


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [("kazkhstan", "kazakhstan"), ("казхстан", "казахстан"), ("refrendum", "referendum")],
)
def test_a_misspelt_word_gets_a_link_to_the_right_one(
    client: FlaskClient, typed: str, suggested: str
) -> None:
    text = client.get("/en/search", query_string={"q": f"{typed} of January"}).text
    (said,) = re.findall(r"Did you mean: (.*?)</p>", text)
    links = [parse_qs(urlsplit(html.unescape(link)).query)["q"] for link in re.findall(r'href="(.*?)"', said)]
    assert [f"{suggested} of January"] in links
    assert "Did you mean" not in client.get("/en/search?q=Kazakhstan").text


def test_where_nothing_is_found_the_page_helps(client: FlaskClient) -> None:
    shown = words(client.get("/en/search?q=zzzzzz").text)
    assert "Nothing was found" in shown
    assert "Nazarbayev finds Назарбаев too" in shown
    assert "There is no word in this" in words(client.get("/en/search?q=%2B%2B").text)
    assert "How to search" in words(client.get("/en/search").text)


@pytest.mark.parametrize(
    "typed",
    [
        'name:a OR "b',
        "NEAR(a b, 3)",
        "a AND NOT OR",
        "{name text} : x",
        '"""',
        "'; DROP TABLE words; --",
        "^a* + -b -- ~c",
        "(((((((((",
        "a\x00b",
        "\ud83d\ude42".encode("utf-16", "surrogatepass").decode("utf-16"),
        ".*(a+)+$",
        "%_%",
        "<script>alert(1)</script>",
        "\u202eabc",
        "word " * 200,
        "-x " * 500,
        '"' * 999,
        "я" * 5000,
    ],
)
def test_nothing_that_is_typed_is_an_error(client: FlaskClient, typed: str) -> None:
    for path in ("/search.json", "/search.csv", "/ru/search", "/search/suggest"):
        response = client.get(path, query_string={"q": typed})
        assert response.status_code == 200, response.text
        assert "<script>alert" not in response.text or path != "/ru/search"


def test_a_megabyte_is_searched_by_its_first_words(client: FlaskClient) -> None:
    typed = "Kazakhstan " + "x" * 1_000_000
    text = client.get("/en/search", query_string={"q": typed}).text
    assert "only its first words were used" in words(text)
    assert len(section(text, "found")) < 200_000


def test_values_of_facets_may_be_anything(client: FlaskClient) -> None:
    for value in ("", "nothing", "\x00", "' OR 1=1", "http://[", "x" * 100_000):
        response = client.get("/en/search", query_string={"q": "Kazakhstan", "class": value, "year": value})
        assert response.status_code == 200
