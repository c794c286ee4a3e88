"""Recogniser for SPARQL queries: finds the first unexpected token and the tokens expected in its place.

Checks syntax only, not the meaning of a query.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sauran.kg.sparql.grammar import START, grammar
from sauran.kg.sparql.tokens import Token, tokens

__all__ = ["Fault", "first_fault", "joined"]

_JOINED = frozenset(("{|", "|}", "<<(", ")>>", "^^", "<=", ">=", "!="))
_SIGNS_OF_NUMBERS = ("+", "-")
_BOOLEANS = frozenset(("true", "false"))
# What people call terminals that stand together, and those left alone; in the order of a message.
_PEOPLE: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(("end",)), "the end of the query"),
    (frozenset(("variable",)), "a variable"),
    (frozenset(("iri", "name", "prefix")), "an IRI"),
    (frozenset(("iri",)), "an IRI in angle brackets"),
    (frozenset(("prefix",)), "a prefix with its colon"),
    (frozenset(("string", "long")), "a string"),
    (frozenset(("string",)), "a string without triple quotation marks"),
    (frozenset(("integer", "number", "signed")), "a number"),
    (frozenset(("integer",)), "a whole number"),
    (frozenset(("signed",)), "a number with its sign"),
    (frozenset(("true", "false")), "true or false"),
    (frozenset(("blank",)), "a blank node"),
    (frozenset(("language",)), "a language such as @en"),
)
# Signs that end or part something come before operators.
_PUNCTUATION = ("}", ")", "]", "|}", ">>", ")>>", ".", ";", ",", "{", "(", "[", "<<", "<<(")


@dataclass(frozen=True, slots=True)
class Fault:
    """An unexpected token, or None for the end of the query, with the `expected` ones."""

    token: Token | None
    offset: int
    expected: tuple[str, ...]


def first_fault(query: str) -> Fault | None:
    """Find the first token that no query could have there; None where the order of tokens is right.

    Source: SPARQL 1.1 Query Language, section 19.8; triple terms and annotations as in SPARQL 1.2.
    """
    rules = grammar()
    table, nullable = rules.table, rules.nullable
    stack = [START]
    passed: list[str] = []  # what might have begun here but is left out, as this token begins none of it
    found = joined(tokens(query))
    token = next(found, None)
    terminal = _terminal(token)
    while stack:
        top = stack.pop()
        row = table.get(top)
        if row is None:
            if top != terminal:
                break
            passed.clear()
            token = next(found, None)
            terminal = _terminal(token)
            continue
        body = row.get(terminal)
        if body is not None:
            stack.extend(body)
        elif top in nullable:
            passed.append(top)
        else:
            break
    else:
        return None
    expected = frozenset().union(*map(rules.first, (*passed, top)))
    return Fault(token, len(query) if token is None else token.start, _for_people(expected))


def joined(found: Iterable[Token]) -> Iterator[Token]:
    """Join signs that are one in the grammar, as ^^ and {|, and numbers with the sign before them."""
    last: Token | None = None
    for token in found:
        if last is None:
            last = token
            continue
        adjacent = last.kind == "sign" and last.start + len(last.text) == token.start
        if adjacent and last.text + token.text in _JOINED:
            yield Token("sign", last.text + token.text, last.start)
            last = None
        elif adjacent and token.kind == "number" and last.text in _SIGNS_OF_NUMBERS:
            yield Token("signed", last.text + token.text, last.start)
            last = None
        else:
            yield last
            last = token
    if last is not None:
        yield last


def _terminal(token: Token | None) -> str:  # noqa: PLR0911 - one line for each kind
    """What the grammar calls a token; words that it does not know are terminals that fit nowhere."""
    if token is None:
        return "end"
    kind, text, _ = token
    if kind == "sign":
        return text
    if kind == "word":
        return text if text == "a" or text in _BOOLEANS else text.upper()
    if kind == "name":
        return "prefix" if text.endswith(":") and text.count(":") == 1 else "name"
    if kind == "string":
        return "long" if text.startswith(('"""', "'''")) else "string"
    if kind == "number":
        return "integer" if text.isdigit() else "number"
    return kind


def _for_people(terminals: frozenset[str]) -> tuple[str, ...]:
    names, left = [], set(terminals)
    if left >= {"signed", "+", "-"} and "number" not in left:
        left.discard("signed")  # written so, a sum is one too
    for together, name in _PEOPLE:
        if left >= together:
            names.append(name)
            left -= together
    functions = grammar().functions
    if left >= functions:
        names.append("a function")
        left -= functions
    marks = [sign for sign in _PUNCTUATION if sign in left]
    return (*names, *marks, *sorted(left.difference(marks), key=lambda word: (not word[0].isalpha(), word)))
