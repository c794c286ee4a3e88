"""Ordinary traps that engines fall into: right by `auto`, and by each engine that claims it."""

import pytest
from validation_support import EX, Folder, results

from sauran.kg.model.errors import ContentError, EngineError
from sauran.kg.validate.job_runner import check

DATES = "http://www.w3.org/2001/XMLSchema#"
OF = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:part . ex:part sh:path ex:p"
ENGINES = ("auto", "shacl", "pyshacl")

ILL_TYPED = {
    '"2023-02-30"^^xsd:date': False,
    '"2024-02-29"^^xsd:date': True,
    '"2023-W05-1"^^xsd:date': False,
    '"20230101"^^xsd:date': False,
    '"-0044-03-15"^^xsd:date': True,
    '"2023-01-01+15:00"^^xsd:date': False,
    '"1_0"^^xsd:integer': False,
    '"٣"^^xsd:integer': False,
    '" 1"^^xsd:integer': False,
    '"+01"^^xsd:integer': True,
    '"1e0"^^xsd:decimal': False,
    '"Infinity"^^xsd:double': False,
    '"INF"^^xsd:double': True,
    '"yes"^^xsd:boolean': False,
    '"1"^^xsd:boolean': True,
    '"2023-01-01 00:00:00"^^xsd:dateTime': False,
    '"2023-01-01T24:00:00"^^xsd:dateTime': True,
    '"2023-01-01T12:00:00Z"^^xsd:dateTime': True,
    '"128"^^xsd:byte': False,
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("literal", "fine"), ILL_TYPED.items())
def test_ill_typed_literal_is_found_and_kept_as_written(
    folder: Folder, literal: str, fine: bool, engine: str
) -> None:
    datatype = literal.rsplit("^^", 1)[1]
    verdict = folder.check(f"ex:a ex:p {literal} .", f"{OF} ; sh:datatype {datatype} .", engine=engine)
    written = literal.replace("xsd:", f"<{DATES}") + ">"
    assert results(verdict) == ([] if fine else [("DatatypeConstraintComponent", written)])


@pytest.mark.parametrize("engine", ENGINES)
def test_24_o_clock_ends_a_day_and_no_second_follows(folder: Folder, engine: str) -> None:
    data = 'ex:a ex:p "2023-01-01T24:00:01"^^xsd:dateTime .'
    verdict = folder.check(data, f"{OF} ; sh:datatype xsd:dateTime .", engine=engine)
    assert len(results(verdict)) == (engine != "shacl")  # its known fault, so `auto` goes elsewhere


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
@pytest.mark.parametrize(
    ("left", "right", "less", "equal_too"),
    [
        ("1", "2", True, True),
        ("1", "1.0", False, True),
        ("ex:x", "ex:y", False, False),
        ("ex:x", "ex:x", False, False),
        ("1", '"2"', False, False),
        ('"2023-01-01"^^xsd:date', '"2024-01-01"^^xsd:date', True, True),
        ('"2023-01-01"^^xsd:date', '"2024-01-01"', False, False),
        ('"2023-01-01"^^xsd:date', '"2024-01-01T00:00:00"^^xsd:dateTime', False, False),
        ('"a"', '"b"', True, True),
        ('"a"@en', '"b"@en', False, False),
        ('"x"^^xsd:integer', "2", False, False),
        ("true", "false", False, False),
    ],
)
def test_incomparable_values_are_violations(
    folder: Folder, left: str, right: str, less: bool, equal_too: bool, *, engine: str
) -> None:
    data = f"ex:a ex:p {left} ; ex:q {right} ."
    strict = folder.check(data, f"{OF} ; sh:lessThan ex:q .", engine=engine)
    loose = folder.check(data, f"{OF} ; sh:lessThanOrEquals ex:q .", engine=engine)
    assert (not results(strict), not results(loose)) == (less, equal_too)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ("5", True),
        ("4.5", False),
        ('"x"^^xsd:integer', False),
        ('"6"', False),
        ("ex:x", False),
        ("[]", False),
    ],
)
def test_limits_refuse_what_cannot_be_compared(folder: Folder, value: str, fine: bool, engine: str) -> None:
    verdict = folder.check(f"ex:a ex:p {value} .", f"{OF} ; sh:minInclusive 5 .", engine=engine)
    assert (not results(verdict)) == fine


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_closed_on_a_property_shape_closes_the_values(folder: Folder, engine: str) -> None:
    data = "ex:a ex:p ex:b ; ex:other 1 . ex:b ex:q 1 ."
    verdict = folder.check(data, f"{OF} ; sh:closed true .", engine=engine)
    (finding,) = verdict.findings
    assert (str(finding.focus), finding.path) == (f"<{EX}a>", f"{EX}p") or finding.path == f"{EX}q"
    assert finding.component == "ClosedConstraintComponent"


QUERY = '''ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:from ; sh:sparql ex:Q .
ex:Q sh:select """
  SELECT $this { $this <http://example.org/from> ?a ; <http://example.org/to> ?b FILTER (?a > ?b) }""" .
'''


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
@pytest.mark.parametrize(
    ("start", "end", "faults"),
    [
        ('"2024-01-02"^^xsd:date', '"2024-01-01"^^xsd:date', 1),
        ('"2024-01-01"^^xsd:date', '"2024-01-02"^^xsd:date', 0),
        ('"2024-01-02"^^xsd:date', '"2024-01-01"', 0),
        ('"2024"', '"2023-01-01"^^xsd:date', 0),
        ('"x"^^xsd:date', '"2023-01-01"^^xsd:date', 0),
        ("2", "1.5", 1),
    ],
)
def test_dates_are_compared_with_dates_only(
    folder: Folder, start: str, end: str, faults: int, engine: str
) -> None:
    verdict = folder.check(f"ex:a ex:from {start} ; ex:to {end} .", QUERY, engine=engine)
    assert len(results(verdict)) == faults


def test_query_that_compares_is_routed_and_said(folder: Folder) -> None:
    verdict = folder.check("ex:a ex:from 1 ; ex:to 2 .", QUERY)
    assert verdict.engines == ("pyshacl 0.40.1",)
    assert verdict.notes == (f"{EX}S is checked by pyshacl: its query compares or orders values.",)


@pytest.mark.parametrize(("value", "fine"), [('"ab"', True), ('"ac"', False)])
def test_lookahead_in_a_pattern_works(folder: Folder, value: str, fine: bool) -> None:
    verdict = folder.check(f"ex:a ex:p {value} .", f'{OF} ; sh:pattern "^a(?=b)" .')
    assert (not results(verdict)) == fine
    assert "looks around" in verdict.notes[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_language_tags_have_no_case(folder: Folder, engine: str) -> None:
    data = 'ex:a ex:p "x"@en-GB, "y"@EN-gb, "z"@FR .'
    verdict = folder.check(data, f'{OF} ; sh:uniqueLang true ; sh:languageIn ("en") .', engine=engine)
    assert [c for c, _ in results(verdict)] == [
        "LanguageInConstraintComponent",
        "UniqueLangConstraintComponent",
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_recursive_shape_ends_with_a_warning(folder: Folder, engine: str) -> None:
    shapes = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:part .
      ex:part sh:path ex:next ; sh:node ex:S ; sh:maxCount 1 ."""
    verdict = folder.check("ex:a a ex:C ; ex:next ex:b . ex:b ex:next ex:a .", shapes, engine=engine)
    assert results(verdict) == []
    assert {finding.rule for finding in verdict.lint} == {"recursive-shape"}


CLASSES = """ex:S a sh:NodeShape ; sh:targetClass ex:Animal ; sh:property ex:part .
ex:part sh:path ex:name ; sh:minCount 1 ."""


@pytest.mark.parametrize("engine", ENGINES)
def test_subclasses_in_the_data_count(folder: Folder, engine: str) -> None:
    data = "ex:Cat rdfs:subClassOf ex:Mammal . ex:Mammal rdfs:subClassOf ex:Animal . ex:tom a ex:Cat ."
    verdict = folder.check(data, CLASSES, engine=engine)
    assert len(results(verdict)) == 1
    assert verdict.report is not None
    assert verdict.report.focus_nodes == {f"{EX}S": 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_subclasses_in_an_ontology_count_and_its_own_nodes_do_not(folder: Folder, engine: str) -> None:
    ontology = folder.write("ontology.ttl", "ex:Cat rdfs:subClassOf ex:Animal . ex:example a ex:Cat .")
    alone = folder.check("ex:tom a ex:Cat .", CLASSES, engine=engine)
    assert alone.nothing_checked
    verdict = folder.check("ex:tom a ex:Cat .", CLASSES, engine=engine, ontology=(ontology,))
    assert [str(f.focus) for f in verdict.findings] == [f"<{EX}tom>"]
    assert verdict.report is not None
    assert verdict.report.focus_nodes == {f"{EX}S": 1}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("switch", ['"1"^^xsd:boolean', '"0"^^xsd:boolean', "false"])
def test_only_the_term_true_switches_on(folder: Folder, switch: str, engine: str) -> None:
    data = 'ex:a ex:p "x"@en, "y"@en .'
    assert results(folder.check(data, f"{OF} ; sh:uniqueLang {switch} .", engine=engine)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_blank_nodes_keep_their_labels(folder: Folder, engine: str) -> None:
    data = "[] ex:q 1 . ex:a ex:p [ ex:q 2 ], _:x . _:x ex:q ( 1 ) . [] ex:p 5 ."
    verdict = folder.check(data, f"{OF} ; sh:nodeKind sh:IRI .", engine=engine)
    assert [(str(f.focus), str(f.value)) for f in sorted(verdict.findings, key=str)] == [
        ("_:f0n4", f'"5"^^<{DATES}integer>'),
        (f"<{EX}a>", "_:f0n1"),
        (f"<{EX}a>", "_:f0n2"),
    ]


def test_a_shape_reached_twice_has_two_results(folder: Folder) -> None:
    shapes = f"{OF} ; sh:maxCount 0 . ex:T a sh:NodeShape ; sh:targetNode ex:a ; sh:property ex:part ."
    verdict = folder.check("ex:a ex:p 1 .", shapes)
    assert verdict.report is not None
    assert (len(verdict.report.findings), len(verdict.findings)) == (2, 2)


def test_terms_of_shacl_12_say_nothing_to_any_engine(folder: Folder) -> None:
    verdict = folder.check(
        "ex:a ex:p 1 .", f"{OF} ; sh:maxCount 1 ; sh:singleLine true ; sh:someValue [ sh:class ex:C ] ."
    )
    assert results(verdict) == []
    assert {f.rule for f in verdict.lint} == {"unknown-term"}


def test_entailment_is_refused(folder: Folder) -> None:
    verdict = folder.check(
        "ex:a ex:p 1 .", f"{OF} . ex:g sh:entailment <http://www.w3.org/ns/entailment/RDFS> ."
    )
    assert [f.rule for f in verdict.faults] == ["entailment"]


def test_a_query_with_shapes_graph_and_order_has_no_verdict(folder: Folder) -> None:
    shapes = QUERY.replace("FILTER", "GRAPH $shapesGraph { ?s ?p ?o } FILTER")
    with pytest.raises(EngineError):
        folder.check("ex:a ex:from 1 ; ex:to 2 .", shapes)


def test_rdf_12_is_refused_with_its_file(folder: Folder) -> None:
    verdict = folder.check('ex:a ex:p "x"@en--ltr .', f"{OF} .")
    assert ["RDF 1.2" in f.message for f in verdict.faults] == [True]


def test_what_no_engine_reads_is_a_fault_of_the_shapes(folder: Folder) -> None:
    job = folder.job("ex:a ex:p 1 .", f'{OF} ; sh:pattern "a\\\\h" .')
    with pytest.raises(ContentError, match=r"^[^ ]*shapes\.ttl: invalid sh:pattern: "):
        check(job)
