"""Blank nodes of our parsers matched with those of Oxigraph."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Quad

from sauran.kg.positions.triples import PlacedTriple

__all__ = ["match_blanks", "numbered_blanks"]

_Subject = NamedNode | BlankNode
_Edge = tuple[NamedNode, int]


@dataclass
class _Side:
    """What one parser gave: the objects that are blank, by subject, predicate and rank; blank subjects."""

    edges: dict[_Subject, dict[_Edge, BlankNode]] = field(default_factory=dict)
    ranks: dict[tuple[_Subject, NamedNode], int] = field(default_factory=dict)
    subjects: dict[BlankNode, None] = field(default_factory=dict)
    objects: set[BlankNode] = field(default_factory=set)

    def add(self, subject: object, predicate: NamedNode, object_: object) -> None:
        if isinstance(subject, BlankNode):
            self.subjects.setdefault(subject)
        if isinstance(object_, BlankNode) and isinstance(subject, NamedNode | BlankNode):
            rank = self.ranks.get((subject, predicate), 0)
            self.ranks[subject, predicate] = rank + 1
            self.edges.setdefault(subject, {})[predicate, rank] = object_
            self.objects.add(object_)

    def roots(self) -> list[BlankNode]:
        return [node for node in self.subjects if node not in self.objects]


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
    _follow(pairs, mine, other, matched)
    # Those that only lead to each other have labels, and stand in the same order on both sides.
    taken = set(matched.values())
    left = zip(
        [node for node in other.subjects if node not in matched],
        [node for node in mine.subjects if node not in taken],
        strict=False,
    )
    for pair in left:
        _follow([pair], mine, other, matched)
    return matched


def _follow(
    pairs: list[tuple[_Subject, _Subject]], mine: _Side, other: _Side, matched: dict[BlankNode, BlankNode]
) -> None:
    while pairs:
        their_node, our_node = pairs.pop()
        if isinstance(their_node, BlankNode) and isinstance(our_node, BlankNode):
            if their_node in matched:
                continue
            matched[their_node] = our_node
        edges = mine.edges.get(our_node, {})
        for edge, child in other.edges.get(their_node, {}).items():
            if edge in edges:
                pairs.append((child, edges[edge]))


def numbered_blanks(quads: Iterable[Quad]) -> list[BlankNode]:
    """The blank nodes of some triples in the order in which they appear, subjects before objects."""
    terms = (term for quad in quads for term in (quad.subject, quad.object))
    return list(dict.fromkeys(term for term in terms if isinstance(term, BlankNode)))
