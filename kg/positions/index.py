"""Index of the places of triples in a text, or of subjects only; one table of what each format offers."""

from collections.abc import Callable, Container, Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.positions.jsonld import find_subjects_of_jsonld, name_anonymous_objects
from sauran.kg.positions.ntriples import parse_nquads, parse_ntriples
from sauran.kg.positions.rdfxml import find_subjects_of_rdfxml, name_anonymous_elements
from sauran.kg.positions.tokens import Position, TurtleSyntaxError
from sauran.kg.positions.trig import parse_trig
from sauran.kg.positions.triples import PlacedTriple
from sauran.kg.positions.turtle import parse_turtle

__all__ = ["EXACT_FORMATS", "PositionIndex", "index_text", "name_anonymous", "parse_exactly"]

_Node = NamedNode | BlankNode
_Term = _Node | Literal
_Reader = Callable[[str, str | None], Iterator[PlacedTriple]]
_SubjectFinder = Callable[[str, str | None], Iterator[tuple[_Node, Position]]]
_Namer = Callable[[str, str], tuple[str, dict[BlankNode, Position]]]

# Formats as `sauran.kg.model.formats` names them.
_READERS: dict[str, _Reader] = {
    "turtle": parse_turtle,
    "trig": parse_trig,
    "ntriples": parse_ntriples,
    "nquads": parse_nquads,
}
_SUBJECT_FINDERS: dict[str, _SubjectFinder] = {
    "jsonld": find_subjects_of_jsonld,
    "rdfxml": find_subjects_of_rdfxml,
}
_NAMERS: dict[str, _Namer] = {
    "jsonld": name_anonymous_objects,
    "rdfxml": name_anonymous_elements,
}
EXACT_FORMATS = frozenset(_READERS)


class PositionIndex:
    """Find places; of a repeated triple, the first one.

    Shape: blank nodes are found by the labels of this text, which mean nothing in another one; those written
    `[]` or `()` only by the labels our parser gives, not by those of another one. Graphs make no difference.
    `exact` is false where only subjects are known.
    """

    def __init__(self, *, exact: bool = True) -> None:
        self.exact = exact
        self._objects: dict[tuple[_Node, NamedNode, _Term], Position] = {}
        self._predicates: dict[tuple[_Node, NamedNode], Position] = {}
        self._subjects: dict[_Node, Position] = {}
        self._values: dict[_Term, Position] = {}

    def __len__(self) -> int:
        """Number of different triples."""
        return len(self._objects)

    def add_triples(self, triples: Iterable[PlacedTriple], wanted: Container[_Term] | None = None) -> None:
        """Remember triples; with `wanted` only those that begin or end with one of its terms."""
        for triple in triples:
            if wanted is None or triple.subject in wanted:
                pair = (triple.subject, triple.predicate)
                self._objects.setdefault((*pair, triple.object), triple.object_at)
                self._predicates.setdefault(pair, triple.predicate_at)
                self._subjects.setdefault(triple.subject, triple.subject_at)
            if wanted is not None and triple.object in wanted:
                self._values.setdefault(triple.object, triple.object_at)

    def add_subjects(self, subjects: Iterable[tuple[_Node, Position]]) -> None:
        """Remember where subjects are described."""
        for subject, place in subjects:
            self._subjects.setdefault(subject, place)

    def find_exact(
        self, subject: _Node, predicate: NamedNode | None = None, object: _Term | None = None
    ) -> Position | None:
        """Find the place of exactly what is asked: a triple's object, a pair's predicate, or a subject."""
        if predicate is None:
            return self._subjects.get(subject)
        if object is None:
            return self._predicates.get((subject, predicate))
        return self._objects.get((subject, predicate, object))

    def find_value(self, value: _Term) -> Position | None:
        """Find a place of a wanted term as an object of any triple."""
        return self._values.get(value)

    def find(
        self, subject: _Node, predicate: NamedNode | None = None, object: _Term | None = None
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


def parse_exactly(text: str, format_name: str, base_iri: str | None = None) -> Iterator[PlacedTriple]:
    """Read a text of one of EXACT_FORMATS, as `parse_turtle` does."""
    return _READERS[format_name](text, base_iri)


def index_text(
    text: str,
    format_name: str = "turtle",
    base_iri: str | None = None,
    wanted: Container[_Term] | None = None,
) -> PositionIndex:
    """Read a text of any RDF format; `wanted` spares the memory for other terms.

    Raises: TurtleSyntaxError at the first fault; UsageError when `base_iri` is relative.
    """
    index = PositionIndex(exact=format_name in EXACT_FORMATS)
    if index.exact:
        index.add_triples(parse_exactly(text, format_name, base_iri), wanted)
    elif format_name in _SUBJECT_FINDERS:  # in other formats nothing has a place
        index.add_subjects(_SUBJECT_FINDERS[format_name](text, base_iri))
    return index


def name_anonymous(text: str, format_name: str) -> tuple[str, dict[BlankNode, Position]]:
    """Name the anonymous nodes, since parsers keep names; return their places in the original text.

    Shape: nodes that cannot be named are left out, such as list cells; the text is unchanged where it
    cannot be read.
    """
    prefix = "n"
    while prefix in text:
        prefix += "n"
    try:
        return _NAMERS[format_name](text, prefix)
    except TurtleSyntaxError:
        return text, {}
