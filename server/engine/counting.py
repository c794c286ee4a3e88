"""Rows of an answer, counted in its bytes while they pass; each format has a mark that no value can hold."""

from collections.abc import Callable

__all__ = ["LimitPassed", "row_counter"]


class LimitPassed(Exception):
    """An answer is larger than it may be; `limit` is rows or bytes."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(limit)


def row_counter(format_name: str) -> tuple[Callable[[bytes], int], int]:
    """A function that counts rows in the next piece of an answer, and what to add to its sum.

    Shape: TSV escapes line feeds in values, so a line is a row; XML escapes "<"; in JSON a quote within a
    value is escaped, so '},{"' stands between rows only; in CSV a line feed counts outside quotes. RDF
    formats give 0: their triples are counted before they are written.
    """
    header = -1  # the line of names is no row
    if format_name == "tsv":
        return lambda piece: piece.count(b"\n"), header
    if format_name == "csv":
        return _CsvRows(), header
    if format_name == "xml":
        return _Marks(b"<result>"), 0
    if format_name == "json":
        return _Marks(b'},{"'), 1  # between n rows there are n - 1 marks
    return lambda piece: 0, 0


class _Marks:
    """Counts a mark, also where it is cut by the border of two pieces."""

    def __init__(self, mark: bytes) -> None:
        self._mark, self._tail = mark, b""

    def __call__(self, piece: bytes) -> int:
        text = self._tail + piece
        self._tail = text[-len(self._mark) + 1 :]
        return text.count(self._mark)


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
