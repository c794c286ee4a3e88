"""Places, their degrees as far as the data have them, and how many claims are about each: by queries."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import PREFIXES, Namespace
from sauran.server.http.executor import ask_filled
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.lookup import Lookup
from sauran.server.site.visual.points import degrees_point, wkt_point

__all__ = ["Place", "Places", "find_places"]

_GEO = Namespace(PREFIXES["geo"])
_MOST = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A place; `point` is its longitude and latitude, None where the data have none."""

    iri: NamedNode
    point: tuple[float, float] | None
    within: tuple[NamedNode, ...]
    claims: int
    with_notes: int


@dataclass(frozen=True, slots=True)
class Places:
    """The places with most claims first; `complete` says that none is left out."""

    places: tuple[Place, ...]
    complete: bool


def find_places(lookup: Lookup) -> Places:
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
        places.append(Place(place, points.get(place), within, claims, with_notes))
    return Places(tuple(places), len(rows) <= _MOST)


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
