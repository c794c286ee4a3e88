"""Exact comparison of XML Schema values as in SPARQL, for any year."""

import ctypes
import datetime
import re
from decimal import Decimal
from fractions import Fraction

from sauran.kg.model.xsd_datatypes import is_well_formed

__all__ = ["compare"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = frozenset(
    (
        "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger",
        "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort",
        "unsignedByte",
    )
)  # fmt: skip
_NUMBERS = _WHOLE | {"decimal", "float", "double"}
_TIMES = frozenset(("date", "dateTime", "time"))
_ALONE = _TIMES | {"boolean", "string"}
_PARTS = re.compile(
    r"(?:(?P<year>-?[0-9]+)-(?P<month>[0-9]{2})-(?P<day>[0-9]{2}))?T?"
    r"(?:(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9.]+))?"
    r"(?:(?P<utc>Z)|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))?"
)
_WIDEST_ZONE = 14 * 3600
_DAYS_OF_400_YEARS = 146_097
_MOST_DIGITS = 4000  # Python refuses to turn more digits into a number


def compare(one: tuple[str, str], other: tuple[str, str]) -> int | None:
    """Compare two literals, each a lexical form and the IRI of its datatype: below, equal to or above 0.

    None where SPARQL cannot compare them: other datatypes, ill-formed ones, and times of which one has a time
    zone and the other not, unless the answer is the same in every zone.
    Source: SPARQL 1.1, section 17.3, with the dates and times that XPath compares; XML Schema 1.1, part 2,
    section 3.3.7; XPath 2.0, appendix B.1 for the promotion of numbers.
    """
    names = [datatype.removeprefix(_XSD) for _, datatype in (one, other)]
    if _family(names[0]) != _family(names[1]) or not _family(names[0]):
        return None
    if not is_well_formed(*one) or not is_well_formed(*other):
        return None
    first, second = one[0], other[0]
    family = _family(names[0])
    if family == "number":
        return _numbers(first, second, names)
    if family == "string":
        return (first > second) - (first < second)
    if family == "boolean":
        return (first in ("true", "1")) - (second in ("true", "1"))
    return None if max(len(first), len(second)) > _MOST_DIGITS else _times(first, second)


def _family(name: str) -> str:
    return "number" if name in _NUMBERS else name if name in _ALONE else ""


def _numbers(first: str, second: str, names: list[str]) -> int | None:
    if not {"float", "double"}.isdisjoint(names):
        to_single = "double" not in names
        one, two = (
            _floating(text, single=to_single or name == "float")
            for text, name in zip((first, second), names, strict=True)
        )
        return None if one != one or two != two else (one > two) - (one < two)  # noqa: PLR0124 (not a number)
    left, right = Decimal(first), Decimal(second)
    return (left > right) - (left < right)


def _floating(text: str, *, single: bool) -> float:
    number = float(text)
    return ctypes.c_float(number).value if single else number


def _times(first: str, second: str) -> int | None:
    (one, one_zoned), (two, two_zoned) = _instant(first), _instant(second)
    if one_zoned != two_zoned and abs(one - two) <= _WIDEST_ZONE:
        return None
    return (one > two) - (one < two)


def _instant(text: str) -> tuple[Fraction, bool]:
    """Seconds on a line of time without zones, and whether the text has one."""
    match = _PARTS.fullmatch(text)
    parts = match.groupdict() if match else {}
    seconds = Fraction(0)
    if parts.get("year") is not None:
        cycles, year = divmod(int(parts["year"]), 400)
        day = datetime.date(year + 400, int(parts["month"]), int(parts["day"])).toordinal()
        seconds += (cycles * _DAYS_OF_400_YEARS + day) * 86_400
    if parts.get("hour") is not None:
        hour = int(parts["hour"]) if parts.get("year") is not None else int(parts["hour"]) % 24
        seconds += hour * 3600 + int(parts["minute"]) * 60 + Fraction(parts["second"])
    if parts.get("sign"):
        zone = int(parts["hours"]) * 3600 + int(parts["minutes"]) * 60
        seconds += zone if parts["sign"] == "-" else -zone
    return seconds, bool(parts.get("utc") or parts.get("sign"))
