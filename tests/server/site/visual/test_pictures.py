"""Timeline, map and neighbourhood: pages in four languages, and data; numbers are those of the endpoint."""

import csv
import io
import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from page_support import answer, drawing, hrefs, section, table

BASE = "https://w3id.org/sauran/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIX = f"PREFIX sec: <https://w3id.org/sauran/ontology#> PREFIX rdf: <{RDF}> "
LANGUAGES = ("en", "fr", "ru", "kk")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_time_is_in_the_picture_and_in_the_tables(client: FlaskClient, language: str) -> None:
    text = client.get(f"/{language}/timeline").text
    events, times = table(text, "events")[1:], table(text, "times")[1:]
    assert (len(events), len(times)) == (3, 10)
    linked = [
        href
        for name in ("events", "times")
        for href in re.findall(r'<th scope="row"><a href="([^"]*)"', section(text, name))
    ]
    assert sorted(hrefs(drawing(text))) == sorted(linked)
    assert all(href.startswith(f"/{language}/doc/") for href in linked)


def test_the_numbers_of_the_timeline_are_those_of_the_endpoint(client: FlaskClient) -> None:
    found = client.get("/timeline.json").json
    assert found is not None
    assert found["complete"] is True
    by_time = {e["time"]: e for e in found["entries"] if e["thing"] == e["time"]}
    counted = answer(client, PREFIX + "SELECT ?t (COUNT(?c) AS ?n) { ?c sec:claimTime ?t } GROUP BY ?t")
    assert {time: entry["claims"] for time, entry in by_time.items()} == {
        r["t"]: int(r["n"]) for r in counted
    }
    (noted,) = answer(
        client,
        PREFIX
        + f"SELECT (COUNT(DISTINCT ?c) AS ?n) {{ ?c sec:claimTime <{BASE}id/time/2022-01> . "
        + "?note <http://www.w3.org/ns/oa#hasTarget> ?c }",
    )
    assert by_time[f"{BASE}id/time/2022-01"]["claims_with_notes"] == int(noted["n"]) == 4
    (unrest, _) = [e for e in found["entries"] if e["thing"] == f"{BASE}id/unrest-january-2022"]
    about = answer(
        client,
        PREFIX + f"SELECT DISTINCT ?c {{ ?c rdf:subject|rdf:object <{unrest['thing']}> ; a sec:Claim }}",
    )
    assert unrest["claims"] == len(about) == 7
    assert unrest["kinds"] == [f"{BASE}id/scheme/event-type/riot"]


def test_open_and_uncertain_times_are_said_to_be_so(client: FlaskClient) -> None:
    text = client.get("/en/timeline").text
    shown = {row[0]: row[1:3] for row in table(text, "times")[1:]}
    assert shown["since 1991"] == ["1 Jan 1991", "open"]
    assert shown["by 2025"] == ["open", "31 Dec 2025"]
    assert shown["time of writing of the article on security in Kazakhstan uncertain"] == [
        "7 Oct 2024",
        "31 Dec 2025",
    ]
    looks = {
        a.findtext(f"{SVG}title"): a.find(f"{SVG}polygon").get("class") for a in drawing(text).iter(f"{SVG}a")
    }  # type: ignore[union-attr]
    assert looks["by 2025 · 10 claims"] == "stretch open"
    assert looks["January 2022 · 6 claims, 4 with notes"] == "stretch noted"
    assert sum("vague" in str(look) for look in looks.values()) == 1


def test_events_without_a_time_are_named(client: FlaskClient) -> None:
    part = section(client.get("/en/timeline").text, "undated")
    found = answer(
        client,
        PREFIX + "SELECT ?e { ?e a sec:Event FILTER NOT EXISTS { ?e sec:when ?t } } ORDER BY ?e",
    )
    assert re.findall(r'<li><a href="/en/doc/([^"]*)"', part) == [
        r["e"].removeprefix(f"{BASE}id/") for r in found
    ]


@pytest.mark.parametrize(
    ("asked", "times"),
    [
        (
            "from=2023",
            {"until-2025", "until-kazakhstan-security-writing", "from-1991", "from-2022", "from-2025"},
        ),
        ("to=1991-06", {"1991", "from-1991", "until-2025", "until-kazakhstan-security-writing"}),
        ("from=2022-01-31&to=2022-01-31", {"2022-01", "2022", "from-1991", "from-2022", "until-2025"}),
    ],
)
def test_a_period_leaves_out_what_lies_beyond_it(client: FlaskClient, asked: str, times: set[str]) -> None:
    found = client.get(f"/timeline.json?{asked}").json
    assert found is not None
    there = {entry["time"].rpartition("/")[2] for entry in found["entries"]}
    assert times <= there
    beyond = {"from=2023": {"1991", "2022"}, "to=1991-06": {"2022", "from-2022"}}.get(
        asked, {"1991", "from-2025"}
    )
    assert not beyond & there


def test_kind_and_place_narrow_down_what_is_counted(client: FlaskClient) -> None:
    forecast, place = f"{BASE}id/scheme/claim-type/forecast", f"{BASE}id/kazakhstan"
    found = client.get(f"/timeline.json?kind={quote(forecast, safe='')}&place={quote(place, safe='')}").json
    assert found is not None
    counted = answer(
        client,
        PREFIX + "SELECT ?t (COUNT(DISTINCT ?c) AS ?n) "
        f"{{ ?c sec:claimTime ?t ; sec:claimType <{forecast}> ; sec:claimPlace <{place}> }} GROUP BY ?t",
    )
    assert counted
    assert {e["time"]: e["claims"] for e in found["entries"]} == {r["t"]: int(r["n"]) for r in counted}
    text = client.get(f"/en/timeline?kind={quote(forecast, safe='')}").text
    assert f'<option value="{forecast}" lang="en" selected>' in text


@pytest.mark.parametrize("asked", ["from=soon", "to=2022-13", "from=0000", "kind=not%20an%20iri"])
def test_what_is_no_date_or_no_kind_is_refused(client: FlaskClient, asked: str) -> None:
    response = client.get(f"/en/timeline?{asked}", headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert "<h1" in response.text


def test_when_nothing_fits_the_page_says_so(client: FlaskClient) -> None:
    text = client.get("/en/timeline?kind=http://example.org/none").text
    assert "Nothing with a time fits all that is chosen." in text
    assert "<svg" not in text


@pytest.mark.parametrize(
    ("name", "accept", "media_type"),
    [
        ("timeline", "*/*", "application/json"),
        ("timeline", "text/csv", "text/csv"),
        ("map", "*/*", "application/geo+json"),
        ("map", "application/json", "application/json"),
        ("map", "text/csv", "text/csv"),
        ("neighbourhood?iri=" + BASE + "id/kazakhstan", "*/*", "application/json"),
    ],
)
def test_programs_get_data_and_people_the_page(
    client: FlaskClient, name: str, accept: str, media_type: str
) -> None:
    response = client.get(f"/{name}", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert "Accept" in response.headers["Vary"]
    person = client.get(f"/{name}", headers={"Accept": "text/html", "Accept-Language": "kk"})
    assert (person.status_code, person.headers["Location"]) == (303, f"/kk/{name}")


@pytest.mark.parametrize("path", ["timeline.xml", "map.kml", "neighbourhood.csv"])
def test_a_suffix_that_means_nothing_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/{path}?iri={BASE}id/kazakhstan").status_code == 404


def test_the_csv_files_say_what_the_json_says(client: FlaskClient) -> None:
    for name, key in (("timeline", "entries"), ("map", "places")):
        data = client.get(f"/{name}.json").json
        listed = list(csv.DictReader(io.StringIO(client.get(f"/{name}.csv").text)))
        assert data is not None
        assert [row["text_ru"] for row in listed] == [row["text"]["ru"] for row in data[key]]
        assert [int(row["claims"]) for row in listed] == [row["claims"] for row in data[key]]
