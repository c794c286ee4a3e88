"""The JSON-LD context, generated from the ontology."""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode, Quad

from sauran.kg.model.namespaces import OWL, RDF, RDFS, SCHEMA, SEC, XSD

__all__ = ["make_context"]


def make_context(ontology: Iterable[Quad], prefixes: dict[str, str]) -> dict[str, Any]:
    """Make the context of all our JSON-LD: prefixes, and each term of `sec:` by its local name.

    Shape: object properties take IRIs as plain strings, datatype properties with one datatype plain values.
    Source: JSON-LD 1.1, section 4.2.3.
    """
    quads = list(ontology)
    kinds = {
        quad.subject: quad.object
        for quad in quads
        if quad.predicate == RDF["type"]
        and quad.object in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    }
    ranges: dict[object, list[NamedNode]] = {}
    for quad in quads:
        if quad.predicate in (SCHEMA.rangeIncludes, RDFS.range) and isinstance(quad.object, NamedNode):
            ranges.setdefault(quad.subject, []).append(quad.object)
    context: dict[str, Any] = {"@version": 1.1} | dict(sorted(prefixes.items()))
    for term in sorted(kinds, key=str):
        if not isinstance(term, NamedNode) or not term.value.startswith(SEC.iri):
            continue
        name = term.value.removeprefix(SEC.iri)
        context[name] = _definition(name, kinds[term], ranges.get(term, []))
    return context


def _definition(name: str, kind: object, ranges: list[NamedNode]) -> str | dict[str, str]:
    if kind == OWL.ObjectProperty:
        return {"@id": f"sec:{name}", "@type": "@id"}
    if kind == OWL.DatatypeProperty and len(ranges) == 1 and ranges[0].value.startswith(XSD.iri):
        datatype = ranges[0].value.removeprefix(XSD.iri)
        if datatype != "string":
            return {"@id": f"sec:{name}", "@type": f"xsd:{datatype}"}
    return f"sec:{name}"
