"""The SPARQL 1.1 Service Description of this site."""

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS
from sauran.kg.model.namespaces import PREFIXES, RDF, RDFS, XSD, Namespace
from sauran.kg.sparql.query_checks import MAX_BYTES, MAX_NESTING, MAX_OPERATORS, MAX_PARTS, MAX_TERMS
from sauran.server.http.served_release import ServedRelease

__all__ = ["describe_service"]

_SD, _VOID = (Namespace(PREFIXES[prefix]) for prefix in ("sd", "void"))
_A = RDF["type"]


def describe_service(served_release: ServedRelease, *, federated: bool) -> list[Quad]:
    """Describe the SPARQL service: endpoint, language, formats, features, graphs; limits in words.

    `federated` says whether SERVICE may name any endpoint.

    It names no extension functions, entailment or dereferencing of IRIs: the service has none.

    Source: SPARQL 1.1 Service Description, section 3.
    """
    endpoint = NamedNode(served_release.links.absolute("sparql"))
    dataset = NamedNode(f"{endpoint.value}#dataset")
    quads = [
        Quad(endpoint, _A, _SD.Service),
        Quad(endpoint, _SD.endpoint, endpoint),
        Quad(endpoint, _SD.supportedLanguage, _SD.SPARQL11Query),
        Quad(endpoint, _SD.feature, _SD.UnionDefaultGraph),
        Quad(endpoint, RDFS.comment, Literal(_limits(served_release), language="en")),
        Quad(endpoint, _SD.defaultDataset, dataset),
        Quad(dataset, _A, _SD.Dataset),
    ]
    if federated:
        quads.append(Quad(endpoint, _SD.feature, _SD.BasicFederatedQuery))
    # SPARQL 1.1 Service Description, 3.2.7.
    quads += [
        Quad(endpoint, _SD.resultFormat, NamedNode(known.w3c))
        for known in (*RESULT_FORMATS, *RDF_FORMATS)
        if known.w3c
    ]
    default = BlankNode("default")
    quads += [
        Quad(dataset, _SD.defaultGraph, default),
        Quad(default, _A, _SD.Graph),
        Quad(default, _VOID.triples, _count(served_release.release.union_triples)),
    ]
    for number, (iri, triples) in enumerate(served_release.graphs.items()):
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


def _limits(served_release: ServedRelease) -> str:
    limits = served_release.pool.limits
    of_answers = (
        f"{limits.timeout_s:g} s",
        f"{limits.memory_mb} MiB of memory",
        f"{limits.max_rows} rows or triples",
        f"{limits.max_bytes} bytes",
    )
    of_texts = (
        f"{MAX_BYTES} bytes",
        f"{MAX_NESTING} nested brackets",
        f"{MAX_OPERATORS} chained operators",
        f"{MAX_PARTS} parts",
        f"{MAX_TERMS} terms of triples",
    )
    return (
        "Read-only. SPARQL 1.1 Query, and of SPARQL 1.2 triple terms and base directions. "
        f"Limits of an answer: {', '.join(of_answers)}; of a query's text: {', '.join(of_texts)}. "
        "timeout=SECONDS sets a shorter limit; partial=true allows a partial result at a limit."
    )


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
