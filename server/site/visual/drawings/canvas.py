"""A picture in SVG being drawn: shapes, texts and links, and how much room a text takes. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

from sauran.server.http.localised_labels import Label

__all__ = ["WIDTH", "Box", "Canvas", "TextLine", "text_width", "truncate", "wrap"]

WIDTH = 960
_NARROW, _WIDE = "iIjltfr.,:;!'|()[] ·/-", "mwMWщшюжфыЩШЮЖФЫМД@%—…"
# Of a letter's size: what the widest of the usual fonts needs.
_WIDTHS = {"narrow": 0.38, "wide": 0.98, "capital": 0.74, "other": 0.63}


@dataclass(frozen=True, slots=True)
class Box:
    """The room that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether two share any room."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text: `y` is its foot, `anchor` says which part of it is at `x`, `look` is its class."""

    words: str
    x: float
    y: float
    look: str = ""
    anchor: str = "start"
    language: str | None = None


class Canvas:
    """An SVG picture with a title for who cannot see it; what it shows stands beside it in words."""

    def __init__(self, kind: str, height: float, title: str) -> None:
        name = f"{kind}-title"
        self.root: Element = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": f"drawing {kind}",
                # Not img: what is an image holds no links (axe, nested-interactive).
                "role": "group",
                "viewBox": f"0 0 {WIDTH} {_number_text(height)}",
                "width": str(WIDTH),
                "height": _number_text(height),
                "aria-labelledby": name,
            },
        )
        SubElement(self.root, "title", {"id": name}).text = _clean(title)

    def link(self, shown: Label, words: str, parent: Element | None = None) -> Element:
        """A group that leads where a term leads; `words` are shown when one points at it."""
        under = self.root if parent is None else parent
        group = SubElement(under, "a", {"href": shown.href}) if shown.href else SubElement(under, "g")
        SubElement(group, "title").text = _clean(words)
        return group

    def shape(self, kind: str, name: str = "", parent: Element | None = None, **numbers: float) -> Element:
        """A rect, circle, line or ellipse; `name` is its class."""
        given = {"class": name} if name else {}
        given |= {key: _number_text(value) for key, value in numbers.items()}
        return SubElement(self.root if parent is None else parent, kind, given)

    def area(self, points: Iterable[tuple[float, float]], name: str, parent: Element | None = None) -> None:
        """A closed area."""
        coordinates = " ".join(f"{_number_text(x)},{_number_text(y)}" for x, y in points)
        SubElement(self.root if parent is None else parent, "polygon", {"class": name, "points": coordinates})

    def outlines(self, rings: Iterable[Iterable[tuple[float, float]]], name: str) -> None:
        """Many rings as one area; a ring within another is a hole."""
        path = "".join(
            f"M{'L'.join(f'{_number_text(x)} {_number_text(y)}' for x, y in ring)}Z" for ring in rings
        )
        if path:
            SubElement(self.root, "path", {"class": name, "d": path, "fill-rule": "evenodd"})

    def text(self, line: TextLine, parent: Element | None = None) -> Element:
        """Write a line of text."""
        given = {"x": _number_text(line.x), "y": _number_text(line.y), "text-anchor": line.anchor}
        given |= {"class": line.look} if line.look else {}
        given |= {"lang": line.language} if line.language else {}
        text = SubElement(self.root if parent is None else parent, "text", given)
        text.text = _clean(line.words)
        return text

    def more(self, text: Element, words: str, name: str, language: str) -> None:
        """Further words in a line of text, looking otherwise."""
        SubElement(text, "tspan", {"class": name, "lang": language}).text = _clean(words)

    def markup(self) -> Markup:
        """The picture, fit to stand in a page."""
        return Markup(tostring(self.root, encoding="unicode"))  # noqa: S704 (the writer has escaped all texts)


def text_width(words: str, size: float) -> float:
    """How wide a text may become at most in letters of a size."""
    return sum(_WIDTHS[_kind_of(letter)] for letter in words) * size


def truncate(words: str, room: float, size: float) -> str:
    """A text as far as there is room for it."""
    if text_width(words, size) <= room + 0.5:  # a sum of fractions may be off by some
        return words
    while words and text_width(f"{words}…", size) > room:
        words = words[:-1]
    return f"{words.rstrip()}…"


def wrap(words: str, room: float, size: float, most: int) -> list[str]:
    """A text in lines, `most` of them; what is left over is cut off."""
    lines: list[str] = []
    for word in words.split():
        if lines and (text_width(f"{lines[-1]} {word}", size) <= room or len(lines) == most):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [truncate(line, room, size) for line in lines]


def _kind_of(letter: str) -> str:
    if letter in _NARROW:
        return "narrow"
    if letter in _WIDE or unicodedata.east_asian_width(letter) in "WF":
        return "wide"
    return "capital" if letter.isupper() else "other"


def _number_text(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _clean(words: str) -> str:
    """Without what XML cannot hold, and without what turns the direction of text around."""
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else " " for c in words)
