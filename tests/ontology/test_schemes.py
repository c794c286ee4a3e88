"""The kinds: every scheme and concept is labelled, defined and in its place."""

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from tests.ontology.turtle import (
    ONTOLOGY_IRI,
    RDFS,
    SCHEME,
    SEC,
    SKOS,
    language_faults,
    parse_turtle,
    subjects_of_kind,
    values,
)

CONCEPT = NamedNode(SKOS + "Concept")
CONCEPT_SCHEME = NamedNode(SKOS + "ConceptScheme")
TRUE = Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
MISPLACED_CONCEPT = """
@prefix scheme: <https://w3id.org/sauran/id/scheme/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix unit: <https://w3id.org/sauran/id/scheme/unit/> .
unit:deaths a skos:Concept ; skos:inScheme scheme:verdict .
"""


def placement_faults(triples: list[Triple], concept: NamedNode) -> list[str]:
    """Say what is wrong with a concept's scheme, its top or its broader concept."""
    scheme = NamedNode(concept.value.rsplit("/", 1)[0])
    broader = values(triples, concept, SKOS + "broader")
    top = values(triples, concept, SKOS + "topConceptOf")
    faults = []
    if values(triples, concept, SKOS + "inScheme") != [scheme]:
        faults.append(f"{concept.value}: not in the scheme of its address")
    if (top, len(broader)) not in [([scheme], 0), ([], 1)]:
        faults.append(f"{concept.value}: neither a top concept nor below one broader concept")
    if any(values(triples, parent, SKOS + "inScheme") != [scheme] for parent in broader):
        faults.append(f"{concept.value}: its broader concept is in another scheme")
    return faults


def test_every_scheme_has_concepts(schemes: list[Triple]) -> None:
    found = {node.value for node in subjects_of_kind(schemes, [CONCEPT_SCHEME])}
    filled = {concept.value.rsplit("/", 1)[0] for concept in subjects_of_kind(schemes, [CONCEPT])}
    assert len(filled) > 0
    assert filled == found


@pytest.mark.parametrize("path", ["modality/asserted", "polarity/affirmed", "polarity/denied"])
def test_the_kinds_that_derivation_relies_on_exist(schemes: list[Triple], path: str) -> None:
    assert NamedNode(SCHEME + path) in subjects_of_kind(schemes, [CONCEPT])


@pytest.mark.parametrize("predicate", ["prefLabel", "definition"])
def test_every_scheme_and_concept_says_it_once_in_each_language(
    schemes: list[Triple], predicate: str
) -> None:
    subjects = subjects_of_kind(schemes, [CONCEPT, CONCEPT_SCHEME])
    assert len(subjects) > 0
    assert [f for s in subjects for f in language_faults(schemes, s, SKOS + predicate)] == []


def test_every_subject_is_a_scheme_or_a_concept(schemes: list[Triple]) -> None:
    assert {t.subject for t in schemes} == set(subjects_of_kind(schemes, [CONCEPT, CONCEPT_SCHEME]))


def test_every_concept_stands_in_its_scheme(schemes: list[Triple]) -> None:
    concepts = subjects_of_kind(schemes, [CONCEPT])
    assert len(concepts) > 0
    assert [fault for concept in concepts for fault in placement_faults(schemes, concept)] == []


def test_a_misplaced_concept_is_reported() -> None:
    triples = parse_turtle(MISPLACED_CONCEPT)
    assert placement_faults(triples, NamedNode(SCHEME + "unit/deaths")) == [
        SCHEME + "unit/deaths: not in the scheme of its address",
        SCHEME + "unit/deaths: neither a top concept nor below one broader concept",
    ]


def test_every_scheme_is_defined_by_the_ontology(schemes: list[Triple]) -> None:
    found = subjects_of_kind(schemes, [CONCEPT_SCHEME])
    assert len(found) > 0
    assert [s.value for s in found if values(schemes, s, RDFS + "isDefinedBy") != [ONTOLOGY_IRI]] == []


@pytest.mark.parametrize("predicate", ["prefLabel", "notation"])
def test_no_two_concepts_of_a_scheme_share_a_label_or_notation(schemes: list[Triple], predicate: str) -> None:
    pairs = [
        (concept.value.rsplit("/", 1)[0], str(value))
        for concept in subjects_of_kind(schemes, [CONCEPT])
        for value in values(schemes, concept, SKOS + predicate)
    ]
    assert len(pairs) > 0
    assert sorted({pair for pair in pairs if pairs.count(pair) > 1}) == []


def test_every_verdict_says_whether_it_blocks_derivation(schemes: list[Triple]) -> None:
    verdicts = [c for c in subjects_of_kind(schemes, [CONCEPT]) if c.value.startswith(SCHEME + "verdict/")]
    said = {v.value.rsplit("/", 1)[1]: values(schemes, v, SEC + "blocksDerivation") for v in verdicts}
    assert {slug for slug, flags in said.items() if len(flags) != 1} == set()
    assert {slug for slug, flags in said.items() if flags == [TRUE]} == {
        "contradicted-in-source",
        "inconsistent",
    }


@pytest.mark.parametrize(
    ("slug", "code"),
    [("arrest", "173"), ("demonstration", "141"), ("repression", "175"), ("riot", "145")],
)
def test_event_types_carry_their_cameo_code(schemes: list[Triple], slug: str, code: str) -> None:
    notation = values(schemes, NamedNode(f"{SCHEME}event-type/{slug}"), SKOS + "notation")
    assert notation == [Literal(code, datatype=NamedNode(SEC + "cameo"))]


@pytest.mark.parametrize("slug", ["independence", "referendum", "unrest"])
def test_event_types_without_a_cameo_code_claim_none(schemes: list[Triple], slug: str) -> None:
    assert values(schemes, NamedNode(f"{SCHEME}event-type/{slug}"), SKOS + "notation") == []
