"""What is wrong with a query that the engine cannot parse: where, what stands there, what may. Pure.

The engine's own message names a place and some of what may stand there, or its whole grammar; where the cause
lies elsewhere, as a prefix that is not declared, it is found here.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg.sparql_tokens import Token, tokens

__all__ = ["SyntaxFault", "find_fault"]

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_EXPECTED = re.compile(r'"((?:[^"\\]|\\.)+)"|(\[(?:\'.\'|[^\]])*\])|([^,"\[]+)', re.DOTALL)
_SAID = re.compile(r"[a-z]+ [a-z]+")  # a sentence of the engine's among keywords and signs
_WIDTH, _BEFORE = 76, 50
_MOST_EXPECTED = 8
_TRUSTED = 3  # of fewer things the engine names those that matter least, such as OPTIONAL alone
_TERMS = frozenset(("variable", "iri", "name", "string", "number", "blank"))
_TRIPLE = 3
_NEED_A_VALUE = frozenset(("=", "<", ">", "||", "&&", "-", "/", "!", "^"))
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
A ABS ADD ADJUST ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS
COUNT DATATYPE DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP
GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE
ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT NOW
OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMEVALUE
SAMPLE SECONDS SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE
STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TRUE TZ
UCASE UNDEF UNION URI UUID VALUES VERSION WHERE YEAR
""",
    )
)


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Where a query is wrong and why; `expected` is some of what may stand there."""

    line: int
    column: int
    expected: tuple[str, ...]
    detail: str
    excerpt: str


def find_fault(query: str, message: str) -> SyntaxFault | None:
    """Explain the engine's message about a query; None where it is not about its syntax."""
    place = _PLACE.search(message)
    if place is None:
        return None
    found = list(tokens(query))
    cause = next(_causes(found), None)
    if cause is not None:
        start, detail, expected = cause
        return _fault(query, start, detail, expected)
    start = _offset(query, int(place[1]), int(place[2]))
    said, expected = _read_expected(place[3])
    here = next((token for token in found if token.start + len(token.text) > start), None)
    if here is not None and here.start > start:
        start = here.start
    if said:
        detail = f"{said}."
    elif here is None:
        # So the engine says of many faults: it stands behind the last token that it could take.
        detail = "the query ends before it is complete, or a part of it does not fit."
    elif len(expected) < _TRUSTED:
        detail = f"{_shortened(here.text)} cannot stand here."
    else:
        detail = f"{_shortened(here.text)} stands where one of {'  '.join(expected)} is expected."
    return _fault(query, start, detail, expected if len(expected) >= _TRUSTED else ())


def _causes(found: list[Token]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Faults that the engine reports elsewhere or not at all: place, what is wrong, what is expected."""
    declared = {
        after.text.partition(":")[0]
        for before, after in pairwise(found)
        if before.kind == "word" and before.text.upper() == "PREFIX" and after.kind == "name"
    }
    for token in found:
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in declared:
            expected = f"PREFIX {prefix}: <…>"
            yield token.start, f"the prefix {prefix}: is not declared; write {expected} first.", (expected,)
        elif token.kind == "word" and token.text.upper() not in _WORDS:
            near = difflib.get_close_matches(token.text.upper(), _WORDS, n=1)
            meant = f"; did you mean {near[0]}?" if near else "."
            detail = f"{_shortened(token.text)} is no keyword or function of SPARQL queries{meant}"
            yield token.start, detail, tuple(near)
    yield from _brackets(found)
    yield from _neighbours(found)
    yield from _short_triples(found)


def _brackets(found: list[Token]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The first bracket that does not fit, or has no end; a comma outside all brackets."""
    open_ones: list[Token] = []
    for token in found:
        if token.kind == "sign" and token.text in _PAIRS:
            open_ones.append(token)
        elif token.text == "," and not open_ones:
            yield token.start, "a comma stands between brackets only; write spaces between variables.", ()
        elif token.kind == "sign" and token.text in _PAIRS.values():
            if not open_ones:
                yield token.start, f"{token.text} closes a bracket that is not open.", ()
                return
            last = open_ones.pop()
            wanted = _PAIRS[last.text]
            if token.text != wanted:
                yield token.start, f"{token.text} stands where {wanted} has to close {last.text}.", (wanted,)
                return
    for token in reversed(open_ones):
        yield token.start, f"{token.text} is not closed.", (_PAIRS[token.text],)


def _neighbours(found: list[Token]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Signs that cannot stand side by side."""
    for before, after in pairwise(found):
        if (before.kind, after.kind) != ("sign", "sign"):
            continue
        if before.text in _NEED_A_VALUE and after.text in (")", "}", "]", ","):
            yield after.start, f"{after.text} stands where a value is expected.", ("a value",)
        elif before.text in (".", ",") and after.text in (".", ",", ";"):
            yield after.start, f"{after.text} stands where a term is expected.", ("a term",)


def _short_triples(found: list[Token]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """One or two terms alone between signs that begin and end triples."""
    for end, token in enumerate(found):
        if token.kind != "sign" or token.text not in (".", "}"):
            continue
        start = end
        while start and (found[start - 1].kind in _TERMS or found[start - 1].text == "a"):
            start -= 1
        before, data = found[start - 1].text, found[max(start - 3, 0) : max(start - 1, 0)]
        in_values = any(one.text.upper() == "VALUES" or one.text == ")" for one in data)
        if 0 < end - start < _TRIPLE and start and before in (".", "{", "}") and not in_values:
            missing = "a predicate and an object" if end - start == 1 else "an object"
            yield token.start, f"{token.text} stands where the triple still needs {missing}.", (missing,)


def _read_expected(text: str) -> tuple[str, tuple[str, ...]]:
    """What the engine says in words, if anything, and what it expects; its classes of letters left out."""
    signs, said = [], ""
    for quoted, _, bare in _EXPECTED.findall(text.rstrip(". \n")):
        word = bare.strip()
        if quoted:
            signs.append(quoted.replace('\\"', '"').replace("\\\\", "\\"))
        elif _SAID.search(word):
            said = word
        elif word and word != "<unreported>":
            signs.append(word)
    words = sorted(sign for sign in signs if sign[0].isalpha())
    return said, (*words, *sorted(set(signs) - set(words)))[:_MOST_EXPECTED]


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
