"""Series of numbers and their charts: what is drawn, where, and that it is whole XML."""

import math
from collections.abc import Sequence
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import XSD
from sauran.server.http.executor import Rows
from sauran.server.http.links import Links
from sauran.server.http.localised_labels import LabelReader
from sauran.server.site.visual.charts import Series, draw_chart, find_series
from sauran.server.site.visual.result_table import as_table

SVG = "{http://www.w3.org/2000/svg}"
READER = LabelReader((), Links("https://e.org/", "http://127.0.0.1/"), "en", {})


def number(text: str, kind: str = "integer") -> Literal:
    return Literal(text, datatype=XSD[kind])


def series(columns: str, rows: Sequence[tuple[Term | None, ...]], name: str) -> Series | None:
    found = Rows(tuple(columns.split()), tuple(rows))
    return find_series(as_table(found, READER, 0, len(rows)), found.rows, name)


def elements(svg: str, kind: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}{kind}"))  # noqa: S314 (we have drawn it)


def test_numbers_are_labelled_by_the_first_other_column() -> None:
    rows = [(number("1"), None, Literal("a")), (number("2.5", "decimal"), None, Literal("b"))]
    found = series("n empty name", rows, "n")
    assert found == Series("n", ("a", "b"), (1.0, 2.5), (), 2)


def test_without_another_column_rows_are_numbered() -> None:
    found = series("n", [(number("4"),), (number("2"),)], "n")
    assert found is not None
    assert found.labels == ("1", "2")


def test_dates_put_numbers_in_order_of_time() -> None:
    dates = [("2022-07-01", "date"), ("1991", "gYear"), ("2022-01", "gYearMonth"), ("-0044-03-15", "date")]
    rows = [(Literal(text, datatype=XSD[kind]), number(str(n))) for n, (text, kind) in enumerate(dates)]
    found = series("day n", rows, "n")
    assert found is not None
    assert (found.labels, found.values) == (("-0044-03-15", "1991", "2022-01", "2022-07-01"), (3, 1, 2, 0))
    assert found.times == pytest.approx((-44 + 2 / 12 + 14 / 366, 1991, 2022, 2022.5))


@pytest.mark.parametrize("text", ["INF", "-INF", "NaN", "1e308"])
def test_what_has_no_height_is_left_out(text: str) -> None:
    rows = [(number(text, "double"),), (number("1"),), (number("2"),)]
    found = series("n", rows, "n")
    assert found is not None
    assert (found.values, found.labels) == ((1, 2), ("2", "3"))


def test_one_number_is_no_series() -> None:
    assert series("n", [(number("1"),), (None,)], "n") is None


def test_a_long_column_is_drawn_in_part_and_says_how_long_it_is() -> None:
    found = series("n", [(number(str(n)),) for n in range(250)], "n")
    assert found is not None
    assert (len(found.values), found.total) == (200, 250)


def test_bars_are_as_long_as_their_numbers_on_both_sides_of_nothing() -> None:
    svg = draw_chart(Series("n", ("a", "b", "c"), (10.0, -5.0, 0.0), (), 3), "n", "en")
    bars = [(float(bar.get("x", "")), float(bar.get("width", ""))) for bar in elements(svg, "rect")]
    (nothing,) = [float(line.get("x1", "")) for line in elements(svg, "line")]
    assert bars[0][0] == nothing
    assert bars[1][0] + bars[1][1] == pytest.approx(nothing, abs=0.2)
    assert bars[0][1] == pytest.approx(2 * bars[1][1], abs=0.2)
    assert bars[2] == (nothing, 1.0)


def test_a_line_stays_within_its_picture_and_rises_with_its_numbers() -> None:
    svg = draw_chart(Series("n", ("a", "b", "c"), (3.0, 7.0, 5.0), (2000.0, 2001.0, 2005.0), 3), "n", "fr")
    (line,) = elements(svg, "polyline")
    points = [tuple(map(float, point.split(","))) for point in line.get("points", "").split()]
    root = ElementTree.fromstring(svg)  # noqa: S314
    width, height = map(float, root.get("viewBox", "").split()[2:])
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
    assert points[0][1] > points[2][1] > points[1][1]
    assert (points[2][0] - points[1][0]) == pytest.approx(4 * (points[1][0] - points[0][0]), abs=1)


@pytest.mark.parametrize("times", [(), (1.0, 2.0)], ids=["bars", "line"])
@pytest.mark.parametrize(
    "values",
    [(0.0, 0.0), (1e-320, 2e-320), (-1e299, 1e299), (1e16, 1e16 + 2), (-3.0, -1.0), (0.1, 0.3), (7.0, 7.0)],
    ids=str,
)
def test_any_numbers_can_be_drawn(values: tuple[float, ...], times: tuple[float, ...]) -> None:
    svg = draw_chart(Series("n", ("a", "b"), values, times, 2), "n", "kk")
    places = [
        float(value)
        for kind in ("rect", "line", "circle", "text")
        for element in elements(svg, kind)
        for name, value in element.items()
        if name in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height")
    ]
    assert len(places) > 8
    assert all(math.isfinite(place) and -1 <= place <= 800 for place in places)


@pytest.mark.parametrize("times", [(), (1.0, 2.0)], ids=["bars", "line"])
def test_hostile_labels_are_text(times: tuple[float, ...]) -> None:
    label = "<script>alert(1)</script>\x00\x1b\u202e&\ud800"
    svg = draw_chart(Series("n", (label, "x" * 10**6), (1.0, 2.0), times, 2), label, "en")
    assert "<script" not in svg
    assert not {"\x00", "\x1b", "\u202e", "\ud800"} & set(svg)
    assert len(svg) < 10_000
    (title,) = elements(svg, "title")
    assert title.text == "<script>alert(1)</script>   & "


def test_numbers_are_written_as_the_language_writes_them() -> None:
    svg = draw_chart(Series("n", ("a", "b"), (1234567.5, 1e-9), (), 2), "n", "fr")
    words = [text.text for text in elements(svg, "text")]
    assert words == ["a", "1\u202f234\u202f570", "b", "1E-9"]


def test_terms_of_other_kinds_are_no_numbers() -> None:
    rows = [(NamedNode("http://e/1"), Literal("1")), (NamedNode("http://e/2"), Literal("2"))]
    found = Rows(("a", "b"), tuple(rows))
    assert as_table(found, READER, 0, 2).numeric == (False, False)
