"""One page of an answer in lines: the lines of the page kept, all others counted while they pass. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Window", "read_window"]

_MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Window:
    """Lines `first` and following of `total`, in `data` behind the line of names if there is one.

    `cut` says that lines are missing because they are too long to be shown.
    """

    data: bytes
    first: int
    total: int
    cut: bool


def read_window(pieces: Iterable[bytes], first: int, most: int, *, named: bool) -> Window:
    """Read an answer to its end, wherever its pieces are cut; `named`: its first line holds names.

    Shape: memory stays bounded, however long the answer and its lines are.
    """
    line, size = 0, 0  # the line being read, and the bytes kept so far
    kept: dict[int, list[bytes]] = {}
    begin = first + named
    stop, cut_at = begin + most, None
    for piece in pieces:
        if line >= stop:
            line += piece.count(b"\n")
            continue
        for number, part in enumerate(piece.split(b"\n")):
            line += number > 0
            if (named and line == 0) or begin <= line < stop:
                if cut_at is None and size + len(part) > _MOST_BYTES:
                    cut_at = line
                if cut_at is None:
                    kept.setdefault(line, []).append(part)
                    size += len(part)
    whole = [parts for n, parts in sorted(kept.items()) if n < line and (cut_at is None or n < cut_at)]
    data = b"".join(b"".join(parts) + b"\n" for parts in whole)
    return Window(data, first, max(line - named, 0), cut_at is not None and cut_at < line)
