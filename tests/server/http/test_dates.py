"""Days that requests name: in UTC, whatever offset they are written with."""

import pytest

from sauran.server.http.dates import read_day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-22", "2026-11-22"),
        ("2026-11-22T23:59:59", "2026-11-22"),
        ("2026-11-22T23:59:59Z", "2026-11-22"),
        ("2026-11-22T23:00:00-05:00", "2026-11-23"),
        ("2026-11-23T02:00:00+05:00", "2026-11-22"),
        ("2026-11-22 10:00:00.123456+00:00", "2026-11-22"),
    ],
)
def test_a_day_or_a_moment_is_read(said: str, day: str) -> None:
    assert read_day(said) == day


@pytest.mark.parametrize("said", ["", "yesterday", "2026-02-30", "22/11/2026", "0001-01-01T00:00:00+14:00"])
def test_anything_else_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        read_day(said)
