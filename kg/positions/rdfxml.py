"""Places of the nodes in RDF/XML text: those that elements name, and those that are given a name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from pyoxigraph import BlankNode, NamedNode

from sauran.kg.positions.terms import resolve_plain
from sauran.kg.positions.tokens import Position, TurtleSyntaxError

__all__ = ["find_subjects_of_rdfxml", "name_anonymous_elements"]

_Node = NamedNode | BlankNode
_Found = tuple[_Node, Position]
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_BASE = "http://www.w3.org/XML/1998/namespace base"
_SILENT = frozenset(_RDF + " " + name for name in ("resource", "ID", "nodeID", "datatype", "parseType"))
_NAMING = frozenset(f"{_RDF} {name}" for name in ("about", "ID", "nodeID"))
_NAME = re.compile(rb"<[^\s/>]+")


def find_subjects_of_rdfxml(text: str, base_iri: str | None = None) -> Iterator[_Found]:
    """Find where nodes are described by rdf:about, rdf:ID or rdf:nodeID, then by a property's attributes.

    Raises: TurtleSyntaxError for what is not XML, and for a document type, whose entities could grow without
    bound.
    Source: RDF 1.1 XML Syntax, section 7.2.
    """
    finder = _read(text, base_iri)
    return iter([*finder.described, *finder.mentioned])


def name_anonymous_elements(text: str, prefix: str) -> tuple[str, dict[BlankNode, Position]]:
    """Give each element that does not name its node an rdf:nodeID; return their places by that name.

    Raises: TurtleSyntaxError as above.
    """
    data, done = text.encode("utf-8"), 0
    parts: list[bytes] = []
    places = {}
    for number, (offset, place) in enumerate(_find_anonymous(text)):
        name = f"{prefix}{number}"
        parts += [data[done:offset], f' xmlns:{prefix}="{_RDF}" {prefix}:nodeID="{name}"'.encode()]
        done = offset
        places[BlankNode(name)] = place
    return b"".join([*parts, data[done:]]).decode("utf-8"), places


def _find_anonymous(text: str) -> list[tuple[int, Position]]:
    """Find the elements that describe a node without naming it, and could by rdf:nodeID.

    Shape: where the name of the element ends, in bytes; and its place.
    """
    data = text.encode("utf-8")
    found = sorted(_read(text, None).anonymous)
    return [(offset + len(_NAME.match(data, offset)[0]), place) for offset, place in found]  # type: ignore[index]


def _read(text: str, base_iri: str | None) -> "_Finder":
    finder = _Finder(base_iri)
    try:
        finder.parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        place = Position(error.lineno, error.offset + 1)
        raise TurtleSyntaxError(place, f"This is not XML: {expat.ErrorString(error.code)}.") from error
    return finder


@dataclass(frozen=True, slots=True)
class _Open:
    """An open element: what its children are, and the base inside it."""

    children: str  # nodes, properties or nothing
    base: str | None


class _Finder:
    def __init__(self, base_iri: str | None) -> None:
        self.described: list[_Found] = []
        self.mentioned: list[_Found] = []
        self.anonymous: list[tuple[int, Position]] = []
        self._open = [_Open("nodes", base_iri)]
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _place(self) -> Position:
        return Position(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def _refuse_doctype(self, *_: object) -> None:
        raise TurtleSyntaxError(
            self._place(), "A DOCTYPE is refused.", "Write IRIs in full, without entities."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        around = self._open[-1]
        base = around.base
        if _BASE in attributes:
            inner = _iri(attributes[_BASE], base)
            base = inner.value if inner else base
        children = around.children
        if children == "nodes" and name != f"{_RDF} RDF":
            self._add(self.described, self._node(attributes, base))
            if not _NAMING & attributes.keys():
                self._add_anonymous()
            children = "properties"
        elif children == "properties":
            self._property(attributes, base)
            kind = attributes.get(f"{_RDF} parseType")
            children = {None: "nodes", "Collection": "nodes", "Resource": "properties"}.get(kind, "nothing")
        self._open.append(_Open(children, base))

    def _end(self, name: str) -> None:
        self._open.pop()

    def _node(self, attributes: dict[str, str], base: str | None) -> _Node | None:
        if f"{_RDF} about" in attributes:
            return _iri(attributes[f"{_RDF} about"], base)
        if f"{_RDF} ID" in attributes:
            return _iri("#" + attributes[f"{_RDF} ID"], base)
        label = attributes.get(f"{_RDF} nodeID")
        return BlankNode(label) if label else None

    def _property(self, attributes: dict[str, str], base: str | None) -> None:
        if f"{_RDF} ID" in attributes:  # the statement itself, reified
            self._add(self.mentioned, _iri("#" + attributes[f"{_RDF} ID"], base))
        if any(" " in name and name not in _SILENT and name != _BASE for name in attributes):
            resource = attributes.get(f"{_RDF} resource")
            label = attributes.get(f"{_RDF} nodeID")
            if resource is not None:
                self._add(self.mentioned, _iri(resource, base))
            elif label:
                self._add(self.mentioned, BlankNode(label))
            elif f"{_RDF} parseType" not in attributes:
                self._add_anonymous()

    def _add_anonymous(self) -> None:
        self.anonymous.append((self.parser.CurrentByteIndex, self._place()))

    def _add(self, found: list[_Found], node: _Node | None) -> None:
        if node is not None:
            found.append((node, self._place()))


def _iri(written: str, base: str | None) -> NamedNode | None:
    try:
        return resolve_plain(written, base)
    except ValueError:
        return None
