"""Rows counted in the bytes of an answer."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, QueryResultsFormat, Store

from sauran.kg.model.formats import BY_NAME, RESULT_FORMATS, Format

# What the formats use as marks, and what could be mistaken for them.
PARTS = ("},{", '"', "},{}", '{"', "[{", "\\", "\\\\", "\n", "\r\n", ",", "<result>", "}", "a", "é", "\t")
TEXTS = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
ROWS = st.lists(st.tuples(st.none() | TEXTS, st.none() | TEXTS), max_size=12)
CUTS = st.lists(st.integers(0, 2000), max_size=8)
STORE = Store()


def written(rows: Sequence[tuple[str | None, str | None]], wanted: QueryResultsFormat) -> bytes:
    """Rows as the engine writes them, one value unbound where it is None."""
    values = " ".join(
        "(" + " ".join("UNDEF" if text is None else str(Literal(text)) for text in row) + ")" for row in rows
    )
    found = STORE.query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")
    return found.serialize(format=wanted) or b""  # type: ignore[union-attr]


def count(name: str, data: bytes, cuts: Sequence[int]) -> int:
    made = BY_NAME[name].count_rows
    assert made is not None
    counted = made()
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return counted.offset + sum(counted(data[start:end]) for start, end in itertools.pairwise(places))


@pytest.mark.parametrize("wanted", RESULT_FORMATS, ids=lambda known: str(known.name))
@given(rows=ROWS, cuts=CUTS)
def test_the_count_is_true_wherever_an_answer_is_cut(
    wanted: Format, rows: list[tuple[str | None, str | None]], cuts: list[int]
) -> None:
    data = written(rows, wanted.results)
    assert count(wanted.name, data, cuts) == len(rows)


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_each_byte_may_come_by_itself(name: str) -> None:
    rows = [('a},{"', None), (None, None), ("},{}", '\\"},{'), (None, "x\n"), (None, None)]
    wanted = next(known.results for known in RESULT_FORMATS if known.name == name)
    data = written(rows, wanted)  # type: ignore[arg-type]
    assert count(name, data, range(len(data))) == 5


@pytest.mark.parametrize("wanted", RESULT_FORMATS, ids=lambda known: str(known.name))
def test_a_truth_value_has_no_rows(wanted: Format) -> None:
    data = STORE.query("ASK {}").serialize(format=wanted.results) or b""  # type: ignore[union-attr]
    assert max(count(wanted.name, data, []), 0) == 0


def test_triples_are_counted_elsewhere() -> None:
    assert BY_NAME["turtle"].count_rows is None
