"""What this site is and holds, as RDF out of the manifest: the service and its datasets."""

from collections.abc import Iterator
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.vocabulary import DCTERMS, PREFIXES, RDF, XSD, Namespace
from server.edition import Edition

__all__ = ["describe_dataset", "describe_service"]

_DCAT, _SD, _VOID = (Namespace(PREFIXES[prefix]) for prefix in ("dcat", "sd", "void"))
_A = RDF["type"]
# IRIs of the formats at the W3C, as a service description names them (SPARQL 1.1 Service Description, 3.2.7).
_W3C_FORMATS = {
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "trig": "TriG",
    "nquads": "N-Quads",
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}


def describe_service(edition: Edition) -> list[Quad]:
    """Describe the SPARQL service: endpoint, language, formats, features, graphs.

    Source: SPARQL 1.1 Service Description, section 3.
    """
    endpoint = NamedNode(edition.links.absolute("sparql"))
    dataset = NamedNode(f"{endpoint.value}#dataset")
    quads = [
        Quad(endpoint, _A, _SD.Service),
        Quad(endpoint, _SD.endpoint, endpoint),
        Quad(endpoint, _SD.supportedLanguage, _SD.SPARQL11Query),
        Quad(endpoint, _SD.feature, _SD.UnionDefaultGraph),
        Quad(endpoint, _SD.defaultDataset, dataset),
        Quad(dataset, _A, _SD.Dataset),
    ]
    for known in (*RESULT_FORMATS, *RDF_FORMATS):
        quads.append(
            Quad(
                endpoint,
                _SD.resultFormat,
                NamedNode(f"http://www.w3.org/ns/formats/{_W3C_FORMATS[known.name]}"),
            )
        )
    default = BlankNode("default")
    quads += [
        Quad(dataset, _SD.defaultGraph, default),
        Quad(default, _A, _SD.Graph),
    ]
    for number, (iri, triples) in enumerate(edition.graphs.items()):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        quads += [
            Quad(dataset, _SD.namedGraph, named),
            Quad(named, _A, _SD.NamedGraph),
            Quad(named, _SD.name, NamedNode(iri)),
            Quad(named, _SD.graph, graph),
            Quad(graph, _A, _SD.Graph),
            Quad(graph, _VOID.triples, _count(triples)),
        ]
    return quads


def describe_dataset(edition: Edition, iri: str) -> list[Quad]:
    """Describe one dataset of the publication; nothing where the IRI names none."""
    for dataset in edition.publication["datasets"]:
        if dataset["iri"] == iri:
            return list(_dataset(edition, dataset))
    return []


def _dataset(edition: Edition, dataset: dict[str, Any]) -> Iterator[Quad]:
    iri = NamedNode(dataset["iri"])
    yield Quad(iri, _A, _DCAT.Dataset)
    yield Quad(iri, _A, _VOID.Dataset)
    for word in ("title", "description"):
        for language, text in dataset[word].items():
            yield Quad(iri, DCTERMS[word], Literal(text, language=language))
    for word in ("issued", "modified"):
        yield Quad(iri, DCTERMS[word], Literal(dataset[word], datatype=XSD.date))
    yield Quad(iri, DCTERMS.license, NamedNode(dataset["licence"]))
    for other in dataset["requires"]:
        yield Quad(iri, DCTERMS.requires, NamedNode(f"{edition.links.base}dataset/{other}"))
    for source in dataset["sources"]:
        yield Quad(iri, DCTERMS.source, NamedNode(source))
    yield Quad(iri, _VOID.sparqlEndpoint, NamedNode(edition.links.absolute("sparql")))
    yield Quad(iri, _VOID.triples, _count(edition.graphs.get(dataset["graph"], 0)))
    for entry in edition.release.files.values():
        if entry.get("dump") == dataset["slug"]:
            address = f"release/{edition.release.version}/{entry['path']}"
            yield Quad(iri, _VOID.dataDump, NamedNode(edition.links.absolute(address)))


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
