"""The RDF of the catalogue: descriptions of what it names (datasets, services), and its named graph."""

from collections.abc import Iterator

from flask import Response
from pyoxigraph import Quad

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES, catalogue_slugs, page_quads, thing_quads
from sauran.kg.describe.catalogue.paging import Page, paging_quads
from sauran.kg.describe.catalogue.source import Source
from sauran.kg.describe.quality import dataset_quality
from sauran.kg.describe.void import dataset_void
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.publication.distributions import page_path
from sauran.server.http.problems import not_acceptable
from sauran.server.http.served_release import ServedRelease

__all__ = [
    "catalogue_graph_iri",
    "describe_catalogued",
    "describe_front",
    "page_of_catalogued",
    "send_catalogue_graph",
]

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
    """The name of the graph."""
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
