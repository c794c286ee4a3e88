"""What is built for browsers: where it is, how it is sent, how large it is, and where the land lies."""

import gzip
import itertools
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sauran.server.http.assets import NO_ASSETS, Asset, Assets, Rings, read_assets
from sauran.server.http.services import services

BUDGET = 130_000  # bytes of the editor as it is sent
MONTHS = "public, max-age=31536000, immutable"


@pytest.fixture
def built(client: FlaskClient) -> Assets:
    """The assets of this installation; the test says needs("editor")."""
    return services(client.application).assets


def test_without_a_build_there_is_nothing(tmp_path: Path) -> None:
    assert read_assets(tmp_path) is NO_ASSETS


def test_files_are_found_by_their_plain_name(tmp_path: Path) -> None:
    (tmp_path / "land-1.json").write_text("[[[0,0],[1,0],[0,1],[0,0]]]", "utf-8")
    entry = {"file": "land-1.json", "integrity": "sha384-x", "bytes": 27, "gzip": 30}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"land.json": entry}}), "utf-8")
    found = read_assets(tmp_path)
    assert found.files["land.json"] == Asset("static/dist/land-1.json", "sha384-x", 27, 30)
    assert "other.js" not in found.files
    assert found.is_versioned("static/dist/land-1.json")
    assert not found.is_versioned("static/dist/land-2.json")
    assert found.land == (((0, 0), (1, 0), (0, 1), (0, 0)),)


@pytest.mark.needs("editor")
def test_the_editor_is_sent_small_and_once(client: FlaskClient, built: Assets) -> None:
    editor = built.files["sparql-editor.js"]
    response = client.get(f"/{editor.path}", headers={"Accept-Encoding": "gzip"})
    assert (response.status_code, response.headers["Cache-Control"]) == (200, MONTHS)
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.content_type.startswith("text/javascript")
    assert response.content_length == len(response.data) < BUDGET
    assert len(gzip.decompress(response.data)) == editor.bytes
    again = client.get(
        f"/{editor.path}", headers={"Accept-Encoding": "gzip", "If-None-Match": response.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.needs("editor")
def test_licences_of_others_are_there_to_read(client: FlaskClient) -> None:
    response = client.get("/static/dist/THIRD-PARTY.txt")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "@codemirror/view" in response.text


def test_a_stylesheet_is_asked_for_again_each_time(client: FlaskClient) -> None:
    response = client.get("/static/site.css")
    assert (response.headers["Cache-Control"], response.status_code) == ("no-cache", 200)
    again = client.get("/static/site.css", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def is_land(rings: Rings, x: float, y: float) -> bool:
    """By the even-odd rule: how many sides a way to the west crosses."""
    crossings = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            crossings += (y1 > y) != (y2 > y) and x > (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


@pytest.mark.needs("editor")
@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "dry"),
    [
        ("Astana", 71.4, 51.1, True),
        ("Almaty", 76.9, 43.2, True),
        ("Sydney", 150.5, -33.5, True),
        ("the Caspian Sea", 51.0, 42.0, False),
        ("the Pacific", -150.0, 0.0, False),
        ("the Indian Ocean", 80.0, -20.0, False),
    ],
)
def test_the_land_lies_where_it_is(
    built: Assets, place: str, longitude: float, latitude: float, dry: bool
) -> None:
    assert built.land is not None
    assert is_land(built.land, longitude, latitude) is dry, place
    assert all(ring[0] == ring[-1] for ring in built.land)
