"""Blank nodes of our parsers matched with those of Oxigraph."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Quad

from sauran.kg.positions.triples import PlacedTriple

__all__ = ["match_blanks", "numbered_blanks"]

_Subject = NamedNode | BlankNode
_Edge = tuple[NamedNode, int]
_STEPS = 4  # enough to tell apart what people write; more would make a hostile file costly


@dataclass
class _Side:
    """What one parser gave: the objects that are blank, by subject, predicate and rank; blank subjects.

    `others` is a hash of the predicates and objects that are not blank, by blank subject.
    """

    edges: dict[_Subject, dict[_Edge, BlankNode]] = field(default_factory=dict)
    ranks: dict[tuple[_Subject, NamedNode], int] = field(default_factory=dict)
    subjects: dict[BlankNode, None] = field(default_factory=dict)
    objects: set[BlankNode] = field(default_factory=set)
    others: dict[BlankNode, int] = field(default_factory=dict)

    def add(self, subject: object, predicate: NamedNode, object_: object) -> None:
        if isinstance(subject, BlankNode):
            self.subjects.setdefault(subject)
            if not isinstance(object_, BlankNode):
                # A sum, so that the order of triples does not matter.
                self.others[subject] = self.others.get(subject, 0) + hash((predicate, object_))
        if isinstance(object_, BlankNode) and isinstance(subject, NamedNode | BlankNode):
            rank = self.ranks.get((subject, predicate), 0)
            self.ranks[subject, predicate] = rank + 1
            self.edges.setdefault(subject, {})[predicate, rank] = object_
            self.objects.add(object_)

    def roots(self) -> list[BlankNode]:
        return [node for node in self.subjects if node not in self.objects]

    def colours(self, nodes: Iterable[BlankNode]) -> dict[BlankNode, int]:
        """A number for each node that depends on what it leads to, a few steps far."""
        colours = {node: hash(self.others.get(node)) for node in nodes}
        for _ in range(_STEPS):
            colours = {node: hash((colours[node], self._reached(node, colours))) for node in colours}
        return colours

    def _reached(self, node: BlankNode, colours: dict[BlankNode, int]) -> frozenset[tuple[_Edge, int]]:
        return frozenset((edge, colours.get(child, 0)) for edge, child in self.edges.get(node, {}).items())


def match_blanks(ours: Iterable[PlacedTriple], theirs: Iterable[Quad]) -> dict[BlankNode, BlankNode]:
    """Find for each blank node of Oxigraph's the one of ours.

    Oxigraph gives the triples inside a bracket before the one that leads to it, we after it. But under one
    subject and predicate objects keep the order of the text, and so do brackets that nothing leads to.
    """
    mine, other = _Side(), _Side()
    for triple in ours:
        mine.add(triple.subject, triple.predicate, triple.object)
    for quad in theirs:
        other.add(quad.subject, quad.predicate, quad.object)
    pairs: list[tuple[_Subject, _Subject]] = list(zip(other.roots(), mine.roots(), strict=False))
    pairs += [(node, node) for node in other.edges if isinstance(node, NamedNode)]
    matched: dict[BlankNode, BlankNode] = {}
    taken: set[BlankNode] = set()
    _follow(pairs, mine, other, matched, taken)
    _match_cycles(mine, other, matched, taken)
    return matched


def _match_cycles(
    mine: _Side, other: _Side, matched: dict[BlankNode, BlankNode], taken: set[BlankNode]
) -> None:
    """Match the nodes that only lead to each other: those that lead to the same, in their order."""
    candidates: dict[int, deque[BlankNode]] = {}
    for node, colour in mine.colours([node for node in mine.subjects if node not in taken]).items():
        candidates.setdefault(colour, deque()).append(node)
    for node, colour in other.colours([node for node in other.subjects if node not in matched]).items():
        alike = candidates.get(colour, deque())
        while alike and alike[0] in taken:
            alike.popleft()
        if alike and node not in matched:
            _follow([(node, alike.popleft())], mine, other, matched, taken)


def _follow(
    pairs: list[tuple[_Subject, _Subject]],
    mine: _Side,
    other: _Side,
    matched: dict[BlankNode, BlankNode],
    taken: set[BlankNode],
) -> None:
    while pairs:
        their_node, our_node = pairs.pop()
        if isinstance(their_node, BlankNode) and isinstance(our_node, BlankNode):
            if their_node in matched:
                continue
            matched[their_node] = our_node
            taken.add(our_node)
        edges = mine.edges.get(our_node, {})
        for edge, child in other.edges.get(their_node, {}).items():
            if edge in edges:
                pairs.append((child, edges[edge]))


def numbered_blanks(quads: Iterable[Quad]) -> list[BlankNode]:
    """The blank nodes of some triples in the order in which they appear, subjects before objects."""
    terms = (term for quad in quads for term in (quad.subject, quad.object))
    return list(dict.fromkeys(term for term in terms if isinstance(term, BlankNode)))
