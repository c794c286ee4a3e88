"""What a query in a shape may not say, and what engines understand differently; by its tokens."""

import itertools
import re
from collections.abc import Iterator, Sequence

from sauran.kg.sparql.tokens import Token, tokens

__all__ = ["forbidden_in", "is_about_order", "patterns_in", "selects_this"]

_FORBIDDEN = {
    "FROM": "reaches outside the data",
    "LOAD": "reaches outside the data",
    "MINUS": "is not allowed in shapes (SHACL, section 5.2.2)",
    "SERVICE": "reaches outside the data",
    "VALUES": "is not allowed in shapes (SHACL, section 5.2.2)",
}
_BOUND = ("this", "shapesGraph", "currentShape")
_OPTIONAL = ("shapesGraph", "currentShape")
# Strict SPARQL 1.1 has these for xsd:dateTime only, and orders no xsd:date.
_OF_DATES = frozenset(
    (
        "YEAR",
        "MONTH",
        "DAY",
        "HOURS",
        "MINUTES",
        "SECONDS",
        "TIMEZONE",
        "TZ",
        "NOW",
        "MIN",
        "MAX",
        "ORDER",
        "STRDT",
    )
)
_ORDER = frozenset("<>")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def forbidden_in(query: str, more_bound: Sequence[str] = ()) -> str:
    """Say what keeps a query from being used in a shape, or nothing.

    Source: SHACL, section 5.2.2 and appendix A.
    """
    words = list(tokens(query))
    for token in words:
        reason = _FORBIDDEN.get(token.text.upper()) if token.kind == "word" else None
        if reason:
            return f"a query has {token.text.upper()}, which {reason}"
    bound = (*_BOUND, *more_bound)
    for one, two in itertools.pairwise(words):
        if (
            one.kind == "word"
            and one.text.upper() == "AS"
            and two.kind == "variable"
            and two.text[1:] in bound
        ):
            return f"a query gives ${two.text[1:]} another value, which SHACL binds"
    return _nested(words, bound)


def _nested(words: list[Token], bound: Sequence[str]) -> str:
    """A subquery must select every variable that SHACL binds, else they are others inside it."""
    starts = [i for i, t in enumerate(words) if t.kind == "word" and t.text.upper() == "SELECT"]
    for start in starts[1:]:
        selected = set()
        for token in words[start + 1 :]:
            if token.text == "{" or (token.kind == "word" and token.text.upper() == "WHERE"):
                break
            if token.kind == "variable":
                selected.add(token.text[1:])
        used = {t.text[1:] for t in words if t.kind == "variable"} | {"this"}
        for name in bound:
            needed = name not in _OPTIONAL or name in used
            if needed and name not in selected:
                return f"a subquery does not select ${name}, which SHACL binds"
    return ""


def is_about_order(query: str) -> bool:
    """Whether a query may compare dates, which engines understand differently; texts by STR they do not."""
    words = list(tokens(query))
    return any(
        (token.kind == "sign" and token.text[0] in _ORDER and not _between_texts(words, at))
        or (token.kind == "word" and token.text.upper() in _OF_DATES)
        for at, token in enumerate(words)
    )


def _between_texts(words: Sequence[Token], at: int) -> bool:
    """Whether a comparison has STR(?variable) on both sides."""
    behind = at + 2 if words[at + 1 : at + 2] and words[at + 1].text == "=" else at + 1
    return _is_text(words[max(at - 4, 0) : at]) and _is_text(words[behind : behind + 4])


def _is_text(words: Sequence[Token]) -> bool:
    kinds = [token.text.upper() if token.kind != "variable" else "?" for token in words]
    return kinds == ["STR", "(", "?", ")"]


def selects_this(query: str) -> bool:
    """Whether a SELECT query gives $this."""
    words = list(tokens(query))
    start = next((i for i, t in enumerate(words) if t.kind == "word" and t.text.upper() == "SELECT"), None)
    if start is None:
        return True  # not this fault: it does not parse
    selected = itertools.takewhile(
        lambda t: t.text != "{" and not (t.kind == "word" and t.text.upper() == "WHERE"), words[start + 1 :]
    )
    wanted = [token.text for token in selected]
    everything = wanted[:1] == ["*"] and any(t.kind == "variable" and t.text[1:] == "this" for t in words)
    return everything or not {"$this", "?this"}.isdisjoint(wanted)


def patterns_in(query: str) -> Iterator[tuple[str | None, str | None]]:
    """The pattern and the flags of each REGEX and REPLACE; None for one that is no text in the query."""
    words = list(tokens(query))
    for at, token in enumerate(words):
        name = token.text.upper() if token.kind == "word" else ""
        if name not in ("REGEX", "REPLACE") or [w.text for w in words[at + 1 : at + 2]] != ["("]:
            continue
        arguments = _arguments(words, at + 2)
        last = 2 if name == "REGEX" else 3
        flags = _constant(arguments[last]) if len(arguments) > last else ""
        yield (_constant(arguments[1]) if len(arguments) > 1 else None), flags


def _arguments(words: Sequence[Token], start: int) -> list[list[Token]]:
    """What stands between the commas of one pair of brackets."""
    arguments: list[list[Token]] = [[]]
    depth = 0
    for token in words[start:]:
        if token.kind == "sign" and token.text == "," and not depth:
            arguments.append([])
            continue
        if token.kind == "sign":
            depth += (token.text in "([{") - (token.text in ")]}")
            if depth < 0:
                break
        arguments[-1].append(token)
    return arguments


def _constant(argument: Sequence[Token]) -> str | None:
    """The text that an argument is, if it is one and nothing else."""
    if len(argument) != 1 or argument[0].kind != "string":
        return None
    text = argument[0].text
    marks = 3 if text[:3] in ('"""', "'''") and len(text) > 5 else 1
    return _ESCAPE.sub(_unescaped, text[marks:-marks])


def _unescaped(match: re.Match[str]) -> str:
    code, long_code, sign = match.groups()
    return chr(int(code or long_code, 16)) if sign is None else _ESCAPED.get(sign, sign)
