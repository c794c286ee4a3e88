"""Turtle text to what it says of a few subjects, with places; other statements are skipped, not read.

It is for texts that another parser has read before: what is wrong in a skipped statement stays unseen.
"""

import re
from collections.abc import Container, Iterator

from pyoxigraph import NamedNode

from kg.positions.tokens import SPACE, WORDS, check_characters, find_tokens
from kg.positions.triples import PlacedTriple, State
from kg.positions.turtle import TurtleParser

__all__ = ["parse_excerpt"]

_SUBJECT = rf"{SPACE}(?:(?P<name>{WORDS['name']})|(?P<iri>{WORDS['iri']}))"
# What people write: a dot ends a statement before a space; between two digits it ends nothing.
_PLAIN = re.compile(
    rf"{_SUBJECT}(?:[^\"'<#.\\]++|{WORDS['string']}|{WORDS['iri']}|#[^\r\n]*+|\\.|(?<=[0-9])\.(?=[0-9]))*+"
    r"\.(?=[ \t\r\n#]|\Z)",
    re.DOTALL,
)
# What the grammar allows: the parser's own words, so that a dot inside one of them ends nothing.
_BODY = "|".join(WORDS[kind] for kind in ("name", "iri", "number", "string", "at", "blank", "word"))
_ANY = re.compile(rf"{_SUBJECT}(?:{SPACE}(?:{_BODY}|\^\^|[;,()\[\]]))*+{SPACE}\.", re.DOTALL)


def parse_excerpt(
    text: str, subjects: Container[NamedNode], base_iri: str | None = None
) -> Iterator[PlacedTriple]:
    """Read the statements of Turtle about some subjects, and those about blank nodes.

    Shape: as `parse_turtle`; triples inside brackets come with the statement they stand in.
    Raises: as `parse_turtle`, for what it reads.
    """
    return _ExcerptParser(text, subjects, base_iri).run()


class _ExcerptParser(TurtleParser):
    def __init__(self, text: str, subjects: Container[NamedNode], base_iri: str | None) -> None:
        super().__init__(text, base_iri)
        self._subjects = subjects

    def run(self) -> Iterator[PlacedTriple]:
        check_characters(self._text)
        at: int | None = 1 if self._text.startswith("\ufeff") else 0
        state: State = self._statement
        while at is not None:
            at, state = self._read_one(self._next(at), state)
            yield from self.placed
            self.placed.clear()

    def _next(self, at: int) -> int:
        """Where the next statement begins that must be read."""
        while found := _PLAIN.match(self._text, at) or _ANY.match(self._text, at):
            kind = found.lastgroup or ""
            try:
                if self._terms.read_iri(kind, found[kind]) in self._subjects:
                    break
            except ValueError:  # the parser says what is wrong with it
                break
            at = found.end()
        return at

    def _read_one(self, at: int, state: State) -> tuple[int | None, State]:
        """Read up to the end of a statement; say where that is, if it is not that of the text."""
        for word in find_tokens(self._text, at):
            state = self.take(state, word)
            if word.lastgroup == "end":
                break
            if state == self._statement:
                return word.end(), state
        return None, state
