"""The ontology stays within what OWL 2 RL rules handle, and names everything it speaks of."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tests.ontology.turtle import OWL, RDF, RDFS, parse_turtle

# Source: OWL 2 Profiles, section 4.3, tables 4 to 9; nothing here needs a class expression.
ALLOWED = {
    OWL + "Class",
    OWL + "DatatypeProperty",
    OWL + "ObjectProperty",
    OWL + "Ontology",
    OWL + "SymmetricProperty",
    OWL + "versionIRI",
    OWL + "versionInfo",
    RDF + "Statement",
    RDF + "langString",
    RDF + "type",
    RDFS + "Datatype",
    RDFS + "Resource",
    RDFS + "isDefinedBy",
    RDFS + "label",
    RDFS + "seeAlso",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
}
UNION = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sec: <https://w3id.org/sauran/ontology#> .
sec:Actor rdfs:subClassOf [ a owl:Class ; owl:unionOf ( sec:State sec:Region ) ] .
"""


def logical_vocabulary(triples: list[Triple]) -> set[str]:
    """Terms of RDF, RDFS and OWL that the triples use, datatypes of literals left out."""
    nodes = {
        node for t in triples for node in (t.subject, t.predicate, t.object) if isinstance(node, NamedNode)
    }
    return {node.value for node in nodes if node.value.startswith((RDF, RDFS, OWL))}


@pytest.mark.parametrize("source", ["core", "schemes", "alignments"])
def test_only_vocabulary_within_owl_2_rl_is_used(source: str, request: pytest.FixtureRequest) -> None:
    used = logical_vocabulary(request.getfixturevalue(source))
    assert len(used) > 0
    assert used - ALLOWED == set()


def test_a_union_is_reported() -> None:
    faults = logical_vocabulary(parse_turtle(UNION)) - ALLOWED
    assert faults == {OWL + "unionOf", RDF + "first", RDF + "rest", RDF + "nil"}


@pytest.mark.parametrize("source", ["core", "schemes", "alignments"])
def test_nothing_is_a_blank_node(source: str, request: pytest.FixtureRequest) -> None:
    triples = request.getfixturevalue(source)
    assert len(triples) > 0
    assert [t for t in triples if BlankNode in (type(t.subject), type(t.object))] == []


@pytest.mark.parametrize("source", ["core", "schemes", "alignments"])
def test_all_human_text_has_a_language(source: str, request: pytest.FixtureRequest) -> None:
    texts = [
        t.object
        for t in request.getfixturevalue(source)
        if isinstance(t.object, Literal) and " " in t.object.value
    ]
    assert len(texts) > 0
    assert [text for text in texts if text.language is None] == []
