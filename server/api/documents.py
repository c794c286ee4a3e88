"""The document of an IRI, defined once: the same triples in every RDF format."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import Format
from sauran.kg.model.namespaces import LABEL_PROPERTIES, RDF
from sauran.server.api.catalogue_descriptions import describe_catalogued
from sauran.server.http.executor import ask_rows
from sauran.server.http.served_release import ServedRelease

__all__ = ["Document", "find_document", "is_described", "write_document"]


@dataclass(frozen=True)
class Document:
    """What is said about an IRI, as it was written.

    `labels` are those of the things that the quads mention.
    """

    iri: str
    quads: tuple[Quad, ...]
    labels: tuple[Quad, ...]


def find_document(served_release: ServedRelease, iri: str) -> Document | None:
    """Collect the document of an IRI, or None where nothing is said about it.

    Shape: the quads of the IRI, of its own fragment IRIs and blank nodes; those of the claims that have it as
    subject or object, that a passage states or a note targets; of each claim its passages and its notes; what
    says that it is a part of it.
    """
    own = _own(served_release, iri)
    if not own:
        return None
    found = dict.fromkeys(own)
    thing = NamedNode(iri)
    nodes: dict[str, None] = {}
    for _, *row in ask_rows(served_release, "claims-of-thing", thing=thing).rows:
        nodes |= dict.fromkeys(term.value for term in row if isinstance(term, NamedNode))
    for node in nodes:
        found |= dict.fromkeys(served_release.quads.about(node))
    for _, part, relation, graph in ask_rows(served_release, "parts-of-thing", thing=thing).rows:
        if isinstance(part, NamedNode) and isinstance(relation, NamedNode) and isinstance(graph, NamedNode):
            found[Quad(part, relation, thing, graph)] = None
            # Its kind too, so that parts can be listed by kind.
            found |= dict.fromkeys(
                q for q in served_release.quads.exactly(part.value) if q.predicate == RDF["type"]
            )
    things = (term for quad in found for term in (quad.subject, quad.object))
    return Document(iri, tuple(found), _labels(served_release, things))


def is_described(served_release: ServedRelease, iri: str) -> bool:
    """Whether an IRI has a document."""
    return bool(_own(served_release, iri))


def write_document(served_release: ServedRelease, document: Document, wanted: Format) -> bytes:
    """Write a document in an RDF format: the same triples in each, in the default graph.

    Graph names stay out even where the format has them: a client that looks for triples of a document, such
    as Comunica, asks its default graph only.
    """
    triples = {quad.triple: None for quad in (*document.quads, *document.labels)}
    # What the document is about comes first.
    about = NamedNode(document.iri)
    ordered = sorted(sort_quads(Quad(*triple) for triple in triples), key=lambda quad: quad.subject != about)
    prefixes = {**CATALOGUE_PREFIXES, **served_release.prefixes}
    return write_rdf(ordered, wanted, prefixes, {**CATALOGUE_PREFIXES, **served_release.context})


def _own(served_release: ServedRelease, iri: str) -> list[Quad]:
    return served_release.quads.about(iri) or describe_catalogued(served_release, iri)


def _labels(served_release: ServedRelease, terms: Iterable[object]) -> tuple[Quad, ...]:
    mentioned = dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode))
    return tuple(
        quad
        for iri in mentioned
        for quad in served_release.quads.exactly(iri)
        if quad.predicate in LABEL_PROPERTIES
    )
