"""Lookup of quads by subject in the sorted N-Quads dump of a release.

Documents are made from the dump, not from the store, because the store changes literals: it turns
xsd:nonNegativeInteger into xsd:integer.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

from pyoxigraph import BlankNode, Quad, RdfFormat, parse

from sauran.kg.model.errors import ReleaseError

__all__ = ["QuadFile"]

_BLOCK = 16 * 1024  # bytes between two marks: a block is searched in a microsecond
_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


class QuadFile:
    """Finds quads in a file in which each graph is contiguous and sorted by subject and property.

    Only an index of some lines is in memory; all processes share the pages of the mapped file.
    """

    def __init__(self, nquads: Path) -> None:
        try:
            with nquads.open("rb") as file:
                self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise ReleaseError(str(nquads), "cannot be read.", "Build the release again.") from error
        self._graphs = tuple(self._mark_graphs())

    def about(self, iri: str, most: int | None = None) -> list[Quad]:
        """The quads about an IRI and its own fragment IRIs, and about blank nodes that they refer to.

        Shape: at most the given number for the IRI, and for its fragments, in each graph.
        """
        found = dict.fromkeys([*self._starting(f"<{iri}> ", most), *self.fragments(iri, most)])
        todo = list(found)
        while todo:
            target = todo.pop().object
            if isinstance(target, BlankNode):
                fresh = [quad for quad in self._starting(f"{target} ") if quad not in found]
                found |= dict.fromkeys(fresh)
                todo += fresh
        return list(found)

    def exactly(self, iri: str) -> list[Quad]:
        """The quads with an IRI as subject."""
        return list(self._starting(f"<{iri}> "))

    def fragments(self, iri: str, most: int | None = None) -> list[Quad]:
        """The quads about the fragment IRIs of an IRI; at most the given number in each graph."""
        return list(self._starting(f"<{iri}#", most))

    def values(self, iri: str, property_iri: str, most: int) -> list[Quad]:
        """The first quads with an IRI as subject and a property; further ones are not read."""
        return list(islice(self._starting(f"<{iri}> <{property_iri}> ", most), most))

    def instances(self, class_iri: str, graph: str, after: str = "") -> Iterator[str]:
        """The IRIs of a class in one graph, in the order of the file: all, or those after one of them."""
        # Only such lines end like this: literals have no raw line breaks, and are not classes.
        ending = b"> %s <%s> <%s> .\n" % (_TYPE, class_iri.encode(), graph.encode())
        marks, end = self._graphs_by_name.get(f"<{graph}>".encode(), ([(b"", 0)], 0))
        at, last = marks[0][1], after.encode()
        if after:
            key = _key(b"<%s> " % last)
            index = bisect_left(marks, (key,))
            at = self._find(key, marks[max(index - 1, 0)][1], marks[index][1] if index < len(marks) else end)
        while (found := self._lines.find(ending, at, end)) >= 0:
            iri = self._lines[self._lines.rfind(b"\n", 0, found) + 2 : found]
            if iri != last:
                yield iri.decode()
            at = found + len(ending)

    def pieces(self, graph: str, size: int) -> list[tuple[int, int]]:
        """The offsets of pieces of a graph, each of about the given size and of whole lines."""
        marks, end = self._graphs_by_name.get(f"<{graph}>".encode(), ([], 0))
        starts = [at for _, at in marks[:: max(size // _BLOCK, 1)]]
        return list(zip(starts, [*starts[1:], end], strict=False))

    def subjects(self, start: int, end: int) -> Iterator[str]:
        """The IRIs of the subjects whose first line is between two offsets of lines."""
        last = self._lines[self._lines.rfind(b"\n", 0, max(start - 1, 0)) + 1 : start].partition(b" ")[0]
        while start < end:
            subject = self._lines[start : self._lines.find(b" ", start)]
            if subject != last and subject[:1] == b"<":
                yield subject[1:-1].decode()
            last, start = subject, self._next_line(start)

    def _starting(self, start: str, most: int | None = None) -> Iterator[Quad]:
        """The quads whose lines start with a text, graph by graph; at most the given number of each."""
        prefix = start.encode()
        key = _key(prefix)
        for marks, end in self._graphs:
            # The first such line is after the last mark that sorts before it, or is the next mark.
            index = bisect_left(marks, (key,))
            last = marks[index][1] if index < len(marks) else end
            at = stop = self._find(key, marks[max(index - 1, 0)][1], last)
            lines = 0
            while stop < end and lines != most and self._starts(stop, prefix):
                stop = self._next_line(stop)
                lines += 1
            if stop > at:
                yield from parse(self._lines[at:stop], format=RdfFormat.N_QUADS)

    @cached_property
    def _graphs_by_name(self) -> dict[bytes, tuple[list[tuple[bytes, int]], int]]:
        return {self._graph_name(marks[0][1]): (marks, end) for marks, end in self._graphs}

    def _find(self, key: bytes, first: int, last: int) -> int:
        """Find, by bisection, the first line between two offsets that does not sort before a key."""
        while first < last:
            middle = max(self._lines.rfind(b"\n", first, (first + last) // 2) + 1, first)
            if self._line_key(middle) < key:
                first = self._next_line(middle)
            else:
                last = middle
        return first

    def _starts(self, line: int, prefix: bytes) -> bool:
        return self._lines[line : line + len(prefix)] == prefix

    def _mark_graphs(self) -> Iterator[tuple[list[tuple[bytes, int]], int]]:
        """For each graph: the sort keys of some lines with their offsets, and the offset of its end."""
        start, size = 0, len(self._lines)
        while start < size:
            end = self._graph_end(start)
            marks, at = [], start
            while at < end:
                marks.append((self._line_key(at), at))
                at = self._next_line(at + _BLOCK) if at + _BLOCK < end else end
            yield marks, end
            start = end

    def _line_key(self, line: int) -> bytes:
        property_at = self._lines.find(b" ", line) + 1
        return _key(self._lines[line : self._lines.find(b" ", property_at) + 1])

    def _graph_end(self, start: int) -> int:
        """Find, by bisection, the end of the graph of the line at `start`."""
        name = self._graph_name(start)
        low, high = start, len(self._lines)  # `low` is a line of the graph, `high` a line after it
        while True:
            middle = self._next_line((low + high) // 2)
            if middle >= high:
                middle = self._next_line(low)
                if middle >= high:
                    return high
            if self._graph_name(middle) == name:
                low = middle
            else:
                high = middle

    def _graph_name(self, line: int) -> bytes:
        return self._lines[line : self._next_line(line)].rsplit(b" ", 2)[1]

    def _next_line(self, offset: int) -> int:
        """The offset of the line after the one at an offset."""
        found = self._lines.find(b"\n", offset)
        return len(self._lines) if found < 0 else found + 1


def _key(start: bytes) -> bytes:
    """The sort key of the start of a line: rdf:type before all other properties, these by IRI."""
    subject, space, rest = start.partition(b" ")
    return subject + space + (b"" if rest.startswith(_TYPE) else rest.replace(b">", b""))
