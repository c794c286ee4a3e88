"""Vocabularies used only by the catalogue, and short notation for its quads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.namespaces import PREFIXES, RDF, XSD, Namespace

__all__ = [
    "ADMS",
    "CATALOGUE_PREFIXES",
    "DCAT",
    "DCATAP",
    "FOAF",
    "HYDRA",
    "PROV",
    "SPDX",
    "VCARD",
    "VOID",
    "Say",
    "a_date",
    "in_languages",
]

_OWN = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
CATALOGUE_PREFIXES: Mapping[str, str] = {**PREFIXES, **_OWN}

ADMS, DCATAP, FOAF = (Namespace(_OWN[prefix]) for prefix in ("adms", "dcatap", "foaf"))
HYDRA, SPDX, VCARD = (Namespace(_OWN[prefix]) for prefix in ("hydra", "spdx", "vcard"))
DCAT, PROV, VOID = (Namespace(PREFIXES[prefix]) for prefix in ("dcat", "prov", "void"))

Object = NamedNode | Literal


class Say:
    """Makes quads about things, all in one graph."""

    def __init__(self, graph: NamedNode) -> None:
        self.graph = graph

    def of(self, subject: str, kind: NamedNode, said: Iterable[tuple[NamedNode, Object]]) -> Iterator[Quad]:
        """The class of a thing, and what is said of it."""
        node = NamedNode(subject)
        yield Quad(node, RDF["type"], kind, self.graph)
        for predicate, value in said:
            yield Quad(node, predicate, value, self.graph)

    def more(self, subject: str, predicate: NamedNode, values: Iterable[str]) -> Iterator[Quad]:
        """One property with IRIs as values."""
        node = NamedNode(subject)
        for value in values:
            yield Quad(node, predicate, NamedNode(value), self.graph)


def in_languages(
    predicate: NamedNode, texts: Mapping[str, str | Sequence[str]]
) -> Iterator[tuple[NamedNode, Object]]:
    """Texts by language, or several in each, as pairs of a property and a literal."""
    for language, said in texts.items():
        for text in (said,) if isinstance(said, str) else said:
            yield predicate, Literal(text, language=language)


def a_date(date: str) -> Literal:
    """A day, as xsd:date."""
    return Literal(date, datatype=XSD.date)
