"""Where in its file a triple stands: line and column, for messages about it."""

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.turtle_parser import parse_turtle
from kg.turtle_tokens import Position, TurtleSyntaxError
from kg.turtle_triples import PlacedTriple

__all__ = ["PlacedTriple", "Position", "PositionIndex", "TurtleSyntaxError", "parse_turtle"]

_Node = NamedNode | BlankNode


class PositionIndex:
    """The places of one Turtle text's triples; of a triple written twice, the first.

    Shape: blank nodes are found by the labels of this text, which mean nothing in another one; those written
    `[]` or `()` only by the labels `parse_turtle` gives, not by those of another parser.
    Raises: what `parse_turtle` raises.
    """

    def __init__(self, text: str, base_iri: str | None = None) -> None:
        self._objects: dict[tuple[_Node, NamedNode, _Node | Literal], Position] = {}
        self._predicates: dict[tuple[_Node, NamedNode], Position] = {}
        self._subjects: dict[_Node, Position] = {}
        for triple in parse_turtle(text, base_iri):
            pair = (triple.subject, triple.predicate)
            self._objects.setdefault((*pair, triple.object), triple.object_at)
            self._predicates.setdefault(pair, triple.predicate_at)
            self._subjects.setdefault(triple.subject, triple.subject_at)

    def __len__(self) -> int:
        """Number of different triples."""
        return len(self._objects)

    def find_exact(
        self,
        subject: NamedNode | BlankNode,
        predicate: NamedNode | None = None,
        object: NamedNode | BlankNode | Literal | None = None,
    ) -> Position | None:
        """Find the place of exactly what is asked: a triple's object, a pair's predicate, or a subject."""
        if predicate is None:
            return self._subjects.get(subject)
        if object is None:
            return self._predicates.get((subject, predicate))
        return self._objects.get((subject, predicate, object))

    def find(
        self,
        subject: NamedNode | BlankNode,
        predicate: NamedNode | None = None,
        object: NamedNode | BlankNode | Literal | None = None,
    ) -> Position | None:
        """Find the most exact place known: of the object, else of the predicate, else of the subject.

        Shape: literals match by lexical form, datatype and language in lower case; None when `subject` is
        never written as a subject.
        """
        return (
            self.find_exact(subject, predicate, object)
            or self.find_exact(subject, predicate)
            or self.find_exact(subject)
        )
