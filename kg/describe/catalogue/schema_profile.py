"""Translate a DCAT-AP catalogue to schema.org."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.concepts import MEDIA_TYPES
from sauran.kg.describe.catalogue.terms import DCAT, FOAF, HYDRA, PROV, SPDX, VCARD, Object
from sauran.kg.model.namespaces import DCTERMS, RDF, SCHEMA, SKOS
from sauran.kg.publication.eu_vocabularies import SPOKEN

__all__ = ["in_schema_org"]

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
