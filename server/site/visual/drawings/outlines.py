"""Outlines of land made fit for a map: unwound over the 180th meridian, moved, cut to a window. Pure."""

from collections.abc import Iterator, Sequence

from sauran.server.site.visual.drawings.canvas import Box

__all__ = ["Ring", "cut_rings", "unwind"]

Ring = Sequence[tuple[float, float]]
_ROUND = 360.0


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
