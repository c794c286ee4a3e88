"""Check a query before it is parsed: size, nesting, chains, IRIs, access to other servers. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from sauran.kg.model.errors import QueryError
from sauran.kg.sparql.tokens import tokens

__all__ = [
    "MAX_BYTES",
    "MAX_IRI",
    "MAX_NESTING",
    "MAX_OPERATORS",
    "MAX_PARTS",
    "MAX_TERMS",
    "QueryFacts",
    "RefusedQuery",
    "check_query",
]

# The limits of a query; far below what the engine's parser bears with a stack of 8 MiB.
MAX_BYTES = 256 * 1024  # of UTF-8
MAX_NESTING = 64  # brackets within brackets
MAX_OPERATORS = 500  # in one expression, or steps in one path
MAX_PARTS = 200  # OPTIONAL, FILTER and the like
MAX_TERMS = 1000  # of triples; those of VALUES and of expressions are not counted
MAX_IRI = 4096  # characters

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))
# The engine reads keywords without spaces between, as in BYRAND(): so words that end in these.
_VOLATILE = ("NOW", "RAND", "UUID", "BNODE")
_OPENING, _CLOSING = {"(": ")", "[": "]", "{": "}", "<<": ">>"}, frozenset((")", "]", "}", ">>"))
_CHAINED = frozenset(("||", "&&", "|", "&", "+", "-", "*", "/", "!", "^"))
_APART = frozenset((",", ";", "."))  # what stands on either side of these is not a chain
_OPERANDS = frozenset(("variable", "iri", "name", "string", "number", "language", "blank"))
_TERMS = frozenset(("variable", "iri", "name", "string", "number", "blank"))
_PARTS = frozenset(
    ("UNION", "OPTIONAL", "MINUS", "FILTER", "VALUES", "GRAPH", "LATERAL", "SERVICE", "SELECT")
)
_WEB_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")
_READ_OTHERWISE = re.compile(r"['#()!]")
_NAMING = ("GRAPH", "FROM", "NAMED", "DESCRIBE")


@dataclass(frozen=True, slots=True)
class QueryFacts:
    """Facts about an accepted query: its form, and whether its answer may vary between runs."""

    form: str
    volatile: bool


class RefusedQuery(QueryError):
    """A refused query; `rule` names the broken rule: update, service, size and so on."""

    def __init__(self, rule: str, what: str, fix: str) -> None:
        self.rule = rule
        super().__init__("query", what, fix)


def check_query(text: str, allowed: Collection[str] = ()) -> QueryFacts:
    """Find out what a query is, and that it may be asked; whether it parses only the engine can say.

    `allowed` holds the endpoints that SERVICE may name.

    Raises: RefusedQuery.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _too_much("size", f"it has {size} bytes", f"{MAX_BYTES} bytes", "Ask in several queries.")
    return _read(text, allowed, None if _is_short(text) else _Measure())


def _is_short(text: str) -> bool:
    """Whether a query cannot hold too much of anything, as each of what is counted takes some letters.

    Shape: an operator or a character of an IRI takes one, a term gives two at most, a keyword has five.
    """
    brackets = sum(map(text.count, _OPENING))
    return (
        brackets <= MAX_NESTING
        and len(text) <= min(MAX_OPERATORS, MAX_IRI)
        and 2 * len(text) + brackets <= MAX_TERMS
        and brackets + len(text) // 5 <= MAX_PARTS
    )


def _read(text: str, allowed: Collection[str], measure: "_Measure | None") -> QueryFacts:
    form, volatile = "", False
    for kind, written, _ in tokens(text):
        word = written.upper() if kind == "word" else ""
        if measure:
            measure.add(kind, written, word)
        elif kind == "unclosed" or (kind == "iri" and not _WEB_IRI.match(written)):
            # What is wrong with these depends on what stands before them.
            return _read(text, allowed, _Measure())
        if not word:
            continue
        if not form:
            form = next((known for known in _FORMS if word.startswith(known)), "")
            if not form and word in _UPDATES:
                raise RefusedQuery(
                    "update", f"{word} changes data, and this endpoint is read-only.", "Send query=SELECT …"
                )
        volatile = volatile or word.endswith(_VOLATILE) or "SERVICE" in word
    _check_services(text, allowed)
    # What has no form the parser refuses, as a SELECT.
    return QueryFacts(form or "SELECT", volatile)


class _Frame:
    """A bracket that is open: how many operators stand in it so far, and whether it holds data of VALUES."""

    __slots__ = ("closing", "data", "operators")

    def __init__(self, closing: str, data: bool) -> None:
        self.closing, self.data, self.operators = closing, data, 0


class _Measure:
    """What is open at a place of a query, and how much there has been."""

    def __init__(self) -> None:
        self._frames = [_Frame("", False)]
        self._operators = self._parts = self._terms = 0
        self._after_operand = self._after_part = self._values = False

    def add(self, kind: str, text: str, word: str) -> None:
        """Take the next token; `word` is its keyword.

        Raises: RefusedQuery when it is one too many.
        """
        here = self._frames[-1]
        if kind == "sign":
            self._add_sign(text, here)
        elif kind in _TERMS:
            if not here.data:
                self._add_terms(2 * self._after_operand if here.closing == ")" else 1)
        elif word in _PARTS:
            self._add_part(here)
            self._values = word == "VALUES"
        if kind == "iri":
            _check_count("iri", len(text) - 2, MAX_IRI)
            if self._after_operand and here.closing == ")" and not here.data and not _WEB_IRI.match(text):
                self._count(here, _hidden_operators(text))
        elif kind == "unclosed":
            raise RefusedQuery("string", f"the string {_shortened(text)} has no end.", "Close it.")
        self._after_operand = kind in _OPERANDS or text in (")", "]") or word in ("TRUE", "FALSE")
        self._after_part = word in _PARTS

    def _add_sign(self, text: str, here: _Frame) -> None:
        if text in _CHAINED:
            if not here.data:
                self._count(here, 1)
        elif text in _OPENING:
            if text == "[":
                self._add_terms(1)
            elif here.closing != ")" and not here.data and not self._after_part:
                self._add_part(here)  # a group; BIND, what is selected, what groups and orders
            self._frames.append(_Frame(_OPENING[text], here.data or (self._values and text == "{")))
            self._values = self._values and text != "{"
            _check_count("nesting", len(self._frames) - 1, MAX_NESTING)
        elif text in _CLOSING:
            self._close(text)
        elif text in _APART:
            self._begin(here)

    def _add_terms(self, terms: int) -> None:
        """Count terms of triples; in brackets those of lists, which give two triples each."""
        self._terms += terms
        _check_count("terms", self._terms, MAX_TERMS)

    def _add_part(self, here: _Frame) -> None:
        self._parts += 1
        _check_count("parts", self._parts, MAX_PARTS)
        self._begin(here)

    def _count(self, here: _Frame, operators: int) -> None:
        here.operators += operators
        self._operators += operators
        _check_count("operators", self._operators, MAX_OPERATORS)

    def _begin(self, here: _Frame) -> None:
        """What comes now is not chained with what was before in the same bracket."""
        self._operators -= here.operators
        here.operators = 0

    def _close(self, closing: str) -> None:
        """Close the bracket that fits, and those left open within it; the parser stops where none fits."""
        if any(frame.closing == closing for frame in self._frames):
            ended, found = 0, ""
            while found != closing:
                frame = self._frames.pop()
                ended += frame.operators
                found = frame.closing
            # What stood in brackets may be the first operand of a chain behind them.
            self._frames[-1].operators += ended


def _hidden_operators(iri: str) -> int:
    """After a value in brackets, `<…>` may be two comparisons: then its operators count.

    Raises: RefusedQuery where the two readings would go on differently behind it.
    """
    if _READ_OTHERWISE.search(iri):
        raise RefusedQuery(
            "ambiguous",
            f"{_shortened(iri)} after a value in brackets may be an IRI or a comparison.",
            "Write the IRI with a prefix, or a space behind the <.",
        )
    return sum(sign in _CHAINED for sign in iri)


def _check_services(text: str, allowed: Collection[str]) -> None:
    """Refuse calls of other servers that are not allowed.

    Source: the engine reads SERVICEex:a {} and SERVICESILENT<b>{} as SERVICE too.
    """
    if "SERVICE" not in text.upper():
        return
    before = ["", ""]
    waiting = False  # for the IRI of a SERVICE
    for token in tokens(text):
        word = token.text.upper()
        if token.kind == "word" and "SERVICE" in word:
            if waiting or word != "SERVICE" or not allowed:
                raise _refused_service(allowed)
            waiting = True
        elif token.kind == "sign" and token.text == "{" and _is_glued(*before):
            raise _refused_service(allowed)
        elif waiting and word != "SILENT":
            if token.kind != "iri" or token.text[1:-1] not in allowed:
                raise _refused_service(allowed)
            waiting = False
        before = [before[1], token.text if token.kind in ("word", "name") else ""]


def _is_glued(word: str, name: str) -> bool:
    """Whether a name before a bracket may be SERVICE and a name."""
    return "SERVICE" in name.partition(":")[0].upper() and ":" in name and word.upper() not in _NAMING


def _refused_service(allowed: Collection[str]) -> RefusedQuery:
    if allowed:
        listed = ", ".join(f"<{iri}>" for iri in sorted(allowed))
        return RefusedQuery("service", "SERVICE may not name this.", f"Write SERVICE and one of {listed}.")
    return RefusedQuery(
        "service", "SERVICE is refused.", "Ask each endpoint itself; this one fetches nothing."
    )


_TOO_MANY = {
    "nesting": ("its brackets are nested too deep", "{} brackets within each other", "Nest less."),
    "operators": (
        "it chains too many operators",
        "{} operators in one expression or path",
        "Use IN or VALUES for long lists.",
    ),
    "parts": (
        "it has too many parts",
        "{} of OPTIONAL, UNION, FILTER, BIND and the like",
        "Use VALUES for long lists.",
    ),
    "terms": ("its triples have too many terms", "{} terms", "Use VALUES for long lists."),
    "iri": ("an IRI in it is too long", "{} characters in one IRI", "Use shorter IRIs."),
}


def _check_count(rule: str, count: int, most: int) -> None:
    if count > most:
        what, limit, fix = _TOO_MANY[rule]
        raise _too_much(rule, what, limit.format(most), fix)


def _too_much(rule: str, what: str, limit: str, fix: str) -> RefusedQuery:
    return RefusedQuery(rule, f"{what}; the limit is {limit}.", fix)


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
