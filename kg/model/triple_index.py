"""Small in-memory index of triples by subject and predicate."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import RDF

__all__ = ["TripleIndex"]

_FIRST, _REST, _NIL = RDF.first.value, RDF.rest.value, RDF.nil


class TripleIndex:
    """Triples without repetition, also those of quads, whose graphs are ignored.

    Shape: predicates are given as the text of their IRI; subjects and values keep the order of insertion.
    """

    def __init__(self, triples: Iterable[Triple] | Iterable[Quad] = ()) -> None:
        self._of: dict[Term, dict[str, dict[Term, None]]] = {}
        self._with: dict[str, dict[Term, None]] = {}
        self.add(triples)

    def add(self, triples: Iterable[Triple] | Iterable[Quad]) -> None:
        """Add triples to those in the index."""
        for triple in triples:
            subject, predicate = triple.subject, triple.predicate.value
            self._of.setdefault(subject, {}).setdefault(predicate, {})[triple.object] = None
            self._with.setdefault(predicate, {})[subject] = None

    def __iter__(self) -> Iterator[Triple]:
        for subject, properties in self._of.items():
            for predicate, values in properties.items():
                for value in values:
                    yield Triple(subject, NamedNode(predicate), value)  # type: ignore[arg-type]

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """The values of a property, in the order they were written."""
        return list(self._of.get(subject, {}).get(predicate, ()))

    def value(self, subject: Term, predicate: str) -> Term | None:
        """The first value of a property."""
        return next(iter(self._of.get(subject, {}).get(predicate, ())), None)

    def subjects(self, predicate: str, value: Term | None = None) -> list[Term]:
        """What has a property, or has it with this value."""
        found = self._with.get(predicate, {})
        return [s for s in found if value is None or value in self._of[s][predicate]]

    def properties(self, subject: Term) -> dict[str, list[Term]]:
        """All properties of a subject, with their values."""
        return {p: list(values) for p, values in self._of.get(subject, {}).items()}

    def members(self, head: Term) -> list[Term]:
        """The members of an RDF list; of one that loops, each once."""
        found, seen = [], set()
        while isinstance(head, NamedNode | BlankNode) and head != _NIL and head not in seen:
            seen.add(head)
            found += self.objects(head, _FIRST)[:1]
            rest = self.value(head, _REST)
            if rest is None:
                break
            head = rest
        return found
