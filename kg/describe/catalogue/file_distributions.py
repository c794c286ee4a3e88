"""The distributions of a catalogue: each file of a release with its address, type, size and checksum."""

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.concepts import MEDIA_TYPES, SHA256
from sauran.kg.describe.catalogue.labels import words
from sauran.kg.describe.catalogue.source import Source
from sauran.kg.describe.catalogue.terms import ADMS, DCAT, DCATAP, SPDX, a_date, in_languages
from sauran.kg.model.formats import BY_NAME, ZIP
from sauran.kg.model.namespaces import DCTERMS, XSD
from sauran.kg.publication.distributions import PARTS, WHOLE, Distribution

__all__ = ["distribution_quads"]

_STABLE = "dumps/"  # below it every file also has an address without version


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
