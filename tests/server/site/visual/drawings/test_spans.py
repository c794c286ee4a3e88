"""Times as days and as years: open ends, vagueness, and what is not a day."""

import pytest
from pyoxigraph import Literal

from sauran.kg.model.namespaces import EDTF, XSD
from sauran.server.site.visual.drawings.spans import Span, day_of, read_span, year_of


def test_a_span_is_read_out_of_literals() -> None:
    span = read_span(
        Literal("2022-01-01", datatype=XSD.date),
        Literal("2022-01-31", datatype=XSD.date),
        Literal("2022-01", datatype=EDTF.EDTF),
    )
    assert span == Span("2022-01-01", "2022-01-31", "2022-01")
    assert span.first == 2022.0
    assert span.last == pytest.approx(2022 + 1 / 12)


@pytest.mark.parametrize("said", ["2022", "2022-13-01", "2022-00-10", "2022-01-32", "soon", ""])
def test_what_is_no_day_is_none(said: str) -> None:
    assert read_span(Literal(said), None, None).beginning is None


@pytest.mark.parametrize(
    ("notation", "vague"),
    [
        ("2022-01", False),
        ("1991/..", False),
        ("../2025", False),
        ("2022~", True),
        ("2022?/2023", True),
        ("2022%", True),
        ("201X", True),
        ("[2024-10-07..2025-12-31]", True),
        (None, False),
    ],
)
def test_the_name_in_edtf_says_whether_a_time_is_vague(notation: str | None, vague: bool) -> None:
    assert Span("2022-01-01", None, notation).vague is vague


def test_days_that_python_does_not_know_have_a_place_on_the_line_still() -> None:
    assert day_of("-0044-03-15") is None
    assert day_of(None) is None
    assert year_of("-0044-03-15", 0) == pytest.approx(-44 + (2 + 14 / 31) / 12)
    assert year_of("2024-02-29", 1) == pytest.approx(2024 + 2 / 12)
    assert year_of(None, 0) is None
