"""One page of an answer in lines, wherever its pieces are cut."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sauran.server.site.sparql.query_answer import read_window

LINES = st.lists(st.text("ab\t é", max_size=5), max_size=12)


@given(LINES, st.integers(0, 12), st.integers(1, 12), st.lists(st.integers(0, 60)), st.booleans())
def test_a_page_is_the_same_wherever_the_answer_is_cut(
    lines: list[str], first: int, most: int, cuts: list[int], named: bool
) -> None:
    lines = ["?names", *lines] if named else lines
    data = "".join(f"{line}\n" for line in lines).encode()
    borders = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in itertools.pairwise(borders)]
    found = read_window(pieces, first, most, named=named)
    rows = lines[named:]
    shown = [*lines[:named], *rows[first : first + most]]
    assert found.data == "".join(f"{line}\n" for line in shown).encode()
    assert (found.first, found.total, found.cut) == (first, len(rows), False)


def test_lines_too_long_for_a_page_are_left_out_and_counted() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"?a\nshort\n"
        for _ in range(64):
            yield b"x" * 1024 * 1024
        yield b"\nshort again\n"

    found = read_window(pieces(), 0, 10, named=True)
    assert (found.data, found.total, found.cut) == (b"?a\nshort\n", 3, True)


@pytest.mark.parametrize(("first", "cut"), [(0, False), (1, True)])
def test_a_long_line_of_another_page_does_not_matter(first: int, cut: bool) -> None:
    pieces = [b"?a\n", b"short\n", b"x" * 5 * 1024 * 1024, b"\n"]
    assert read_window(pieces, first, 1, named=True).cut is cut
