"""The graphs of ontology, shapes and alignments, with labels in the language of the page and anchors."""

import re
from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext as _
from pyoxigraph import Literal, NamedNode, Quad, parse

from sauran.kg.model.findings import Term
from sauran.kg.model.formats import format_of_suffix
from sauran.kg.model.namespaces import OWL, PREFIXES, RDF, RDFS, SCHEMA
from sauran.kg.model.triple_index import TripleIndex
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.lookup import Lookup

__all__ = ["CLASSES", "DATATYPES", "ONTOLOGY", "PROPERTIES", "SHAPES", "TERM_KINDS", "VocabularyGraph"]

ONTOLOGY, SHAPES, _ALIGNMENTS = "ontology", "shapes", "alignments"
_NAMESPACE = f"{PREFIXES['vann']}preferredNamespaceUri"
CLASSES = frozenset({OWL.Class, RDFS.Class})
DATATYPES = frozenset({RDFS.Datatype})
PROPERTIES = frozenset(
    {
        OWL.ObjectProperty,
        OWL.DatatypeProperty,
        OWL.AnnotationProperty,
        OWL.SymmetricProperty,
        OWL.TransitiveProperty,
        OWL.FunctionalProperty,
        RDF.Property,
    }
)
TERM_KINDS = CLASSES | DATATYPES | PROPERTIES
_NOT_IN_ANCHOR = re.compile(r"[\s#/]+")


class VocabularyGraph:
    """The three graphs, with labels and links of their terms."""

    served_release: ServedRelease
    language: str
    ontology: TripleIndex
    shapes: TripleIndex
    alignments: TripleIndex

    def __init__(self, served_release: ServedRelease, language: str) -> None:
        self.served_release, self.language = served_release, language
        graphs = {name: _read_graph(served_release, name) for name in (ONTOLOGY, SHAPES, _ALIGNMENTS)}
        self.ontology, self.shapes, self.alignments = (
            TripleIndex(quad.triple for quad in quads) for quads in graphs.values()
        )
        lookup = Lookup(served_release, language, whole=True)
        for quads in graphs.values():
            lookup.keep(quads)
        lookup.keep(_names_of_relations(language))
        own = {quad.subject for quads in graphs.values() for quad in quads}
        mentioned = {
            term.value
            for quads in graphs.values()
            for quad in quads
            for term in (quad.predicate, quad.object)
            if isinstance(term, NamedNode) and term not in own
        }
        self.reader: LabelReader = lookup.reader_of(sorted(mentioned))
        self._anchors_on: dict[str, dict[Term, str]] = {}
        self._shown: dict[Term, Label] = {}

    def anchor(self, page: str, term: Term) -> str | None:
        """The anchor of a term on the page of its graph; None where it has none there."""
        if page not in self._anchors_on:
            graph = self.ontology if page == ONTOLOGY else self.shapes
            self._anchors_on[page] = self._anchors(graph, page)
        return self._anchors_on[page].get(term)

    def name(self, term: Term) -> Label:
        """A term by its label, a shape by its slug, with a link to where the pages explain it."""
        if term not in self._shown:
            self._shown[term] = self._name(term)
        return self._shown[term]

    def _name(self, term: Term) -> Label:
        shown = self.reader.name(term)
        for page in (ONTOLOGY, SHAPES):
            anchor = self.anchor(page, term)
            if anchor is not None:
                href = self.served_release.links.here(f"{self.language}/{page}") + f"#{anchor}"
                text = shown.text if page == ONTOLOGY or shown.language else anchor
                return replace(shown, text=text, href=href)
        return shown

    def names(self, terms: Iterable[Term]) -> tuple[Label, ...]:
        """Terms by their labels, in the order of the alphabet."""
        return tuple(sorted(map(self.name, terms), key=lambda shown: shown.text.casefold()))

    def show_best(self, values: Iterable[Term], subject: Term) -> tuple[Label, ...]:
        """Values of a property of a subject; of texts in several languages only the best."""
        found = list(values)
        texts = [value for value in found if isinstance(value, Literal)]
        others = [value for value in found if not isinstance(value, Literal)]
        return (*self.reader.show_best(texts, subject), *self.names(others))

    def short(self, iri: str) -> str:
        """An IRI with a prefix, as Turtle writes it; whole where no prefix fits."""
        for prefix, namespace in self.served_release.prefixes.items():
            local = iri.removeprefix(namespace)
            if local not in (iri, "") and "/" not in local and "#" not in local:
                return f"{prefix}:{local}"
        return iri

    def _anchors(self, graph: TripleIndex, page: str) -> dict[Term, str]:
        """Own terms under the fragment of their IRI; borrowed ones with their prefix."""
        own = self._namespace(graph, page)
        found: dict[Term, str] = {}
        for term in graph.subjects(RDF.type.value):
            kinds = set(graph.objects(term, RDF.type.value))
            if not isinstance(term, NamedNode) or OWL.Ontology in kinds:
                continue
            if term.value.startswith(own):
                found[term] = _NOT_IN_ANCHOR.sub("-", term.value.removeprefix(own))
            elif kinds & TERM_KINDS:
                found[term] = _NOT_IN_ANCHOR.sub("-", self.short(term.value).replace(":", "-", 1))
        return found

    @staticmethod
    def _namespace(graph: TripleIndex, page: str) -> str:
        for owner in graph.subjects(RDF.type.value, OWL.Ontology):
            value = graph.value(owner, _NAMESPACE)
            if isinstance(value, Literal):
                return value.value
            if isinstance(owner, NamedNode):
                return f"{owner.value}#"
        return f"/{page}#"


def _read_graph(served_release: ServedRelease, name: str) -> list[Quad]:
    """The quads of the dump that holds just this graph; none where the release has no such dump."""
    dump = served_release.dumps_of_graphs.get(f"{served_release.links.base}graph/{name}")
    wanted = format_of_suffix("nq")
    if dump is None or wanted is None:
        return []
    file = served_release.release.folder / served_release.dump_path(dump, wanted)
    return list(parse(file.read_bytes(), format=wanted.rdf))


def _names_of_relations(language: str) -> list[Quad]:
    """The names of relations between terms on these pages; other names are in `term_names`."""
    names = {
        RDFS.subClassOf: _("narrower than the class"),
        RDFS.subPropertyOf: _("narrower than the property"),
        RDFS.domain: _("has as subject only"),
        RDFS.range: _("has as value only"),
        SCHEMA.domainIncludes: _("used with"),
        SCHEMA.rangeIncludes: _("leads to"),
        OWL.equivalentClass: _("same class as"),
        OWL.equivalentProperty: _("same property as"),
        OWL.disjointWith: _("nothing in common with"),
        OWL.inverseOf: _("inverse of"),
        OWL.versionInfo: _("version"),
        OWL.versionIRI: _("identifier of this version"),
    }
    return [Quad(term, RDFS.label, Literal(str(name), language=language)) for term, name in names.items()]
