"""A map of places: a cylindrical projection with outlines of land, and labels that do not overlap. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.canvas import WIDTH, Box, Canvas, TextLine, text_width

__all__ = [
    "MapTexts",
    "MapView",
    "Mark",
    "PlacedMark",
    "Ring",
    "cut_rings",
    "draw_map",
    "place_marks",
    "unwind",
    "view_for",
]

Ring = Sequence[tuple[float, float]]
_ROUND = 360.0
_SIDE, _FOOT = 8, 28  # around the map: below it stand degrees
_SIZE, _LINE = 15, 20
_LEAST, _MOST = 6.0, 24.0  # radius of a mark
_NARROWEST, _FLATTEST, _TALLEST = 45.0, 0.48, 0.68  # degrees; height of a map to its width
_STEPS = (1, 2, 5, 10, 15, 20, 30, 45, 60)
_LINES = 8
_FAR_SHORTER = 0.75


def unwind(ring: Ring) -> list[tuple[float, float]]:
    """A ring without leaps over the 180th meridian; one that goes around a pole is closed through it.

    Shape: longitudes may pass 180 degrees on either side; latitude stays.
    """
    found: list[tuple[float, float]] = []
    for longitude, latitude in ring:
        before = found[-1][0] if found else longitude
        found.append((longitude - _ROUND * round((longitude - before) / _ROUND), latitude))
    (begin, _), (end, latitude) = found[0], found[-1]
    if abs(end - begin) > _ROUND / 2:
        pole = 90.0 if latitude > 0 else -90.0
        found += [(end, pole), (begin, pole)]
    return found


def cut_rings(rings: Sequence[Ring], window: Box) -> Iterator[list[tuple[float, float]]]:
    """The parts of rings within a window of degrees, `top` being its south; land repeats each 360."""
    for ring in rings:
        whole = unwind(ring)
        west, east = min(x for x, _ in whole), max(x for x, _ in whole)
        # As many turns as reach the window.
        first, last = -int((east - window.left) // _ROUND), int((window.right - west) // _ROUND)
        for turn in range(first, last + 1):
            part = _cut([(x + turn * _ROUND, y) for x, y in whole], window)
            if len(part) > 2:
                yield part


def _cut(ring: list[tuple[float, float]], window: Box) -> list[tuple[float, float]]:
    """Cut off what lies beyond each side in turn.

    Source: Sutherland and Hodgman, Reentrant polygon clipping, 1974.
    """
    sides = ((0, window.left, 1), (0, window.right, -1), (1, window.top, 1), (1, window.bottom, -1))
    for axis, limit, side in sides:
        ring = _beside(ring, axis, limit, side)
    return ring


def _beside(ring: list[tuple[float, float]], axis: int, limit: float, side: int) -> list[tuple[float, float]]:
    kept = []
    for here, there in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        before, after = (side * (point[axis] - limit) >= 0 for point in (here, there))
        if before:
            kept.append(here)
        if before != after:
            part = (limit - here[axis]) / (there[axis] - here[axis])
            kept.append((here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])))
    return kept


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place in degrees; `count` gives its size, `summary` describes it in words."""

    name: Label
    longitude: float
    latitude: float
    count: int = 0
    summary: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MapTexts:
    """What a map says in the language of its page: its title, and patterns of degrees: N, S, E, W."""

    title: str
    degrees: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class MapView:
    """The part of the world that is drawn, and how degrees become places in the picture."""

    west: float
    east: float
    south: float
    north: float
    height: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a place is in the picture, whichever way around the world it is named."""
        turned = self.west + (longitude - self.west) % 360
        if turned > self.east:
            turned = longitude
        x = _SIDE + (turned - self.west) / (self.east - self.west) * (WIDTH - 2 * _SIDE)
        y = _SIDE + (self.north - latitude) / (self.north - self.south) * (self.height - _SIDE - _FOOT)
        return x, y

    @property
    def frame(self) -> Box:
        """The room of the map within the picture."""
        return Box(_SIDE, _SIDE, WIDTH - _SIDE, self.height - _FOOT)


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark in the picture; without `label` there was no room for its name."""

    mark: Mark
    x: float
    y: float
    radius: float
    label: Box | None


def draw_map(marks: Sequence[Mark], land: Sequence[Ring] | None, words: MapTexts) -> Markup:
    """Draw at least one mark over the outlines of land if there are any; a list beside it says the same."""
    view = view_for([mark for mark in marks if mark.chosen] or marks)
    inside = [mark for mark in marks if _is_on(view, mark)]
    canvas = Canvas("map", view.height, words.title)
    frame = view.frame
    canvas.shape("rect", "sea", x=_SIDE, y=_SIDE, width=frame.right - _SIDE, height=frame.bottom - _SIDE)
    window = Box(view.west, view.south, view.east, view.north)
    canvas.outlines(([_flat(view, x, y) for x, y in ring] for ring in cut_rings(land or (), window)), "land")
    _draw_degrees(canvas, view, words)
    for placed in place_marks(inside, view):
        _draw_mark(canvas, placed)
    return canvas.markup()


def view_for(marks: Sequence[Mark]) -> MapView:
    """Choose the part of the world that shows some marks with land around them."""
    west, span = _extent([mark.longitude for mark in marks])
    south, north = min(m.latitude for m in marks), max(m.latitude for m in marks)
    middle, centre = (south + north) / 2, west + span / 2
    # A degree of longitude is as long as in the middle of the map.
    flat = max(math.cos(math.radians(min(abs(middle), 70.0))), 0.3)
    width = min(max(span * 1.3 + 8, _NARROWEST / flat), 360.0)
    tall = (north - south) * 1.35 + 6
    ratio = min(max(tall / (width * flat), _FLATTEST), _TALLEST)
    width = min(max(width, tall / flat / ratio), 360.0)
    tall = min(width * flat * ratio, 180.0)
    low = min(max(middle - tall / 2, -90.0), 90.0 - tall)
    height = (WIDTH - 2 * _SIDE) * min(max(tall / (width * flat), _FLATTEST), 1.0) + _SIDE + _FOOT
    return MapView(centre - width / 2, centre + width / 2, low, low + tall, round(height))


def place_marks(marks: Sequence[Mark], view: MapView) -> list[PlacedMark]:
    """Find a place for each name where it covers no name and no mark: the largest marks choose first."""
    most = max((mark.count for mark in marks), default=0) or 1
    ordered = sorted(marks, key=lambda m: (not m.chosen, -m.count, m.name.text))
    at = [(*view.at(m.longitude, m.latitude), _radius(m.count, most)) for m in ordered]
    taken = [Box(x - r, y - r, x + r, y + r) for x, y, r in at]
    found = []
    for number, (mark, (x, y, radius)) in enumerate(zip(ordered, at, strict=True)):
        others = taken[:number] + taken[number + 1 :]
        free = (
            box
            for box in _around(x, y, radius, text_width(mark.name.text, _SIZE))
            if _holds(view.frame, box) and not any(box.meets(other) for other in others)
        )
        label = next(free, None)
        if label:
            taken.append(label)
        found.append(PlacedMark(mark, x, y, radius, label))
    return found


def _extent(longitudes: Sequence[float]) -> tuple[float, float]:
    """Where places begin in the west, how far they reach; over the 180th meridian if that is far shorter."""
    ordered = sorted(x % 360 for x in longitudes)
    gaps = [
        ((after - before) % 360 or (360 if len(set(ordered)) == 1 else 0), after)
        for before, after in zip([ordered[-1], *ordered[:-1]], ordered, strict=True)
    ]
    gap, west = max(gaps)
    plain = max(longitudes) - min(longitudes)
    if 360 - gap > plain * _FAR_SHORTER:
        return min(longitudes), plain
    return west, 360 - gap


def _is_on(view: MapView, mark: Mark) -> bool:
    x, y = view.at(mark.longitude, mark.latitude)
    return _holds(view.frame, Box(x, y, x, y))


def _flat(view: MapView, longitude: float, latitude: float) -> tuple[float, float]:
    """As `Sheet.at`, for points that stand where they are meant."""
    x = _SIDE + (longitude - view.west) / (view.east - view.west) * (WIDTH - 2 * _SIDE)
    return x, view.at(view.west, latitude)[1]


def _radius(count: int, most: int) -> float:
    """The area of a mark tells its number."""
    return _LEAST if count <= 0 else max(_MOST * math.sqrt(count / most), _LEAST)


def _around(x: float, y: float, radius: float, width: float) -> Iterator[Box]:
    """Places for a name: right, left, above, below, then at the corners."""
    away, half = radius + 5, _LINE / 2
    left, right, middle = x - away - width, x + away, x - width / 2
    above, below = y - away - _LINE, y + away
    places = [(right, y - half), (left, y - half), (middle, above), (middle, below)]
    places += [(x + radius, y - radius - half), (x + radius, y + radius - half)]
    places += [(x - radius - width, y - radius - half), (x - radius - width, y + radius - half)]
    for begin, top in places:
        yield Box(begin, top, begin + width, top + _LINE)


def _holds(frame: Box, box: Box) -> bool:
    return (
        frame.left <= box.left
        and box.right <= frame.right
        and frame.top <= box.top
        and box.bottom <= frame.bottom
    )


def _draw_degrees(canvas: Canvas, view: MapView, words: MapTexts) -> None:
    north, south, east, west = words.degrees
    for longitude in _lines(view.west, view.east):
        x, _ = _flat(view, longitude, view.north)
        canvas.shape("line", "grid", x1=x, x2=x, y1=_SIDE, y2=view.frame.bottom)
        turned = (longitude + 180) % 360 - 180
        summary = (east if turned > 0 else west if turned not in (0, -180) else "%s°") % f"{abs(turned):g}"
        canvas.text(TextLine(summary, x, view.height - 9, "soft", "middle"))
    for latitude in _lines(view.south, view.north):
        _, y = _flat(view, view.west, latitude)
        canvas.shape("line", "grid", x1=_SIDE, x2=WIDTH - _SIDE, y1=y, y2=y)
        summary = (north if latitude > 0 else south if latitude else "%s°") % f"{abs(latitude):g}"
        canvas.text(TextLine(summary, _SIDE + 5, y - 4, "soft"))


def _lines(low: float, high: float) -> list[float]:
    """Round degrees between two, not too many."""
    step = next((s for s in _STEPS if (high - low) / s <= _LINES), _STEPS[-1])
    margin = (high - low) / 25
    return [
        float(n * step)
        for n in range(math.ceil((low + margin) / step), math.floor((high - margin) / step) + 1)
    ]


def _draw_mark(canvas: Canvas, placed: PlacedMark) -> None:
    mark, box = placed.mark, placed.label
    group = canvas.link(mark.name, f"{mark.name.text}{': ' if mark.summary else ''}{mark.summary}")
    canvas.shape(
        "circle", "mark chosen" if mark.chosen else "mark", group, cx=placed.x, cy=placed.y, r=placed.radius
    )
    if box:
        # Its letters may need less room than they were given: it stands on the side of its mark.
        anchor, x = ("middle", (box.left + box.right) / 2)
        if box.left >= placed.x:
            anchor, x = "start", box.left
        elif box.right <= placed.x:
            anchor, x = "end", box.right
        canvas.text(TextLine(mark.name.text, x, box.bottom - 5, "name", anchor, mark.name.language), group)
