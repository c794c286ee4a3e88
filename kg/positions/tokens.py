"""Tokeniser of Turtle and TriG: one regular expression, and the position of each token.

The grammar is in `turtle`.
"""

import itertools
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sauran.kg.model.errors import ContentError
from sauran.kg.model.name_characters import FIRST, FIRST_OR_DIGIT, LATER, LATER_OR_COLON, LOCAL_FIRST

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


_PIECE = 1024


@dataclass(frozen=True, slots=True)
class Position:
    """Name one place in a text.

    Units: line and column count from 1, columns in code points; a byte order mark has no column.
    """

    line: int
    column: int


class TurtleSyntaxError(ContentError):
    """A syntax error in a text, with line, column and how to fix it."""

    line: int
    column: int

    def __init__(self, place: Position, what: str, fix: str = "") -> None:
        super().__init__(f"line {place.line}, column {place.column}", what, fix)
        self.line, self.column = place.line, place.column
        self.message: str = f"{what} {fix}".rstrip()


class LineMap:
    """Turn offsets of one text into positions.

    Shape: CR LF, LF and a lone CR each end a line, as in editors and SARIF viewers.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> "array[int] | None":
        """Where lines start; None where LF alone ends them: for few places it is quicker to count these."""
        if "\r" not in self._text:
            return None
        starts = array("Q", [self._first])
        starts.extend(end.end() for end in re.finditer(r"\r\n?|\n", self._text))
        return starts

    @cached_property
    def _first(self) -> int:
        return 1 if self._text.startswith("\ufeff") else 0

    @cached_property
    def _ends_before(self) -> "array[int]":
        """The number of line ends before each piece of the text."""
        pieces = range(0, len(self._text) + 1, _PIECE)
        each = (self._text.count("\n", at, at + _PIECE) for at in pieces)
        return array("Q", itertools.accumulate(each, initial=0))

    def position(self, offset: int) -> Position:
        """Find the line and column of the code point at `offset`."""
        if self._starts is not None:
            line = bisect_right(self._starts, offset)
            return Position(line, offset - self._starts[line - 1] + 1)
        piece = offset // _PIECE
        ended = self._ends_before[piece] + self._text.count("\n", piece * _PIECE, offset)
        start = self._text.rfind("\n", 0, offset) + 1 if ended else self._first
        return Position(ended + 1, offset - start + 1)


def check_characters(text: str) -> None:
    """Raise TurtleSyntaxError for code points that are not characters."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"U+{ord(text[error.start]):04X} is half of a surrogate pair, no character."
        place = LineMap(text).position(error.start)
        raise TurtleSyntaxError(place, what, "Save the text as UTF-8.") from error


_PLX = r"(?:%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_UCHAR = r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_ESCAPE = rf"(?:\\[tbnrf\"'\\]|{_UCHAR})"
SHORT_STRING = rf'"(?!"")(?:[^"\\\r\n]++|{_ESCAPE})*+"'
_IRI_CHARS = r"[^\x00-\x20<>\"{}|^`\\]*+"
_LOCAL = rf"(?:{LOCAL_FIRST}|{_PLX})(?:{LATER_OR_COLON}++|{_PLX}|\.++(?={LATER_OR_COLON}|{_PLX}))*+"

# Possessive throughout (*+, ++): a long or hostile text never backtracks.
# Order matters: longest string quotes first, a prefixed name before a bare word, numbers before the dot.
WORDS = {
    "name": rf"(?:{FIRST}(?:{LATER}++|\.++(?={LATER}))*+)?+:(?:{_LOCAL})?+",
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
    "blank": rf"_:{FIRST_OR_DIGIT}(?:{LATER}++|\.++(?={LATER}))*+",
    "word": rf"{FIRST}{LATER}*+",
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
        raise ValueError(f"{escape[0]} is not a Unicode character.")
    return chr(number)
