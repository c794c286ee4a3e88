"""The map: places where the data say they are, none invented; as page, GeoJSON, JSON and CSV."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from page_support import answer, drawing, hrefs, table
from web_support import client_over

from sauran.kg.release.build import build

HARBOUR = "http://127.0.0.1:7777/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIX = f"PREFIX sec: <https://w3id.org/sauran/ontology#> PREFIX rdf: <{RDF}> "
LANGUAGES = ("en", "fr", "ru", "kk")
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</svg><script>alert(1)</script>"
FURTHER = """
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
id:veldon geo:hasGeometry id:veldon\\#point .
id:veldon\\#point a geo:Geometry ; geo:asWKT "POINT (179.5 -17)"^^geo:wktLiteral .
id:lighthouse a sec:Region ;
  skos:prefLabel "HOSTILE"@en , "phare"@fr , "маяк"@ru , "шамшырақ"@kk ;
  wgs84:lat -16.5 ; wgs84:long -179.25 .
id:nowhere a sec:Region ;
  skos:prefLabel "Nowhere"@en , "Nulle part"@fr , "Нигде"@ru , "Еш жерде"@kk ;
  geo:hasGeometry id:nowhere\\#point .
id:nowhere\\#point a geo:Geometry ; geo:asWKT "POINT (500 95)"^^geo:wktLiteral .
id:closure-of-veldon sec:involves id:harbour-master .
""".replace("HOSTILE", HOSTILE)


@pytest.fixture(scope="module")
def harbour_client(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Iterator[FlaskClient]:
    """The small publication with places on both sides of the 180th meridian, one with a hostile name."""
    folder = tmp_path_factory.mktemp("places")
    shutil.copytree(checkout / "tests/publications/harbour", folder / "harbour")
    entities = folder / "harbour/datasets/harbour/entities.ttl"
    entities.write_text(entities.read_text("utf-8") + FURTHER, "utf-8")
    result = build(folder / "harbour/publication.toml", folder / "releases")
    assert result.release is not None, result.findings
    with client_over(folder / "releases") as client:
        yield client


def test_without_coordinates_the_map_is_a_list_that_says_so(harbour: Path, tmp_path: Path) -> None:
    assert build(harbour, tmp_path / "releases").release is not None
    with client_over(tmp_path / "releases") as client:
        text = client.get("/en/map").text
    assert "<svg" not in text
    assert "there are no coordinates to draw a map from" in text
    assert len(table(text, "places")) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_are_drawn_and_every_place_is_in_the_list(client: FlaskClient, language: str) -> None:
    text = client.get(f"/{language}/map").text
    states = ("afghanistan", "china", "kazakhstan", "russia", "united-states")
    assert sorted(hrefs(drawing(text))) == [f"/{language}/doc/{state}" for state in states]
    counted = answer(client, PREFIX + "SELECT ?p (COUNT(?c) AS ?n) { ?c sec:claimPlace ?p } GROUP BY ?p")
    shown = [int(row[3]) for row in table(text, "places")[1:]]
    assert shown == [*sorted((int(r["n"]) for r in counted), reverse=True), 0, 0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_with_coordinates_are_on_the_map(harbour_client: FlaskClient, language: str) -> None:
    text = harbour_client.get(f"/{language}/map").text
    root = drawing(text)
    assert sorted(hrefs(root)) == [f"/{language}/doc/lighthouse", f"/{language}/doc/veldon"]
    xs = [float(dot.get("cx", "0")) for dot in root.iter(f"{SVG}circle")]
    assert 0 < abs(xs[0] - xs[1]) < 60  # the 180th meridian keeps nothing apart
    assert table(text, "places")[1][0] in {"Veldon", "Велдон"}


def test_hostile_names_do_nothing(harbour_client: FlaskClient) -> None:
    for path in ("en/map", f"en/neighbourhood?iri={HARBOUR}id/veldon"):
        text = harbour_client.get(f"/{path}").text
        assert "<script>alert" not in text
    text = harbour_client.get("/en/map").text
    assert f"{HOSTILE}: 0 claims" in [title.text for title in drawing(text).iter(f"{SVG}title")]


def test_a_place_that_is_chosen_is_in_the_middle(harbour_client: FlaskClient) -> None:
    path = re.findall(r'<a href="(/en/map\?place=[^"]*lighthouse)"', harbour_client.get("/en/map").text)[0]
    text = harbour_client.get(path).text
    (chosen,) = [dot for dot in drawing(text).iter(f"{SVG}circle") if dot.get("class") == "mark chosen"]
    assert abs(float(chosen.get("cx", "0")) - 480) < 1
    assert text.count('<tr aria-current="true">') == 1
    unknown = harbour_client.get("/en/map?place=http://example.org/none", headers={"Accept": "text/html"})
    assert unknown.status_code == 404
    unplaced = harbour_client.get(f"/en/map?place={HARBOUR}id/nowhere").text
    assert "The data do not say where this place is" in unplaced


def test_the_map_is_geojson_in_which_no_place_is_invented(harbour_client: FlaskClient) -> None:
    found = harbour_client.get("/map.geojson").json
    assert found is not None
    assert found["type"] == "FeatureCollection"
    places = {feature["id"]: feature["geometry"] for feature in found["features"]}
    assert places[f"{HARBOUR}id/veldon"] == {"type": "Point", "coordinates": [179.5, -17]}
    assert places[f"{HARBOUR}id/lighthouse"] == {"type": "Point", "coordinates": [-179.25, -16.5]}
    assert places[f"{HARBOUR}id/nowhere"] is None
    assert found["features"][0]["properties"]["text"]["fr"] == "Veldon"
