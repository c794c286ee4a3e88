"""Classes and the properties between them as a picture: three columns, joined by lines. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markupsafe import Markup

from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.canvas import WIDTH, Canvas, TextLine, truncate

__all__ = ["Between", "Node", "draw_diagram"]

_ROW, _BOX, _MARGIN, _STEP = (
    30,
    24,
    8,
    14,
)  # pixels: a row, the box in it, above and below all, for each depth
_COLUMN = 240  # the lines have what two columns leave between them
_GAP = (WIDTH - 3 * _COLUMN) / 2
_PADDING, _LETTER, _ARROW, _DEEPEST = 8, 13, 6, 6


@dataclass(frozen=True, slots=True)
class Node:
    """A box: what lines find it by, what it shows, how deep it is in its hierarchy."""

    key: str
    shown: Label
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """A box in the middle, and the keys of what it leads from and to."""

    node: Node
    sources: Sequence[str]
    targets: Sequence[str]


def draw_diagram(
    sources: Sequence[Node], between: Sequence[Between], targets: Sequence[Node], title: str
) -> Markup:
    """Draw what leads from where to where; a table beside it says the same in words."""
    height = max(len(sources), len(between), len(targets), 1) * _ROW + 2 * _MARGIN
    left, right = _places(sources, height), _places(targets, height)
    middle = sorted(between, key=lambda row: _centre(row, left, right))
    places = _places([row.node for row in middle], height)
    canvas = Canvas("diagram", height, title)
    _draw_column(canvas, sources, left, 0)
    _draw_column(canvas, targets, right, WIDTH - _COLUMN)
    start, end = _COLUMN + _GAP, 2 * _COLUMN + _GAP
    for row in middle:
        group, y = canvas.link(Label(""), row.node.shown.text), places[row.node.key]
        for key in row.sources:
            canvas.shape("line", "edge", group, x1=_COLUMN, y1=left[key], x2=start, y2=y)
        for key in row.targets:
            x, to = WIDTH - _COLUMN, right[key]
            canvas.shape("line", "edge", group, x1=end, y1=y, x2=x - _ARROW, y2=to)
            canvas.area(
                ((x, to), (x - _ARROW, to - _ARROW / 2), (x - _ARROW, to + _ARROW / 2)), "head", group
            )
        _draw_box(canvas, row.node, (start, y), _COLUMN, group)
    return canvas.markup()


def _places(nodes: Sequence[Node], height: float) -> dict[str, float]:
    """The middle of each box, all spread over the height."""
    step = (height - 2 * _MARGIN) / max(len(nodes), 1)
    return {node.key: _MARGIN + (number + 0.5) * step for number, node in enumerate(nodes)}


def _centre(row: Between, left: Mapping[str, float], right: Mapping[str, float]) -> tuple[float, str]:
    """Where a box crosses few lines: in the middle of what it is joined to."""
    ends = [left[key] for key in row.sources] + [right[key] for key in row.targets]
    return sum(ends) / max(len(ends), 1), row.node.key


def _draw_column(canvas: Canvas, nodes: Iterable[Node], places: Mapping[str, float], x: float) -> None:
    """Boxes of a hierarchy: those below are moved in, and joined to the one above."""
    above: list[float] = []
    for node in nodes:
        y, inset = places[node.key], min(node.depth, _DEEPEST) * _STEP
        del above[node.depth :]
        if above:
            elbow = x + inset - _STEP / 2
            canvas.shape("line", "kin", x1=elbow, y1=above[-1] + _BOX / 2, x2=elbow, y2=y)
            canvas.shape("line", "kin", x1=elbow, y1=y, x2=x + inset, y2=y)
        above.append(y)
        _draw_box(canvas, node, (x + inset, y), _COLUMN - inset)


def _draw_box(
    canvas: Canvas, node: Node, place: tuple[float, float], wide: float, parent: Element | None = None
) -> None:
    x, y = place
    holder = canvas.link(node.shown, node.shown.text, parent)
    canvas.shape("rect", "term", holder, x=x, y=y - _BOX / 2, width=wide, height=_BOX, rx=3)
    words = truncate(node.shown.text, wide - 2 * _PADDING, _LETTER)
    canvas.text(TextLine(words, x + _PADDING, y + 4.5, language=node.shown.language), holder)
