"""Term conversion between pyoxigraph and rdflib; lexical forms are kept."""

from collections.abc import Iterable

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib.graph import Graph
from rdflib.term import BNode, Identifier, URIRef

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Term
from sauran.kg.model.xsd import is_well_formed

__all__ = ["add_to_graph", "to_oxigraph", "to_rdflib"]

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib(term: Term) -> Identifier:
    """The rdflib term of a pyoxigraph term.

    Raises: ContentError for what RDF 1.1 does not have: triple terms, literals with a base direction.
    """
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Triple) or term.direction is not None:
        raise ContentError(str(term), "is RDF 1.2, which SHACL 1.0 cannot check.", "Write it in RDF 1.1.")
    if term.language is not None:
        return rdflib.Literal(term.value, lang=term.language)
    # rdflib takes "x" and "x"^^xsd:string for two terms; RDF 1.1 has only one.
    datatype = None if term.datatype.value == _STRING else term.datatype.value
    literal = rdflib.Literal(term.value, datatype=datatype, normalize=False)
    well_formed = datatype is None or is_well_formed(term.value, datatype) is not False
    if bool(literal.ill_typed) is well_formed:
        # Python reads "1_0" as a number and "2023-W05-1" as a date, and knows no year before 1;
        # what XML Schema does not define, such as HTML, is never ill-typed.
        literal._ill_typed = not well_formed
        literal._value = literal._value if well_formed else None
    return literal


def to_oxigraph(term: object) -> NamedNode | BlankNode | Literal:
    """The pyoxigraph term of an rdflib term."""
    if isinstance(term, URIRef):
        return NamedNode(str(term))
    if isinstance(term, BNode):
        return BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        raise ContentError(str(term), f"{type(term).__name__} is not an RDF term.")
    if term.language is not None:
        return Literal(str(term), language=term.language)
    if term.datatype is not None:
        return Literal(str(term), datatype=NamedNode(str(term.datatype)))
    return Literal(str(term))


def add_to_graph(graph: Graph, triples: Iterable[Triple]) -> Graph:
    """Put triples into an rdflib graph, nothing normalised; give the graph back."""
    for triple in triples:
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph
