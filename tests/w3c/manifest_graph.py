"""One manifest as a graph that is walked by node and word; holds no test."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

__all__ = ["MF", "QT", "UT", "ManifestGraph", "Node", "text_of"]

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
Node = NamedNode | BlankNode | Literal | None


def text_of(term: Node) -> str:
    """The text of a term; of none, none."""
    return "" if term is None else term.value


class ManifestGraph:
    """The triples of one manifest."""

    def __init__(self, file: Path, address: str) -> None:
        self._store = Store()
        self._store.load(path=str(file), format=RdfFormat.TURTLE, base_iri=address)

    def values(self, node: Node, word: str) -> list[Node]:
        """The values of a property of a node."""
        if not isinstance(node, NamedNode | BlankNode):
            return []
        return [quad.object for quad in self._store.quads_for_pattern(node, NamedNode(word), None)]

    def value(self, node: Node, word: str) -> Node:
        """The value of a property that has at most one."""
        found = self.values(node, word)
        assert len(found) < 2, (node, word)
        return found[0] if found else None

    def text(self, node: Node, word: str) -> str:
        """The text of a property that has at most one value."""
        return text_of(self.value(node, word))

    def kind(self, node: Node) -> str:
        """The class of a node."""
        return self.text(node, f"{RDF}type")

    def lists(self, word: str) -> Iterator[Node]:
        """The members of every list that is a value of a property, in order."""
        for quad in self._store.quads_for_pattern(None, NamedNode(word), None):
            yield from self.members(quad.object)

    def members(self, head: Node) -> Iterator[Node]:
        """The members of a list."""
        while isinstance(head, BlankNode):
            yield self.value(head, f"{RDF}first")
            head = self.value(head, f"{RDF}rest")
