"""Groups of a SPARQL query and the variables bound in each. Needs a syntactically valid query."""

from collections.abc import Sequence
from typing import NamedTuple

from sauran.kg.sparql.tokens import Token, joined, tokens

__all__ = ["Misuse", "ReadQuery", "Scopes", "is_data", "read_query", "read_scopes"]

_OPENING, _CLOSING = frozenset(("(", "[", "{", "<<(")), frozenset((")", "]", "}", ")>>"))
_HIDING = ("MINUS", "EXISTS")


class Misuse(NamedTuple):
    """A misused token, with the reason."""

    offset: int
    why: str


class ReadQuery(NamedTuple):
    """Tokens, their keywords and signs, and for each opening bracket the place of the one that closes it."""

    tokens: Sequence[Token]
    words: Sequence[str]
    closing: dict[int, int]

    def end_of_expression(self, at: int) -> int:
        """Where the brackets end that follow a keyword, or that follow the function behind it."""
        while self.words[at] not in _OPENING:
            at += 1
        return self.closing[at]

    def variable(self, at: int) -> str:
        """The name of the variable at a place, without its sign; empty for other tokens."""
        return self.tokens[at].text[1:] if self.tokens[at].kind == "variable" else ""


class Scopes(NamedTuple):
    """What each group binds, by the place of its brace; and the variables of BIND that were bound before."""

    bound: dict[int, set[str]]
    bound_again: list[Token]


class _Group:
    """A group or expression that is open, what it binds so far, what others see of this: None for all."""

    def __init__(self, start: int, end: int, seen: set[str] | None) -> None:
        self.start, self.end, self.seen = start, end, seen
        self.bound: set[str] = set()


def read_query(query: str) -> ReadQuery:
    """Cut a query into tokens and find its brackets."""
    found = list(joined(tokens(query)))
    words = [token.text.upper() if token.kind in ("word", "sign") else "" for token in found]
    opened, closing = [], {}
    for at, word in enumerate(words):
        if word in _OPENING:
            opened.append(at)
        elif word in _CLOSING:
            closing[opened.pop()] = at
    return ReadQuery(found, words, closing)


def read_scopes(read: ReadQuery) -> Scopes:
    """Collect what groups bind.

    Source: SPARQL 1.1 Query Language, sections 10.1 and 18.2.1.
    """
    scopes = Scopes({}, [])
    groups = [_Group(-1, len(read.words), None)]
    at = 0
    while at < len(read.words):
        word = read.words[at]
        if word == "{" and not is_data(read, at):
            groups.append(_Group(at, read.closing[at], _seen_outside(read, at)))
        elif at == groups[-1].end:
            ended = groups.pop()
            scopes.bound[ended.start] = ended.bound
            groups[-1].bound |= ended.bound if ended.seen is None else ended.seen
        elif word == "FILTER" and read.words[at + 1] not in ("EXISTS", "NOT"):
            groups.append(_Group(at, read.end_of_expression(at), set()))
        elif word == "BIND":
            end = read.closing[at + 1]
            if read.variable(end - 1) in groups[-1].bound:
                scopes.bound_again.append(read.tokens[end - 1])
            groups[-1].bound.add(read.variable(end - 1))
            groups.append(_Group(at, end, set()))
        elif read.variable(at):
            groups[-1].bound.add(read.variable(at))
        at += 1
    return scopes


def is_data(read: ReadQuery, at: int) -> bool:
    """Whether a brace opens the data of VALUES."""
    back = at - 1
    if read.variable(back):
        return read.words[back - 1] == "VALUES"
    if read.words[back] != ")":
        return False
    back -= 1
    while read.variable(back):
        back -= 1
    return read.words[back] == "(" and read.words[back - 1] == "VALUES"


def _seen_outside(read: ReadQuery, at: int) -> set[str] | None:
    """What others see of the group at a place: nothing, what its SELECT gives, or None for all."""
    if read.words[at - 1] in _HIDING:
        return set()
    if read.words[at + 1] != "SELECT":
        return None
    found, here = set(), at + 2
    while read.words[here] not in ("{", "WHERE", "*"):
        if read.words[here] == "(":
            here = read.closing[here]
            found.add(read.variable(here - 1))
        elif read.variable(here):
            found.add(read.variable(here))
        here += 1
    return None if read.words[here] == "*" else found
