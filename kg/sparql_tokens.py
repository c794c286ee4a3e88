"""The tokens of a SPARQL query: enough to tell a keyword from a string, an IRI, a name or a comment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Token", "dataset_clause", "has_keyword", "tokens"]

# SPARQL 1.1, section 19.8. Long strings before short ones; an IRI before the operator "<".
_TOKEN = re.compile(
    r"""
    (?P<space>[\x20\t\r\n]+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<iri><[^\x00-\x20<>"{}|^`\\]*>)
  | (?P<string>\"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
             | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<blank>_:[\w.\-\u00b7]+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:[^\W\d_](?:[\w.\-\u00b7]*[\w\-\u00b7])?)?:(?:[\w\-\u00b7:%.]|\\[_~.\-!$&'()*+,;=/?\#@%])*)
  | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)? | \.[0-9]+(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SILENT = ("space", "comment")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as written; `kind` is iri, string, variable, blank, language, name, number, word or sign."""

    kind: str
    text: str
    start: int


def tokens(query: str) -> Iterator[Token]:
    """Cut a query into tokens, without spaces and comments; never fails: what fits nothing is a sign."""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "sign"
        if kind not in _SILENT:
            yield Token(kind, match.group(), match.start())


def has_keyword(query: str, keyword: str) -> bool:
    """Whether a query uses a keyword, whatever its letters' case."""
    wanted = keyword.upper()
    return any(token.kind == "word" and token.text.upper() == wanted for token in tokens(query))


def dataset_clause(query: str) -> bool:
    """Whether a query names its dataset itself, by FROM or FROM NAMED (SPARQL 1.1, section 13.2)."""
    return has_keyword(query, "FROM")
