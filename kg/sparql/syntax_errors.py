"""Explain the syntax error of a query: its position, the unexpected token and the expected tokens. Pure.

The engine reports the furthest position of its parser, but not always the reason. So position and expected
tokens come from a recogniser with our grammar; the engine's message is used only if that finds nothing.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from sauran.kg.sparql.grammar import START, grammar
from sauran.kg.sparql.misuse import find_misuse
from sauran.kg.sparql.tokens import Token, joined, tokens

__all__ = ["SyntaxFault", "UnexpectedToken", "find_fault", "first_fault"]

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
# A sentence of the engine's among keywords, signs and classes of letters.
_SAID = re.compile(r"[^,\"\[\]|]*[a-z] [a-z]{2,}[^,\"\[\]|]*")
_WIDTH, _BEFORE = 76, 50
_MOST_EXPECTED = 8
_LOWER = ("a", "true", "false")  # the words that have no capitals
_PAIRS = {"(": ")", "[": "]", "{": "}", "<<": ">>", "<<(": ")>>", "{|": "|}"}
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
class SyntaxFault:
    """Position and reason of a syntax error; `expected` has the expected tokens, if these are the cause."""

    line: int
    column: int
    expected: tuple[str, ...]
    detail: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class UnexpectedToken:
    """An unexpected token, or None for the end of the query, with the `expected` ones."""

    token: Token | None
    offset: int
    expected: tuple[str, ...]


def find_fault(query: str, message: str) -> SyntaxFault | None:
    """Explain the engine's message about a query; None where it is not about its syntax."""
    place = _PLACE.search(message)
    if place is None:
        return None
    misplaced = first_fault(query)
    unknown = _undeclared(list(tokens(query)))
    if unknown is not None and (misplaced is None or unknown.start < misplaced.offset):
        prefix = unknown.text.partition(":")[0]
        needed = f"PREFIX {prefix}: <…>"
        detail = f"the prefix {prefix}: is not declared; write {needed} first."
        return _fault(query, unknown.start, detail, (needed,))
    if misplaced is not None:
        start, detail = _explain(query, misplaced)
        return _fault(query, start, detail, misplaced.expected)
    misuse = find_misuse(query)
    if misuse is not None:
        return _fault(query, misuse.offset, misuse.why, ())
    said = _SAID.search(place[3])
    detail = f"{said[0].strip(' .')}." if said else "the query is refused here, and no cause is known."
    return _fault(query, _offset(query, int(place[1]), int(place[2])), detail, ())


def _undeclared(found: Sequence[Token]) -> Token | None:
    """The first name whose prefix is not declared."""
    declared = {
        after.text.partition(":")[0]
        for before, after in pairwise(found)
        if before.kind == "word" and before.text.upper() == "PREFIX" and after.kind == "name"
    }
    names = (token for token in found if token.kind == "name")
    return next((name for name in names if name.text.partition(":")[0] not in declared), None)


def _explain(query: str, fault: UnexpectedToken) -> tuple[int, str]:
    """The place to show, and what is wrong there; it may be the bracket that is open."""
    token = fault.token
    open_ones = _open_brackets(takewhile(lambda one: one.start < fault.offset, joined(tokens(query))))
    last = open_ones[-1] if open_ones else None
    wanted = _PAIRS[last.text] if last else ""
    if token is None:
        if last and wanted in fault.expected:
            return last.start, f"{last.text} is not closed."
        return fault.offset, f"the query ends before it is complete; expected: {_listed(fault.expected)}."
    return token.start, (
        _explain_word(token, fault.expected)
        or _explain_sign(token, last, wanted if wanted in fault.expected else "", fault.expected)
        or f"{_shortened(token.text)} cannot stand here; expected: {_listed(fault.expected)}."
    )


def _explain_word(token: Token, expected: Sequence[str]) -> str:
    """Explain unknown words and unterminated strings; empty for others."""
    text = _shortened(token.text)
    if token.kind == "unclosed":
        return f"the string {text} has no end."
    if token.kind != "word" or token.text.upper() in grammar().keywords or token.text in _LOWER:
        return ""
    if token.text.lower() in _LOWER:
        return f"{text} has to be written {text.lower()}."
    functions = sorted(grammar().functions) if "a function" in expected else []
    near = difflib.get_close_matches(token.text.upper(), [*expected, *functions], n=1)
    meant = f"did you mean {near[0]}?" if near else f"expected: {_listed(expected)}."
    return f"{text} is not a keyword or function of SPARQL queries; {meant}"


def _explain_sign(token: Token, last: Token | None, wanted: str, expected: Sequence[str]) -> str:
    """Brackets and commas in the wrong place; empty for others."""
    text = token.text
    if token.kind != "sign":
        return ""
    if last is None and text == ",":
        return "a comma stands between brackets only; write spaces between variables."
    if last is None and text in _PAIRS.values():
        return f"{text} closes a bracket that is not open."
    if last is not None and wanted and text in _PAIRS.values():
        return f"{text} stands where {wanted} has to close {last.text}."
    if text in ("~", "{|") and "," in expected:
        return f"{text} cannot follow a property path: only a triple has reifiers and annotations."
    return ""


def _open_brackets(found: Iterable[Token]) -> list[Token]:
    open_ones: list[Token] = []
    for token in found:
        if token.kind == "sign" and token.text in _PAIRS:
            open_ones.append(token)
        elif token.kind == "sign" and token.text in _PAIRS.values():
            open_ones.pop()
    return open_ones


def _listed(expected: Sequence[str]) -> str:
    """Some of what is expected, signs in quotation marks, and how many more there are."""
    shown = [f'"{one}"' if one == "a" or not one[0].isalpha() else one for one in expected[:_MOST_EXPECTED]]
    more = len(expected) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _fault(query: str, start: int, detail: str, expected: tuple[str, ...]) -> SyntaxFault:
    line = query.count("\n", 0, start) + 1
    begin = query.rfind("\n", 0, start) + 1
    column = start - begin + 1
    end = query.find("\n", begin)
    written = query[begin : end if end >= 0 else len(query)].rstrip("\r")
    cut = max(0, column - 1 - _BEFORE)
    shown = written[cut : cut + _WIDTH].replace("\t", " ")
    excerpt = f"{shown}\n{' ' * (column - 1 - cut)}^"
    return SyntaxFault(line, column, expected, f"line {line}, column {column}: {detail}", excerpt)


def _offset(query: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        found = query.find("\n", start)
        if found < 0:
            break
        start = found + 1
    return min(start + column - 1, len(query))


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def first_fault(query: str) -> UnexpectedToken | None:
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
    return UnexpectedToken(token, len(query) if token is None else token.start, _for_people(expected))


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
