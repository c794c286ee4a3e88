"""Every term is labelled, defined, placed and marked."""

import re

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from tests.ontology.turtle import (
    DCTERMS,
    LANGUAGES,
    ONTOLOGY_IRI,
    OWL,
    RDFS,
    SCHEMA,
    SEC,
    SKOS,
    TYPE,
    language_faults,
    own_terms,
    parse_turtle,
    subjects_of_kind,
    values,
)

VANN = "http://purl.org/vocab/vann/"
XSD = "http://www.w3.org/2001/XMLSchema#"
ALIGNMENTS_IRI = NamedNode("https://w3id.org/sauran/ontology/alignments")
PROPERTY_KINDS = [NamedNode(OWL + "ObjectProperty"), NamedNode(OWL + "DatatypeProperty")]
BORROWED = {
    "http://purl.org/dc/terms/conformsTo",
    "http://purl.org/dc/terms/hasPart",
    "http://purl.org/dc/terms/subject",
    "http://www.opengis.net/ont/geosparql#sfWithin",
    "http://www.w3.org/2004/02/skos/core#narrower",
}
NAMELESS_TERM = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sec: <https://w3id.org/sauran/ontology#> .
sec:Thing a owl:Class ; rdfs:label "thing"@en , "chose"@fr , "предмет"@ru , "Sache"@de .
"""


def definition_faults(subject: NamedNode, texts: list) -> list[str]:
    """Say which definitions are not one sentence with a full stop."""
    faults = []
    for text in texts:
        if not text.value.endswith(".") or re.search(r"[.!?]\s", text.value):
            faults.append(f"{subject.value}: not one sentence with a full stop: {text}")
        if re.match(r"(This (class|property)|A (class|property) )", text.value):
            faults.append(f"{subject.value}: speaks of the term, not of what it means: {text}")
    return faults


@pytest.mark.parametrize(
    "kind",
    [RDFS + "Datatype", OWL + "Class", OWL + "DatatypeProperty", OWL + "ObjectProperty"],
    ids=["datatype", "class", "datatype property", "object property"],
)
def test_the_ontology_has_terms_of_each_kind(core: list[Triple], kind: str) -> None:
    assert [node for node in subjects_of_kind(core, [NamedNode(kind)]) if node.value.startswith(SEC)] != []


@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "definition"], ids=["label", "definition"])
def test_every_term_says_it_once_in_each_language(core: list[Triple], predicate: str) -> None:
    terms = own_terms(core)
    assert len(terms) > 0
    assert [fault for term in terms for fault in language_faults(core, term, predicate)] == []


@pytest.mark.parametrize("predicate", [SKOS + "scopeNote"])
def test_a_scope_note_is_given_in_every_language_or_not_at_all(core: list[Triple], predicate: str) -> None:
    noted = {t.subject for t in core if t.predicate == NamedNode(predicate)}
    assert len(noted) > 0
    assert [fault for term in noted for fault in language_faults(core, term, predicate)] == []


def test_a_missing_language_is_reported() -> None:
    triples = parse_turtle(NAMELESS_TERM)
    assert language_faults(triples, NamedNode(SEC + "Thing"), RDFS + "label") == [
        f"{SEC}Thing: {RDFS}label has the languages ['en', 'fr', 'ru', 'de']"
    ]


def test_every_definition_is_one_sentence(core: list[Triple], schemes: list[Triple]) -> None:
    triples = core + schemes
    defined = {t.subject for t in triples if t.predicate.value == SKOS + "definition"}
    assert len(defined) > 0
    faults = [f for s in defined for f in definition_faults(s, values(triples, s, SKOS + "definition"))]
    assert faults == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("What is so", "not one sentence with a full stop"),
        ("One. Two.", "not one sentence with a full stop"),
        ("This class is a thing.", "speaks of the term, not of what it means"),
    ],
)
def test_a_bad_definition_is_reported(text: str, fault: str) -> None:
    subject, literal = NamedNode(SEC + "Thing"), Literal(text, language="en")
    assert definition_faults(subject, [literal]) == [f"{SEC}Thing: {fault}: {literal}"]


def test_no_two_terms_share_a_label(core: list[Triple]) -> None:
    labels = [label for term in own_terms(core) for label in values(core, term, RDFS + "label")]
    assert len(labels) > 0
    assert sorted({str(label) for label in labels if labels.count(label) > 1}) == []


def test_every_term_is_defined_by_the_ontology(core: list[Triple]) -> None:
    terms = own_terms(core)
    assert len(terms) > 0
    assert [t.value for t in terms if values(core, t, RDFS + "isDefinedBy") != [ONTOLOGY_IRI]] == []


def test_a_language_in_doubt_is_one_of_ours_and_also_unreviewed(
    core: list[Triple], schemes: list[Triple]
) -> None:
    triples = core + schemes
    subjects = {t.subject for t in triples}
    assert len(subjects) > 0
    for subject in subjects:
        unreviewed = {value.value for value in values(triples, subject, SEC + "unreviewedLanguage")}
        doubtful = {value.value for value in values(triples, subject, SEC + "doubtfulLanguage")}
        assert doubtful <= unreviewed <= set(LANGUAGES), subject.value


def test_every_property_says_what_it_links(core: list[Triple]) -> None:
    properties = subjects_of_kind(core, PROPERTY_KINDS)
    assert len(properties) > 0
    silent = [
        p.value
        for p in properties
        for end in ("domainIncludes", "rangeIncludes")
        if not values(core, p, SCHEMA + end)
    ]
    assert silent == []


def test_no_property_infers_types_from_a_domain_or_range(core: list[Triple]) -> None:
    assert [t for t in core if t.predicate.value in {RDFS + "domain", RDFS + "range"}] == []


def test_borrowed_predicates_are_labelled_but_not_ours(core: list[Triple]) -> None:
    found = [p for p in subjects_of_kind(core, PROPERTY_KINDS) if not p.value.startswith(SEC)]
    assert {p.value for p in found} == BORROWED
    assert [f for p in found for f in language_faults(core, p, RDFS + "label")] == []
    assert [p.value for p in found if values(core, p, RDFS + "isDefinedBy")] == []


@pytest.mark.parametrize(
    ("local", "symmetric"),
    [("cooperatesWith", True), ("inTensionWith", True), ("possiblySameAs", True), ("dependsOn", False)],
)
def test_symmetric_properties_are_typed_so(core: list[Triple], local: str, symmetric: bool) -> None:
    types = values(core, NamedNode(SEC + local), TYPE.value)
    assert (NamedNode(OWL + "SymmetricProperty") in types) is symmetric


@pytest.mark.parametrize("source", ["core", "alignments"])
def test_each_header_is_complete(source: str, request: pytest.FixtureRequest) -> None:
    triples = request.getfixturevalue(source)
    iri = ONTOLOGY_IRI if source == "core" else ALIGNMENTS_IRI
    version = values(triples, iri, OWL + "versionInfo")[0].value
    assert values(triples, iri, TYPE.value) == [NamedNode(OWL + "Ontology")]
    assert language_faults(triples, iri, DCTERMS + "title") == []
    assert language_faults(triples, iri, DCTERMS + "description") == []
    assert values(triples, iri, OWL + "versionIRI") == [NamedNode(f"{iri.value}/{version}")]
    assert values(triples, iri, DCTERMS + "license") == [
        NamedNode("https://creativecommons.org/licenses/by/4.0/")
    ]
    assert values(triples, iri, DCTERMS + "creator") == values(triples, iri, DCTERMS + "publisher")
    (issued,) = values(triples, iri, DCTERMS + "issued")
    (modified,) = values(triples, iri, DCTERMS + "modified")
    assert issued.datatype == modified.datatype == NamedNode(XSD + "date")
    assert issued.value <= modified.value


def test_the_ontology_names_its_preferred_prefix(core: list[Triple]) -> None:
    assert values(core, ONTOLOGY_IRI, VANN + "preferredNamespacePrefix") == [Literal("sec")]
    assert values(core, ONTOLOGY_IRI, VANN + "preferredNamespaceUri") == [Literal(SEC)]
