"""RDF documents: what the release says about an IRI, descriptions of the catalogue, and its graph."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Response
from pyoxigraph import NamedNode, Quad

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES, catalogue_slugs, page_quads, thing_quads
from sauran.kg.describe.catalogue.paging import Page, paging_quads
from sauran.kg.describe.catalogue.source import Source
from sauran.kg.describe.quality import dataset_quality
from sauran.kg.describe.void import dataset_void
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.model.namespaces import LABEL_PROPERTIES, RDF
from sauran.kg.publication.distributions import page_path
from sauran.server.http.executor import ask_rows
from sauran.server.http.problems import not_acceptable
from sauran.server.http.served_release import ServedRelease

__all__ = [
    "Document",
    "catalogue_graph_iri",
    "describe_catalogued",
    "describe_front",
    "find_document",
    "is_described",
    "page_of_catalogued",
    "send_catalogue_graph",
    "write_document",
]


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


_PIECE = 50  # datasets


def describe_catalogued(served_release: ServedRelease, iri: str) -> list[Quad]:
    """Describe what an IRI of the catalogue names, a dataset with its numbers; else nothing."""
    manifest, site = served_release.release.manifest, served_release.links.site
    slug, quads = thing_quads(manifest, iri, site, served_release.versions_before)
    if slug and iri == f"{served_release.links.base}dataset/{slug}":
        quads += [*dataset_void(manifest, slug, site), *dataset_quality(manifest, slug)]
    return quads


def page_of_catalogued(served_release: ServedRelease, iri: str) -> str:
    """The path, without language, of the page where people read about it."""
    slug = thing_quads(served_release.release.manifest, iri, served_release.links.site)[0]
    service = iri.startswith(f"{served_release.links.base}service/")
    return page_path(slug) if slug and not service else "catalogue"


def describe_front(served_release: ServedRelease, size: int) -> list[Quad]:
    """The first page of the catalogue, for clients that know only the address of the site."""
    manifest, site = served_release.release.manifest, served_release.links.site
    page = Page.of(catalogue_slugs(manifest), size, 1)
    if page is None:
        return []
    quads = page_quads(manifest, site, page.items, served_release.versions_before)
    if page.last > 1:
        quads += paging_quads(
            Source(manifest, site).say,
            page,
            served_release.links.absolute("catalogue"),
            served_release.release.version,
        )
    return [Quad(*quad.triple) for quad in quads]


def catalogue_graph_iri(served_release: ServedRelease) -> str:
    """The IRI of the graph that holds the catalogue."""
    return f"{served_release.links.base}graph/catalogue"


def send_catalogue_graph(served_release: ServedRelease, wanted: Format) -> Response:
    """Send the whole graph; of more than fifty datasets as a stream.

    Raises: Problem 406 where more than that are wanted in a format that has to be written as a whole.
    """
    slugs = catalogue_slugs(served_release.release.manifest)
    pieces = [slugs[start : start + _PIECE] for start in range(0, len(slugs), _PIECE)]
    if len(pieces) == 1:
        return Response(_write(served_release, pieces[0], wanted), content_type=wanted.content_type)
    if not wanted.joins:
        raise not_acceptable([known for known in RDF_FORMATS if known.joins])
    texts: Iterator[bytes] = (_write(served_release, piece, wanted) for piece in pieces)
    return Response(texts, content_type=wanted.content_type)


def _write(served_release: ServedRelease, slugs: list[str], wanted: Format) -> bytes:
    quads = page_quads(
        served_release.release.manifest, served_release.links.site, slugs, served_release.versions_before
    )
    prefixes = {**CATALOGUE_PREFIXES, **served_release.prefixes}
    return write_rdf(sort_quads(quads), wanted, prefixes, {**CATALOGUE_PREFIXES, **served_release.context})
