"""Convert SHACL property paths to SPARQL path text and back."""

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import RDF, SH
from sauran.kg.model.triple_index import TripleIndex

__all__ = ["path_text", "path_triples", "predicates_of"]

_MODIFIERS = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}
_SIGNS = {SH.inversePath.value: ("^", "")} | {term.value: ("", sign) for sign, term in _MODIFIERS.items()}
_TOKEN = re.compile(r"<([^>]*)>|([/|^*+?()])")


def path_text(graph: TripleIndex, path: Term) -> str:
    """Write a path: a lone predicate as its IRI, any other in SPARQL syntax with full IRIs.

    Source: SHACL, section 2.3.1; SPARQL 1.1, section 9.1.
    """
    return path.value if isinstance(path, NamedNode) else _write(graph, path, frozenset())


def _write(graph: TripleIndex, path: Term, above: frozenset[Term]) -> str:
    if isinstance(path, NamedNode) or path in above:  # a path that leads to itself has no text
        return f"<{path.value}>" if isinstance(path, NamedNode) else ""
    above |= {path}
    if graph.value(path, RDF.first.value) is not None:
        return "/".join(_step(graph, member, above) for member in graph.members(path))
    for predicate, values in graph.properties(path).items():
        if predicate == SH.alternativePath.value:
            return "|".join(_step(graph, member, above) for member in graph.members(values[0]))
        before, after = _SIGNS.get(predicate, ("", ""))
        if before or after:
            return f"{before}{_step(graph, values[0], above)}{after}"
    return ""


def _step(graph: TripleIndex, path: Term, above: frozenset[Term]) -> str:
    text = _write(graph, path, above)
    return text if isinstance(path, NamedNode) else f"({text})"


def predicates_of(graph: TripleIndex, path: Term) -> set[str]:
    """The predicates that a path walks, forwards or backwards."""
    found: set[str] = set()
    seen, todo = {path}, [path]
    while todo:
        node = todo.pop()
        if isinstance(node, NamedNode):
            found.add(node.value)
            continue
        after = [value for values in graph.properties(node).values() for value in values]
        todo += [value for value in after if value not in seen]
        seen.update(after)
    return found - {RDF.nil.value}


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
