"""Errors in the SELECT clause of a query: variables selected twice, already bound or not grouped."""

from collections.abc import Iterator
from typing import NamedTuple

from sauran.kg.sparql.scope import Misuse, ReadQuery

__all__ = ["AGGREGATES", "find_in_projections"]

AGGREGATES = frozenset(("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"))
_AFTER_KEYS = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "}"))


class _Select(NamedTuple):
    """A SELECT: where its columns begin and end, and the brace of its pattern."""

    start: int
    end: int
    pattern: int


def find_in_projections(read: ReadQuery, bound: dict[int, set[str]]) -> Iterator[Misuse]:
    """Find errors in SELECT clauses; `bound` has the variables of each group, by the position of its brace.

    Source: SPARQL 1.1 Query Language, sections 11.4, 18.2.4 and 19.8, notes 12 and 13.
    """
    for at, word in enumerate(read.words):
        if word == "SELECT":
            select = _read_select(read, at + 1)
            keys = _keys(read, select)
            yield from _named_again(read, select, bound[select.pattern] if keys is None else keys)
            if keys is not None:
                yield from _not_grouped(read, select, keys)


def _read_select(read: ReadQuery, at: int) -> _Select:
    end = at
    while read.words[end] not in ("{", "WHERE", "FROM"):
        end = read.closing.get(end, end) + 1
    pattern = end
    while read.words[pattern] != "{":
        pattern += 1
    return _Select(at, end, pattern)


def _keys(read: ReadQuery, select: _Select) -> set[str] | None:
    """The variables that a query groups by, none where all is one group; None where there are no groups."""
    at = read.closing[select.pattern] + 1
    if at >= len(read.words) or read.words[at] != "GROUP":
        ranges = (range(select.start, select.end), _modifiers(read, at))
        return set() if any(_has_aggregate(read, places) for places in ranges) else None
    found = set()
    while at < len(read.words) and read.words[at] not in _AFTER_KEYS:
        end = read.closing.get(at, at)
        # The name after AS, or a variable alone in its brackets.
        if read.words[at] == "(" and (read.words[end - 2] == "AS" or end == at + 2):
            found.add(read.variable(end - 1))
        else:
            found.add(read.variable(end))
        at = end + 1
    return found - {""}


def _named_again(read: ReadQuery, select: _Select, bound: set[str]) -> Iterator[Misuse]:
    named = set()
    at = select.start
    while at < select.end:
        computed = read.words[at] == "("
        at = read.closing[at] - 1 if computed else at
        name, token = read.variable(at), read.tokens[at]
        if name in named:
            yield Misuse(token.start, f"{token.text} is named twice in SELECT.")
        elif computed and name in bound:
            yield Misuse(token.start, f"{token.text} is bound by the query already; name another after AS.")
        named |= {name} - {""}
        at += 2 if computed else 1


def _not_grouped(read: ReadQuery, select: _Select, keys: set[str]) -> Iterator[Misuse]:
    """Columns of groups that are neither keys nor made of aggregates."""
    for at in _outside_aggregates(read, range(select.start, select.end)):
        token = read.tokens[at]
        if read.words[at] == "*" and at == select.end - 1:
            yield Misuse(token.start, "SELECT * gives no groups; name what they are grouped by.")
        elif read.variable(at) and read.words[at - 1] != "AS" and read.variable(at) not in keys:
            yield Misuse(token.start, f"{token.text} is neither grouped nor aggregated; name it in GROUP BY.")


def _modifiers(read: ReadQuery, at: int) -> range:
    """Where HAVING and ORDER BY stand, after a pattern."""
    end = at
    while end < len(read.words) and read.words[end] not in ("}", "VALUES"):
        end = read.closing.get(end, end) + 1
    return range(at, end)


def _has_aggregate(read: ReadQuery, places: range) -> bool:
    at = places.start
    while at < places.stop:
        if read.words[at] in AGGREGATES:
            return True
        at = read.closing[at] + 1 if read.words[at] == "{" else at + 1
    return False


def _outside_aggregates(read: ReadQuery, places: range) -> Iterator[int]:
    """Places outside the brackets of aggregates and the groups of EXISTS."""
    at = places.start
    while at < places.stop:
        if read.words[at] in AGGREGATES:
            at = read.closing[at + 1]
        elif read.words[at] == "{":
            at = read.closing[at]
        else:
            yield at
        at += 1
