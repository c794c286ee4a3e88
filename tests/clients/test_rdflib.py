"""rdflib: a graph whose store is our endpoint, federation to us, and identifiers followed."""

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS
from rdflib.plugins.stores.sparqlstore import SPARQLStore

BASE = "https://w3id.org/sauran/"
CLAIM = URIRef(f"{BASE}ontology#Claim")
KAZAKHSTAN = URIRef(f"{BASE}id/kazakhstan")


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("returned", ["json", "xml", "csv", "tsv"])
def test_a_query_gives_the_right_rows(
    endpoint: str, question: str, rows: list, method: str, returned: str
) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat=returned))
    found = [(str(row.claim), str(row.text)) for row in graph.query(question)]  # type: ignore[union-attr]
    assert found == rows


def test_a_graph_is_walked_by_its_patterns(endpoint: str) -> None:
    graph = Graph(SPARQLStore(endpoint))
    assert (KAZAKHSTAN, RDF.type, URIRef(f"{BASE}ontology#State")) in graph
    assert Literal("Қазақстан", lang="kk") in set(graph.objects(KAZAKHSTAN, SKOS.prefLabel))
    assert len(set(graph.subjects(RDF.type, CLAIM))) == 148


def test_triples_are_read_page_by_page(endpoint: str, rows: list) -> None:
    graph = Graph(SPARQLStore(endpoint))
    graph.LIMIT, graph.ORDERBY = 50, "?s"  # type: ignore[attr-defined]
    seen: list[str] = []
    for offset in (0, 50, 100, 150):
        graph.OFFSET = offset  # type: ignore[attr-defined]
        page = [str(subject) for subject, _, _ in graph.triples((None, RDF.type, CLAIM))]
        assert len(page) == min(50, max(0, 148 - offset))
        seen += page
    assert seen == [iri for iri, _ in rows]


def test_contexts_are_our_named_graphs(endpoint: str) -> None:
    store = SPARQLStore(endpoint)
    named = {
        f"{BASE}graph/{name}"
        for name in ("kazakhstan", "kazakhstan/derived", "ontology", "reference", "shapes")
    }
    assert {str(name) for name in store.contexts()} == named
    holding = {str(name) for name in store.contexts((None, RDF.type, CLAIM))}
    assert holding == {f"{BASE}graph/kazakhstan"}


def test_one_context_is_one_graph(endpoint: str) -> None:
    store = SPARQLStore(endpoint)
    reference = Graph(store, URIRef(f"{BASE}graph/reference"))
    assert (KAZAKHSTAN, RDF.type, None) in reference
    assert (None, RDF.type, CLAIM) not in reference
    assert 0 < len(reference) < len(Graph(store))


def test_it_federates_to_us(endpoint: str, rows: list) -> None:
    """What is known here is joined with what we know."""
    mine = Graph()
    for iri, _ in rows[:3]:
        mine.add((URIRef(iri), RDFS.comment, Literal("mine")))
    query = f"""SELECT ?claim ?text WHERE {{
        ?claim <{RDFS.comment}> "mine" .
        SERVICE <{endpoint}> {{ ?claim <{RDFS.label}> ?text FILTER(LANG(?text) = "kk") }}
    }} ORDER BY ?claim"""
    found = [(str(row.claim), str(row.text)) for row in mine.query(query)]  # type: ignore[union-attr]
    assert found == rows[:3]


def test_an_identifier_is_parsed_without_a_format(site: str) -> None:
    graph = Graph().parse(f"{site}id/kazakhstan")
    assert Literal("Қазақстан", lang="kk") in set(graph.objects(KAZAKHSTAN, SKOS.prefLabel))
