"""What a page reads from a release, in one language: small reads, never more than it shows."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, NAME_PROPERTIES, RDF, RDFS, REVIEW_PROPERTIES
from sauran.kg.model.triple_index import TripleIndex
from sauran.server.http.localised_labels import LabelReader
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.term_names import name_of_authority, name_of_term

__all__ = ["MOST_CHARACTERS", "Lookup", "find_labels"]

MOST_CHARACTERS = 4000  # of a text; of a name a tenth
_MOST_NAMES = 20  # of each property: many languages
_MOST_KEPT = 10_000
_MOST_QUADS = 300  # of a claim, a passage or a note, in each graph
_LABELS_AND_REVIEWS = frozenset((*NAME_PROPERTIES, *REVIEW_PROPERTIES))


class Lookup:
    """Triples for one page in one language; `shortened` tells that a text was too long for it.

    With `whole`, as programs need it, nothing is shortened.
    """

    served_release: ServedRelease
    language: str

    def __init__(self, served_release: ServedRelease, language: str, *, whole: bool = False) -> None:
        self.served_release, self.language, self._whole = served_release, language, whole
        self.shortened: bool = False
        self._index = TripleIndex()
        self._read: set[str] = set()
        self._named: set[str] = set()

    def keep(self, quads: Iterable[Quad]) -> None:
        """Add quads, with long texts shortened."""
        self._index.add(map(self._fitting, quads))

    def read(self, terms: Iterable[Term | None]) -> None:
        """Read the description of small things: claims, passages, notes; with their fragments."""
        for term in terms:
            if isinstance(term, NamedNode) and term.value not in self._read:
                self._read.add(term.value)
                self.keep(self.served_release.quads.about(term.value, _MOST_QUADS))

    def read_values(self, term: Term, property_: NamedNode, most: int) -> None:
        """Read the first values of one property."""
        if isinstance(term, NamedNode):
            self.keep(self.served_release.quads.values(term.value, property_.value, most))

    def values(self, subject: Term, property_: NamedNode) -> list[Term]:
        """The values read so far of a property."""
        return self._index.objects(subject, property_.value)

    def names(self, thing: NamedNode) -> dict[str, str]:
        """The names read so far of a thing by their languages, of the best property that names it."""
        for property_ in NAME_PROPERTIES:
            literals = (value for value in self.values(thing, property_) if isinstance(value, Literal))
            if found := {literal.language or "": literal.value for literal in literals}:
                return found
        return {}

    def reader(self) -> LabelReader:
        """A reader of all that was read, with the names of what it mentions."""
        mentioned = dict.fromkeys(
            term.value
            for triple in self._index
            for term in (triple.subject, triple.predicate, triple.object, *_datatype(triple.object))
            if isinstance(term, NamedNode)
        )
        return self.reader_of(mentioned)

    def reader_of(self, iris: Iterable[str]) -> LabelReader:
        """A reader of all that was read, with the names of some IRIs."""
        for iri in iris:
            if iri not in self._named:
                self._named.add(iri)
                self._name(iri)
        return LabelReader(
            self._index, self.served_release.links, self.language, self.served_release.prefixes
        )

    def _name(self, iri: str) -> None:
        term = NamedNode(iri)
        if own := _names_of(self.served_release, iri):
            self.keep(own)
        elif name := name_of_term(iri):
            self.keep([Quad(term, RDFS.label, Literal(name, language=self.language))])
        elif name := name_of_authority(iri):
            self.keep([Quad(term, RDFS.label, Literal(name))])

    def _fitting(self, quad: Quad) -> Quad:
        most = MOST_CHARACTERS // 10 if quad.predicate in NAME_PROPERTIES else MOST_CHARACTERS
        text = quad.object
        if self._whole or not isinstance(text, Literal) or len(text.value) <= most:
            return quad
        self.shortened = True
        cut = f"{text.value[:most]}…"
        shorter = (
            Literal(cut, language=text.language) if text.language else Literal(cut, datatype=text.datatype)
        )
        return Quad(quad.subject, quad.predicate, shorter, quad.graph_name)


def _datatype(term: Term) -> tuple[NamedNode, ...]:
    if isinstance(term, Literal) and not term.language and not term.datatype.value.startswith(RDF.iri):
        return (term.datatype,)
    return ()


def _names_of(served_release: ServedRelease, iri: str) -> tuple[Quad, ...]:
    """The quads that name a thing, with the reviews of their languages; of a work its citation."""
    found = served_release.names.get(iri)
    if found is None:
        quads, most = served_release.quads, _MOST_NAMES
        named = [quad for p in NAME_PROPERTIES for quad in quads.values(iri, p.value, most)]
        if named:
            named += [quad for p in REVIEW_PROPERTIES for quad in quads.values(iri, p.value, most)]
        else:
            cited = quads.values(iri, DCTERMS.bibliographicCitation.value, 1)
            named = [Quad(quad.subject, RDFS.label, quad.object) for quad in cited]
        found = tuple(named)
        # Long names would fill the memory; reading them again is fast.
        if (
            len(served_release.names) < _MOST_KEPT
            and sum(len(str(quad.object)) for quad in named) < MOST_CHARACTERS
        ):
            served_release.names[iri] = found
    return found


def find_labels(served_release: ServedRelease, terms: Iterable[object], *further: NamedNode) -> list[Quad]:
    """Collect the labels of the IRIs among some terms, and which were reviewed; `further` adds properties."""
    wanted = _LABELS_AND_REVIEWS | frozenset(further)
    mentioned = dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode))
    return [
        quad for iri in mentioned for quad in served_release.quads.exactly(iri) if quad.predicate in wanted
    ]
