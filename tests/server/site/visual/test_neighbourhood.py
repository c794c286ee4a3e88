"""The neighbourhood: what triples and claims connect a thing with, drawn, listed and as data."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from page_support import answer, drawing, hrefs, section, table

BASE = "https://w3id.org/sauran/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIX = f"PREFIX sec: <https://w3id.org/sauran/ontology#> PREFIX rdf: <{RDF}> "
LANGUAGES = ("en", "fr", "ru", "kk")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_neighbours_are_in_the_table_and_the_first_in_the_picture(
    client: FlaskClient, language: str
) -> None:
    iri = f"{BASE}id/kazakhstan"
    text = client.get(f"/{language}/neighbourhood?iri={quote(iri, safe='')}").text
    data = client.get(f"/neighbourhood.json?iri={quote(iri, safe='')}").json
    assert data is not None
    listed = table(text, "connections")[1:]
    assert len(listed) == len(data["neighbours"]) == 54
    assert len(hrefs(drawing(text))) == 1 + 24
    assert hrefs(drawing(text))[0] == f"/{language}/doc/kazakhstan"
    in_table = re.findall(r'<td><a href="([^"]*)"', section(text, "connections"))
    assert set(hrefs(drawing(text))[1:]) <= set(in_table)


def test_each_connection_is_what_triples_and_claims_say(client: FlaskClient) -> None:
    iri = f"{BASE}id/unrest-january-2022"
    data = client.get(f"/neighbourhood?iri={quote(iri, safe='')}").json
    assert data is not None
    claimed = answer(
        client,
        PREFIX + "SELECT ?p ?o (COUNT(?c) AS ?n) "
        f"{{ ?c a sec:Claim ; rdf:subject <{iri}> ; rdf:predicate ?p ; rdf:object ?o }} GROUP BY ?p ?o",
    )
    out = {(n["property"], n["other"]): n["claims"] for n in data["neighbours"] if n["direction"] == "out"}
    assert {key: count for key, count in out.items() if count} == {
        (r["p"], r["o"]): int(r["n"]) for r in claimed
    }
    plain = answer(client, f"SELECT DISTINCT ?p ?o {{ <{iri}> ?p ?o FILTER(isIRI(?o)) }}")
    said = {
        (n["property"], n["other"]) for n in data["neighbours"] if n["direction"] == "out" and n["triple"]
    }
    assert said == {(r["p"], r["o"]) for r in plain if not r["p"].endswith("#type")}
    assert any(n["direction"] == "in" for n in data["neighbours"])


@pytest.mark.parametrize(
    ("asked", "status"),
    [("", 400), ("?iri=", 400), ("?iri=not%20an%20iri", 400), ("?iri=http://example.org/none", 404)],
)
def test_a_neighbourhood_needs_a_thing_that_there_is(client: FlaskClient, asked: str, status: int) -> None:
    for path in ("neighbourhood", "fr/neighbourhood"):
        assert client.get(f"/{path}{asked}").status_code == status
