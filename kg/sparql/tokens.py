"""The tokens of a SPARQL query: enough to tell a keyword from a string, an IRI, a name or a comment."""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Token", "dataset_clause", "has_keyword", "tokens"]

# SPARQL 1.1, section 19.8. Python's \w is wider and narrower than these.
_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_MORE = r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_CHARS = rf"{_BASE}_{_MORE}\-"
# Letters with dots between: a prefix where a colon follows, else words with signs between.
_STRETCH = rf"[{_BASE}](?:[{_CHARS}]++|\.++(?=[{_CHARS}]))*+"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:[{_CHARS}:]++|{_ESCAPED}|\.++(?=[{_CHARS}:%\\]))*+"
# Every repetition is possessive and what is not closed is taken to its end: time grows with length only.
_TOKEN = rf"""
    (?:[\x20\t\r\n]++|\#[^\r\n]*+)*+  # spaces and comments before a token cost no match of their own
  (?:
    (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]++|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
  | (?P<variable>[?$][{_BASE}_0-9][{_BASE}_{_MORE}]*+)
  | (?P<name>(?:{_STRETCH})?:(?:{_LOCAL})?)
  | (?P<stretch>{_STRETCH})
  | (?P<string>\"{{3}}(?:\"{{0,2}}(?:[^"\\]++|\\.))*+\"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]++|\\.))*+'{{3}})
  | (?P<unclosed>\"{{3}}.*+ | '{{3}}.*+)
  | (?P<short>\"(?:[^"\\\r\n]++|\\[^\r\n])*+\" | '(?:[^'\\\r\n]++|\\[^\r\n])*+')
  | (?P<cut>["'][^\r\n]*+)
  | (?P<number>[0-9]++(?:\.[0-9]++)?(?:\.?[eE][+\-]?[0-9]++)? | \.[0-9]++(?:[eE][+\-]?[0-9]++)?)
  | (?P<blank>_:[{_BASE}_0-9](?:[{_CHARS}]++|\.++(?=[{_CHARS}]))*+)
  | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)
  | (?P<sign><<|>>|\|\||&&|.)
  | (?P<end>\Z)
  )
    """
_WORD = re.compile(r"(?P<word>[A-Za-z][A-Za-z0-9_]*)|(?P<number>[0-9]+)|(?P<sign>.)", re.DOTALL)
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
