"""Count the rows of an answer in a stream of chunks."""

import re
from typing import Protocol

__all__ = ["CsvRows", "JsonRows", "RowCount", "TsvRows", "XmlRows"]

_HEADER = -1  # the header line does not count as a row


class RowCount(Protocol):
    """Counts rows in the next piece of a table; `offset` is to be added to the sum."""

    @property
    def offset(self) -> int:
        """What to add to the sum of all pieces."""

    def __call__(self, piece: bytes, /) -> int:
        """Count rows in the next piece."""


class TsvRows:
    """Counts lines: line feeds in values are escaped."""

    offset = _HEADER

    def __call__(self, piece: bytes) -> int:
        """Count rows in the next piece."""
        return piece.count(b"\n")


class XmlRows:
    """Counts the beginnings of rows, also where one is cut by the border of two pieces."""

    offset = 0
    _MARK = b"<result>"  # "<" in values is escaped

    def __init__(self) -> None:
        self._tail = b""

    def __call__(self, piece: bytes) -> int:
        """Count rows in the next piece."""
        text = self._tail + piece
        self._tail = text[-len(self._MARK) + 1 :]
        return text.count(self._MARK)


class CsvRows:
    """Counts line feeds outside quotes."""

    offset = _HEADER

    def __init__(self) -> None:
        self._quoted = False

    def __call__(self, piece: bytes) -> int:
        """Count rows in the next piece."""
        rows = 0
        for number, part in enumerate(piece.split(b'"')):
            if number:
                self._quoted = not self._quoted
            if not self._quoted:
                rows += part.count(b"\n")
        return rows


class JsonRows:
    """Counts the beginnings of rows: "[{" for the first, "},{" for each further one, outside strings.

    A name follows "},{" in a row with values. A value that ends with these letters is followed by "}" or
    ",", as no name is. A row without values ("{}") can be told from text only by following the quotes.
    """

    offset = 0
    _FURTHER = re.compile(rb'\},\{(?="[^},]|(\}))')
    _AHEAD = 4  # bytes of a mark, and behind it, beyond its first

    def __init__(self) -> None:
        self._tail = b""
        self._within = False  # whether the tail begins within a string
        self._begun = False

    def __call__(self, piece: bytes) -> int:
        """Count rows in the next piece."""
        text = self._tail + piece
        if b"\\" in text:
            # In values only, so that no mark comes to be; a last lone one waits for what it escapes.
            text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
        cut = max(len(text) - self._AHEAD, 0)
        self._tail = text[cut:]
        rows = 0
        if not self._begun and b"[{" in text[: cut + 1]:
            self._begun = True  # before the first row there are only names
            rows = 1
        # Each match is an empty text, or "}" where a row may be one without values.
        further = self._FURTHER.findall(text, 0, cut + self._AHEAD)
        rows += self._slowly(text, cut) if any(further) else len(further)
        self._within ^= bool(text.count(b'"', 0, cut) & 1)
        return rows

    def _slowly(self, text: bytes, cut: int) -> int:
        # The mark's first byte decides to which piece it belongs.
        parts = text[: cut + 2].split(b'"')
        return sum(part.count(b"},{") for part in parts[int(self._within) :: 2])
