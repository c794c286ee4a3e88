"""Find statements in Turtle text by their subjects or by their blank nodes.

The text must have passed another parser: errors in skipped statements are not noticed.
"""

import functools
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from sauran.kg.model.findings import Term
from sauran.kg.positions.blank_nodes import match_blanks, numbered_blanks
from sauran.kg.positions.tokens import SPACE, WORDS, check_characters, find_tokens
from sauran.kg.positions.triples import PlacedTriple, State
from sauran.kg.positions.turtle import TurtleParser

__all__ = ["Statements"]

_SUBJECT = rf"{SPACE}(?:(?P<name>{WORDS['name']})|(?P<iri>{WORDS['iri']}))"
# What people write: a dot ends a statement before a space; between two digits it ends nothing.
_PLAIN = re.compile(
    rf"{_SUBJECT}(?:[^\"'<#.\\]++|{WORDS['string']}|{WORDS['iri']}|#[^\r\n]*+|\\.|(?<=[0-9])\.(?=[0-9]))*+"
    r"\.(?=[ \t\r\n#]|\Z)",
    re.DOTALL,
)
_VALUES = frozenset(["blank", "iri", "name", "number", "string", "word"])


@functools.cache
def _any() -> re.Pattern[str]:
    """Any token of the parser, so that a dot inside a token does not end a statement."""
    body = "|".join(WORDS[kind] for kind in ("name", "iri", "number", "string", "at", "blank", "word"))
    return re.compile(rf"{_SUBJECT}(?:{SPACE}(?:{body}|\^\^|[;,()\[\]]))*+{SPACE}\.", re.DOTALL)


class Statements:
    """The statements of one text; those that begin with no name are read whatever is asked for.

    Numbers are those of blank nodes: of the whole text, in the order in which Oxigraph's parser gives them.
    A text with labels of blank nodes must not be asked for any.
    Raises: TurtleSyntaxError for the first fault where a statement had to be read to see its end.
    """

    text: str

    def __init__(self, text: str, base_iri: str | None = None) -> None:
        check_characters(text)
        self.text, self._base = text, base_iri
        self._starts = array("Q")
        self._blanks_before = array("Q")
        self._about: dict[str, int | list[int]] = {}
        self._others = array("Q")
        self._directives = array("Q")
        self._find_all()

    def read(
        self,
        subjects: Iterable[Term],
        numbers: Iterable[int] = (),
        blanks: dict[int, BlankNode] | None = None,
    ) -> Iterator[PlacedTriple]:
        """Read the statements about some subjects, and those with some blank nodes in them.

        Shape: as `parse_turtle`; `blanks` gets the label of each blank node that was asked for.
        """
        wanted = set(numbers)
        parser = _Parser(self.text, self._base)
        for number in self._wanted((*self._directives, *self._others), subjects, wanted):
            start, end = self._starts[number], self._starts[number + 1]
            parser.read(start)
            before, after = self._blanks_before[number : number + 2]
            if blanks is not None and any(n in wanted for n in range(before, after)):
                quads = list(parse(parser.alone(start, end), format=RdfFormat.TURTLE))
                ours = match_blanks(parser.placed, quads)
                for n, node in enumerate(numbered_blanks(quads), start=before):
                    if n in wanted and node in ours:
                        blanks[n] = ours[node]
            yield from parser.placed
            parser.placed.clear()

    def parse(self, subjects: Iterable[Term], numbers: Iterable[int]) -> Iterator[tuple[int, list[Quad]]]:
        """What Oxigraph reads in the same statements, with the number of the first blank node of each.

        Shape: those that begin with no name come only if a blank node in them is asked for.
        """
        parser, directives = _Parser(self.text, self._base), frozenset(self._directives)
        for number in self._wanted(self._directives, subjects, numbers):
            start, end = self._starts[number], self._starts[number + 1]
            if number in directives:
                parser.read(start)
            else:
                quads = list(parse(parser.alone(start, end), format=RdfFormat.TURTLE))
                yield self._blanks_before[number], quads

    def _wanted(self, always: Iterable[int], subjects: Iterable[Term], numbers: Iterable[int]) -> list[int]:
        """The statements that must be read, in the order of the text."""
        found = set(always)
        for subject in subjects:
            at = self._about.get(subject.value) if isinstance(subject, NamedNode) else None
            if at is not None:
                found.update([at] if isinstance(at, int) else at)
        most = self._blanks_before[-1]
        found.update(bisect_right(self._blanks_before, n) - 1 for n in numbers if 0 <= n < most)
        return sorted(found)

    def _find_all(self) -> None:
        text, match, end = self.text, _PLAIN.match, len(self.text)
        parser, brackets = _Parser(text, self._base), _Brackets(text)
        expand = parser.expand
        at: int | None = 1 if text.startswith("\ufeff") else 0
        passed = 0
        while at is not None:
            number, start = len(self._starts), at
            self._starts.append(start)
            self._blanks_before.append(passed)
            found = match(text, start) or _match_any(text, start)
            iri = expand(found) if found else None
            if found and iri is not None:
                at = found.end()
                self._remember(iri, number)
            else:
                at = parser.read(start)
                (self._others if parser.placed else self._directives).append(number)
                parser.placed.clear()
            if brackets.at < (end if at is None else at):
                passed += brackets.count(start, end if at is None else at)
        self._starts.append(end)
        self._blanks_before.append(passed)

    def _remember(self, iri: str, number: int) -> None:
        known = self._about.setdefault(iri, number)
        if isinstance(known, list):
            known.append(number)
        elif known != number:
            self._about[iri] = [known, number]


def _match_any(text: str, at: int) -> re.Match[str] | None:
    first = next(find_tokens(text, at))
    return _any().match(text, at) if first.lastgroup in ("name", "iri") else None


class _Parser(TurtleParser):
    """Reads one statement at a time; directives hold for those that are read after them."""

    def expand(self, found: re.Match[str]) -> str | None:
        """The IRI of a subject; None where the parser has to say what is wrong with it."""
        kind = found.lastgroup or ""
        try:
            return self._terms.expand(kind, found[kind])
        except ValueError:
            return None

    def read(self, at: int) -> int | None:
        """Read to the end of a statement; return its offset unless it is the end of the text."""
        state: State = self._statement
        for word in find_tokens(self._text, at):
            state = self.take(state, word)
            if word.lastgroup == "end":
                break
            if state == self._statement:
                return word.end()
        return None

    def alone(self, start: int, end: int) -> str:
        """A statement as a text of its own."""
        return self._terms.directives() + self._text[start:end]


class _Brackets:
    """Counts blank nodes without a label, statement by statement; `at` is where the next bracket stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = {"[": -1, "(": -1}
        self.at = -1
        self._pass(0)

    def _pass(self, end: int) -> None:
        for sign, at in self._next.items():
            if at < end:
                found = self._text.find(sign, end)
                self._next[sign] = len(self._text) if found < 0 else found
        self.at = min(self._next.values())

    def count(self, start: int, end: int) -> int:
        """How many blank nodes a statement makes: one for each square bracket and for each item of a list."""
        blanks, is_type = 0, False
        lists: list[bool] = []  # for each open bracket, whether it is that of a list
        for word in find_tokens(self._text, start):
            if word.end() > end or word.lastgroup == "end":
                break
            kind, written = word.lastgroup or "", word[word.lastgroup or ""]
            opens = written in ("[", "(")
            item = opens or (kind in _VALUES and not is_type)
            blanks += bool(lists and lists[-1] and item) + (written == "[")
            if opens:
                lists.append(written == "(")
            elif written in ("]", ")"):
                lists.pop()
            is_type = written == "^^"
        self._pass(end)
        return blanks
