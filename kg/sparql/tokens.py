"""SPARQL tokeniser: tells keywords, strings, IRIs, names and comments apart."""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sauran.kg.model.name_characters import (
    FIRST,
    FIRST_OR_DIGIT,
    IN_VARIABLE,
    LATER,
    LATER_OR_COLON,
    LOCAL_FIRST,
)

__all__ = ["Token", "dataset_clause", "has_keyword", "joined", "tokens"]

# Letters with dots between: a prefix where a colon follows, else words with signs between.
_STRETCH = rf"{FIRST}(?:{LATER}++|\.++(?={LATER}))*+"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL = rf"(?:{LOCAL_FIRST}|{_ESCAPED})(?:{LATER_OR_COLON}++|{_ESCAPED}|\.++(?={LATER_OR_COLON}|[%\\]))*+"
# Every repetition is possessive and what is not closed is taken to its end: time grows with length only.
_TOKEN = rf"""
    (?:[\x20\t\r\n]++|\#[^\r\n]*+)*+  # spaces and comments before a token cost no match of their own
  (?:
    (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]++|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
  | (?P<variable>[?$]{FIRST_OR_DIGIT}{IN_VARIABLE}*+)
  | (?P<name>(?:{_STRETCH})?:(?:{_LOCAL})?)
  | (?P<stretch>{_STRETCH})
  | (?P<string>\"{{3}}(?:\"{{0,2}}(?:[^"\\]++|\\.))*+\"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]++|\\.))*+'{{3}})
  | (?P<unclosed>\"{{3}}.*+ | '{{3}}.*+)
  | (?P<short>\"(?:[^"\\\r\n]++|\\[^\r\n])*+\" | '(?:[^'\\\r\n]++|\\[^\r\n])*+')
  | (?P<cut>["'][^\r\n]*+)
  | (?P<number>[0-9]++(?:\.[0-9]++)?(?:\.?[eE][+\-]?[0-9]++)? | \.[0-9]++(?:[eE][+\-]?[0-9]++)?)
  | (?P<blank>_:{FIRST_OR_DIGIT}(?:{LATER}++|\.++(?={LATER}))*+)
  | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)
  | (?P<sign><<|>>|\|\||&&|.)
  | (?P<end>\Z)
  )
    """
_WORD = re.compile(r"(?P<word>[A-Za-z][A-Za-z0-9_]*)|(?P<number>[0-9]+)|(?P<sign>.)", re.DOTALL)
_JOINED = frozenset(("{|", "|}", "<<(", ")>>", "^^", "<=", ">=", "!="))
_SIGNS_OF_NUMBERS = ("+", "-")
_KIND = {"short": "string", "cut": "unclosed"}


class Token(NamedTuple):
    """A token as written.

    `kind` is iri, string, variable, blank, language, name, number, word or sign; or unclosed, for a string
    without an end.
    """

    kind: str
    text: str
    start: int


@functools.cache
def _token() -> re.Pattern[str]:
    # Compiled when the first query comes: that takes as long as to check a small file.
    return re.compile(_TOKEN, re.VERBOSE | re.DOTALL)


def tokens(query: str) -> Iterator[Token]:
    """Cut a query into tokens, without spaces and comments; never fails: what fits nothing is a sign."""
    for match in _token().finditer(query):
        kind = match.lastgroup or "end"
        text, start = match[kind], match.start(kind)
        if kind != "stretch":
            if kind != "end":
                yield Token(_KIND.get(kind, kind), text, start)
        elif text.isascii() and text.replace("_", "").isalnum():
            yield Token("word", text, start)
        else:
            for part in _WORD.finditer(text):
                yield Token(part.lastgroup or "sign", part.group(), start + part.start())


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


def has_keyword(query: str, keyword: str) -> bool:
    """Whether a query uses a keyword, whatever its letters' case."""
    wanted = keyword.upper()
    # Most queries do not hold the letters at all, which is told far sooner.
    return wanted in query.upper() and any(
        token.kind == "word" and token.text.upper() == wanted for token in tokens(query)
    )


def dataset_clause(query: str) -> bool:
    """Whether a query names its dataset itself, by FROM or FROM NAMED (SPARQL 1.1, section 13.2)."""
    return has_keyword(query, "FROM")
