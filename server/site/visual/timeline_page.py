"""The timeline: events and times of claims within a period, as rows, picture and data."""

import calendar
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import SEC, XSD
from sauran.server.http.executor import Rows, ask_filled, ask_rows
from sauran.server.http.localised_labels import Label
from sauran.server.http.problems import Problem
from sauran.server.http.served_release import ServedRelease
from sauran.server.profiles.briefing.claim_list import claim_count_text
from sauran.server.site.faceted_list import Filters, read_filters
from sauran.server.site.lookup import Lookup
from sauran.server.site.visual.drawings.timeline import (
    Span,
    TimelineEntry,
    day_of,
    draw_timeline,
    read_span,
    scale_for,
    year_of,
)

__all__ = [
    "CHOICES",
    "TIME_COLUMNS",
    "DatedThing",
    "DatedThings",
    "Period",
    "TimeRow",
    "find_choices",
    "find_dated_things",
    "find_undated",
    "read_period",
    "time_data",
    "time_rows",
    "timeline_picture",
]

CHOICES = ("kind", "place")
_MOST = 250  # events, and as many times
_MOST_VALUES = 200
_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?)?", re.ASCII
)
# `text` is a column for each language of the publication.
TIME_COLUMNS = ("thing", "text", "kinds", "time", "edtf", "beginning", "end", "claims", "claims_with_notes")


@dataclass(frozen=True, slots=True)
class DatedThing:
    """An event with one of its times, or a time alone; how many claims are about it, how many have notes."""

    thing: NamedNode
    time: NamedNode
    kinds: tuple[NamedNode, ...]
    span: Span
    claims: int
    with_notes: int

    @property
    def is_event(self) -> bool:
        """Whether it is an event, not a time alone."""
        return self.thing != self.time


@dataclass(frozen=True, slots=True)
class DatedThings:
    """The first matching things by their beginnings; `complete` says that nothing is left out."""

    entries: tuple[DatedThing, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Period:
    """The filters of the timeline: kind and place, and the first and last day."""

    filters: Filters
    first: str | None
    last: str | None

    @property
    def terms(self) -> tuple[Term | None, ...]:
        """The parameters of the queries."""
        days = (Literal(day, datatype=XSD.date) if day else None for day in (self.first, self.last))
        return (*self.filters.terms, *days)


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Something with a time; a day that Python cannot represent is given as text."""

    name: Label
    time: Label
    kinds: tuple[Label, ...]
    days: tuple[datetime.date | str | None, ...]
    entry: DatedThing


def read_period(arguments: Mapping[str, str]) -> Period:
    """Read kind, place, from and to from a request; a year or month means its first or last day.

    Raises: Problem 400 when a value is not an IRI or not a date.
    """
    given = {name: arguments[name].strip() for name in ("from", "to") if arguments.get(name, "").strip()}
    filters = read_filters(arguments, CHOICES)
    whole = Filters({**filters.given, **given}, filters.terms)
    return Period(whole, _day("from", given, 1), _day("to", given, 0))


def find_dated_things(served_release: ServedRelease, period: Period) -> DatedThings:
    """Find the matching events and times, each ordered by beginning."""
    events = ask_filled(served_release, "dated-events", period.terms, limit=_MOST + 1)
    times = ask_filled(served_release, "claim-times", period.terms, limit=_MOST + 1)
    entries = (*_events(events)[:_MOST], *_times(times)[:_MOST])
    return DatedThings(entries, max(len(events.rows), len(times.rows)) <= _MOST)


def find_undated(served_release: ServedRelease, most: int) -> list[NamedNode]:
    """Find some events that have no time."""
    rows = ask_filled(served_release, "undated-events", (None,), limit=most).rows
    return [event for (event,) in rows if isinstance(event, NamedNode)]


def find_choices(served_release: ServedRelease) -> dict[str, Sequence[NamedNode]]:
    """The values to filter by: kinds of events, types of claims, and places."""
    found: dict[str, list[NamedNode]] = {name: [] for name in CHOICES}
    for property_, value in ask_rows(served_release, "timeline-choices").rows:
        name = "place" if property_ == SEC.claimPlace else "kind"
        if isinstance(value, NamedNode) and len(found[name]) < _MOST_VALUES:
            found[name].append(value)
    return dict(found)


def time_rows(lookup: Lookup, entries: Sequence[DatedThing]) -> list[TimeRow]:
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
        TimelineEntry(
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


def time_data(lookup: Lookup, entries: Sequence[DatedThing]) -> list[dict[str, Any]]:
    """What has a time, each with its days; an open end is null."""
    lookup.reader_of(entry.thing.value for entry in entries)
    return [
        {
            "thing": entry.thing.value,
            "text": lookup.names(entry.thing),
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


def _events(found: Rows) -> list[DatedThing]:
    entries: dict[tuple[Term, Term], DatedThing] = {}
    for thing, kind, time, *rest in found.rows:
        if not isinstance(thing, NamedNode) or not isinstance(time, NamedNode):
            continue
        before = entries.get((thing, time))
        kinds = (*(before.kinds if before else ()), *((kind,) if isinstance(kind, NamedNode) else ()))
        entries[thing, time] = _entry(thing, time, kinds, rest)
    return list(entries.values())


def _times(found: Rows) -> list[DatedThing]:
    return [_entry(time, time, (), rest) for time, *rest in found.rows if isinstance(time, NamedNode)]


def _entry(
    thing: NamedNode, time: NamedNode, kinds: tuple[NamedNode, ...], rest: Sequence[Term | None]
) -> DatedThing:
    beginning, end, notation, claims, with_notes = rest
    kinds = tuple(dict.fromkeys(kinds))
    return DatedThing(
        thing, time, kinds, read_span(beginning, end, notation), _number(claims), _number(with_notes)
    )


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


def _day(name: str, given: Mapping[str, str], first: int) -> str | None:
    """The first or last day of a date, month or year."""
    if name not in given:
        return None
    found = _DATE.fullmatch(given[name])
    if not found or int(found["year"]) == 0:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            f"{name}={given[name][:40]!r} is not a date: write it as 2022, 2022-01 or 2022-01-31.",
        )
    year, month = int(found["year"]), int(found["month"] or (1 if first else 12))
    last = calendar.monthrange(year, month)[1]
    day = min(int(found["day"] or (1 if first else last)), last)
    return f"{year:04d}-{month:02d}-{day:02d}"


def _said(row: TimeRow) -> str:
    """The claims in words; of an event its time too, as it may have several."""
    counted = claim_count_text(row.entry.claims, row.entry.with_notes)
    return f"{row.time.text} · {counted}" if row.entry.is_event else counted
