"""The map: places with coordinates and their claims, as rows, picture, data and GeoJSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import PREFIXES, Namespace
from sauran.server.http.executor import ask_filled
from sauran.server.http.localised_labels import Label
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import services
from sauran.server.profiles.briefing.claim_list import claim_count_text
from sauran.server.site.lookup import Lookup
from sauran.server.site.visual.drawings.world_map import MapTexts, Mark, draw_map
from sauran.server.site.visual.points import Point, degrees_point, wkt_point

__all__ = [
    "PLACE_COLUMNS",
    "MappedPlace",
    "MappedPlaces",
    "PlaceRow",
    "as_geojson",
    "find_places",
    "map_picture",
    "place_data",
    "place_rows",
    "points_picture",
]

_GEO = Namespace(PREFIXES["geo"])
_MOST = 500
PLACE_COLUMNS = ("place", "text", "longitude", "latitude", "within", "claims", "claims_with_notes")


@dataclass(frozen=True, slots=True)
class MappedPlace:
    """A place; `point` is its longitude and latitude, None where the data have none."""

    iri: NamedNode
    point: tuple[float, float] | None
    within: tuple[NamedNode, ...]
    claims: int
    with_notes: int


@dataclass(frozen=True, slots=True)
class MappedPlaces:
    """The places with most claims first; `complete` says that none is left out."""

    places: tuple[MappedPlace, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place, and what it lies within; `focus` is the address of the map around it."""

    name: Label
    within: tuple[Label, ...]
    place: MappedPlace
    focus: str | None
    chosen: bool


def find_places(lookup: Lookup) -> MappedPlaces:
    """Find the places of a release."""
    rows = ask_filled(lookup.served_release, "places", (None,), limit=_MOST + 1).rows
    found = [
        (place, _number(claims), _number(with_notes))
        for place, claims, with_notes in rows[:_MOST]
        if isinstance(place, NamedNode)
    ]
    points = _points(lookup.served_release, [place for place, _, _ in found])
    places = []
    for place, claims, with_notes in found:
        lookup.read_values(place, _GEO.sfWithin, 5)
        within = tuple(w for w in lookup.values(place, _GEO.sfWithin) if isinstance(w, NamedNode))
        places.append(MappedPlace(place, points.get(place), within, claims, with_notes))
    return MappedPlaces(tuple(places), len(rows) <= _MOST)


def place_rows(
    lookup: Lookup, places: Sequence[MappedPlace], chosen: NamedNode | None, path: str
) -> list[PlaceRow]:
    """The rows of a map; `path` is the map's own address."""
    reader = lookup.reader_of(term.value for p in places for term in (p.iri, *p.within))
    return [
        PlaceRow(
            reader.name(place.iri),
            tuple(reader.name(region) for region in place.within),
            place,
            f"{path}{quote(place.iri.value, safe='')}" if place.point else None,
            place.iri == chosen,
        )
        for place in places
    ]


def map_picture(rows: Sequence[PlaceRow]) -> Markup | None:
    """The places that have degrees as a picture, if there are any."""
    marks = [
        Mark(
            row.name,
            *row.place.point,
            row.place.claims,
            claim_count_text(row.place.claims, row.place.with_notes),
            row.chosen,
        )
        for row in rows
        if row.place.point
    ]
    return _map_of(marks)


def points_picture(points: Sequence[Point]) -> Markup | None:
    """The places that rows of an answer name as a picture, if there are any; each once."""
    places = dict.fromkeys((point.name, point.longitude, point.latitude) for point in points)
    return _map_of([Mark(*place) for place in places])


def place_data(lookup: Lookup, places: Sequence[MappedPlace]) -> list[dict[str, Any]]:
    """Places with their degrees, null where the data have none."""
    lookup.reader_of(place.iri.value for place in places)
    return [
        {
            "place": place.iri.value,
            "text": lookup.names(place.iri),
            "longitude": place.point[0] if place.point else None,
            "latitude": place.point[1] if place.point else None,
            "within": [region.value for region in place.within],
            "claims": place.claims,
            "claims_with_notes": place.with_notes,
        }
        for place in places
    ]


def as_geojson(places: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Places as GeoJSON; one without degrees is an unlocated feature.

    Source: RFC 7946, sections 3.2 and 3.3.
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": place["place"],
                "geometry": None
                if place["longitude"] is None
                else {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]},
                "properties": {
                    name: value for name, value in place.items() if name not in ("longitude", "latitude")
                },
            }
            for place in places
        ],
    }


def _points(served_release: ServedRelease, places: list[NamedNode]) -> dict[Term, tuple[float, float]]:
    """The first point that is said of each place."""
    points: dict[Term, tuple[float, float]] = {}
    if not places:
        return points
    for place, wkt, longitude, latitude in ask_filled(
        served_release, "coordinates", *((place,) for place in places)
    ).rows:
        point = wkt_point(wkt) or degrees_point(longitude, latitude)
        if place is not None and point is not None:
            points.setdefault(place, point)
    return points


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


def _map_of(marks: Sequence[Mark]) -> Markup | None:
    # Texts, not formats: a catalogue that lacks one still gives a pattern.
    degrees = (_("%s° N"), _("%s° S"), _("%s° E"), _("%s° W"))
    return draw_map(marks, services().assets.land, MapTexts(_("Map"), degrees)) if marks else None
