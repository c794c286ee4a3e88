"""Outlines of land, the part of the world that a map shows, and its labels."""

import random
from itertools import pairwise

import pytest
from page_support import picture

from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.canvas import Box
from sauran.server.site.visual.drawings.world_map import (
    MapTexts,
    Mark,
    cut_rings,
    draw_map,
    place_marks,
    unwind,
    view_for,
)

CHUKOTKA = [
    (170.0, 60.0),
    (180.0, 60.0),
    (-175.0, 62.0),
    (-170.0, 66.0),
    (180.0, 70.0),
    (170.0, 70.0),
    (170.0, 60.0),
]
AROUND_THE_POLE = [
    (-180.0, -80.0),
    (-90.0, -70.0),
    (0.0, -72.0),
    (90.0, -66.0),
    (180.0, -80.0),
    (-180.0, -80.0),
]
SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]


def area(ring: list[tuple[float, float]]) -> float:
    return abs(sum(a * d - c * b for (a, b), (c, d) in pairwise([*ring, ring[0]]))) / 2


def test_a_ring_over_the_180th_meridian_is_unwound_without_leaps() -> None:
    whole = unwind(CHUKOTKA)
    assert max(abs(a[0] - b[0]) for a, b in pairwise(whole)) <= 15
    assert [x for x, _ in whole] == [170, 180, 185, 190, 180, 170, 170]


def test_a_ring_around_the_pole_is_closed_through_it() -> None:
    whole = unwind(AROUND_THE_POLE)
    assert whole[-2:] == [(180.0, -90.0), (-180.0, -90.0)]
    (part,) = cut_rings([AROUND_THE_POLE], Box(-30.0, -90.0, 30.0, 0.0))
    assert all(y <= -70 for _, y in part)
    assert area(part) > 60 * 17


def test_land_is_cut_to_the_window() -> None:
    (part,) = cut_rings([SQUARE], Box(5.0, 5.0, 20.0, 20.0))
    assert area(part) == 25
    assert list(cut_rings([SQUARE], Box(20.0, 20.0, 30.0, 30.0))) == []


def test_land_is_there_on_whichever_turn_the_window_is() -> None:
    for turn in (-360.0, 0.0, 360.0):
        (part,) = cut_rings([SQUARE], Box(turn - 5, -5.0, turn + 15, 15.0))
        assert area(part) == 100
    assert len(list(cut_rings([SQUARE], Box(-180.0, -90.0, 181.0 + 360, 90.0)))) == 2


def test_both_shores_of_the_180th_meridian_are_in_one_window() -> None:
    east, west = [(175.0, 0.0), (180.0, 0.0), (180.0, 5.0)], [(-180.0, 0.0), (-175.0, 0.0), (-180.0, 5.0)]
    parts = list(cut_rings([east, west], Box(170.0, -10.0, 190.0, 10.0)))
    assert [(min(x for x, _ in part), max(x for x, _ in part)) for part in parts] == [(175, 180), (180, 185)]


SVG = "{http://www.w3.org/2000/svg}"
WORDS = MapTexts("Map", ("%s° N", "%s° S", "%s° E", "%s° W"))
LAND = [[(60.0, 30.0), (80.0, 30.0), (80.0, 60.0), (60.0, 60.0), (60.0, 30.0)]]


def marks(number: int, seed: int = 7) -> list[Mark]:
    chance = random.Random(seed)  # noqa: S311 (the same every time)
    return [
        Mark(
            Label(f"Place number {n}"), chance.uniform(50, 90), chance.uniform(35, 60), chance.randrange(200)
        )
        for n in range(number)
    ]


@pytest.mark.parametrize("number", [1, 2, 12, 60, 300])
def test_no_name_covers_another_or_a_mark(number: int) -> None:
    shown = marks(number)
    view = view_for(shown)
    placed = place_marks(shown, view)
    assert {p.mark for p in placed} == set(shown)
    labels = [p.label for p in placed if p.label]
    assert labels
    for n, label in enumerate(labels):
        assert not any(label.meets(other) for other in labels[n + 1 :])
        assert label.left >= view.frame.left
        assert label.right <= view.frame.right
    for p in placed:
        dot = Box(p.x - p.radius, p.y - p.radius, p.x + p.radius, p.y + p.radius)
        assert not any(dot.meets(label) for label in labels)


def test_every_mark_is_drawn_with_its_words_and_its_link() -> None:
    shown = [Mark(Label("Veldon <b>", "en", "/en/doc/veldon"), 70, 45, 3, "3 claims"), *marks(5)]
    root = picture(draw_map(shown, LAND, WORDS))
    assert len(root.findall(f".//{SVG}circle")) == 6
    (link,) = root.findall(f"{SVG}a")
    assert link.get("href") == "/en/doc/veldon"
    assert link.findtext(f"{SVG}title") == "Veldon <b>: 3 claims"
    assert [text.text for text in link.iter(f"{SVG}text")] == ["Veldon <b>"]
    assert root.find(f"{SVG}path[@class='land']") is not None


def test_without_outlines_the_degrees_are_there_still() -> None:
    root = picture(draw_map(marks(4), None, WORDS))
    assert root.find(f"{SVG}path") is None
    summary = {text.text for text in root.findall(f"{SVG}text")}
    assert any(str(words).endswith("° N") for words in summary)
    assert any(str(words).endswith("° E") for words in summary)


def test_a_larger_number_makes_a_larger_mark() -> None:
    shown = [Mark(Label("few"), 60, 40, 2), Mark(Label("many"), 70, 50, 100), Mark(Label("none"), 65, 45)]
    radius = {p.mark.name.text: p.radius for p in place_marks(shown, view_for(shown))}
    assert radius["many"] > radius["few"] >= radius["none"] > 0


@pytest.mark.parametrize(
    ("longitudes", "widest"),
    [((67.3,), 120), ((179.0, -179.0), 120), ((-98.6, 104.0), 300), ((-170.0, 0.0, 170.0), 360)],
    ids=["one place", "on both sides of 180°", "half the world", "the world"],
)
def test_the_window_holds_all_places_and_little_more(longitudes: tuple[float, ...], widest: float) -> None:
    shown = [Mark(Label(str(x)), x, 40.0) for x in longitudes]
    view = view_for(shown)
    assert view.east - view.west <= widest
    assert len(place_marks(shown, view)) == len(longitudes)
    for mark in shown:
        x, y = view.at(mark.longitude, mark.latitude)
        assert view.frame.left <= x <= view.frame.right
        assert view.frame.top <= y <= view.frame.bottom


@pytest.mark.parametrize("latitude", [-90.0, -89.0, 0.0, 89.0, 90.0])
def test_the_window_never_leaves_the_earth(latitude: float) -> None:
    view = view_for([Mark(Label("there"), 10, latitude)])
    assert -90 <= view.south < view.north <= 90


def test_the_chosen_place_is_in_the_middle_and_far_ones_are_left_out() -> None:
    shown = [
        Mark(Label("here"), 67, 48, chosen=True),
        Mark(Label("far"), -98, 40),
        Mark(Label("near"), 70, 50),
    ]
    root = picture(draw_map(shown, LAND, WORDS))
    assert [t.text for t in root.findall(f"{SVG}g/{SVG}title")] == ["here", "near"]
    chosen = root.find(f".//{SVG}circle[@class='mark chosen']")
    assert chosen is not None
    assert abs(float(chosen.get("cx", "0")) - 480) < 1
