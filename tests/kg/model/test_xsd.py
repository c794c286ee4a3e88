"""Lexical forms of XML Schema, and the order of values."""

import pytest

from sauran.kg.model.xsd import compare, is_well_formed

XSD = "http://www.w3.org/2001/XMLSchema#"
# By datatype: well-formed and ill-formed texts.
FORMS = {
    "dateTimeStamp": (["2023-01-01T00:00:00Z"], ["2023-01-01T00:00:00", "2023-02-30T00:00:00Z"]),
    "dateTime": (["2023-01-01T24:00:00"], ["2023-01-01T24:00:01"]),
    "time": (["24:00:00", "12:00:00+14:00"], ["24:00:01", "12:00:00+14:01"]),
    "gYear": (["2023", "-0001", "12023Z"], ["23", "02023", "x"]),
    "gYearMonth": (["2023-01"], ["2023-13"]),
    "gMonth": (["--01"], ["--13", "01"]),
    "gMonthDay": (["--02-29"], ["--02-30", "--13-01"]),
    "gDay": (["---31"], ["---32"]),
    "duration": (["P1Y", "-P1DT2H", "PT1.5S"], ["P", "PT", "P1.5Y", "P1W", "PT.5S", "P1DT"]),
    "yearMonthDuration": (["P1Y2M"], ["P1D", "P"]),
    "dayTimeDuration": (["P1D", "PT24H"], ["P1Y", "PT"]),
    "hexBinary": (["", "aB"], ["abc", "zz"]),
    "base64Binary": (["", "YQ==", "Y Q = =", "YWI=", "YWJj"], ["Y", "YQ", "YR==", "YQ==YQ=="]),
    "language": (["en", "kk-Latn"], ["", "e n", "muchtoolong"]),
    "normalizedString": (["a  b"], ["a\tb", "a\nb"]),
    "token": (["", "a b"], [" a", "a  b"]),
    "NMTOKEN": (["1a"], ["", "a b"]),
    "Name": (["a:b", "é"], ["1", ""]),
    "NCName": (["a.b"], ["a:b", "1"]),
    "anyURI": (["", "a b"], []),
    "string": (["\n"], []),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_a_datatype(name: str) -> None:
    good, bad = FORMS[name]
    assert {text: is_well_formed(text, XSD + name) for text in [*good, *bad]} == {
        **dict.fromkeys(good, True),
        **dict.fromkeys(bad, False),
    }


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("long", -9223372036854775808, 9223372036854775807),
        ("int", -2147483648, 2147483647),
        ("short", -32768, 32767),
        ("byte", -128, 127),
        ("nonNegativeInteger", 0, None),
        ("positiveInteger", 1, None),
        ("nonPositiveInteger", None, 0),
        ("negativeInteger", None, -1),
        ("unsignedLong", 0, 18446744073709551615),
        ("unsignedInt", 0, 4294967295),
        ("unsignedShort", 0, 65535),
        ("unsignedByte", 0, 255),
    ],
)
def test_bounded_integers_end_at_their_bounds(name: str, least: int | None, most: int | None) -> None:
    datatype, long = f"{XSD}{name}", "1" * 5000
    if least is not None:
        assert [is_well_formed(str(number), datatype) for number in (least, least - 1)] == [True, False]
    if most is not None:
        assert [is_well_formed(str(number), datatype) for number in (most, most + 1)] == [True, False]
    assert is_well_formed(long, datatype) == (most is None)
    assert is_well_formed(f"-{long}", datatype) == (least is None)
    bound = str(least if most is None else most)
    sign = "-" if bound.startswith("-") else "+"
    assert is_well_formed(f"{sign}{'0' * 5000}{bound.lstrip('-')}", datatype)


@pytest.mark.parametrize(
    ("day", "exists"),
    [
        ("2023-02-28", True),
        ("2023-02-29", False),
        ("2024-02-29", True),
        ("2024-02-30", False),
        ("1900-02-29", False),
        ("2000-02-29", True),
        ("0000-02-29", True),
        ("-0004-02-29", True),
        ("-0001-02-29", False),
        ("-0100-02-29", False),
        ("12024-02-29", True),
        *((f"2023-{month:02}-30", True) for month in range(1, 13) if month != 2),
        *((f"2023-{month:02}-31", month in {1, 3, 5, 7, 8, 10, 12}) for month in range(1, 13)),
    ],
)
def test_days_are_those_of_the_calendar(day: str, exists: bool) -> None:
    assert is_well_formed(day, f"{XSD}date") == exists
    assert is_well_formed(f"{day}T00:00:00", f"{XSD}dateTime") == exists


def test_a_day_without_a_year_may_be_that_of_a_leap_year() -> None:
    days = ("--02-29", "--02-30", "--04-30", "--04-31")
    assert [is_well_formed(day, f"{XSD}gMonthDay") for day in days] == [True, False, True, False]


def test_other_datatypes_are_not_judged() -> None:
    assert is_well_formed("<b", "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML") is None


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("0.1 decimal", "0.1 double", 0),
        ("0.1 decimal", "0.1 float", 0),
        ("0.1 float", "0.1 double", 1),
        ("16777217 integer", "16777216 float", 0),
        ("9007199254740993 integer", "9007199254740992 integer", 1),
        ("0.10000000000000000000001 decimal", "0.1 decimal", 1),
        ("NaN double", "1 integer", None),
        ("-INF double", "-1e308 double", -1),
        ("x integer", "1 integer", None),
        ("1 integer", "1 string", None),
        ("a string", "b string", -1),
        ("1 boolean", "true boolean", 0),
        ("P1Y duration", "P2Y duration", None),
        ("2023-01-01 date", "2023-01-01T00:00:00 dateTime", None),
        ("2022-12-31T24:00:00 dateTime", "2023-01-01T00:00:00 dateTime", 0),
        ("2023-01-01T00:00:00-01:00 dateTime", "2023-01-01T00:30:00Z dateTime", 1),
        ("2023-01-01T14:00:00 dateTime", "2023-01-01T00:00:00Z dateTime", None),
        ("2023-01-01T14:00:01 dateTime", "2023-01-01T00:00:00Z dateTime", 1),
        ("2023-01-01Z date", "2023-01-01 date", None),
        ("2023-01-01Z date", "2023-01-03 date", -1),
        ("-0044-03-15 date", "0000-01-01 date", -1),
        ("99999-12-31 date", "10000-01-01 date", 1),
        ("24:00:00 time", "00:00:00 time", 0),
        (f"{'9' * 5000}-01-01 date", "2023-01-01 date", None),
    ],
)
def test_values_are_compared_as_sparql_does(one: str, other: str, order: int | None) -> None:
    left, right = ((text, XSD + name) for text, name in (one.split(" "), other.split(" ")))
    assert compare(left, right) == order
    assert compare(right, left) == (None if order is None else -order)
