"""The data services of a catalogue (dcat:DataService)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.source import Source, words
from sauran.kg.describe.catalogue.terms import DCAT, in_languages
from sauran.kg.model.namespaces import DCTERMS

__all__ = ["SERVICES", "served_quads", "service_quads"]


@dataclass(frozen=True, slots=True)
class _Service:
    """One service: its endpoint and what describes it, as paths; the standard it follows."""

    endpoint: str
    described: str
    standard: str
    name: str


SERVICES = {
    "sparql": _Service("sparql", "sparql", "https://www.w3.org/TR/sparql11-protocol/", "SPARQL 1.1 Protocol"),
    "graph-store": _Service(
        "graphs",
        "sparql",
        "https://www.w3.org/TR/sparql11-http-rdf-update/",
        "SPARQL 1.1 Graph Store HTTP Protocol",
    ),
    "search": _Service("search", "opensearch.xml", "https://github.com/dewitt/opensearch", "OpenSearch 1.1"),
    "oai-pmh": _Service(
        "oai", "oai", "http://www.openarchives.org/OAI/openarchivesprotocol.html", "OAI-PMH 2.0"
    ),
    "validation": _Service("validate", "en/validate", "https://www.w3.org/TR/shacl/", "SHACL"),
}
# That of the validator serves what others send to it.
_OF_DATASETS = ("sparql", "graph-store", "search", "oai-pmh")


def service_quads(source: Source, name: str) -> Iterator[Quad]:
    """Describe one service.

    Shape: no distribution names it: portals would take the distribution for an API and not for a file.
    Source: DCAT-AP 3.0.1, Data Service.
    """
    service, said, iri = SERVICES[name], source.said, _iri(source, name)
    yield from source.say.of(
        iri,
        DCAT.DataService,
        [
            *in_languages(DCTERMS.title, words(name, source.languages)),
            *in_languages(DCTERMS.description, words(f"{name}.about", source.languages)),
            *in_languages(
                DCAT.keyword,
                {tag: text.split(";") for tag, text in words(f"{name}.words", source.languages).items()},
            ),
            (DCTERMS.identifier, Literal(iri)),
            (DCAT.endpointURL, NamedNode(source.absolute(service.endpoint))),
            (DCAT.endpointDescription, NamedNode(source.absolute(service.described))),
            (DCAT.landingPage, NamedNode(source.absolute(f"en/{_PAGES[name]}"))),
            (DCTERMS.conformsTo, NamedNode(service.standard)),
            (DCTERMS.license, NamedNode(said["licence"])),
            (DCTERMS.publisher, NamedNode(source.publisher)),
            *([(DCAT.contactPoint, NamedNode(source.contact))] if said["contact"].get("name") else []),
            *((DCAT.theme, source.code("data_themes", code)) for code in said.get("data_themes", ())),
            *((DCTERMS.language, source.language(tag)) for tag in source.languages),
        ],
    )
    if said.get("access_right"):
        right = source.code("access_right", said["access_right"])
        yield Quad(NamedNode(iri), DCTERMS.accessRights, right, source.say.graph)
    title = Literal(service.name, language="en")
    yield from source.say.of(service.standard, DCTERMS.Standard, [(DCTERMS.title, title)])


def served_quads(source: Source, slugs: Sequence[str]) -> Iterator[Quad]:
    """Which services answer from these datasets."""
    datasets = [source.iri(slug) for slug in slugs]
    for name in _OF_DATASETS:
        yield from source.say.more(_iri(source, name), DCAT.servesDataset, datasets)


def _iri(source: Source, name: str) -> str:
    return f"{source.base}service/{name}"


_PAGES = {
    "sparql": "sparql",
    "graph-store": "downloads",
    "search": "search",
    "oai-pmh": "downloads",
    "validation": "validate",
}
