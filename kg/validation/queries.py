"""What a query in a shape may not say, and what engines understand differently; by its tokens."""

import itertools
from collections.abc import Sequence

from kg.sparql_tokens import Token, tokens

__all__ = ["forbidden_in", "is_about_order"]

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
