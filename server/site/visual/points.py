"""Coordinates in query results: WKT points, or columns of latitude and longitude. Pure."""

import re
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import PREFIXES
from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.result_table import ResultTable

__all__ = ["Point", "degrees_point", "find_points", "wkt_point"]

_WKT = NamedNode(f"{PREFIXES['geo']}wktLiteral")
_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
# Longitude first: so says CRS84, which is meant where nothing is said (GeoSPARQL 1.1, section 8.5.1).
_POINT = re.compile(
    rf"\s*(?:<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>\s*)?POINT\s*(?:Z\s*)?"
    rf"\(\s*(?P<x>{_NUMBER})\s+(?P<y>{_NUMBER})(?:\s+{_NUMBER})?\s*\)\s*",
    re.IGNORECASE,
)
_LATITUDES, _LONGITUDES = ("lat", "latitude"), ("long", "lon", "lng", "longitude")


@dataclass(frozen=True, slots=True)
class Point:
    """A labelled point in degrees."""

    name: Label
    longitude: float
    latitude: float


def find_points(table: ResultTable, rows: tuple[tuple[Term | None, ...], ...]) -> tuple[Point, ...]:
    """Find the place of each row that has one: a WKT point, or latitude and longitude in columns named so."""
    columns = [name.lower() for name in table.columns]
    latitude = next((n for n, name in enumerate(columns) if name in _LATITUDES), None)
    longitude = next((n for n, name in enumerate(columns) if name in _LONGITUDES), None)
    found = []
    for row, shown in zip(rows, table.rows, strict=True):
        place = next((place for term in row if (place := wkt_point(term))), None)
        if place is None and latitude is not None and longitude is not None:
            place = degrees_point(row[longitude], row[latitude])
        if place is not None:
            names = (value for value, term in zip(shown, row, strict=True) if value and not _is_place(term))
            found.append(Point(next(names, Label(f"{place[1]:g}, {place[0]:g}")), *place))
    return tuple(found)


def _is_place(term: Term | None) -> bool:
    return isinstance(term, Literal) and (term.datatype == _WKT or _degrees(term) is not None)


def wkt_point(term: Term | None) -> tuple[float, float] | None:
    """Longitude and latitude of a WKT point; None for anything else."""
    match = _POINT.fullmatch(term.value) if isinstance(term, Literal) and term.datatype == _WKT else None
    return _within(float(match["x"]), float(match["y"])) if match else None


def degrees_point(x: Term | None, y: Term | None) -> tuple[float, float] | None:
    """Longitude and latitude out of two numbers; None if they are not numbers, or out of range."""
    longitude, latitude = _degrees(x), _degrees(y)
    return None if longitude is None or latitude is None else _within(longitude, latitude)


def _degrees(term: Term | None) -> float | None:
    text = term.value if isinstance(term, Literal) and term.language is None else ""
    return float(text) if re.fullmatch(_NUMBER, text) else None


def _within(longitude: float, latitude: float) -> tuple[float, float] | None:
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None
