"""A thing with what it is connected with around it: a ring of names that cover each other nowhere. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.canvas import WIDTH, Box, Canvas, TextLine, text_width, truncate, wrap

__all__ = ["MOST_DRAWN", "Neighbour", "PlacedNeighbour", "draw_neighbourhood", "place_neighbours"]

MOST_DRAWN = 24
_ROW, _SIZE, _SMALL = 48, 15, 12
_RING, _BEND = 190.0, 0.92
_RADIUS, _AWAY = 6.0, 14.0
_MIDDLE, _LINE = 190.0, 20.0  # the box in the middle: its width, and of what height its lines are


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something that a property connects with the thing: `outward` from it, else towards it.

    `plain` says that a triple connects them, not claims alone; `summary` tells how many claims do, in words.
    """

    name: Label
    property: Label
    outward: bool
    plain: bool
    claims: int = 0
    with_notes: int = 0
    summary: str = ""


@dataclass(frozen=True, slots=True)
class PlacedNeighbour:
    """Where a neighbour is: its dot, the room of its name, and the side on which that stands."""

    neighbour: Neighbour
    x: float
    y: float
    label: Box
    right: bool


def draw_neighbourhood(middle: Label, neighbours: Sequence[Neighbour], title: str, language: str) -> Markup:
    """Draw the first neighbours around a thing; a table beside says the same of all."""
    drawn = neighbours[:MOST_DRAWN]
    height = _height(len(drawn))
    canvas = Canvas("neighbourhood", height, title)
    ring = list(place_neighbours(drawn))
    for placed in ring:
        _draw_edge(canvas, placed, height / 2)
    lines = wrap(middle.text, _MIDDLE - 20, _SIZE, 3)
    tall = len(lines) * _LINE + 22
    canvas.shape(
        "rect", "middle", x=(WIDTH - _MIDDLE) / 2, y=(height - tall) / 2, width=_MIDDLE, height=tall, rx=6
    )
    group = canvas.link(middle, middle.text)
    for number, line in enumerate(lines):
        foot = (height - tall) / 2 + 11 + (number + 0.78) * _LINE
        canvas.text(TextLine(line, WIDTH / 2, foot, "name", "middle", middle.language), group)
    for placed in ring:
        _draw_neighbour(canvas, placed, language)
    return canvas.markup()


def place_neighbours(neighbours: Sequence[Neighbour]) -> Iterator[PlacedNeighbour]:
    """Seat neighbours clockwise from above: half on the right going down, half on the left going up."""
    middle = _height(len(neighbours)) / 2
    right = math.ceil(len(neighbours) / 2)
    for number, neighbour in enumerate(neighbours):
        on_right = number < right
        rows = right if on_right else len(neighbours) - right
        row = number if on_right else rows - 1 - (number - right)
        part = (2 * (row + 0.5) / rows - 1) if rows else 0.0
        reach = _RING * math.sqrt(1 - (part * _BEND) ** 2)
        y = middle + (row + 0.5 - rows / 2) * _ROW
        x = WIDTH / 2 + (reach if on_right else -reach)
        yield PlacedNeighbour(neighbour, x, y, _room(neighbour, x, y, right=on_right), on_right)


def _height(count: int) -> float:
    return max(math.ceil(count / 2) * _ROW, 3 * _ROW) + 24


def _room(neighbour: Neighbour, x: float, y: float, *, right: bool) -> Box:
    """The room of a name with the property below it."""
    most = WIDTH - x - _AWAY if right else x - _AWAY
    width = min(max(text_width(neighbour.name.text, _SIZE), text_width(_below(neighbour), _SMALL)), most)
    left = x + _AWAY if right else x - _AWAY - width
    return Box(left, y - 20, left + width, y + 20)


def _below(neighbour: Neighbour) -> str:
    return f"{'→' if neighbour.outward else '←'} {neighbour.property.text}"


def _draw_edge(canvas: Canvas, placed: PlacedNeighbour, middle: float) -> None:
    kind = "edge" if placed.neighbour.plain else "edge claimed"
    canvas.shape("line", kind, x1=WIDTH / 2, y1=middle, x2=placed.x, y2=placed.y)
    # Which way the property goes: a head on the line, near the neighbour.
    across, down = placed.x - WIDTH / 2, placed.y - middle
    length = math.hypot(across, down)
    ahead, aside = across / length, down / length
    tip, back = (length - 10, length - 20) if placed.neighbour.outward else (length - 22, length - 12)
    canvas.area(
        [
            (WIDTH / 2 + ahead * along - aside * off, middle + aside * along + ahead * off)
            for along, off in ((tip, 0.0), (back, 4.5), (back, -4.5))
        ],
        "head",
    )


def _draw_neighbour(canvas: Canvas, placed: PlacedNeighbour, language: str) -> None:
    neighbour, room = placed.neighbour, placed.label.right - placed.label.left
    arrow = "→" if neighbour.outward else "←"
    words = f"{arrow} {neighbour.property.text}: {neighbour.name.text}. {neighbour.summary}"
    group = canvas.link(neighbour.name, words.strip())
    canvas.shape(
        "circle",
        "node noted" if neighbour.with_notes else "node",
        group,
        cx=placed.x,
        cy=placed.y,
        r=_RADIUS,
    )
    anchor, x = ("start", placed.label.left) if placed.right else ("end", placed.label.right)
    name = truncate(neighbour.name.text, room, _SIZE)
    canvas.text(TextLine(name, x, placed.y, "name", anchor, neighbour.name.language), group)
    below = truncate(_below(neighbour), room, _SMALL)
    canvas.text(
        TextLine(below, x, placed.y + 15, "soft", anchor, neighbour.property.language or language), group
    )
