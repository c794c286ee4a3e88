"""Names of terms of other vocabularies for the pages; the labels of our own are in the data."""

from flask_babel import lazy_gettext as _

from sauran.kg.model.namespaces import DCTERMS, OA, OWL, PREFIXES, RDF, RDFS, SCHEMA, SKOS, Namespace

__all__ = ["name_of_authority", "name_of_term"]

_DCAT, _GEO, _ORG, _PROV, _TIME, _VOID = (
    Namespace(PREFIXES[prefix]) for prefix in ("dcat", "geo", "org", "prov", "time", "void")
)
_NAMES = {
    RDF["type"]: _("kind"),
    RDF.subject: _("subject"),
    RDF.predicate: _("predicate"),
    RDF.object: _("object"),
    RDF.Statement: _("statement"),
    RDFS.label: _("label"),
    RDFS.comment: _("comment"),
    RDFS.seeAlso: _("see also"),
    RDFS.isDefinedBy: _("defined by"),
    OWL.sameAs: _("same as"),
    SKOS.prefLabel: _("name"),
    SKOS.altLabel: _("other name"),
    SKOS.hiddenLabel: _("name for searching"),
    SKOS.notation: _("code"),
    SKOS.definition: _("definition"),
    SKOS.scopeNote: _("scope"),
    SKOS.editorialNote: _("editorial note"),
    SKOS.changeNote: _("note on changes"),
    SKOS.historyNote: _("note on history"),
    SKOS.note: _("general note"),
    SKOS.example: _("example"),
    SKOS.broader: _("broader concept"),
    SKOS.narrower: _("narrower concept"),
    SKOS.related: _("related concept"),
    SKOS.exactMatch: _("exact match"),
    SKOS.closeMatch: _("close match"),
    SKOS.broadMatch: _("broader match"),
    SKOS.narrowMatch: _("narrower match"),
    SKOS.relatedMatch: _("related match"),
    SKOS.inScheme: _("in scheme"),
    SKOS.topConceptOf: _("top concept of"),
    SKOS.hasTopConcept: _("top concept"),
    SKOS.Concept: _("concept"),
    SKOS.ConceptScheme: _("concept scheme"),
    DCTERMS.title: _("title"),
    DCTERMS.description: _("description"),
    DCTERMS.creator: _("author"),
    DCTERMS.publisher: _("publisher"),
    DCTERMS.date: _("date"),
    DCTERMS.issued: _("issued"),
    DCTERMS.modified: _("changed"),
    DCTERMS.language: _("language"),
    DCTERMS.license: _("licence"),
    DCTERMS.source: _("source"),
    DCTERMS.references: _("compares with"),
    DCTERMS.requires: _("requires"),
    DCTERMS.isPartOf: _("part of"),
    DCTERMS.hasPart: _("has part"),
    DCTERMS.identifier: _("identifier"),
    DCTERMS.bibliographicCitation: _("citation"),
    DCTERMS.BibliographicResource: _("work cited"),
    OA.hasTarget: _("judges"),
    OA.hasSource: _("taken from"),
    OA.hasSelector: _("position in the text"),
    OA.motivatedBy: _("purpose"),
    OA.assessing: _("assessment"),
    OA.start: _("first character"),
    OA.end: _("end, not included"),
    OA.Annotation: _("annotation"),
    OA.SpecificResource: _("part of a document"),
    OA.TextPositionSelector: _("position in a text"),
    SCHEMA.url: _("web address"),
    SCHEMA.value: _("value"),
    SCHEMA.name: _("name"),
    SCHEMA.Organization: _("organisation"),
    _GEO.sfWithin: _("lies within"),
    _GEO.hasGeometry: _("geometry"),
    _GEO.asWKT: _("coordinates (WKT)"),
    _ORG.memberOf: _("member of"),
    _PROV.wasDerivedFrom: _("derived from"),
    _PROV.wasAttributedTo: _("attributed to"),
    _TIME.hasBeginning: _("beginning"),
    _TIME.hasEnd: _("end"),
    _TIME.inXSDDate: _("day"),
    _TIME.ProperInterval: _("interval of time"),
    _TIME.Instant: _("point in time"),
    _DCAT.Dataset: _("dataset"),
    _VOID.Dataset: _("dataset of linked data"),
    _VOID.triples: _("triples"),
    _VOID.dataDump: _("file"),
    _VOID.sparqlEndpoint: _("SPARQL endpoint"),
}
# Authorities by the start of their IRIs; their names are the same in every language.
_AUTHORITIES = {
    "http://www.wikidata.org/entity/": "Wikidata",
    "https://sws.geonames.org/": "GeoNames",
    "http://eurovoc.europa.eu/": "EuroVoc",
    "http://publications.europa.eu/resource/authority/": "EU Vocabularies",
    "http://dbpedia.org/resource/": "DBpedia",
    "https://viaf.org/viaf/": "VIAF",
}


def name_of_term(iri: str) -> str | None:
    """The name of a term in the language of the page."""
    name = _BY_IRI.get(iri)
    return None if name is None else str(name)


def name_of_authority(iri: str) -> str | None:
    """An identifier of another authority with its name, such as "Wikidata Q232"."""
    for start, name in _AUTHORITIES.items():
        if iri.startswith(start) and len(iri) > len(start):
            return f"{name} {iri.removeprefix(start).strip('/')}"
    return None


_BY_IRI = {term.value: name for term, name in _NAMES.items()}
