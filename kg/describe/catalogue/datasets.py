"""Datasets of a catalogue, each with its record, earlier versions and distributions."""

from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.concepts import MEDIA_TYPES, SHA256
from sauran.kg.describe.catalogue.source import Source, in_these, words
from sauran.kg.describe.catalogue.terms import (
    ADMS,
    DCAT,
    DCATAP,
    FOAF,
    PROV,
    SPDX,
    VOID,
    Object,
    a_date,
    in_languages,
)
from sauran.kg.model.formats import BY_NAME, ZIP
from sauran.kg.model.namespaces import DCTERMS, RDF, RDFS, SEC, SKOS, XSD
from sauran.kg.publication.distributions import PARTS, WHOLE, Distribution

__all__ = ["dataset_itself", "distribution_quads", "record_quads", "release_of", "version_quads"]

_PROFILE = "http://data.europa.eu/r5r/"
_ONTOLOGY = SEC.iri.rstrip("#")
# What our data conform to, with its name.
_STANDARDS = {
    _ONTOLOGY: "Sauran ontology",
    _ONTOLOGY.replace("ontology", "shapes"): "Sauran shapes",
}
_MOST = 10
_STABLE = "dumps/"  # below it every file also has an address without version


def dataset_itself(source: Source, slug: str) -> Iterator[Quad]:
    """Describe a dataset without its distributions.

    Shape: what belongs to it alone has fragment IRIs of its own: `#temporal`, `#provenance`, `#identifier-1`.
    Source: DCAT-AP 3.0.1, Dataset.
    """
    said, iri, say = source.of(slug), source.iri(slug), source.say
    yield from say.of(
        iri, DCAT.Dataset, [*_texts(source, said), *_codes(source, said), *_facts(source, said)]
    )
    yield from say.more(iri, RDF["type"], [DCAT.Resource.value, VOID.Dataset.value])
    yield from say.more(iri, DCAT.distribution, [offer.iri for offer in source.offers.get(iri, ())])
    for standard, name in _STANDARDS.items():
        yield from say.of(standard, DCTERMS.Standard, [(DCTERMS.title, Literal(name, language="en"))])
    yield from _period(source, iri, said.get("temporal", {}))
    yield from _provenance(source, iri, said.get("provenance", {}))
    yield from _identifiers(source, iri, said)
    yield from version_quads(source, slug)
    if slug != WHOLE:
        yield from say.more(source.iri(WHOLE), DCTERMS.hasPart, [iri])


def record_quads(source: Source, slug: str) -> Iterator[Quad]:
    """Describe the record of a dataset: since when the catalogue has it, and which profile it follows."""
    said = source.of(slug)
    yield from source.say.of(
        f"{source.base}record/{slug}",
        DCAT.CatalogRecord,
        [
            (FOAF.primaryTopic, NamedNode(source.iri(slug))),
            (DCTERMS.issued, a_date(said["issued"])),
            (DCTERMS.modified, a_date(source.described(slug))),
            (DCTERMS.conformsTo, NamedNode(_PROFILE)),
            *((DCTERMS.language, source.language(tag)) for tag in source.languages),
        ],
    )
    yield from source.say.of(
        _PROFILE, DCTERMS.Standard, [(DCTERMS.title, Literal("DCAT-AP 3.0.1", language="en"))]
    )


def _texts(source: Source, said: Mapping[str, Any]) -> Iterator[tuple[NamedNode, Object]]:
    yield from in_languages(DCTERMS.title, said["title"])
    yield from in_languages(DCTERMS.description, said["description"])
    yield from in_languages(DCAT.keyword, said.get("keywords", {}))
    yield DCAT.version, Literal(source.manifest["version"])


def _codes(source: Source, said: Mapping[str, Any]) -> Iterator[tuple[NamedNode, Object]]:
    """What is said by codes of the EU, and by IRIs of places and subjects."""
    for tag in source.languages:
        yield DCTERMS.language, source.language(tag)
    for code in said.get("data_themes", ()):
        yield DCAT.theme, source.code("data_themes", code)
    for code in said.get("countries", ()):
        yield DCTERMS.spatial, source.code("countries", code)
    for place in said.get("spatial", ()):
        yield DCTERMS.spatial, NamedNode(place)
    # Themes in DCAT-AP are of the EU's own table; EuroVoc has its place here.
    for subject in said.get("themes", ()):
        yield DCTERMS.subject, NamedNode(subject)
    if said.get("access_right"):
        yield DCTERMS.accessRights, source.code("access_right", said["access_right"])
    if said.get("frequency"):
        yield DCTERMS.accrualPeriodicity, source.code("frequency", said["frequency"])


def _facts(source: Source, said: Mapping[str, Any]) -> Iterator[tuple[NamedNode, Object]]:
    slug = said["slug"]
    yield DCTERMS.publisher, NamedNode(source.publisher)
    yield DCTERMS.creator, NamedNode(source.publisher)
    if source.said["contact"].get("name"):
        yield DCAT.contactPoint, NamedNode(source.contact)
    yield DCTERMS.license, NamedNode(said["licence"])
    for day in ("issued", "modified"):
        yield DCTERMS[day], a_date(said[day])
    yield DCAT.landingPage, NamedNode(source.page(slug))
    for standard in _STANDARDS:
        yield DCTERMS.conformsTo, NamedNode(standard)
    for other in said.get("requires", ()):
        yield DCTERMS.requires, NamedNode(source.iri(other))
    # Documents, not datasets: dcterms:source would have to name datasets (DCAT-AP 3.0.1).
    for document in said.get("sources", ()):
        yield PROV.wasDerivedFrom, NamedNode(document)


def _period(source: Source, iri: str, said: Mapping[str, str]) -> Iterator[Quad]:
    if said:
        yield from source.say.more(iri, DCTERMS.temporal, [f"{iri}#temporal"])
        dates = [(DCAT[f"{name}Date"], a_date(said[name])) for name in ("start", "end") if name in said]
        yield from source.say.of(f"{iri}#temporal", DCTERMS.PeriodOfTime, dates)


def _provenance(source: Source, iri: str, said: Mapping[str, str]) -> Iterator[Quad]:
    if said:
        yield from source.say.more(iri, DCTERMS.provenance, [f"{iri}#provenance"])
        texts = in_languages(RDFS.label, said)
        yield from source.say.of(f"{iri}#provenance", DCTERMS.ProvenanceStatement, texts)


def _identifiers(source: Source, iri: str, said: Mapping[str, Any]) -> Iterator[Quad]:
    """The one identifier that harvesters know a dataset by, and its other ones."""
    portal = said.get("portals", {}).get(source.portal, {})
    own = portal.get("identifier") or iri
    node = NamedNode(iri)
    yield Quad(node, DCTERMS.identifier, Literal(own), source.say.graph)
    for number, other in enumerate(said.get("identifiers", ()), start=1):
        name = f"{iri}#identifier-{number}"
        yield from source.say.more(iri, ADMS.identifier, [name])
        yield from source.say.of(name, ADMS.Identifier, [(SKOS.notation, Literal(other))])
    for theme, label in portal.get("themes", {}).items():
        yield from source.say.more(iri, DCAT.theme, [theme])
        yield from source.say.of(theme, SKOS.Concept, [(SKOS.prefLabel, Literal(label, language="en"))])


def version_quads(source: Source, slug: str) -> Iterator[Quad]:
    """Link the earlier versions of a dataset, only the newest if there are many.

    Shape: their class is one of our own below dcat:Dataset: DCAT-AP wants datasets here, and portals would
    take everything that is itself called a dcat:Dataset for a dataset to be listed.
    """
    kind, said, iri = _version_class(source), source.of(slug), source.iri(slug)
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
    own, kind = f"{source.base}release/{version}#{slug}", _version_class(source)
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


def _version_class(source: Source) -> NamedNode:
    return NamedNode(f"{source.catalogue}#DatasetVersion")


def distribution_quads(source: Source, slug: str, offer: Distribution) -> Iterator[Quad]:
    """Describe one file; its own IRI is stable, only where it is downloaded has the version.

    Shape: the checksum is a thing with a name, `…#checksum`.
    Source: DCAT-AP 3.0.1, Distribution.
    """
    said, checksum = source.of(slug), f"{offer.iri}#checksum"
    download = source.absolute(f"release/{source.manifest['version']}/{offer.path}")
    access = source.absolute(offer.path) if offer.path.startswith(_STABLE) else download
    pairs = [
        *in_languages(DCTERMS.title, _title(source, offer)),
        *in_languages(DCTERMS.description, words(f"{_kind(offer)}.about", source.languages)),
        (DCAT.accessURL, NamedNode(access)),
        (DCAT.downloadURL, NamedNode(download)),
        (DCAT.mediaType, NamedNode(MEDIA_TYPES + offer.media_type)),
        (DCAT.byteSize, Literal(str(offer.size), datatype=XSD.nonNegativeInteger)),
        (SPDX.checksum, NamedNode(checksum)),
        (DCTERMS.license, NamedNode(said["licence"])),
        (DCTERMS.issued, a_date(said["issued"])),
        (DCTERMS.modified, a_date(said["modified"])),
        (ADMS.status, source.code("status", _status(source.manifest))),
        *((DCTERMS.language, source.language(tag)) for tag in source.languages),
    ]
    known = BY_NAME.get(offer.format)
    if known and known.file_type:
        pairs.append((DCTERMS["format"], source.code("file_type", known.file_type)))
    if offer.packed:
        pairs.append((DCAT.compressFormat, NamedNode(f"{MEDIA_TYPES}application/gzip")))
    if known is ZIP:
        pairs.append((DCAT.packageFormat, NamedNode(MEDIA_TYPES + ZIP.media_type)))
    # The files of a draft go when newer drafts come, whatever is said of a release.
    availability = "TEMPORARY" if source.manifest.get("draft") else said.get("availability")
    if availability:
        pairs.append((DCATAP.availability, source.code("availability", availability)))
    if said.get("access_right"):
        pairs.append((DCTERMS.rights, source.code("access_right", said["access_right"])))
    yield from source.say.of(offer.iri, DCAT.Distribution, pairs)
    yield from source.say.of(
        checksum,
        SPDX.Checksum,
        [
            (SPDX.algorithm, SPDX[SHA256]),
            (SPDX.checksumValue, Literal(offer.sha256, datatype=XSD.hexBinary)),
        ],
    )


def _status(manifest: Mapping[str, object]) -> str:
    return "DEVELOP" if manifest.get("draft") else "COMPLETED"


def _title(source: Source, offer: Distribution) -> dict[str, str]:
    known = BY_NAME.get(offer.format)
    form = (known.label if known else offer.format) + (" (gzip)" if offer.packed else "")
    return {tag: f"{text}, {form}" for tag, text in words(_kind(offer), source.languages).items()}


def _kind(offer: Distribution) -> str:
    """Which words tell what a file holds."""
    if offer.format == ZIP.name:
        return "archive"
    if offer.dump in (WHOLE, "ontology", "shapes", "alignments"):
        return offer.dump
    if offer.dataset.endswith(f"/{offer.dump}"):
        return "content"
    part = offer.dump.rpartition("-")[2]
    return part if part in PARTS else "file"
