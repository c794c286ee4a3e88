"""Rows that say where something is, as points in degrees."""

from collections.abc import Sequence

import pytest
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import PREFIXES, XSD
from sauran.server.http.executor import Rows
from sauran.server.http.links import Links
from sauran.server.http.localised_labels import LabelReader
from sauran.server.site.visual.points import Point, find_points
from sauran.server.site.visual.result_table import as_table

READER = LabelReader((), Links("https://e.org/", "http://127.0.0.1/"), "en", {})
WKT = NamedNode(f"{PREFIXES['geo']}wktLiteral")


def points(columns: str, *rows: Sequence[Term | None]) -> tuple[Point, ...]:
    found = Rows(tuple(columns.split()), tuple(map(tuple, rows)))
    return find_points(as_table(found, READER, 0, len(rows)), found.rows)


def decimal(text: str) -> Literal:
    return Literal(text, datatype=XSD.decimal)


@pytest.mark.parametrize(
    "text",
    [
        "POINT(71.43 51.13)",
        " point ( 71.43  51.13 ) ",
        "POINT Z (71.43 51.13 347)",
        "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(7.143e1 51.13)",
    ],
)
def test_a_point_in_wkt_has_its_longitude_first(text: str) -> None:
    (found,) = points("place name", (Literal(text, datatype=WKT), Literal("Astana", language="en")))
    assert (found.name.text, found.longitude, found.latitude) == ("Astana", 71.43, 51.13)


@pytest.mark.parametrize(
    "text",
    [
        "POINT(181 51)",
        "POINT(71 91)",
        "POINT EMPTY",
        "POLYGON((0 0, 1 1, 1 0, 0 0))",
        "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(51.13 71.43)",
        "POINT(nan nan)",
    ],
)
def test_what_is_no_point_that_we_understand_is_left_out(text: str) -> None:
    assert points("place", (Literal(text, datatype=WKT),)) == ()
    assert points("place", (Literal("POINT(1 2)"),)) == ()


@pytest.mark.parametrize("columns", ["thing lat long", "thing Latitude lng"])
def test_two_columns_with_the_names_of_degrees_are_a_place(columns: str) -> None:
    thing = NamedNode("http://e/x")
    (found,) = points(columns, (thing, decimal("-51.5"), decimal("71")), (thing, None, decimal("71")))
    assert (found.name.href, found.longitude, found.latitude) == ("http://e/x", 71, -51.5)


def test_a_place_alone_is_called_by_its_degrees() -> None:
    (found,) = points("lat lon", (decimal("51.5"), decimal("-0.12")))
    assert found.name.text == "51.5, -0.12"


def test_other_numbers_are_no_places() -> None:
    assert points("a b", (decimal("1"), decimal("2"))) == ()
