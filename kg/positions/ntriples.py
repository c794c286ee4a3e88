"""Parse N-Triples and N-Quads to triples with their positions; one statement a line."""

import functools
import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.namespaces import RDF
from sauran.kg.positions.terms import check_iri
from sauran.kg.positions.tokens import (
    SHORT_STRING,
    WORDS,
    LineMap,
    TurtleSyntaxError,
    check_characters,
    unescape,
)
from sauran.kg.positions.triples import PlacedTriple

__all__ = ["parse_nquads", "parse_ntriples"]

_SPACE = r"[ \t]*+"
_STATEMENT = (
    rf"{_SPACE}(?:(?P<subject>{WORDS['iri']}|{WORDS['blank']}){_SPACE}"
    rf"(?P<predicate>{WORDS['iri']}){_SPACE}"
    rf"(?:(?P<node>{WORDS['iri']}|{WORDS['blank']})"
    rf"|(?P<string>{SHORT_STRING})(?:{_SPACE}(?:(?P<tag>{WORDS['at']})|\^\^{_SPACE}(?P<datatype>{WORDS['iri']})))?+)"
    rf"{_SPACE}(?P<graph>{WORDS['iri']}|{WORDS['blank']})?+{_SPACE}\.)?+{_SPACE}(?:\#[^\r\n]*+)?+"
)
_LINE_END = re.compile(r"\r\n?|\n|\Z")
_Node = NamedNode | BlankNode


def parse_ntriples(text: str, base_iri: str | None = None) -> Iterator[PlacedTriple]:
    """Read RDF 1.1 N-Triples; `base_iri` has no meaning there.

    Shape: as `parse_turtle`.
    Raises: TurtleSyntaxError at the first line that is not a statement.
    Source: RDF 1.1 N-Triples, section 7.
    """
    return _parse(text, "N-Triples")


def parse_nquads(text: str, base_iri: str | None = None) -> Iterator[PlacedTriple]:
    """Read RDF 1.1 N-Quads; else as `parse_ntriples`.

    Source: RDF 1.1 N-Quads, section 4.
    """
    return _parse(text, "N-Quads")


def _parse(text: str, language: str) -> Iterator[PlacedTriple]:
    check_characters(text)
    statement = _statement()
    known: dict[str, _Node] = {}
    lines = LineMap(text)
    offset = 1 if text.startswith("\ufeff") else 0
    while offset < len(text):
        found = statement.match(text, offset)
        end = _LINE_END.match(text, found.end()) if found else None
        if found is None or end is None or (found["graph"] and language == "N-Triples"):
            raise TurtleSyntaxError(
                lines.position(offset), f"This line is not a valid statement of {language}."
            )
        if found["subject"] is not None:
            try:
                triple = _placed(found, lines, known)
            except ValueError as error:
                raise TurtleSyntaxError(lines.position(offset), str(error)) from error
            yield triple
        offset = end.end()


@functools.cache
def _statement() -> re.Pattern[str]:
    # Compiled when the first text comes: most are Turtle.
    return re.compile(_STATEMENT)


def _placed(found: re.Match[str], lines: LineMap, known: dict[str, _Node]) -> PlacedTriple:
    predicate = _node(found["predicate"], known)
    assert isinstance(predicate, NamedNode)  # noqa: S101 (so the regular expression says)
    kind = "string" if found["node"] is None else "node"
    return PlacedTriple(
        _node(found["subject"], known),
        predicate,
        _literal(found) if kind == "string" else _node(found["node"], known),
        found.start("subject"),
        found.start("predicate"),
        found.start(kind),
        lines,
        _node(found["graph"], known) if found["graph"] else None,
    )


def _node(written: str, known: dict[str, _Node]) -> _Node:
    node = known.get(written)
    if node is None:
        node = BlankNode(written[2:]) if written[0] == "_" else check_iri(unescape(written[1:-1]))
        known[written] = node
    return node


def _literal(found: re.Match[str]) -> Literal:
    lexical = unescape(found["string"][1:-1])
    if found["tag"]:
        return Literal(lexical, language=found["tag"][1:])
    if found["datatype"] is None:
        return Literal(lexical)
    datatype = check_iri(unescape(found["datatype"][1:-1]))
    if datatype in (RDF.langString, RDF.dirLangString):
        raise ValueError(f"A literal of type {datatype} needs a language tag.")
    return Literal(lexical, datatype=datatype)
