"""Answers that lead elsewhere: each address for programs leads a person to the page in their language."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "/ru/"),
        ("/doc/kazakhstan", "/ru/doc/kazakhstan"),
        ("/ontology", "/ru/ontology"),
        ("/conformance", "/ru/conformance"),
        ("/conformance.html", "/ru/conformance"),
        ("/validate", "/ru/validate"),
        ("/sparql", "/ru/sparql"),
        ("/sparql?query=ASK+%7B%7D&x=a%20b", "/ru/sparql?query=ASK+%7B%7D&x=a%20b"),
        ("/claims?year=1999", "/ru/claims?year=1999"),
        ("/search?q=a&q=%D0%B0", "/ru/search?q=a&q=%D0%B0"),
        ('/search?q="<b>"', "/ru/search?q=%22%3Cb%3E%22"),
    ],
)
def test_a_person_is_led_to_the_page_in_their_language(client: FlaskClient, path: str, page: str) -> None:
    response = client.get(path, headers={"Accept": "text/html", "Accept-Language": "ru-KZ, en;q=0.5"})
    assert (response.status_code, response.headers["Location"]) == (303, page)
    assert response.headers["Vary"] == "Accept, Accept-Language"
    assert response.headers["Cache-Control"] == "no-cache"


def test_a_thing_and_a_dump_lead_on_in_no_language(client: FlaskClient) -> None:
    thing, dump = client.get("/id/kazakhstan"), client.get("/dumps/all.nt")
    assert (thing.status_code, thing.headers["Location"]) == (303, "/doc/kazakhstan")
    assert (dump.status_code, dump.headers["Location"][:9]) == (302, "/release/")
    assert not {"Vary"} & {*thing.headers.keys(), *dump.headers.keys()}
