"""A time as pages and pictures need it: its days, which ends are open, and whether it is vague. Pure."""

import calendar
import datetime
import re
from dataclasses import dataclass

from pyoxigraph import Literal

from sauran.kg.model.findings import Term

__all__ = ["Span", "day_of", "read_span", "year_of"]

_DAY = re.compile(r"(?P<year>-?\d{4,6})-(?P<month>\d\d)-(?P<day>\d\d)")
# Marks of a date that is approximate, uncertain, both, not known to the last digit, or one of several
# (EDTF, levels 1 and 2).
_VAGUE = re.compile(r"[~?%X[{]")


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
    said = notation.value if isinstance(notation, Literal) else None
    return Span(_day(beginning), _day(end), said)


def day_of(said: str | None) -> datetime.date | None:
    """A day as Python knows it; None for one before the year 1 or after 9999."""
    try:
        return datetime.date.fromisoformat(said) if said else None
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
