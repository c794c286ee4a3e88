"""The measurement of pages runs on little data and prints its table; what it asks for is there."""

import re

import pytest

from benchmarks.pages import main


def test_a_short_run_prints_a_row_for_each_page_and_size(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--claims", "60", "120", "--rounds", "2"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| claims | page |")
    rows = [
        re.fullmatch(r"\| (\d+) \| ([^|]+) \| [\d.]+ ms \| [\d.]+ ms \| [\d.]+ \|", line)
        for line in lines[2:]
    ]
    assert all(rows)
    assert [(row[1], row[2]) for row in rows if row] == [
        (claims, page)
        for claims in ("60", "120")
        for page in ("page of a place", "its claims, first page", "what is derived, first page")
    ]
