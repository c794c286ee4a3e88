"""Timeline, map and neighbourhood as plain data for programs, with names in all languages."""

from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.namespaces import NAME_PROPERTIES
from sauran.server.site.lookup import Lookup
from sauran.server.site.visual.dated import Dated
from sauran.server.site.visual.located import Place
from sauran.server.site.visual.neighbours import Link

__all__ = ["PLACE_COLUMNS", "TIME_COLUMNS", "as_geojson", "link_data", "place_data", "time_data"]

# `text` is a column for each language of the publication.
TIME_COLUMNS = ("thing", "text", "kinds", "time", "edtf", "beginning", "end", "claims", "claims_with_notes")
PLACE_COLUMNS = ("place", "text", "longitude", "latitude", "within", "claims", "claims_with_notes")


def time_data(lookup: Lookup, entries: Sequence[Dated]) -> list[dict[str, Any]]:
    """What has a time, each with its days; an open end is null."""
    _read_names(lookup, (entry.thing for entry in entries))
    return [
        {
            "thing": entry.thing.value,
            "text": _texts(lookup, entry.thing),
            "kinds": [kind.value for kind in entry.kinds],
            "time": entry.time.value,
            "edtf": entry.span.notation,
            "beginning": entry.span.beginning,
            "end": entry.span.end,
            "claims": entry.claims,
            "claims_with_notes": entry.with_notes,
        }
        for entry in entries
    ]


def place_data(lookup: Lookup, places: Sequence[Place]) -> list[dict[str, Any]]:
    """Places with their degrees, null where the data have none."""
    _read_names(lookup, (place.iri for place in places))
    return [
        {
            "place": place.iri.value,
            "text": _texts(lookup, place.iri),
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


def link_data(lookup: Lookup, links: Sequence[Link]) -> list[dict[str, Any]]:
    """Connections of a thing."""
    _read_names(lookup, (term for link in links for term in (link.property, link.other)))
    return [
        {
            "direction": "out" if link.outward else "in",
            "property": link.property.value,
            "property_text": _texts(lookup, link.property),
            "other": link.other.value,
            "text": _texts(lookup, link.other),
            "triple": link.plain,
            "claims": link.claims,
            "claims_with_notes": link.with_notes,
        }
        for link in links
    ]


def _read_names(lookup: Lookup, things: Iterable[NamedNode]) -> None:
    lookup.reader_of(thing.value for thing in things)


def _texts(lookup: Lookup, thing: NamedNode) -> dict[str, str]:
    """The names of a thing by their languages, of the best property that names it."""
    for word in NAME_PROPERTIES:
        found = {v.language or "": v.value for v in lookup.values(thing, word) if isinstance(v, Literal)}
        if found:
            return found
    return {}
