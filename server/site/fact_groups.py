"""Groups of properties on the page of a thing, and their order. Pure."""

from sauran.kg.model.namespaces import DCTERMS, OA, OWL, PREFIXES, RDF, RDFS, SCHEMA, SEC, SKOS, Namespace

__all__ = [
    "DESCRIPTION",
    "GROUPS",
    "NAMES",
    "PROVENANCE",
    "RELATIONS",
    "TIME_AND_PLACE",
    "group_of",
    "rank_of",
]

NAMES, DESCRIPTION, RELATIONS, TIME_AND_PLACE, PROVENANCE = (
    "names",
    "description",
    "relations",
    "time-and-place",
    "provenance",
)
GROUPS = (NAMES, DESCRIPTION, RELATIONS, TIME_AND_PLACE, PROVENANCE)
_GEO, _PROV, _TIME = (Namespace(PREFIXES[prefix]) for prefix in ("geo", "prov", "time"))
_WHOLE = {_GEO.iri: TIME_AND_PLACE, _TIME.iri: TIME_AND_PLACE, _PROV.iri: PROVENANCE}
_SINGLE = {
    NAMES: (
        SKOS.prefLabel,
        RDFS.label,
        SKOS.altLabel,
        SKOS.hiddenLabel,
        SKOS.notation,
        SKOS.exactMatch,
        SKOS.closeMatch,
        SKOS.broadMatch,
        SKOS.narrowMatch,
        SKOS.relatedMatch,
        OWL.sameAs,
        DCTERMS.title,
        DCTERMS.identifier,
        SCHEMA.name,
        SCHEMA.url,
        RDF["type"],
    ),
    DESCRIPTION: (
        RDFS.comment,
        SKOS.definition,
        SKOS.scopeNote,
        SKOS.editorialNote,
        SKOS.changeNote,
        SKOS.historyNote,
        SKOS.note,
        SKOS.example,
        DCTERMS.description,
    ),
    TIME_AND_PLACE: (SEC.when, SEC.claimTime, SEC.claimPlace),
    PROVENANCE: (
        DCTERMS.bibliographicCitation,
        DCTERMS.creator,
        DCTERMS.date,
        DCTERMS.isPartOf,
        DCTERMS.issued,
        DCTERMS.language,
        DCTERMS.license,
        DCTERMS.modified,
        DCTERMS.publisher,
        DCTERMS.source,
        OA.hasSource,
        OA.hasSelector,
        RDFS.isDefinedBy,
        SEC.inSection,
        SEC.position,
        SEC.statedIn,
        SEC.textDigest,
        SEC.textLength,
        SEC.unreviewedLanguage,
        SEC.doubtfulLanguage,
    ),
}
_GROUP = {property_.value: group for group, properties in _SINGLE.items() for property_ in properties}


_RANK = {iri: rank for rank, iri in enumerate(_GROUP)}


def rank_of(property_iri: str) -> tuple[int, str]:
    """The rank of a property within its group: in the order of the table, then by IRI."""
    return _RANK.get(property_iri, len(_RANK)), property_iri


def group_of(property_iri: str) -> str:
    """The group of a property; a property that no group lists is a relation."""
    if property_iri in _GROUP:
        return _GROUP[property_iri]
    return next((group for start, group in _WHOLE.items() if property_iri.startswith(start)), RELATIONS)
