"""A timeline: spans of time in lanes without overlap, drawn along a line of years. Pure."""

import calendar
import datetime
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel.dates import format_skeleton
from markupsafe import Markup
from pyoxigraph import Literal

from sauran.kg.model.findings import Term
from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.canvas import WIDTH, Box, Canvas, TextLine, text_width, truncate

__all__ = [
    "Bar",
    "Scale",
    "Span",
    "TimelineEntry",
    "day_of",
    "draw_timeline",
    "lay_out",
    "read_span",
    "scale_for",
    "year_of",
]

_DAY = re.compile(r"(?P<year>-?\d{4,6})-(?P<month>\d\d)-(?P<day>\d\d)")
# Marks of a date that is approximate, uncertain, both, not known to the last digit, or one of several
# (EDTF, levels 1 and 2).
_VAGUE = re.compile(r"[~?%X[{]")
_EDGE, _TOP, _BOTTOM = 14, 34, 30
_LANE, _HEADING, _THICK = 46, 34, 13
_SIZE, _SMALL = 15, 13
_LEAST = 8.0  # of a bar: a day can be seen
_TIP = 9.0
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_MONTHS = (1, 2, 3, 6)
_TICKS, _NAMED = 11, 7  # years, and months, that fit beside each other


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day as YYYY-MM-DD, None where it is open; `notation` is its name in EDTF.

    `first` and `last` are the same as numbers of years, the last one at the end of its day.
    """

    beginning: str | None
    end: str | None
    notation: str | None = None

    @property
    def first(self) -> float | None:
        """Where it begins on a line of years."""
        return year_of(self.beginning, 0)

    @property
    def last(self) -> float | None:
        """Where it ends on a line of years."""
        return year_of(self.end, 1)

    @property
    def vague(self) -> bool:
        """Whether its name says that it is approximate or uncertain."""
        return bool(self.notation and _VAGUE.search(self.notation))


def read_span(beginning: Term | None, end: Term | None, notation: Term | None) -> Span:
    """Read a span out of literals; what is not a day is left out."""
    summary = notation.value if isinstance(notation, Literal) else None
    return Span(_day(beginning), _day(end), summary)


def day_of(summary: str | None) -> datetime.date | None:
    """A day as Python knows it; None for one before the year 1 or after 9999."""
    try:
        return datetime.date.fromisoformat(summary) if summary else None
    except ValueError:
        return None


def _day(term: Term | None) -> str | None:
    found = _DAY.match(term.value) if isinstance(term, Literal) else None
    if not found or not 1 <= int(found["month"]) <= 12 or not 1 <= int(found["day"]) <= 31:
        return None
    return found[0]


def year_of(day: str | None, after: int) -> float | None:
    """A day as a number of years; `after` is 1 for its end, 0 for its beginning."""
    found = _DAY.fullmatch(day) if day else None
    if not found:
        return None
    year, month, number = (int(found[name]) for name in ("year", "month", "day"))
    # Months of equal width: nobody sees the difference, and ticks stand where months begin.
    length = calendar.monthrange(2000 + year % 400, month)[1]
    return year + (month - 1 + (min(number, length) - 1 + after) / length) / 12


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something with a time, below the heading `group`; `summary` describes it in words."""

    name: Label
    group: str
    span: Span
    summary: str = ""
    with_notes: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """Which years a picture shows, as numbers with fractions."""

    low: float
    high: float

    def at(self, year: float) -> float:
        """Where a time is in the picture; beyond what it shows, at its edge."""
        part = (year - self.low) / (self.high - self.low)
        return _EDGE + min(max(part, 0.0), 1.0) * (WIDTH - 2 * _EDGE)


@dataclass(frozen=True, slots=True)
class Bar:
    """An entry in its lane: the room of its bar and of its words, on which sides it goes on.

    `anchor` is the side of its room on which the words stand.
    """

    entry: TimelineEntry
    bar: Box
    label: Box
    goes_on: tuple[bool, bool]
    anchor: str


@dataclass(frozen=True, slots=True)
class _Band:
    heading: str
    top: float
    bars: tuple[Bar, ...]


def draw_timeline(entries: Sequence[TimelineEntry], scale: Scale, title: str, language: str) -> Markup:
    """Draw entries over a line of years; a table beside says the same."""
    bands = list(_bands(entries, scale))
    height = max([b.bar.bottom for band in bands for b in band.bars] or [_TOP]) + _BOTTOM + 6
    canvas = Canvas("timeline", height, title)
    for year, words in _ticks(scale, language):
        x = scale.at(year)
        canvas.shape("line", "grid", x1=x, x2=x, y1=_TOP - 10, y2=height - _BOTTOM + 6)
        for foot in (_TOP - 16, height - 10):
            room = text_width(words, _SMALL) / 2
            canvas.text(TextLine(words, min(max(x, room), WIDTH - room), foot, "soft", "middle"))
    for band in bands:
        canvas.text(TextLine(band.heading, _EDGE, band.top + 24, "heading", language=language))
        for bar in band.bars:
            _draw_bar(canvas, bar, language)
    return canvas.markup()


def scale_for(spans: Sequence[Span], first: float | None = None, last: float | None = None) -> Scale:
    """The years that show all spans, or what is asked for."""
    known = [year for span in spans for year in (span.first, span.last) if year is not None] or [0.0]
    low = min(known) if first is None else first
    high = max(known) if last is None else last
    if high - low < 1 / 24:
        low, high = low - 0.5, high + 0.5
    # Room for the arrows of what goes on.
    room = (high - low) * 0.06
    return Scale(low - (room if first is None else 0), high + (room if last is None else 0))


def lay_out(entries: Sequence[TimelineEntry], scale: Scale, top: float) -> list[Bar]:
    """Give each entry the first lane in which neither its bar nor its words meet another's."""
    lanes: list[float] = []
    found = []
    for entry in sorted(entries, key=_order):
        left, right = _sides(entry.span, scale)
        width = min(
            text_width(entry.name.text, _SIZE) + text_width(_words(entry), _SMALL), float(WIDTH - 2 * _EDGE)
        )
        after = left + width > WIDTH - _EDGE
        # Words that do not fit behind where the bar begins end where it ends.
        start = max(right - width, float(_EDGE)) if after else left
        end = max(right, start + width)
        lane = next((n for n, taken in enumerate(lanes) if taken + 16 <= min(left, start)), len(lanes))
        lanes[lane:] = [end, *lanes[lane + 1 :]]
        above = top + lane * _LANE
        found.append(
            Bar(
                entry,
                Box(left, above + 24, right, above + 24 + _THICK),
                Box(start, above, start + width, above + 21),
                _goes_on(entry.span, scale),
                "end" if after else "start",
            )
        )
    return found


def _order(entry: TimelineEntry) -> tuple[float, float, str]:
    first = -math.inf if entry.span.first is None else entry.span.first
    last = math.inf if entry.span.last is None else entry.span.last
    return first, -last, entry.name.text


def _bands(entries: Sequence[TimelineEntry], scale: Scale) -> Iterator[_Band]:
    top = float(_TOP)
    for heading in dict.fromkeys(entry.group for entry in entries):
        bars = lay_out([e for e in entries if e.group == heading], scale, top + _HEADING)
        yield _Band(heading, top, tuple(bars))
        top = max(bar.bar.bottom for bar in bars) + 18


def _sides(span: Span, scale: Scale) -> tuple[float, float]:
    left = float(_EDGE) if span.first is None else scale.at(span.first)
    right = float(WIDTH - _EDGE) if span.last is None else scale.at(span.last)
    if right - left < _LEAST:
        left = min(left, WIDTH - _EDGE - _LEAST)
    return left, max(right, left + _LEAST)


def _goes_on(span: Span, scale: Scale) -> tuple[bool, bool]:
    return (
        span.first is None or span.first < scale.low,
        span.last is None or span.last > scale.high,
    )


def _words(entry: TimelineEntry) -> str:
    return f" · {entry.summary}" if entry.summary else ""


def _draw_bar(canvas: Canvas, bar: Bar, language: str) -> None:
    entry, box = bar.entry, bar.bar
    group = canvas.link(entry.name, f"{entry.name.text}{_words(entry)}")
    middle = (box.top + box.bottom) / 2
    before, after = bar.goes_on
    tip = min(_TIP, (box.right - box.left) / 2)
    points = [(box.left + tip, box.bottom), (box.left, middle), (box.left + tip, box.top)]
    points = points if before else [(box.left, box.bottom), (box.left, box.top)]
    points += (
        [(box.right - tip, box.top), (box.right, middle), (box.right - tip, box.bottom)]
        if after
        else [(box.right, box.top), (box.right, box.bottom)]
    )
    kinds = {"open": before or after, "vague": entry.span.vague, "noted": entry.with_notes > 0}
    canvas.area(points, " ".join(["stretch", *(kind for kind, so in kinds.items() if so)]), group)
    room = bar.label.right - bar.label.left
    summary = _words(entry)
    name = truncate(entry.name.text, room - text_width(summary, _SMALL), _SIZE)
    x = bar.label.left if bar.anchor == "start" else bar.label.right
    line = TextLine(name, x, bar.label.bottom - 5, "name", bar.anchor, entry.name.language)
    text = canvas.text(line, group)
    if summary:
        canvas.more(text, summary, "soft noted" if entry.with_notes else "soft", language)


def _ticks(scale: Scale, language: str) -> Iterator[tuple[float, str]]:
    """Round years, or months where the picture shows few years."""
    span = scale.high - scale.low
    months = next((m for m in _MONTHS if span * 12 / m <= _NAMED), None)
    if months and scale.low > 1:
        for number in range(math.ceil(scale.low * 12), math.floor(scale.high * 12) + 1):
            if number % months == 0 and number // 12 <= datetime.MAXYEAR:
                day = datetime.date(number // 12, number % 12 + 1, 1)
                yield number / 12, format_skeleton("yMMM", day, locale=language)
        return
    step = next((y for y in _YEARS if span / y <= _TICKS), 10 ** math.ceil(math.log10(span / _TICKS)))
    for number in range(math.ceil(scale.low / step), math.floor(scale.high / step) + 1):
        yield float(number * step), str(number * step).replace("-", "−")
