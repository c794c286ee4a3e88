"""Prefixes, the terms that the code uses, and the properties that name a resource."""

from pyoxigraph import NamedNode

__all__ = [
    "DCTERMS",
    "LABEL_PROPERTIES",
    "NAME_PROPERTIES",
    "OA",
    "OWL",
    "PREFIXES",
    "RDF",
    "RDFS",
    "REVIEW_PROPERTIES",
    "SCHEMA",
    "SEC",
    "SH",
    "SKOS",
    "XSD",
    "Namespace",
]


class Namespace:
    """Terms of one vocabulary by attribute or item: `SEC.Claim`, `RDF["type"]`."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        return NamedNode(self.iri + name)

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.iri + name)


# Vocabularies that every file may use, whatever the publication; sorted by prefix.
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sec": "https://w3id.org/sauran/ontology#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

DCTERMS = Namespace(PREFIXES["dcterms"])
OA = Namespace(PREFIXES["oa"])
OWL = Namespace(PREFIXES["owl"])
RDF = Namespace(PREFIXES["rdf"])
RDFS = Namespace(PREFIXES["rdfs"])
SCHEMA = Namespace(PREFIXES["schema"])
SEC = Namespace(PREFIXES["sec"])
SH = Namespace(PREFIXES["sh"])
SKOS = Namespace(PREFIXES["skos"])
XSD = Namespace(PREFIXES["xsd"])

# Each list in order of preference. Documents and datasets have titles instead of labels.
LABEL_PROPERTIES = (SKOS.prefLabel, RDFS.label)
NAME_PROPERTIES = (*LABEL_PROPERTIES, DCTERMS.title)
# The languages in which no competent reader has checked the texts of a resource.
REVIEW_PROPERTIES = (SEC.unreviewedLanguage, SEC.doubtfulLanguage)
