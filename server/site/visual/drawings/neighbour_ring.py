"""A thing with what it is connected with around it: a ring of names that cover each other nowhere. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.canvas import WIDTH, Box, Canvas, Line, cut_to, width_of, wrapped

__all__ = ["MOST_DRAWN", "Neighbour", "Seat", "draw_neighbourhood", "seats_for"]

MOST_DRAWN = 24
_ROW, _SIZE, _SMALL = 48, 15, 12
_RING, _BEND = 190.0, 0.92
_RADIUS, _AWAY = 6.0, 14.0
_MIDDLE, _LINE = 190.0, 20.0  # the box in the middle: its width, and of what height its lines are


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something that a property connects with the thing: `outward` from it, else towards it.

    `plain` says that a triple connects them, not claims alone; `said` tells how many claims do, in words.
    """

    name: Label
    property: Label
    outward: bool
    plain: bool
    claims: int = 0
    with_notes: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
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
    seats = list(seats_for(drawn))
    for seat in seats:
        _draw_edge(canvas, seat, height / 2)
    lines = wrapped(middle.text, _MIDDLE - 20, _SIZE, 3)
    tall = len(lines) * _LINE + 22
    canvas.shape(
        "rect", "middle", x=(WIDTH - _MIDDLE) / 2, y=(height - tall) / 2, width=_MIDDLE, height=tall, rx=6
    )
    group = canvas.link(middle, middle.text)
    for number, line in enumerate(lines):
        foot = (height - tall) / 2 + 11 + (number + 0.78) * _LINE
        canvas.text(Line(line, WIDTH / 2, foot, "name", "middle", middle.language), group)
    for seat in seats:
        _draw_seat(canvas, seat, language)
    return canvas.markup()


def seats_for(neighbours: Sequence[Neighbour]) -> Iterator[Seat]:
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
        yield Seat(neighbour, x, y, _room(neighbour, x, y, right=on_right), on_right)


def _height(count: int) -> float:
    return max(math.ceil(count / 2) * _ROW, 3 * _ROW) + 24


def _room(neighbour: Neighbour, x: float, y: float, *, right: bool) -> Box:
    """The room of a name with the property below it."""
    most = WIDTH - x - _AWAY if right else x - _AWAY
    width = min(max(width_of(neighbour.name.text, _SIZE), width_of(_below(neighbour), _SMALL)), most)
    left = x + _AWAY if right else x - _AWAY - width
    return Box(left, y - 20, left + width, y + 20)


def _below(neighbour: Neighbour) -> str:
    return f"{'→' if neighbour.outward else '←'} {neighbour.property.text}"


def _draw_edge(canvas: Canvas, seat: Seat, middle: float) -> None:
    kind = "edge" if seat.neighbour.plain else "edge claimed"
    canvas.shape("line", kind, x1=WIDTH / 2, y1=middle, x2=seat.x, y2=seat.y)
    # Which way the property goes: a head on the line, near the neighbour.
    across, down = seat.x - WIDTH / 2, seat.y - middle
    length = math.hypot(across, down)
    ahead, aside = across / length, down / length
    tip, back = (length - 10, length - 20) if seat.neighbour.outward else (length - 22, length - 12)
    canvas.area(
        [
            (WIDTH / 2 + ahead * along - aside * off, middle + aside * along + ahead * off)
            for along, off in ((tip, 0.0), (back, 4.5), (back, -4.5))
        ],
        "head",
    )


def _draw_seat(canvas: Canvas, seat: Seat, language: str) -> None:
    neighbour, room = seat.neighbour, seat.label.right - seat.label.left
    arrow = "→" if neighbour.outward else "←"
    words = f"{arrow} {neighbour.property.text}: {neighbour.name.text}. {neighbour.said}"
    group = canvas.link(neighbour.name, words.strip())
    canvas.shape(
        "circle",
        "node noted" if neighbour.with_notes else "node",
        group,
        cx=seat.x,
        cy=seat.y,
        r=_RADIUS,
    )
    anchor, x = ("start", seat.label.left) if seat.right else ("end", seat.label.right)
    name = cut_to(neighbour.name.text, room, _SIZE)
    canvas.text(Line(name, x, seat.y, "name", anchor, neighbour.name.language), group)
    below = cut_to(_below(neighbour), room, _SMALL)
    canvas.text(Line(below, x, seat.y + 15, "soft", anchor, neighbour.property.language or language), group)
