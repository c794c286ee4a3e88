"""Earlier versions of datasets in the catalogue, each with an IRI of its own."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.labels import in_these, words
from sauran.kg.describe.catalogue.source import Source
from sauran.kg.describe.catalogue.terms import DCAT, VOID, a_date, in_languages
from sauran.kg.model.namespaces import DCTERMS, RDFS

__all__ = ["release_of", "version_quads"]

_MOST = 10


def version_quads(source: Source, slug: str) -> Iterator[Quad]:
    """Link the earlier versions of a dataset, only the newest if there are many.

    Shape: their class is one of our own below dcat:Dataset: DCAT-AP wants datasets here, and portals would
    take everything that is itself called a dcat:Dataset for a dataset to be listed.
    """
    kind, said, iri = _kind(source), source.of(slug), source.iri(slug)
    for version in source.versions.get(slug, ())[-_MOST:]:
        own, named = f"{source.base}release/{version}#{slug}", {"version": version}
        title = {
            tag: text % {**named, "title": in_these(said["title"], [tag]).popitem()[1]}
            for tag, text in words("version", source.languages).items()
        }
        about = {tag: text % named for tag, text in words("version.about", source.languages).items()}
        pairs = [
            *in_languages(DCTERMS.title, title),
            *in_languages(DCTERMS.description, about),
            (DCAT.version, Literal(version)),
            (DCAT.isVersionOf, NamedNode(iri)),
        ]
        yield from source.say.more(iri, DCAT.hasVersion, [own])
        yield from source.say.of(own, kind, pairs)
        yield from source.say.more(kind.value, RDFS.subClassOf, [DCAT.Dataset.value])


def release_of(source: Source, slug: str) -> Iterator[Quad]:
    """Describe a dataset as it was in the release itself: what it was called, and where its files are."""
    version, said, iri = source.manifest["version"], source.of(slug), source.iri(slug)
    own, kind = f"{source.base}release/{version}#{slug}", _kind(source)
    pairs = [
        *in_languages(DCTERMS.title, said["title"]),
        *in_languages(DCTERMS.description, said["description"]),
        (DCAT.version, Literal(version)),
        (DCAT.isVersionOf, NamedNode(iri)),
        (DCTERMS.issued, a_date(source.said["issued"])),
        (DCTERMS.modified, a_date(said["modified"])),
        (DCTERMS.license, NamedNode(said["licence"])),
    ]
    yield from source.say.of(own, kind, pairs)
    yield from source.say.more(kind.value, RDFS.subClassOf, [DCAT.Dataset.value])
    files = [source.absolute(f"release/{version}/{offer.path}") for offer in source.offers.get(iri, ())]
    yield from source.say.more(own, VOID.dataDump, files)


def _kind(source: Source) -> NamedNode:
    return NamedNode(f"{source.catalogue}#DatasetVersion")
