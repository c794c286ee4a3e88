"""Spans of time, their places in a timeline, and how it is drawn."""

import random
from xml.etree import ElementTree as ET

import pytest
from page_support import picture
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.namespaces import PREFIXES, XSD
from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.timeline import (
    Span,
    TimelineEntry,
    day_of,
    draw_timeline,
    lay_out,
    read_span,
    scale_for,
    year_of,
)


def test_a_span_is_read_out_of_literals() -> None:
    span = read_span(
        Literal("2022-01-01", datatype=XSD.date),
        Literal("2022-01-31", datatype=XSD.date),
        Literal("2022-01", datatype=NamedNode(PREFIXES["edtf"] + "EDTF")),
    )
    assert span == Span("2022-01-01", "2022-01-31", "2022-01")
    assert span.first == 2022.0
    assert span.last == pytest.approx(2022 + 1 / 12)


@pytest.mark.parametrize("text", ["2022", "2022-13-01", "2022-00-10", "2022-01-32", "soon", ""])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_span(Literal(text), None, None).beginning is None


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


SVG = "{http://www.w3.org/2000/svg}"


def entries(number: int, seed: int = 3) -> list[TimelineEntry]:
    chance = random.Random(seed)  # noqa: S311 (the same every time)
    found = []
    for n in range(number):
        begin = chance.randrange(1950, 2024)
        span = Span(
            None if n % 7 == 0 else f"{begin}-0{chance.randrange(1, 9)}-15",
            None if n % 5 == 1 else f"{begin + chance.choice((0, 1, 20))}-12-31",
        )
        found.append(
            TimelineEntry(
                Label(f"{'Something long ' * chance.randrange(5)}number {n}"), "Events", span, "2 claims"
            )
        )
    return found


def texts(root: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def stretch(span: Span, **more: float | None) -> ET.Element:
    entry = TimelineEntry(Label("it"), "Events", span)
    scale = scale_for([span, Span("1990-01-01", "2030-12-31")], **more)
    (found,) = picture(draw_timeline([entry], scale, "Timeline", "en")).iter(f"{SVG}polygon")
    return found


@pytest.mark.parametrize("number", [1, 2, 20, 250])
def test_neither_bars_nor_words_cover_each_other(number: int) -> None:
    given = entries(number)
    bars = lay_out(given, scale_for([e.span for e in given]), 0.0)
    assert {bar.entry for bar in bars} == set(given)
    boxes = [box for bar in bars for box in (bar.bar, bar.label)]
    assert all(box.left >= 0 and box.right <= 960 for box in boxes)
    for n, box in enumerate(boxes):
        assert not any(box.meets(other) for other in boxes[n + 1 :])


def test_every_entry_is_drawn_under_its_heading_with_its_words() -> None:
    given = [
        TimelineEntry(
            Label("unrest <b>", "en", "/en/doc/unrest"),
            "Events",
            Span("2022-01-01", "2022-01-31"),
            "7 claims",
            4,
        ),
        TimelineEntry(
            Label("since 1991", "en", "/en/doc/time/x"), "Times", Span("1991-01-01", None), "10 claims"
        ),
    ]
    root = picture(draw_timeline(given, scale_for([e.span for e in given]), "Timeline", "en"))
    assert [a.get("href") for a in root.iter(f"{SVG}a")] == ["/en/doc/unrest", "/en/doc/time/x"]
    shown = texts(root)
    assert shown.index("Events") < shown.index("unrest <b> · 7 claims") < shown.index("Times")
    assert "since 1991 · 10 claims" in shown
    assert {"1990", "2020"} <= set(shown)


@pytest.mark.parametrize(
    ("span", "corners", "look"),
    [
        (Span("2000-01-01", "2001-12-31"), 4, "stretch"),
        (Span("2000-01-01", None), 5, "stretch open"),
        (Span(None, "2000-12-31"), 5, "stretch open"),
        (Span(None, None), 6, "stretch open"),
        (Span("2000-01-01", "2000-12-31", "2000~"), 4, "stretch vague"),
        (Span("2000-01-01", None, "2000?/.."), 5, "stretch open vague"),
    ],
)
def test_a_bar_says_which_ends_are_open_and_whether_it_is_vague(span: Span, corners: int, look: str) -> None:
    drawn = stretch(span)
    assert drawn.get("class") == look
    assert len(drawn.get("points", "").split()) == corners


def test_what_goes_on_beyond_the_chosen_years_is_an_arrow() -> None:
    assert stretch(Span("1995-01-01", "2005-12-31"), first=2000.0, last=2010.0).get("class") == "stretch open"


def test_a_single_day_can_be_seen() -> None:
    xs = [
        float(p.partition(",")[0])
        for p in stretch(Span("2022-01-05", "2022-01-05")).get("points", "").split()
    ]
    assert max(xs) - min(xs) >= 8


@pytest.mark.parametrize(
    ("span", "language", "ticks"),
    [
        (Span("2021-11-01", "2022-02-28"), "en", {"Nov 2021", "Jan 2022"}),
        (Span("2021-11-01", "2022-02-28"), "fr", {"nov. 2021", "janv. 2022"}),
        (Span("-0300-01-01", "0200-12-31"), "en", {"−300", "0", "200"}),
        (Span("1000-01-01", "9999-12-31"), "en", {"2000", "10000"}),
    ],
    ids=["months", "months in French", "before our era", "millennia"],
)
def test_the_line_has_round_years_or_months(span: Span, language: str, ticks: set[str]) -> None:
    root = picture(draw_timeline([TimelineEntry(Label("it"), "E", span)], scale_for([span]), "T", language))
    assert ticks <= set(texts(root))
    assert len(texts(root)) < 40


def test_a_time_that_is_a_moment_gets_a_line_around_it() -> None:
    scale = scale_for([Span("2022-01-05", "2022-01-05")])
    assert scale.high - scale.low > 0.5
    assert scale_for([]).high > scale_for([]).low
