"""The words of Turtle and TriG: one regular expression, and where each word stands in its text.

It knows no grammar: which word may follow which is the business of `turtle`.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import ContentError

__all__ = [
    "SHORT_STRING",
    "SPACE",
    "WORDS",
    "LineMap",
    "Position",
    "TurtleSyntaxError",
    "check_characters",
    "find_tokens",
    "unescape",
]


@dataclass(frozen=True, slots=True)
class Position:
    """Name one place in a text.

    Units: line and column count from 1, columns in code points; a byte order mark has no column.
    """

    line: int
    column: int


class TurtleSyntaxError(ContentError):
    """A text is not in its format; says at which line and column, and how to mend it."""

    def __init__(self, place: Position, what: str, fix: str = "") -> None:
        super().__init__(f"line {place.line}, column {place.column}", what, fix)
        self.line, self.column = place.line, place.column
        self.message = f"{what} {fix}".rstrip()


class LineMap:
    """Turn offsets of one text into positions.

    Shape: CR LF, LF and a lone CR each end a line, as in editors and SARIF viewers.
    """

    def __init__(self, text: str) -> None:
        self._starts = array("Q", [1 if text.startswith("\ufeff") else 0])
        self._starts.extend(end.end() for end in re.finditer(r"\r\n?|\n", text))

    def position(self, offset: int) -> Position:
        """Find the line and column of the code point at `offset`."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)


def check_characters(text: str) -> None:
    """Raise TurtleSyntaxError where a text holds what is no character."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"U+{ord(text[error.start]):04X} is half of a surrogate pair, no character."
        place = LineMap(text).position(error.start)
        raise TurtleSyntaxError(place, what, "Save the text as UTF-8.") from error


_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = _BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040\\-"
_PLX = r"(?:%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_UCHAR = r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_ESCAPE = rf"(?:\\[tbnrf\"'\\]|{_UCHAR})"
SHORT_STRING = rf'"(?!"")(?:[^"\\\r\n]++|{_ESCAPE})*+"'
_IRI_CHARS = r"[^\x00-\x20<>\"{}|^`\\]*+"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_PLX})(?:[{_CHARS}:]++|{_PLX}|\.++(?=[{_CHARS}:]|{_PLX}))*+"

# Possessive throughout (*+, ++): a long or hostile text never backtracks.
# Order matters: longest string quotes first, a prefixed name before a bare word, numbers before the dot.
WORDS = {
    "name": rf"(?:[{_BASE}](?:[{_CHARS}]++|\.++(?=[{_CHARS}]))*+)?+:(?:{_LOCAL})?+",
    "iri": rf"<{_IRI_CHARS}(?:{_UCHAR}{_IRI_CHARS})*+>",
    "number": r"[+-]?(?:[0-9]++(?:\.[0-9]*+(?=[eE][+-]?[0-9])|\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+",
    "mark": r"\^\^|[.;,()\[\]}]|\{(?!\|)",
    "string": (
        rf'"""(?:[^"\\]++|{_ESCAPE}|"{{1,2}}(?!"))*+"""'
        rf"|'''(?:[^'\\]++|{_ESCAPE}|'{{1,2}}(?!'))*+'''"
        rf"|{SHORT_STRING}"
        rf"|'(?!'')(?:[^'\\\r\n]++|{_ESCAPE})*+'"
    ),
    "at": r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+",
    "blank": rf"_:[{_BASE}_0-9](?:[{_CHARS}]++|\.++(?=[{_CHARS}]))*+",
    "word": rf"[{_BASE}][{_CHARS}]*+",
    "rdf12": r"<<\(?|>>|\{\||\|\}|~",
    "end": r"\Z",
    "unknown": r".",
}
SPACE = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
_TOKEN = re.compile(
    SPACE + "(?:" + "|".join(f"(?P<{kind}>{word})" for kind, word in WORDS.items()) + ")",
    re.DOTALL,
)


def find_tokens(text: str, at: int = 0) -> Iterator[re.Match[str]]:
    """Cut `text` into words from an offset on; the last is of kind `end`.

    Shape: `lastgroup` of a match is its kind; the group of that name is the word as written.
    A character that begins no word is one of kind `unknown`, a word of a later Turtle of kind `rdf12`.
    Source: RDF 1.1 Turtle, section 6.5, terminals.
    """
    return _TOKEN.finditer(text, at or (1 if text.startswith("\ufeff") else 0))


_ESCAPED = re.compile(r"\\(?:u(....)|U(........)|(.))", re.DOTALL)
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescape(written: str) -> str:
    """Replace each escape by the character it stands for.

    Raises: ValueError when a number names no Unicode scalar value.
    Source: RDF 1.1 Turtle, section 6.4.
    """
    return _ESCAPED.sub(_escaped_character, written) if "\\" in written else written


def _escaped_character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2]
    if digits is None:
        return _CONTROLS.get(escape[3], escape[3])
    number = int(digits, 16)
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise ValueError(f"{escape[0]} is no Unicode character.")
    return chr(number)
