"""The RDF of the catalogue: descriptions of what it names (datasets, services), and its named graph."""

from collections.abc import Iterator

from flask import Response
from pyoxigraph import Quad

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES, catalogue_slugs, page_quads, thing_quads
from sauran.kg.describe.catalogue.paging import Page, paging_quads
from sauran.kg.describe.catalogue.source import Source
from sauran.kg.describe.dqv import dataset_quality
from sauran.kg.describe.void import dataset_void
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.publication.distributions import page_path
from sauran.server.http.problems import not_acceptable
from sauran.server.http.served_release import Edition

__all__ = [
    "catalogue_graph_iri",
    "describe_catalogued",
    "describe_front",
    "page_of_catalogued",
    "send_catalogue_graph",
]

_PIECE = 50  # datasets


def describe_catalogued(edition: Edition, iri: str) -> list[Quad]:
    """Describe what an IRI of the catalogue names, a dataset with its numbers; else nothing."""
    manifest, site = edition.release.manifest, edition.links.site
    slug, quads = thing_quads(manifest, iri, site, edition.versions_before)
    if slug and iri == f"{edition.links.base}dataset/{slug}":
        quads += [*dataset_void(manifest, slug, site), *dataset_quality(manifest, slug)]
    return quads


def page_of_catalogued(edition: Edition, iri: str) -> str:
    """The path, without language, of the page where people read about it."""
    slug = thing_quads(edition.release.manifest, iri, edition.links.site)[0]
    service = iri.startswith(f"{edition.links.base}service/")
    return page_path(slug) if slug and not service else "catalogue"


def describe_front(edition: Edition, size: int) -> list[Quad]:
    """The first page of the catalogue, for whoever knows nothing but the address of the site."""
    manifest, site = edition.release.manifest, edition.links.site
    page = Page.of(catalogue_slugs(manifest), size, 1)
    if page is None:
        return []
    quads = page_quads(manifest, site, page.items, edition.versions_before)
    if page.last > 1:
        quads += paging_quads(
            Source(manifest, site).say, page, edition.links.absolute("catalogue"), edition.release.version
        )
    return [Quad(*quad.triple) for quad in quads]


def catalogue_graph_iri(edition: Edition) -> str:
    """The name of the graph."""
    return f"{edition.links.base}graph/catalogue"


def send_catalogue_graph(edition: Edition, wanted: Format) -> Response:
    """Send the whole graph; of more than fifty datasets as a stream.

    Raises: Problem 406 where so many are wanted in a format that has to be written as a whole.
    """
    slugs = catalogue_slugs(edition.release.manifest)
    pieces = [slugs[start : start + _PIECE] for start in range(0, len(slugs), _PIECE)]
    if len(pieces) == 1:
        return Response(_write(edition, pieces[0], wanted), content_type=wanted.content_type)
    if not wanted.joins:
        raise not_acceptable([known for known in RDF_FORMATS if known.joins])
    texts: Iterator[bytes] = (_write(edition, piece, wanted) for piece in pieces)
    return Response(texts, content_type=wanted.content_type)


def _write(edition: Edition, slugs: list[str], wanted: Format) -> bytes:
    quads = page_quads(edition.release.manifest, edition.links.site, slugs, edition.versions_before)
    prefixes = {**CATALOGUE_PREFIXES, **edition.prefixes}
    return write_rdf(sort_quads(quads), wanted, prefixes, {**CATALOGUE_PREFIXES, **edition.context})
