"""What the catalogue describes, under its own names: datasets, records, distributions, services."""

from pyoxigraph import Quad

from sauran.kg.describe.catalogue import catalogue_slugs, page_quads, thing_quads
from sauran.kg.describe.catalogue.paging import Page, paging_quads
from sauran.kg.describe.catalogue.source import Source
from sauran.kg.describe.dqv import dataset_quality
from sauran.kg.describe.void import dataset_void
from sauran.kg.publication.distributions import page_path
from sauran.server.http.served_release import Edition

__all__ = ["describe_catalogued", "describe_front", "page_of_catalogued"]


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
