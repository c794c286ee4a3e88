"""A column of numbers of a query result as a chart in SVG: bars, or a line where there are dates. Pure."""

import math
import re
import sys
import unicodedata
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from babel.numbers import format_decimal, format_scientific
from markupsafe import Markup
from pyoxigraph import Literal

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import XSD
from sauran.server.site.visual.result_table import ResultTable

__all__ = ["Series", "draw_chart", "find_series"]

_DATE = re.compile(r"(?P<year>-?\d{4,})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?:T|Z|[+-]\d\d:|$)")
_DATES = frozenset(XSD[name] for name in ("date", "dateTime", "gYear", "gYearMonth"))
_MOST_POINTS = 200
_LARGEST = 1e300  # beyond, differences overflow; infinity is not a height either
_WIDTH, _MARGIN = 720, 14
_ROW, _LABEL, _VALUE = 26, 250, 90  # a bar with its space; what is left of the bars, and right of them
_LETTERS = 34  # that fit beside a bar
_HEIGHT, _LEFT, _BOTTOM = 320, 80, 40
_TICKS = 5
_SMALL, _LARGE = 1e-6, 1e15  # numbers that people read as they are
_FEW = 30  # points that can be told apart as dots


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers with their labels; `times` says where on a line of years each stands, or nothing.

    `total` is how many numbers there were before the first were taken.
    """

    name: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    times: tuple[float, ...]
    total: int


def find_series(table: ResultTable, rows: tuple[tuple[Term | None, ...], ...], name: str) -> Series | None:
    """Take the numbers of a column, with the best column beside it as labels, else None.

    Shape: dates make labels in order of time, other things in the order of the rows.
    """
    column = table.columns.index(name)
    dates = next((n for n in range(len(table.columns)) if _are_dates([row[n] for row in rows])), None)
    beside = (
        n for n, numeric in enumerate(table.numeric) if not numeric and any(row[n] for row in table.rows)
    )
    labelled = next(beside, None) if dates is None else dates
    points = []
    for number, (row, shown) in enumerate(zip(rows, table.rows, strict=True), table.first + 1):
        value = _number(row[column])
        if value is None:
            continue
        label = shown[labelled] if labelled is not None else None
        time = _time(row[dates]) if dates is not None else None
        points.append((time or 0.0, value, label.text if label else str(number)))
    if len(points) < 2:
        return None
    if dates is not None:
        points.sort(key=lambda point: point[0])
    taken = points[:_MOST_POINTS]
    return Series(
        name,
        tuple(label for _, _, label in taken),
        tuple(value for _, value, _ in taken),
        tuple(time for time, _, _ in taken) if dates is not None else (),
        len(points),
    )


def _are_dates(values: list[Term | None]) -> bool:
    return bool(values) and all(_time(value) is not None for value in values)


def _number(term: Term | None) -> float | None:
    if not isinstance(term, Literal):
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    return value if abs(value) < _LARGEST else None


def _time(term: Term | None) -> float | None:
    """A date as years and their parts."""
    if not isinstance(term, Literal) or term.datatype not in _DATES:
        return None
    match = _DATE.match(term.value)
    if match is None:
        return None
    return int(match["year"]) + (int(match["month"] or 1) - 1) / 12 + (int(match["day"] or 1) - 1) / 366


def draw_chart(series: Series, title: str, language: str) -> Markup:
    """Draw a series; the table beside it says the same in words."""
    height = _HEIGHT if series.times else _ROW * len(series.values) + 2 * _MARGIN
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "chart",
            "role": "img",
            "viewBox": f"0 0 {_WIDTH} {height}",
            "width": str(_WIDTH),
            "height": str(height),
            "aria-labelledby": "chart-title",
        },
    )
    SubElement(svg, "title", {"id": "chart-title"}).text = _clean(title)
    if series.times:
        _draw_line(svg, series, language)
    else:
        _draw_bars(svg, series, language)
    return Markup(tostring(svg, encoding="unicode"))  # noqa: S704 (the writer has escaped all texts)


def _draw_bars(svg: Element, series: Series, language: str) -> None:
    low, high = min(0.0, *series.values), max(0.0, *series.values)
    span = (high - low) or 1.0
    room = _WIDTH - _LABEL - _VALUE - _MARGIN

    def place(value: float) -> float:
        return _LABEL + (value - low) / span * room

    for number, (label, value) in enumerate(zip(series.labels, series.values, strict=True)):
        top = _MARGIN + number * _ROW
        start, end = sorted((place(0.0), place(value)))
        _text(svg, _LABEL - 8, top + 16, _shortened(label), "end")
        _shape(svg, "rect", x=start, y=top + 3, width=max(end - start, 1.0), height=_ROW - 8)
        _text(svg, place(high) + 8, top + 16, _number_text(value, language), "start")
    _shape(svg, "line", x1=place(0.0), x2=place(0.0), y1=_MARGIN, y2=_MARGIN + len(series.values) * _ROW)


def _draw_line(svg: Element, series: Series, language: str) -> None:
    ticks = _ticks(min(series.values), max(series.values))
    low, high = ticks[0], ticks[-1]
    first, last = series.times[0], series.times[-1]
    bottom = _HEIGHT - _BOTTOM

    def place(time: float, value: float) -> tuple[float, float]:
        x = _LEFT + (time - first) / ((last - first) or 1.0) * (_WIDTH - _LEFT - 2 * _MARGIN)
        return x, bottom - (value - low) / ((high - low) or 1.0) * (bottom - _MARGIN)

    for tick in ticks:
        _, y = place(first, tick)
        _shape(svg, "line", x1=_LEFT, x2=_WIDTH - _MARGIN, y1=y, y2=y)
        _text(svg, _LEFT - 8, y + 4, _number_text(tick, language), "end")
    points = [place(*point) for point in zip(series.times, series.values, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    SubElement(svg, "polyline", {"points": line, "fill": "none"})
    for x, y in points if len(points) <= _FEW else ():
        _shape(svg, "circle", cx=x, cy=y, r=3.5)
    _text(svg, points[0][0], _HEIGHT - 12, _shortened(series.labels[0]), "start")
    _text(svg, points[-1][0], _HEIGHT - 12, _shortened(series.labels[-1]), "end")


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers around all values."""
    span = (high - low) or abs(high) or 1.0
    rough = max(span / (_TICKS - 1), sys.float_info.min)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= rough * 0.999)
    begin = math.floor(low / step)
    return [step * n for n in range(begin, math.ceil(high / step) + 1)] if high > low else [low, low + step]


def _number_text(value: float, language: str) -> str:
    rounded = float(f"{value:.6g}")
    if rounded and not _SMALL <= abs(rounded) < _LARGE:
        return format_scientific(rounded, locale=language, decimal_quantization=False)
    return format_decimal(rounded, locale=language, decimal_quantization=False)


def _shortened(label: str) -> str:
    return label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1]}…"


def _text(svg: Element, x: float, y: float, words: str, anchor: str) -> None:
    SubElement(svg, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}).text = _clean(words)


def _shape(svg: Element, kind: str, **numbers: float) -> None:
    SubElement(svg, kind, {name: f"{value:.1f}" for name, value in numbers.items()})


def _clean(words: str) -> str:
    """Without what XML cannot hold, and without what turns the direction of text around."""
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else " " for c in words)
