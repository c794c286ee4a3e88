"""Outlines of land: whole over the 180th meridian and around the pole, cut to the window."""

from itertools import pairwise

from sauran.server.site.visual.drawings.canvas import Box
from sauran.server.site.visual.drawings.outlines import cut_rings, unwind

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
