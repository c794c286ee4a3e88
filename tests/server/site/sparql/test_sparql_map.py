"""Places in the answer of a query, drawn on the SPARQL page with the same beside them in a table."""

import pytest
from flask.testing import FlaskClient
from page_support import drawing, hrefs, section, table

SVG = "{http://www.w3.org/2000/svg}"
PREFIXES = "PREFIX geo: <http://www.opengis.net/ont/geosparql#> PREFIX id: <https://w3id.org/sauran/id/> "
CITIES = """SELECT ?thing ?where { VALUES (?thing ?where) {
  (id:kazakhstan "POINT(71.43 51.13)"^^geo:wktLiteral)
  ("Алматы"@ru "POINT(76.9 43.25)"^^geo:wktLiteral)
  ("nowhere" 1)
  ("Алматы"@ru "POINT(76.9 43.25)"^^geo:wktLiteral)
} }"""


def asked(client: FlaskClient, query: str, language: str = "ru") -> str:
    response = client.get(f"/{language}/sparql", query_string={"query": PREFIXES + query})
    assert response.status_code == 200, response.text
    return response.text


def test_places_are_drawn_once_each_where_they_are(client: FlaskClient) -> None:
    text = asked(client, CITIES)
    root = drawing(text)
    north, south = sorted(
        ((float(mark.get("cx", "")), float(mark.get("cy", ""))) for mark in root.iter(f"{SVG}circle")),
        key=lambda place: place[1],
    )
    assert north[0] < south[0]  # Astana lies north-west of Almaty
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert {"Карта", "Казахстан", "Алматы"} == titles
    assert hrefs(root) == ["/ru/doc/kazakhstan"]
    assert '<h2 id="map">На карте</h2>' in text


def test_the_table_beside_the_map_has_every_row_with_a_place(client: FlaskClient) -> None:
    rows = table(asked(client, CITIES, "fr"), "map")
    assert rows[0] == ["Emplacement", "Longitude", "Latitude"]
    assert [row[1:] for row in rows[1:]] == [["71,43", "51,13"], ["76,9", "43,25"], ["76,9", "43,25"]]
    assert [row[0].split()[0] for row in rows[1:]] == ["Kazakhstan", "Алматы", "Алматы"]


@pytest.mark.parametrize(
    "query",
    ["SELECT ?a ?b { VALUES (?a ?b) { (1 2) (3 4) } }", "ASK { }", 'SELECT ("POINT(1 2)" AS ?text) {}'],
)
def test_where_there_is_no_place_there_is_no_map(client: FlaskClient, query: str) -> None:
    assert 'id="map"' not in asked(client, query, "en")


def test_names_on_the_map_are_text(client: FlaskClient) -> None:
    name = "</title><script>alert(1)</script>"
    text = asked(
        client, f'SELECT ?name ?lat ?long {{ VALUES (?name ?lat ?long) {{ ("{name}" 51.1 71.4) }} }}'
    )
    assert "<script>alert" not in text
    assert name in {title.text for title in drawing(text).iter(f"{SVG}title")}
    assert "&lt;/title&gt;&lt;script&gt;" in section(text, "map")
