"""Profiles of the catalogue: DCAT-AP, translations to uData and schema.org, and one for each portal. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.concepts import MEDIA_TYPES
from sauran.kg.describe.catalogue.terms import DCAT, FOAF, HYDRA, PROV, SPDX, VCARD, Object
from sauran.kg.model.namespaces import DCTERMS, RDF, RDFS, SCHEMA, SKOS
from sauran.kg.publication.catalogue_metadata import BUILT_IN
from sauran.kg.publication.eu_vocabularies import SPOKEN

__all__ = ["DEFAULT_PROFILE", "Profile", "in_profile", "in_schema_org", "in_udata", "profiles"]

DEFAULT_PROFILE, _UDATA, _SCHEMA = BUILT_IN
_CLASSES: Mapping[object, NamedNode] = {
    DCAT.Catalog: SCHEMA.DataCatalog,
    DCAT.Dataset: SCHEMA.Dataset,
    DCAT.Distribution: SCHEMA.DataDownload,
    DCAT.DataService: SCHEMA.WebAPI,
    FOAF.Agent: SCHEMA.Organization,
    VCARD.Kind: SCHEMA.ContactPoint,
    DCTERMS.Location: SCHEMA.Place,
}
_PROPERTIES: Mapping[object, NamedNode] = {
    DCTERMS.title: SCHEMA.name,
    DCTERMS.description: SCHEMA.description,
    DCTERMS.identifier: SCHEMA.identifier,
    DCTERMS.issued: SCHEMA.datePublished,
    DCTERMS.modified: SCHEMA.dateModified,
    DCTERMS.publisher: SCHEMA.publisher,
    DCTERMS.creator: SCHEMA.creator,
    DCTERMS.license: SCHEMA.license,
    DCTERMS.spatial: SCHEMA.spatialCoverage,
    DCTERMS.subject: SCHEMA.about,
    DCTERMS.hasPart: SCHEMA.hasPart,
    DCAT.dataset: SCHEMA.dataset,
    DCAT.distribution: SCHEMA.distribution,
    DCAT.downloadURL: SCHEMA.contentUrl,
    DCAT.landingPage: SCHEMA.url,
    DCAT.endpointDescription: SCHEMA.documentation,
    DCAT.keyword: SCHEMA.keywords,
    DCAT.version: SCHEMA.version,
    DCAT.contactPoint: SCHEMA.contactPoint,
    FOAF.homepage: SCHEMA.url,
    FOAF.name: SCHEMA.name,
    PROV.wasDerivedFrom: SCHEMA.isBasedOn,
    SKOS.prefLabel: SCHEMA.name,
    VCARD.fn: SCHEMA.name,
}
_TAGS = {code: tag for tag, code in SPOKEN.items()}
_AS_TEXT: Mapping[object, tuple[NamedNode, Callable[[str], str]]] = {
    DCAT.byteSize: (SCHEMA.contentSize, lambda size: f"{size} B"),
    DCAT.mediaType: (SCHEMA.encodingFormat, lambda iri: iri.removeprefix(MEDIA_TYPES)),
    DCTERMS.language: (SCHEMA.inLanguage, lambda iri: _TAGS.get(iri.rpartition("/")[2], iri)),
    SPDX.checksumValue: (SCHEMA.sha256, lambda digest: digest),
    VCARD.hasEmail: (SCHEMA.email, lambda address: address.removeprefix("mailto:")),
}
# What stands behind these belongs to the thing itself.
_UNFOLDED = (SPDX.checksum, DCTERMS.temporal)


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile: the name that people type, its IRI, the portal whose identifiers it has."""

    name: str
    iri: str
    portal: str = ""


def profiles(manifest: Mapping[str, Any]) -> dict[str, Profile]:
    """All profiles of a publication's catalogue, by name; the first is the default."""
    said = manifest["publication"]
    own = f"{said['base']}catalogue#profile-"
    portals = {name for dataset in said["datasets"] for name in dataset.get("portals", {})}
    known = [
        Profile(DEFAULT_PROFILE, "http://data.europa.eu/r5r/"),
        Profile(_UDATA, f"{own}{_UDATA}"),
        Profile(_SCHEMA, "https://schema.org/"),
        *(Profile(name, f"{own}{name}", name) for name in sorted(portals)),
    ]
    return {profile.name: profile for profile in known}


def in_profile(quads: Sequence[Quad], profile: Profile) -> list[Quad]:
    """Translate DCAT-AP quads to a profile."""
    if profile.name == _SCHEMA:
        return in_schema_org(quads)
    if profile.name == _UDATA:
        return in_udata(quads)
    return list(quads)


def in_schema_org(quads: Sequence[Quad]) -> list[Quad]:
    """Translate quads to schema.org; omit what it cannot express, keep paging unchanged.

    Source: schema.org, Dataset and DataCatalog; DCAT 3, appendix B.2.
    """
    owners = {quad.object: quad.subject for quad in quads if quad.predicate in _UNFOLDED}
    kept = {quad.subject for quad in quads if quad.predicate == RDF["type"] and quad.object in _CLASSES}
    found: dict[Quad, None] = {}
    for quad in quads:
        subject = owners.get(quad.subject, quad.subject)
        if subject in kept:
            for predicate, value in _translated(quad):
                found[Quad(subject, predicate, value, quad.graph_name)] = None
        elif quad.predicate.value.startswith(HYDRA.iri) or _text(quad).startswith(HYDRA.iri):
            found[quad] = None
    found |= dict.fromkeys(_periods(quads))
    found |= dict.fromkeys(_memberships(quads))
    return list(found)


def _text(quad: Quad) -> str:
    return quad.object.value if isinstance(quad.object, NamedNode | Literal) else ""


def _translated(quad: Quad) -> Iterable[tuple[NamedNode, Object]]:
    if quad.predicate == RDF["type"] and quad.object in _CLASSES:
        yield RDF["type"], _CLASSES[quad.object]
    elif quad.predicate in _PROPERTIES and isinstance(quad.object, NamedNode | Literal):
        yield _PROPERTIES[quad.predicate], quad.object
    elif quad.predicate in _AS_TEXT:
        predicate, write = _AS_TEXT[quad.predicate]
        yield predicate, Literal(write(_text(quad)))
    elif quad.predicate == DCTERMS.accessRights and _text(quad).endswith("/PUBLIC"):
        yield SCHEMA.isAccessibleForFree, Literal(True)


def _periods(quads: Sequence[Quad]) -> Iterable[Quad]:
    """Periods as schema.org has them: both dates in one text of ISO 8601."""
    ends: dict[object, dict[object, str]] = {}
    for quad in quads:
        if quad.predicate in (DCAT.startDate, DCAT.endDate):
            ends.setdefault(quad.subject, {})[quad.predicate] = _text(quad)
    for quad in quads:
        if quad.predicate == DCTERMS.temporal and quad.object in ends:
            start, end = (ends[quad.object].get(name, "..") for name in (DCAT.startDate, DCAT.endDate))
            yield Quad(quad.subject, SCHEMA.temporalCoverage, Literal(f"{start}/{end}"), quad.graph_name)


def _memberships(quads: Sequence[Quad]) -> Iterable[Quad]:
    for quad in quads:
        if quad.predicate == DCAT.dataset and isinstance(quad.object, NamedNode):
            yield Quad(quad.object, SCHEMA.includedInDataCatalog, quad.subject, quad.graph_name)


def in_udata(quads: Sequence[Quad]) -> list[Quad]:
    """Translate DCAT-AP quads to what uData expects.

    Source: what uData 17 does with a catalogue; the tests run its code.
    """
    periods = {quad.object for quad in quads if quad.predicate == DCTERMS.temporal}
    iris = sorted(period.value for period in periods if isinstance(period, NamedNode))
    # It fetches a period that has an IRI, and does not read what stands beside it.
    anonymous: dict[object, BlankNode] = {
        NamedNode(iri): BlankNode(f"period{number}") for number, iri in enumerate(iris, start=1)
    }
    titles = {quad.subject: quad.object for quad in quads if quad.predicate == DCTERMS.title}
    licences = {quad.object for quad in quads if quad.predicate == DCTERMS.license}
    found = []
    for quad in quads:
        subject, predicate, said = quad.subject, quad.predicate, quad.object
        if predicate == DCTERMS.hasPart and not isinstance(said, Literal):
            # Parts would become files of the whole.
            subject, predicate, said = said, DCTERMS.isPartOf, subject
        elif predicate == SPDX.checksumValue and isinstance(said, Literal):
            # rdflib makes bytes of xsd:hexBinary; its store refuses them, and the dataset with them.
            said = Literal(said.value)
        elif predicate == RDFS.label and subject in licences:
            # By this it looks the licence up, in a list whose titles have no version.
            said = titles.get(subject, said)
        found.append(
            Quad(anonymous.get(subject, subject), predicate, anonymous.get(said, said), quad.graph_name)
        )
    return found
