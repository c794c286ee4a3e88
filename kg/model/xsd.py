"""XML Schema datatypes: which lexical forms are valid, and how SPARQL compares values of any size."""

import calendar
import ctypes
import datetime
import functools
import re
from decimal import Decimal
from fractions import Fraction

from sauran.kg.model.name_characters import XML_FIRST, XML_LATER, one_of

__all__ = ["compare", "is_well_formed"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH, _DAY = r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_INTEGER = r"[+-]?[0-9]+"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DOUBLE = rf"{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_HOURS = r"T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?"
_SIXTY_FOUR = "[A-Za-z0-9+/] ?"
_STARTS, _FOLLOWS = one_of(*XML_FIRST), one_of(*XML_LATER)

_PATTERNS = {
    "boolean": "true|false|0|1",
    "decimal": _DECIMAL,
    "double": _DOUBLE,
    "float": _DOUBLE,
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE.removesuffix('?')}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "duration": rf"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:{_HOURS})?",
    "yearMonthDuration": r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?",
    "dayTimeDuration": rf"-?P(?=.)(?:[0-9]+D)?(?:{_HOURS})?",
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "base64Binary": rf"(?:(?:{_SIXTY_FOUR}){{4}})*(?:(?:{_SIXTY_FOUR}){{3}}[A-Za-z0-9+/]"
    rf"|(?:{_SIXTY_FOUR}){{2}}[AEIMQUYcgkosw048] ?=|{_SIXTY_FOUR}[AQgw] ?= ?=)?",
    "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
    "NMTOKEN": f"{_FOLLOWS}+",
    "Name": f"{_STARTS}{_FOLLOWS}*",
    "NCName": f"(?!.*:){_STARTS}{_FOLLOWS}*",
    "anyURI": r"(?s:.*)",
    "string": r"(?s:.*)",
}
_RANGES: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_WHOLE = re.compile(_INTEGER)
_MOST_DIGITS = 4000  # Python refuses to turn more digits into a number; no bounded type needs them
_NUMBERS = {*_RANGES, "decimal", "float", "double"}
_TIMES = frozenset(("date", "dateTime", "time"))
_ALONE = _TIMES | {"boolean", "string"}
_PARTS = re.compile(
    r"(?:(?P<year>-?[0-9]+)-(?P<month>[0-9]{2})-(?P<day>[0-9]{2}))?T?"
    r"(?:(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9.]+))?"
    r"(?:(?P<utc>Z)|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))?"
)
_WIDEST_ZONE = 14 * 3600
_DAYS_OF_400_YEARS = 146_097


def is_well_formed(lexical: str, datatype: str) -> bool | None:
    """Whether a lexical form belongs to a datatype; None for a datatype that XML Schema does not define.

    Source: XML Schema 1.1, part 2; no whitespace is removed, as RDF 1.1 (section 5) asks.
    """
    name = datatype.removeprefix(_XSD)
    if name in _RANGES:
        return _is_whole(lexical, *_RANGES[name])
    if name not in _PATTERNS:
        return None
    match = _compiled(name).fullmatch(lexical)
    return match is not None and _day_exists(match.groupdict())


@functools.cache
def _compiled(name: str) -> re.Pattern[str]:
    # Few are ever asked for, and all of them take as long as to check a small file.
    return re.compile(_PATTERNS[name])


def _is_whole(lexical: str, least: int | None, most: int | None) -> bool:
    if not _WHOLE.fullmatch(lexical):
        return False
    if least is None and most is None:
        return True
    digits = lexical.lstrip("+-").lstrip("0")
    if len(digits) > _MOST_DIGITS:
        return (least is None) if lexical.startswith("-") else (most is None)
    number = int(digits or "0") * (-1 if lexical.startswith("-") else 1)
    return (least is None or number >= least) and (most is None or number <= most)


def _day_exists(parts: dict[str, str | None]) -> bool:
    day, month, year = parts.get("day"), parts.get("month"), parts.get("year")
    if not day or not month:
        return True
    if int(month) != 2:
        return int(day) <= (30 if int(month) in (4, 6, 9, 11) else 31)
    # Leap years repeat every 400 years, the years before 1 counted through 0.
    leap = year is None or calendar.isleap(int(f"{'-' * year.startswith('-')}{year[-4:]}") % 400)
    return int(day) <= (29 if leap else 28)


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
