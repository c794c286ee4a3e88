"""Serialise quads in each RDF format, reproducibly; the JSON-LD context is generated from the ontology."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from sauran.kg.model.errors import ContentError
from sauran.kg.model.formats import Format
from sauran.kg.model.namespaces import OWL, RDF, RDFS, SCHEMA, SEC, XSD

__all__ = ["canonical_quads", "make_context", "sort_quads", "write_rdf", "write_triples"]

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# RDFC-1.0 can take exponential time on hostile blank nodes; ours come from SHACL lists: hundreds.
_MOST_BLANK_NODES = 10_000


def sort_quads(quads: Iterable[Quad]) -> list[Quad]:
    """Order by graph, then subject, predicate, object, as their N-Quads lines sort."""
    return sorted(quads, key=lambda q: (str(q.graph_name), str(q.subject), _type_first(q), str(q.object)))


def canonical_quads(quads: Sequence[Quad]) -> list[Quad]:
    """Name blank nodes canonically and sort.

    Raises: ContentError above 10,000 blank nodes.
    Source: RDF Dataset Canonicalization (RDFC-1.0).
    """
    dataset = Dataset(quads)
    blank = {t for q in quads for t in (q.subject, q.object) if isinstance(t, BlankNode)}
    if len(blank) > _MOST_BLANK_NODES:
        raise ContentError(
            "content",
            f"{len(blank)} blank nodes are too many to name canonically.",
            f"Give them IRIs, so that at most {_MOST_BLANK_NODES} are left.",
        )
    if blank:
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sort_quads(dataset)


def write_rdf(
    quads: Sequence[Quad], wanted: Format, prefixes: dict[str, str], context: dict[str, Any] | None = None
) -> bytes:
    """Write quads in one format; triple formats leave the graph names out.

    Shape: `context` is a JSON-LD context that is inlined; the other formats use `prefixes`.
    """
    items: Iterable[Quad] | Iterable[Triple] = quads
    if not wanted.has_graphs:
        items = dict.fromkeys(quad.triple for quad in quads)
    if wanted.rdf == RdfFormat.JSON_LD:
        plain = all(isinstance(quad.graph_name, DefaultGraph) for quad in quads)
        return _json_ld(serialize(quads, format=wanted.rdf) or b"[]", context or {}, plain=plain)
    if wanted.rdf is None:
        raise ContentError(wanted.label, "is not an RDF format.")
    data = serialize(items, format=wanted.rdf, prefixes=_used(prefixes, quads)) or b""
    return _sort_prolog(data, wanted.rdf)


def _type_first(quad: Quad) -> str:
    return "" if quad.predicate.value == _RDF_TYPE else quad.predicate.value


def _used(prefixes: dict[str, str], quads: Sequence[Quad]) -> dict[str, str]:
    """Only the prefixes that some IRI begins with; one name for each namespace."""
    names: dict[str, str] = {}
    for prefix, iri in sorted(prefixes.items()):
        names.setdefault(iri, prefix)
    found = set()
    for quad in quads:
        for term in (
            quad.subject,
            quad.predicate,
            quad.object,
            quad.graph_name,
            getattr(quad.object, "datatype", None),
        ):
            iri = getattr(term, "value", "")
            cut = max(iri.rfind("#"), iri.rfind("/")) + 1
            found.add(iri[:cut])
    return {prefix: iri for iri, prefix in names.items() if iri in found}


def _sort_prolog(data: bytes, rdf: RdfFormat) -> bytes:
    """Sort prefixes, which Oxigraph writes in hash order, and escape carriage returns in XML."""
    if data.startswith(b"@prefix "):
        lines = data.split(b"\n")
        end = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
        return b"\n".join(sorted(lines[:end]) + ([b""] if end else []) + lines[end:])
    if rdf == RdfFormat.RDF_XML:
        head, root, tail = re.split(rb"(<rdf:RDF[^>]*>)", data, maxsplit=1)
        attributes = sorted(re.findall(rb' xmlns:[^"]*"[^"]*"', root))
        # As it stands, readers of XML would take a carriage return for a line feed (XML 1.0, section 2.11).
        return head + b"<rdf:RDF" + b"".join(attributes) + b">" + tail.replace(b"\r", b"&#13;")
    return data


def _json_ld(expanded: bytes, context: dict[str, Any], *, plain: bool) -> bytes:
    nodes = json.loads(expanded)
    for node in nodes if plain else [inner for graph in nodes for inner in graph.get("@graph", [graph])]:
        if _RDF_TYPE in node:
            node["@type"] = [kind["@id"] for kind in node.pop(_RDF_TYPE)]
    from pyld import jsonld  # noqa: PLC0415 (0.2 s that other formats do not pay)

    document = jsonld.compact(nodes, {"@context": context}, {"graph": True})
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def write_triples(
    triples: Iterable[Triple], wanted: Format, prefixes: dict[str, str], context: dict[str, Any] | None = None
) -> bytes:
    """Write the triples of an answer, sorted; formats with graphs have them in the default graph.

    Shape: a whole document in UTF-8; `prefixes` and `context` as in `write_rdf`.
    """
    return write_rdf(sort_quads(Quad(*triple) for triple in triples), wanted, prefixes, context)


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
