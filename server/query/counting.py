"""Rows of an answer, counted in its bytes while they pass, wherever these are cut."""

import re
from collections.abc import Callable

__all__ = ["LimitPassed", "row_counter"]


class LimitPassed(Exception):
    """An answer is larger than it may be; `limit` is rows or bytes."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(limit)


def row_counter(format_name: str) -> tuple[Callable[[bytes], int], int]:
    """A function that counts rows in the next piece of an answer, and what to add to its sum.

    Shape: TSV escapes line feeds in values, so a line is a row; XML escapes "<"; in CSV a line feed counts
    outside quotes; JSON see below. Other formats give 0: their triples are counted before they are written.
    """
    header = -1  # the line of names is no row
    if format_name == "tsv":
        return lambda piece: piece.count(b"\n"), header
    if format_name == "csv":
        return _CsvRows(), header
    if format_name == "xml":
        return _XmlRows(), 0
    if format_name == "json":
        return _JsonRows(), 0
    return lambda piece: 0, 0


class _XmlRows:
    """Counts the beginnings of rows, also where one is cut by the border of two pieces."""

    _MARK = b"<result>"

    def __init__(self) -> None:
        self._tail = b""

    def __call__(self, piece: bytes) -> int:
        text = self._tail + piece
        self._tail = text[-len(self._MARK) + 1 :]
        return text.count(self._MARK)


class _CsvRows:
    """Counts line feeds outside quotes."""

    def __init__(self) -> None:
        self._quoted = False

    def __call__(self, piece: bytes) -> int:
        rows = 0
        for number, part in enumerate(piece.split(b'"')):
            if number:
                self._quoted = not self._quoted
            if not self._quoted:
                rows += part.count(b"\n")
        return rows


class _JsonRows:
    """Counts the beginnings of rows: "[{" for the first, "},{" for each further one, outside strings.

    A name follows "},{" in a row with values. A value that ends with these letters is followed by "}" or
    ",", as no name is. A row without values ("{}") can be told from text only by following the quotes.
    """

    _FURTHER = re.compile(rb'\},\{(?="[^},]|(\}))')
    _AHEAD = 4  # bytes of a mark, and behind it, beyond its first

    def __init__(self) -> None:
        self._tail = b""
        self._within = False  # whether the tail begins within a string
        self._begun = False

    def __call__(self, piece: bytes) -> int:
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
