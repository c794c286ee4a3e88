"""SHACL property paths as SPARQL path text, and back."""

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib.collection import Collection
from rdflib.graph import Graph
from rdflib.namespace import RDF as R
from rdflib.term import Node, URIRef

from kg.vocabulary import RDF, SH

__all__ = ["path_text", "path_triples"]

_MODIFIERS = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}
_TOKEN = re.compile(r"<([^>]*)>|([/|^*+?()])")


def path_text(graph: Graph, path: Node) -> str:
    """Write a path: a lone predicate as its IRI, any other in SPARQL syntax with full IRIs.

    Source: SHACL, section 2.3.1; SPARQL 1.1, section 9.1.
    """
    return str(path) if isinstance(path, URIRef) else _write(graph, path)


def _write(graph: Graph, path: Node) -> str:
    if isinstance(path, URIRef):
        return f"<{path}>"
    if (path, R.first, None) in graph:
        return "/".join(_step(graph, member) for member in Collection(graph, path))
    for predicate, value in graph.predicate_objects(path):
        if str(predicate) == SH.alternativePath.value:
            return "|".join(_step(graph, member) for member in Collection(graph, value))
        if str(predicate) == SH.inversePath.value:
            return f"^{_step(graph, value)}"
        for sign, term in _MODIFIERS.items():
            if str(predicate) == term.value:
                return f"{_step(graph, value)}{sign}"
    return ""


def _step(graph: Graph, path: Node) -> str:
    text = _write(graph, path)
    return text if isinstance(path, URIRef) else f"({text})"


def path_triples(text: str, labels: Iterator[str]) -> tuple[NamedNode | BlankNode, list[Triple]]:
    """Read what `path_text` wrote: the node that stands for the path, and the triples that say it.

    Shape: blank nodes take the next of `labels`.
    """
    if not text.startswith(("<", "(", "^")):
        return NamedNode(text), []
    reader = _Reader(text, labels)
    return reader.alternatives(), reader.triples


class _Reader:
    """A recursive descent over the tokens of one path."""

    def __init__(self, text: str, labels: Iterator[str]) -> None:
        self.tokens = [(match[1], match[2]) for match in _TOKEN.finditer(text)]
        self.labels = labels
        self.triples: list[Triple] = []

    def _sign(self) -> str | None:
        return self.tokens[0][1] if self.tokens else None

    def _separated(self, sign: str) -> list[NamedNode | BlankNode]:
        members = [self._sequence() if sign == "|" else self._element()]
        while self._sign() == sign:
            self.tokens.pop(0)
            members.append(self._sequence() if sign == "|" else self._element())
        return members

    def alternatives(self) -> NamedNode | BlankNode:
        members = self._separated("|")
        return members[0] if len(members) == 1 else self._node(SH.alternativePath, self._list(members))

    def _sequence(self) -> NamedNode | BlankNode:
        members = self._separated("/")
        return members[0] if len(members) == 1 else self._list(members)

    def _element(self) -> NamedNode | BlankNode:
        if self._sign() == "^":
            self.tokens.pop(0)
            return self._node(SH.inversePath, self._element())
        iri, _ = self.tokens.pop(0)
        step: NamedNode | BlankNode
        if iri:
            step = NamedNode(iri)
        else:
            step = self.alternatives()
            self.tokens.pop(0)
        while (sign := self._sign()) in _MODIFIERS:
            self.tokens.pop(0)
            step = self._node(_MODIFIERS[sign or ""], step)
        return step

    def _node(self, predicate: NamedNode, value: NamedNode | BlankNode) -> BlankNode:
        node = BlankNode(next(self.labels))
        self.triples.append(Triple(node, predicate, value))
        return node

    def _list(self, members: list[NamedNode | BlankNode]) -> BlankNode:
        nodes = [BlankNode(next(self.labels)) for _ in members]
        rests: list[NamedNode | BlankNode] = [*nodes[1:], RDF.nil]
        for node, member, rest in zip(nodes, members, rests, strict=True):
            self.triples += [Triple(node, RDF.first, member), Triple(node, RDF.rest, rest)]
        return nodes[0]
