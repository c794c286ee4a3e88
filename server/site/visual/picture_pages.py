"""Timeline, map and neighbourhood as pages show them: the drawing, and rows that say the same in words."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from markupsafe import Markup
from pyoxigraph import NamedNode

from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.http.services import services
from sauran.server.site.lookup import Lookup
from sauran.server.site.visual.dated import Dated, Period
from sauran.server.site.visual.drawings.neighbour_ring import MOST_DRAWN, Neighbour, draw_neighbourhood
from sauran.server.site.visual.drawings.timeline import Entry, day_of, draw_timeline, scale_for, year_of
from sauran.server.site.visual.drawings.world_map import Mark, Words, draw_map
from sauran.server.site.visual.located import Place
from sauran.server.site.visual.neighbours import Link
from sauran.server.site.visual.points import Point

__all__ = [
    "PlaceRow",
    "TimeRow",
    "map_picture",
    "neighbour_picture",
    "neighbour_rows",
    "place_rows",
    "points_picture",
    "time_rows",
    "timeline_picture",
]


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Something with a time; a day that Python has no word for is as it was written."""

    name: Label
    time: Label
    kinds: tuple[Label, ...]
    days: tuple[datetime.date | str | None, ...]
    entry: Dated


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place, and what it lies within; `focus` is the address of the map around it."""

    name: Label
    within: tuple[Label, ...]
    place: Place
    focus: str | None
    chosen: bool


def time_rows(lookup: Lookup, entries: Sequence[Dated]) -> list[TimeRow]:
    """The rows of a timeline."""
    reader = lookup.reader_of(term.value for e in entries for term in (e.thing, e.time, *e.kinds))
    return [
        TimeRow(
            reader.name(entry.thing),
            reader.name(entry.time),
            tuple(reader.name(kind) for kind in entry.kinds),
            tuple(day_of(day) or day for day in (entry.span.beginning, entry.span.end)),
            entry,
        )
        for entry in entries
    ]


def timeline_picture(rows: Sequence[TimeRow], period: Period, language: str) -> Markup | None:
    """The rows as a picture, if there are any."""
    if not rows:
        return None
    entries = [
        Entry(
            row.name,
            _("Events") if row.entry.is_event else _("Times that claims are about"),
            row.entry.span,
            _said(row),
            row.entry.with_notes,
        )
        for row in rows
    ]
    scale = scale_for([e.span for e in entries], year_of(period.first, 0), year_of(period.last, 1))
    return draw_timeline(entries, scale, _("Timeline"), language)


def place_rows(
    lookup: Lookup, places: Sequence[Place], chosen: NamedNode | None, path: str
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
            _counted(row.place.claims, row.place.with_notes),
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


def _map_of(marks: Sequence[Mark]) -> Markup | None:
    # Texts, not formats: a catalogue that lacks one still gives a pattern.
    degrees = (_("%s° N"), _("%s° S"), _("%s° E"), _("%s° W"))
    return draw_map(marks, services().assets.land, Words(_("Map"), degrees)) if marks else None


def neighbour_rows(reader: LabelReader, links: Sequence[Link]) -> list[Neighbour]:
    """The rows of a neighbourhood, those of one property together, in the order of the links."""
    order = {key: n for n, key in reversed(list(enumerate((link.outward, link.property) for link in links)))}
    return [
        Neighbour(
            reader.name(link.other),
            reader.name(link.property),
            link.outward,
            link.plain,
            link.claims,
            link.with_notes,
            _counted(link.claims, link.with_notes) if link.claims else "",
        )
        for link in sorted(links, key=lambda link: order[link.outward, link.property])
    ]


def neighbour_picture(reader: LabelReader, thing: NamedNode, links: Sequence[Link], language: str) -> Markup:
    """The first connections of a thing as a picture."""
    title = _("Neighbourhood of %(name)s", name=reader.name(thing).text)
    return draw_neighbourhood(reader.name(thing), neighbour_rows(reader, links[:MOST_DRAWN]), title, language)


def _said(row: TimeRow) -> str:
    """Of an event its time, which sets it apart from itself at another one; and how many claims there are."""
    counted = _counted(row.entry.claims, row.entry.with_notes)
    return f"{row.time.text} · {counted}" if row.entry.is_event else counted


def _counted(claims: int, with_notes: int) -> str:
    said = ngettext("%(total)s claim", "%(total)s claims", claims, total=format_decimal(claims))
    if not with_notes:
        return str(said)
    noted = _("%(count)s with notes", count=format_decimal(with_notes))
    return f"{said}, {noted}"
