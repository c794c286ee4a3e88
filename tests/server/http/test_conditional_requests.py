"""Conditions and ranges of RFC 9110, each with what it makes of a file of a hundred bytes."""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest

import sauran.server as server_package
from sauran.server.http.conditional_requests import FileState, PartToSend, choose_part, is_unchanged

DAY = datetime(2026, 3, 1, tzinfo=UTC)
FILE = FileState("abc", 100, DAY)
BEFORE, SAME, AFTER = (f"{day} 2026 00:00:00 GMT" for day in ("Sat, 28 Feb", "Sun, 01 Mar", "Mon, 02 Mar"))
WHOLE = PartToSend(HTTPStatus.OK, 0, 100)
KNOWN = PartToSend(HTTPStatus.NOT_MODIFIED)
OTHER = PartToSend(HTTPStatus.PRECONDITION_FAILED)
BEYOND = PartToSend(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)


def part(start: int, stop: int) -> PartToSend:
    return PartToSend(HTTPStatus.PARTIAL_CONTENT, start, stop)


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, WHOLE),
        ({"If-None-Match": '"abc"'}, KNOWN),
        ({"If-None-Match": 'W/"abc"'}, KNOWN),
        ({"If-None-Match": '"x", "abc"'}, KNOWN),
        ({"If-None-Match": "*"}, KNOWN),
        ({"If-None-Match": '"x"'}, WHOLE),
        ({"If-Modified-Since": SAME}, KNOWN),
        ({"If-Modified-Since": AFTER}, KNOWN),
        ({"If-Modified-Since": BEFORE}, WHOLE),
        ({"If-Modified-Since": "nonsense"}, WHOLE),
        # A tag counts for more than a date, whichever way.
        ({"If-None-Match": '"x"', "If-Modified-Since": AFTER}, WHOLE),
        ({"If-None-Match": '"abc"', "If-Modified-Since": BEFORE}, KNOWN),
        ({"If-Match": '"abc"'}, WHOLE),
        ({"If-Match": "*"}, WHOLE),
        ({"If-Match": '"x"'}, OTHER),
        ({"If-Match": 'W/"abc"'}, OTHER),
        ({"If-Unmodified-Since": BEFORE}, OTHER),
        ({"If-Unmodified-Since": SAME}, WHOLE),
        ({"If-Unmodified-Since": "nonsense"}, WHOLE),
        ({"If-Match": '"abc"', "If-Unmodified-Since": BEFORE}, WHOLE),
        ({"If-Match": '"x"', "If-None-Match": '"abc"'}, OTHER),
        # A condition comes before the range.
        ({"If-None-Match": '"abc"', "Range": "bytes=0-9"}, KNOWN),
        ({"If-None-Match": '"x"', "Range": "bytes=0-9"}, part(0, 10)),
    ],
    ids=str,
)
def test_conditions_in_their_order(headers: dict[str, str], wanted: PartToSend) -> None:
    assert choose_part("GET", headers, FILE) == wanted


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("bytes=0-9", part(0, 10)),
        ("bytes=0-0", part(0, 1)),
        ("bytes=99-", part(99, 100)),
        ("bytes=10-999", part(10, 100)),
        ("bytes=0-99", part(0, 100)),
        ("bytes=-7", part(93, 100)),
        ("bytes=-100", part(0, 100)),
        ("bytes=-999", part(0, 100)),
        ("BYTES= 0-9 ", part(0, 10)),
        ("bytes=100-", BEYOND),
        ("bytes=100-200", BEYOND),
        ("bytes=-0", BEYOND),
        ("bytes=999999999999999999-", BEYOND),
        # What is no single range of bytes is as if it were not there.
        ("bytes=9-0", WHOLE),
        ("bytes=-", WHOLE),
        ("bytes=", WHOLE),
        ("bytes=a-b", WHOLE),
        ("bytes=+1-2", WHOLE),
        ("bytes=١-٢", WHOLE),
        ("bytes=0-9,20-29", WHOLE),
        ("bytes=0-,0-,0-,0-", WHOLE),
        ("bytes=0-" + "9" * 5000, WHOLE),
        ("lines=0-9", WHOLE),
        ("0-9", WHOLE),
        ("", WHOLE),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_ranges(asked: str, wanted: PartToSend) -> None:
    assert choose_part("GET", {"Range": asked}, FILE) == wanted


@pytest.mark.parametrize(
    ("if_range", "partial"),
    [
        ('"abc"', True),
        ('"x"', False),
        ('W/"abc"', False),
        ("abc", False),
        # Two drafts of one day have the same date: it does not prove that the bytes are the same.
        (SAME, False),
        (AFTER, False),
    ],
)
def test_a_part_is_only_of_what_the_client_has(if_range: str, partial: bool) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": if_range}
    assert choose_part("GET", headers, FILE) == (part(0, 10) if partial else WHOLE)


def test_only_get_has_ranges() -> None:
    assert choose_part("HEAD", {"Range": "bytes=0-9"}, FILE) == WHOLE
    assert choose_part("HEAD", {"If-None-Match": '"abc"'}, FILE) == KNOWN


def test_a_file_without_a_date_has_only_its_tag() -> None:
    undated = FileState("abc", 100)
    assert choose_part("GET", {"If-Modified-Since": AFTER}, undated) == WHOLE
    assert choose_part("GET", {"If-Unmodified-Since": BEFORE}, undated) == WHOLE
    assert choose_part("GET", {"If-None-Match": '"abc"'}, undated) == KNOWN


def test_an_empty_file_has_no_parts() -> None:
    empty = FileState("abc", 0)
    assert choose_part("GET", {}, empty) == PartToSend(HTTPStatus.OK, 0, 0)
    assert choose_part("GET", {"Range": "bytes=0-"}, empty) == BEYOND
    assert choose_part("GET", {"Range": "bytes=-1"}, empty) == BEYOND


@pytest.mark.parametrize(
    ("if_none_match", "if_modified_since", "unchanged"),
    [
        (None, None, False),
        ("", None, False),
        ('"abc"', None, True),
        ('W/"abc"', None, True),
        ('"x", "abc"', None, True),
        ("*", None, True),
        ("abc", None, True),
        ('"abc-gzip"', None, False),
        (None, SAME, True),
        (None, BEFORE, False),
        (None, "nonsense", False),
        ('"x"', AFTER, False),
        ('"abc"', BEFORE, True),
    ],
)
def test_an_answer_is_unchanged_by_its_tag_else_by_its_date(
    if_none_match: str | None, if_modified_since: str | None, *, unchanged: bool
) -> None:
    for modified in (DAY, SAME):
        assert is_unchanged('"abc"', modified, if_none_match, if_modified_since) == unchanged


def test_an_answer_without_tag_or_date_is_never_known_by_it() -> None:
    for missing in ("", None):
        assert not is_unchanged('"abc"', missing, None, AFTER)
    assert not is_unchanged("", DAY, '"abc"', AFTER)
    assert not is_unchanged("", DAY, "*", None)
    assert is_unchanged("", DAY, None, AFTER)


def test_no_other_module_compares_tags() -> None:
    server = Path(server_package.__file__).parent
    users = {
        file.name
        for file in server.rglob("*.py")
        if re.search(
            r"parse_etags|contains_weak|is_resource_modified|make_conditional\(", file.read_text("utf-8")
        )
    }
    assert users == {"conditional_requests.py"}
