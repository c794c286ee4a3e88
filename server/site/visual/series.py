"""A column of numbers in an answer, with what each number belongs to: what a chart is drawn from. Pure."""

import re
from dataclasses import dataclass

from pyoxigraph import Literal

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import XSD
from sauran.server.site.visual.result_page import Table

__all__ = ["Series", "find_series"]

_DATE = re.compile(r"(?P<year>-?\d{4,})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?:T|Z|[+-]\d\d:|$)")
_DATES = frozenset(XSD[name] for name in ("date", "dateTime", "gYear", "gYearMonth"))
_MOST_POINTS = 200
_LARGEST = 1e300  # beyond, differences overflow; infinity is not a height either


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


def find_series(table: Table, rows: tuple[tuple[Term | None, ...], ...], name: str) -> Series | None:
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
    said = _DATE.match(term.value)
    if said is None:
        return None
    return int(said["year"]) + (int(said["month"] or 1) - 1) / 12 + (int(said["day"] or 1) - 1) / 366
