"""The neighbourhood: a ring of names that cover nothing, with lines that say which way and by whom."""

import pytest
from page_support import picture

from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.neighbour_ring import (
    MOST_DRAWN,
    Neighbour,
    draw_neighbourhood,
    place_neighbours,
)

SVG = "{http://www.w3.org/2000/svg}"
MIDDLE = Label("Kazakhstan", "en", "/en/doc/kazakhstan")


def neighbours(number: int) -> list[Neighbour]:
    return [
        Neighbour(
            Label(f"thing {n} " * (n % 6 + 1), "en", f"/en/doc/{n}"),
            Label("cooperates with", "en"),
            outward=n % 2 == 0,
            plain=n % 3 == 0,
            with_notes=n % 4,
            summary="2 claims",
        )
        for n in range(number)
    ]


@pytest.mark.parametrize("number", range(MOST_DRAWN + 1))
def test_no_name_covers_another_name_a_dot_or_the_middle(number: int) -> None:
    ring = list(place_neighbours(neighbours(number)))
    assert len(ring) == number
    for n, placed in enumerate(ring):
        assert placed.label.left >= 0
        assert placed.label.right <= 960
        for other in ring[n + 1 :]:
            assert not placed.label.meets(other.label)
        for other in ring:
            inside = (
                placed.label.left < other.x < placed.label.right
                and placed.label.top < other.y < placed.label.bottom
            )
            assert not inside


@pytest.mark.parametrize("number", [0, 1, 24, 30])
def test_as_many_are_drawn_as_there_is_room_for(number: int) -> None:
    root = picture(draw_neighbourhood(MIDDLE, neighbours(number), "Neighbourhood", "en"))
    drawn = min(number, MOST_DRAWN)
    assert [a.get("href") for a in root.iter(f"{SVG}a")] == [
        "/en/doc/kazakhstan",
        *(f"/en/doc/{n}" for n in range(drawn)),
    ]
    assert len(root.findall(f"{SVG}line")) == len(root.findall(f"{SVG}polygon")) == drawn


def test_lines_say_who_says_so_and_rings_that_there_are_notes() -> None:
    root = picture(draw_neighbourhood(MIDDLE, neighbours(4), "Neighbourhood", "en"))
    assert [line.get("class") for line in root.iter(f"{SVG}line")] == [
        "edge",
        "edge claimed",
        "edge claimed",
        "edge",
    ]
    assert [dot.get("class") for dot in root.iter(f"{SVG}circle")] == [
        "node",
        "node noted",
        "node noted",
        "node noted",
    ]
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert titles[2] == "→ cooperates with: thing 0 . 2 claims"
    assert str(titles[3]).startswith("← cooperates with: thing 1")


def test_heads_point_the_way_the_property_goes() -> None:
    def reach(outward: bool) -> tuple[float, float]:
        one = [Neighbour(Label("it"), Label("p"), outward, plain=True)]
        (head,) = picture(draw_neighbourhood(MIDDLE, one, "N", "en")).iter(f"{SVG}polygon")
        xs = [float(point.partition(",")[0]) for point in head.get("points", "").split()]
        return xs[0], xs[1]  # the tip, and one of the corners behind it

    assert reach(outward=True)[0] > reach(outward=True)[1]
    assert reach(outward=False)[0] < reach(outward=False)[1]


def test_names_of_strangers_stay_names() -> None:
    hostile = Label("</svg><script>alert(1)</script>", "en", "/x")
    drawn = draw_neighbourhood(
        hostile, [Neighbour(hostile, hostile, outward=True, plain=True)], hostile.text, "en"
    )
    assert "<script" not in drawn
    picture(drawn)
