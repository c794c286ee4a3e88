"""DCAT-AP 3.0.1 catalogue from a release manifest and the address of a site. Pure.

Front door: `page_quads`; of one thing `dataset_quads`, `thing_quads`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode, Quad

from sauran.kg.describe.catalogue.concepts import agent_quads, describe_mentioned
from sauran.kg.describe.catalogue.data_services import SERVICES, served_quads, service_quads
from sauran.kg.describe.catalogue.datasets import dataset_itself, distribution_quads, record_quads, release_of
from sauran.kg.describe.catalogue.source import Source, Versions
from sauran.kg.describe.catalogue.terms import CATALOGUE_PREFIXES, DCAT, FOAF, a_date, in_languages
from sauran.kg.model.namespaces import DCTERMS
from sauran.kg.publication.distributions import WHOLE, dataset_of, find_distribution

__all__ = [
    "CATALOGUE_PREFIXES",
    "Versions",
    "catalogue_slugs",
    "dataset_quads",
    "datasets_quads",
    "described_days",
    "page_quads",
    "released_quads",
    "thing_quads",
]

_NO_VERSIONS: Versions = {}


def catalogue_slugs(manifest: Mapping[str, Any], modified_since: str = "") -> list[str]:
    """The slugs of all datasets that a catalogue lists, or of those described so since a day or later."""
    source = Source(manifest, "")
    slugs = [WHOLE, *source.datasets]
    return [slug for slug in slugs if source.described(slug) >= modified_since]


def released_quads(manifest: Mapping[str, Any], site: str) -> list[Quad]:
    """Describe a release by what it is: one version of each of its datasets."""
    source = Source(manifest, site)
    return _finished(
        source, (quad for slug in catalogue_slugs(manifest) for quad in release_of(source, slug))
    )


def described_days(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The date since when each dataset has its current description, by slug.

    Shape: a description names the files of its release, so it is of the day that the publication was issued,
    or of the dataset's last change if that is later.
    """
    source = Source(manifest, "")
    return {slug: source.described(slug) for slug in catalogue_slugs(manifest)}


def page_quads(
    manifest: Mapping[str, Any],
    site: str,
    slugs: Sequence[str],
    versions: Versions = _NO_VERSIONS,
    *,
    portal: str = "",
) -> list[Quad]:
    """Describe the catalogue, and of its datasets these; all such pages together say what the whole says.

    Shape: services stand on the page that has the dataset of everything.
    """
    source = Source(manifest, site, versions, portal, tuple(slugs))
    quads = list(_catalogue_itself(source))
    for slug in slugs:
        quads += _listed(source, slug)
    if WHOLE in slugs:
        for name in SERVICES:
            quads += source.say.more(source.catalogue, DCAT.service, [f"{source.base}service/{name}"])
            quads += service_quads(source, name)
    quads += served_quads(source, slugs)
    return _finished(source, quads)


def dataset_quads(
    manifest: Mapping[str, Any],
    slug: str,
    site: str,
    versions: Versions = _NO_VERSIONS,
    *,
    portal: str = "",
) -> list[Quad]:
    """Describe one dataset of the release, its distributions and its record.

    Raises: KeyError for a slug that is none.
    """
    ((_, quads),) = datasets_quads(manifest, [slug], site, versions, portal=portal)
    return quads


def datasets_quads(
    manifest: Mapping[str, Any],
    slugs: Iterable[str],
    site: str,
    versions: Versions = _NO_VERSIONS,
    *,
    portal: str = "",
) -> Iterator[tuple[str, list[Quad]]]:
    """Describe some datasets as `dataset_quads` does, each by itself, with its slug."""
    wanted = tuple(slugs)
    source = Source(manifest, site, versions, portal, wanted)
    for slug in wanted:
        quads = [*_dataset(source, slug), *served_quads(source, [slug])]
        if slug == WHOLE:
            quads += source.say.more(source.iri(WHOLE), DCTERMS.hasPart, map(source.iri, source.datasets))
        yield slug, _finished(source, quads)


def thing_quads(
    manifest: Mapping[str, Any], iri: str, site: str, versions: Versions = _NO_VERSIONS
) -> tuple[str, list[Quad]]:
    """Describe what an IRI of the catalogue names: a dataset, a record, a distribution, a service.

    Shape: the slug of the dataset it belongs to, "" where it is none of these, and the quads.
    """
    source = Source(manifest, site, versions)
    kind, _, name = iri.removeprefix(source.base).partition("/")
    if iri.startswith(source.base) and kind in ("dataset", "record"):
        if name != WHOLE and name not in source.datasets:
            return "", []
        record = kind == "record"
        return name, _record(source, name) if record else dataset_quads(manifest, name, site, versions)
    if iri.startswith(source.base) and kind == "service" and name in SERVICES:
        quads = [*service_quads(source, name), *agent_quads(source)]
        served = served_quads(source, catalogue_slugs(manifest))
        quads += [quad for quad in served if quad.subject == NamedNode(iri)]
        return WHOLE, _finished(source, quads)
    offer = find_distribution(manifest, iri) if kind == "distribution" else None
    if offer is None:
        return "", []
    slug = dataset_of(manifest, offer.dump)
    quads = [*distribution_quads(source, slug, offer)]
    quads += source.say.more(offer.dataset, DCAT.distribution, [iri])
    return slug, _finished(source, quads)


def _catalogue_itself(source: Source) -> Iterator[Quad]:
    said, whole = source.said, source.whole
    pairs = [
        *in_languages(DCTERMS.title, said["title"]),
        *in_languages(DCTERMS.description, said["description"]),
        (DCTERMS.publisher, NamedNode(source.publisher)),
        (DCTERMS.creator, NamedNode(source.publisher)),
        (DCTERMS.license, NamedNode(said["licence"])),
        (DCTERMS.issued, a_date(said["issued"])),
        (DCTERMS.modified, a_date(whole["modified"])),
        (FOAF.homepage, NamedNode(source.site)),
        (DCAT.themeTaxonomy, NamedNode(source.code("data_themes", "").value.rstrip("/"))),
        *((DCTERMS.language, source.language(tag)) for tag in source.languages),
        *((DCTERMS.spatial, source.code("countries", code)) for code in said.get("countries", ())),
        *((DCTERMS.spatial, NamedNode(place)) for place in said.get("spatial", ())),
    ]
    yield from source.say.of(source.catalogue, DCAT.Catalog, pairs)
    yield from agent_quads(source)


def _listed(source: Source, slug: str) -> Iterator[Quad]:
    yield from source.say.more(source.catalogue, DCAT.dataset, [source.iri(slug)])
    yield from source.say.more(source.catalogue, DCAT.record, [f"{source.base}record/{slug}"])
    yield from _dataset(source, slug)


def _dataset(source: Source, slug: str) -> Iterator[Quad]:
    yield from dataset_itself(source, slug)
    yield from record_quads(source, slug)
    yield from agent_quads(source)
    for offer in source.offers.get(source.iri(slug), ()):
        yield from distribution_quads(source, slug, offer)


def _record(source: Source, slug: str) -> list[Quad]:
    """The record of a dataset, and what it is a record of."""
    titles = in_languages(DCTERMS.title, source.of(slug)["title"])
    topic = source.say.of(source.iri(slug), DCAT.Dataset, titles)
    return _finished(source, [*record_quads(source, slug), *topic])


def _finished(source: Source, quads: Iterable[Quad]) -> list[Quad]:
    """Add what stands behind the IRIs that are named; nothing twice."""
    found = dict.fromkeys(quads)
    found |= dict.fromkeys(describe_mentioned(source, list(found)))
    return list(found)
