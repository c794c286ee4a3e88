"""What curators doubt: by verdict, contradictions side by side; as page, JSON and CSV."""

import csv
import io
import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from page_support import answer, section, words

BASE = "https://w3id.org/sauran/"
SOURCE = "source/kazakhstan-security"
VERDICT = f"{BASE}id/scheme/verdict/"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "17 notes"), ("fr", "17 notes"), ("ru", "17 примечаний"), ("kk", "17 ескертпе")],
)
def test_every_note_is_shown_under_its_verdict(client: FlaskClient, language: str, said: str) -> None:
    text = client.get(f"/{language}/notes").text
    assert said in words(section(text, "verdicts"))
    notes = section(text, "all")
    shown = re.findall(rf'<h4><a href="/{language}/doc/{SOURCE}/note/(n\d+)"', notes)
    assert sorted(shown) == [f"n{number:02}" for number in range(1, 18)]
    assert len(re.findall(rf'<h3><a href="/{language}/doc/scheme/verdict/', notes)) == 17
    for number in range(1, 18):
        targets = answer(
            client,
            f"SELECT ?c {{ <{BASE}id/{SOURCE}/note/n{number:02}> <http://www.w3.org/ns/oa#hasTarget> ?c }}",
        )
        start = notes.index(f'/note/n{number:02}"')
        article = notes[start : notes.index("</article>", start)]
        assert all(f'/doc/{row["c"].removeprefix(BASE + "id/")}"' in article for row in targets)


@pytest.mark.parametrize(
    ("language", "left"),
    [("en", "The claims that are doubted"), ("ru", "Утверждения, которые вызывают сомнение")],
)
def test_contradictions_stand_side_by_side_with_both_passages(
    client: FlaskClient, language: str, left: str
) -> None:
    text = section(client.get(f"/{language}/notes").text, "contradictions")
    assert left in words(text)
    pair = text[text.index('class="pair"') :]
    sides = pair.split("<p><strong>")[1:]
    assert len(sides) == 2
    assert [sorted(set(re.findall(r"<h3><a href=\"[^\"]*/claim/(c\d+)", side))) for side in sides] == [
        ["c004", "c116", "c117", "c134"],
        ["c045", "c118", "c122", "c125"],
    ]
    assert all(len(re.findall(r"/passage/p\d+", side)) >= 4 for side in sides)
    # What others say of these claims stays beside them.
    assert "/note/n09" in sides[1]


def test_a_verdict_narrows_down(client: FlaskClient) -> None:
    text = client.get(f"/en/notes?verdict={quote(VERDICT + 'garbled')}").text
    assert text.count('<article class="note">') == 1
    assert "contradictions" not in text
    assert 'aria-current="true"' in section(text, "verdicts")
    assert client.get(f"/notes.json?verdict={quote(VERDICT + 'none')}").json["notes"] == []  # type: ignore[index]


def test_a_document_narrows_down(client: FlaskClient) -> None:
    assert client.get(f"/notes.json?document={quote(f'{BASE}id/{SOURCE}')}").json["total"] == 17  # type: ignore[index]
    assert client.get(f"/notes.json?document={quote(f'{BASE}id/none')}").json["total"] == 0  # type: ignore[index]


def test_json_and_csv_hold_the_same_notes(client: FlaskClient) -> None:
    data = client.get("/notes.json").json
    assert data is not None
    table = list(csv.DictReader(io.StringIO(client.get("/notes.csv").text)))
    assert [row["note"] for row in data["notes"]] == [row["note"] for row in table]
    assert data["total"] == len(table) == 17
    assert sum(data["verdicts"].values()) == 17
    note = next(row for row in data["notes"] if row["note"].endswith("/n05"))
    assert note["verdict"] == f"{VERDICT}contradicted-in-source"
    assert [iri[-4:] for iri in note["claims"]] == ["c004", "c116", "c117", "c134"]
    assert [iri[-4:] for iri in note["compared_with"]] == ["c045", "c118", "c122", "c125"]
    assert set(note["text"]) == {"en", "fr", "ru", "kk"}


def test_unreviewed_kazakh_says_so(client: FlaskClient) -> None:
    assert client.get("/kk/notes").text.count("тексерілмеген") >= 17
    assert "не проверено" not in section(client.get("/ru/notes").text, "all")


def test_the_bare_address_negotiates(client: FlaskClient) -> None:
    assert client.get("/notes").content_type == "application/json"
    assert client.get("/notes", headers={"Accept": "text/csv"}).content_type == "text/csv; charset=utf-8"
    response = client.get("/notes", headers={"Accept": "text/html", "Accept-Language": "ru"})
    assert (response.status_code, response.location) == (303, "/ru/notes")
    assert client.get("/notes.ttl").status_code == 404
    assert client.get("/en/notes?verdict=x", headers={"Accept": "text/html"}).status_code == 400
