"""Errors in syntactically valid SPARQL queries, such as labels in two patterns and ungrouped variables.

These are errors for which the engine gives no reason or no position. The query must have passed
`first_fault`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sauran.kg.sparql.scope import Misuse, ReadQuery, is_data, read_query, read_scopes
from sauran.kg.sparql.tokens import Token

__all__ = ["AGGREGATES", "find_in_projections", "find_misuse"]

_DIRECTIONS = ("ltr", "rtl")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT_ESCAPES = frozenset("tbnrf\\\"'")
_LAST_CHARACTER = 0x10FFFF
# Oxigraph 0.5 wants their bracket at once, as it does where BNODE has no argument.
_CLOSE_TO_BRACKETS = frozenset(("COALESCE", "CONCAT"))
AGGREGATES = frozenset(("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"))
_AFTER_KEYS = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "}"))


def find_misuse(query: str) -> Misuse | None:
    """Find the first misused token, for the known kinds of misuse."""
    read = read_query(query)
    scopes = read_scopes(read)
    known = [*_values(read), *_labels(read), *_aggregates(read), *_apart(read)]
    known += find_in_projections(read, scopes.bound)
    known += [
        Misuse(token.start, f"{token.text} is already bound before this BIND; name another.")
        for token in scopes.bound_again
    ]
    for token in read.tokens:
        if token.kind == "language":
            known += _directions(token)
        elif token.kind in ("string", "iri") and "\\" in token.text:
            known += _escapes(token)
    return min(known, default=None)


def _directions(token: Token) -> Iterator[Misuse]:
    _, dashes, direction = token.text.partition("--")
    if dashes and direction not in _DIRECTIONS:
        yield Misuse(token.start, f"the base direction {direction} is neither ltr nor rtl.")


def _escapes(token: Token) -> Iterator[Misuse]:
    for match in _ESCAPE.finditer(token.text):
        start, digits = token.start + match.start(), match[1] or match[2]
        if digits:
            code = int(digits, 16)
            if 0xD800 <= code <= 0xDFFF or code > _LAST_CHARACTER:
                yield Misuse(start, f"{match[0]} stands for no character.")
        elif match[3] in "uU":
            yield Misuse(start, "an escape has four hexadecimal digits after \\u, eight after \\U.")
        elif match[3] not in _SHORT_ESCAPES:
            yield Misuse(start, f"{match[0]} is not a valid escape; a backslash itself is written \\\\.")


def _values(read: ReadQuery) -> Iterator[Misuse]:
    """Rows that are longer or shorter than the variables, and variables named twice."""
    for at, word in enumerate(read.words):
        if word != "VALUES" or read.words[at + 1] != "(":
            continue
        end = read.closing[at + 1]
        named: set[str] = set()
        for token in read.tokens[at + 2 : end]:
            if token.text[1:] in named:
                yield Misuse(token.start, f"{token.text} is already a variable of this VALUES.")
            named.add(token.text[1:])
        variables = end - at - 2
        row, last = end + 2, read.closing[end + 1]
        while row < last:
            row_end = read.closing[row]
            values = _length(read, row + 1, row_end)
            if values != variables:
                why = f"this row of VALUES has length {values}, but the variables are {variables}."
                yield Misuse(read.tokens[row].start, why)
            row = row_end + 1


def _length(read: ReadQuery, at: int, end: int) -> int:
    """How many values stand between two places; a triple term is one, a string with its type too."""
    count = 0
    while at < end:
        kind, text, _ = read.tokens[at]
        if text == "^^" and kind == "sign":
            at += 2
        elif text == "<<(" and kind == "sign":
            count, at = count + 1, read.closing[at] + 1
        else:
            count, at = count + (kind not in ("language", "sign")), at + 1
    return count


def _labels(read: ReadQuery) -> Iterator[Misuse]:
    """Labels of blank nodes that stand in two basic graph patterns (SPARQL 1.1, section 5.1.1)."""
    seen: dict[str, int] = {}
    pattern, at = 0, 0
    while at < len(read.words):
        word, token = read.words[at], read.tokens[at]
        if word == "{" and (read.words[at - 1] == "CONSTRUCT" or is_data(read, at)):
            at = read.closing[at]
        elif word in ("{", "}"):
            pattern += 1
        elif token.kind == "blank" and seen.setdefault(token.text, pattern) != pattern:
            why = f"{token.text} is a blank node of another pattern; write a variable to join the two."
            yield Misuse(token.start, why)
        at += 1


def _aggregates(read: ReadQuery) -> Iterator[Misuse]:
    """Aggregates where there are no groups yet."""
    for at, word in enumerate(read.words):
        if word not in ("FILTER", "BIND"):
            continue
        here, end = at + 1, read.end_of_expression(at)
        while here < end:
            if read.words[here] == "{":
                here = read.closing[here]
            elif read.words[here] in AGGREGATES:
                name = read.words[here]
                why = f"{name} cannot stand in {word}; aggregates belong in SELECT, HAVING and ORDER BY."
                yield Misuse(read.tokens[here].start, why)
            here += 1


def _apart(read: ReadQuery) -> Iterator[Misuse]:
    """Functions apart from their brackets, which SPARQL allows and the engine does not."""
    for at, word in enumerate(read.words):
        if word in _CLOSE_TO_BRACKETS or (word == "BNODE" and read.words[at + 2] == ")"):
            token, bracket = read.tokens[at], read.tokens[at + 1]
            if bracket.start > token.start + len(token.text):
                yield Misuse(bracket.start, f"the engine wants {word}( without a space.")


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
