"""Ill-formed shapes are refused with their place; what says nothing is told of, and is no coverage."""

import pytest
from pyoxigraph import NamedNode
from validation_support import EX, Folder, results

from sauran.kg.validate import run
from sauran.kg.validate.reporting import place_faults

OF = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p"
PART = f"{OF} ; sh:property ex:part . ex:part sh:path ex:p"
DATA = "ex:a ex:p 1 ."
RDF = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#{}>"
FIRST, REST = RDF.format("first"), RDF.format("rest")

ILL_FORMED = {
    "ill-formed-value": (
        'sh:minCount "5"',
        "sh:minCount -1",
        "sh:minCount 5.0",
        'sh:minLength "9"',
        'sh:class "C"',
        'sh:datatype "xsd:string"',
        "sh:nodeKind sh:Iri",
        'sh:severity "Warning"',
        "sh:message 5",
        'sh:node "x"',
        'sh:closed "yes"',
        'sh:deactivated "true"',
        "sh:deactivated 1",
        'sh:uniqueLang "true"',
        "sh:minInclusive ex:x",
        'sh:minInclusive "x"^^xsd:integer',
        'sh:equals "q"',
        'sh:pattern "x"@en',
        "sh:languageIn ( 1 )",
        'sh:closed true ; sh:ignoredProperties ( "p" )',
        'sh:or ( "x" )',
    ),
    "ill-formed-list": (
        "sh:in ex:a",
        f"sh:in [ {FIRST} 2 ]",
        f"sh:in _:l . _:l {FIRST} 1 ; {REST} _:l",
        f"sh:in _:l . _:l {FIRST} 1 ; {REST} () , ( 2 )",
        f"sh:in _:l . _:l {FIRST} 1 , 2 ; {REST} ()",
        "sh:or [ sh:class ex:C ]",
        'sh:languageIn "en"',
        "sh:closed true ; sh:ignoredProperties ex:q",
    ),
    "too-many-values": (
        "sh:minCount 1 , 5",
        "sh:datatype xsd:integer , xsd:string",
        "sh:nodeKind sh:IRI , sh:Literal",
        "sh:severity sh:Warning , sh:Info",
        'sh:pattern "a" , "b"',
    ),
    "wrong-kind-of-shape": ("a sh:NodeShape", "sh:node [ sh:path ex:q ]"),
    "incomplete-constraint": ('sh:sparql [ sh:message "x" ]',),
    "bad-query": (
        'sh:sparql [ sh:select "SELEC $this" ]',
        'sh:sparql [ sh:select "SELECT ?x { ?x ?y ?z }" ]',
        'sh:sparql [ sh:select "SELECT $this { $this foo:p ?z }" ]',
    ),
    "bad-pattern": (
        'sh:pattern "[[:alpha:]]"',
        """sh:sparql [ sh:select 'SELECT $this { FILTER(REGEX("a", "[")) }' ]""",
    ),
}


@pytest.mark.parametrize(
    ("rule", "parameter"),
    [(rule, parameter) for rule, parameters in ILL_FORMED.items() for parameter in parameters],
)
def test_an_ill_formed_shape_is_refused(folder: Folder, rule: str, parameter: str) -> None:
    verdict = folder.check(DATA, f"{PART} ; {parameter} .")
    assert {finding.rule for finding in verdict.faults} == {rule}
    assert verdict.report is None


@pytest.mark.parametrize("parameter", ["sh:lessThan ex:q", "sh:uniqueLang true", "sh:minCount 1"])
def test_what_needs_a_path_is_refused_without(folder: Folder, parameter: str) -> None:
    verdict = folder.check(DATA, f"{OF} ; {parameter} .")
    assert [finding.rule for finding in verdict.faults] == ["wrong-kind-of-shape"]


@pytest.mark.parametrize(
    "target", ['sh:targetClass "T"', "sh:targetNode []", 'sh:targetSubjectsOf "p"', "a rdfs:Class"]
)
def test_a_target_of_the_wrong_kind_is_refused(folder: Folder, target: str) -> None:
    shape = "[]" if target == "a rdfs:Class" else "ex:T"
    verdict = folder.check(DATA, f"{OF} . {shape} a sh:NodeShape ; {target} ; sh:nodeKind sh:IRI .")
    assert [finding.rule for finding in verdict.faults] == ["ill-formed-value"]


def test_a_fault_of_a_shape_has_line_and_column(folder: Folder) -> None:
    job = folder.job(DATA, f'{PART} ;\n  sh:minCount 1 ;\n  sh:class "C" .')
    (fault,) = place_faults(job, run(job))
    assert fault.message == "A value of sh:class is not an IRI. Fix it."
    assert fault.place is not None
    assert str(fault.place).endswith("shapes.ttl:8:12")


@pytest.mark.parametrize(
    ("parameter", "rules"),
    [
        ("sh:qualifiedValueShape [ sh:class ex:C ]", {"incomplete-constraint"}),
        ("sh:qualifiedMinCount 5", {"incomplete-constraint"}),
        ('sh:flags "i"', {"incomplete-constraint", "no-constraint"}),
        ("sh:node ex:Undefined", {"undefined-shape", "no-constraint"}),
        ("sh:and ( ex:Undefined )", {"undefined-shape", "no-constraint"}),
        ("sh:proprety 1", {"unknown-term", "no-constraint"}),
        ("<http://www.w3.org/ns/shacl/minCount> 5", {"unknown-term", "no-constraint"}),
        ("<https://www.w3.org/ns/shacl#minCount> 5", {"unknown-term", "no-constraint"}),
        ("sh:closed false", {"no-constraint"}),
        ("sh:deactivated true ; sh:minCount 5", {"no-constraint"}),
        ("sh:property [ sh:path ex:q ]", {"no-constraint"}),
    ],
)
@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_what_says_nothing_is_told_of_and_is_no_coverage(
    folder: Folder, parameter: str, rules: set[str], engine: str
) -> None:
    verdict = folder.check(DATA, f"{PART} ; {parameter} .", engine=engine)
    assert {finding.rule for finding in verdict.lint} == rules
    assert verdict.nothing_checked or "no-constraint" not in rules
    assert results(verdict) == []


def test_a_deactivated_shape_is_no_coverage(folder: Folder) -> None:
    verdict = folder.check(DATA, f"{OF} ; sh:nodeKind sh:Literal ; sh:deactivated true .")
    assert [(f.rule, f.severity.label) for f in verdict.lint] == [("deactivated-shape", "info")]
    assert verdict.nothing_checked
    other = "ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI ."
    both = folder.check(DATA, f"{OF} ; sh:nodeKind sh:Literal ; sh:deactivated true . {other}")
    assert both.report is not None
    assert dict(both.report.focus_nodes) == {f"{EX}T": 1}


def test_a_component_without_validator_is_told_of_and_hurts_no_engine(folder: Folder) -> None:
    component = "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:max ] ."
    verdict = folder.check(DATA, f"{PART} ; ex:max 2 ; sh:maxCount 0 . {component}", engine="pyshacl")
    assert [(f.rule, f.focus) for f in verdict.lint] == [("no-validator", NamedNode(f"{EX}C"))]
    assert len(verdict.findings) == 1


@pytest.mark.parametrize("engine", ["auto", "shacl", "pyshacl"])
@pytest.mark.parametrize("kind", ["sh:NodeShape", "sh:PropertyShape"])
def test_a_class_by_way_of_owl_is_a_target(folder: Folder, kind: str, engine: str) -> None:
    part = "sh:path ex:p ; sh:maxCount 0" if kind.endswith("yShape") else "sh:nodeKind sh:Literal"
    shapes = f"ex:T a {kind} , owl:Class ; {part} ."
    data = "ex:a a ex:T ; ex:p 1 ."
    alone = folder.check(data, shapes, engine=engine)
    assert alone.nothing_checked
    if kind == "sh:NodeShape":
        assert alone.lint[0].message.endswith("Write rdfs:Class beside owl:Class to aim it at its instances.")
    verdict = folder.check(data, f"owl:Class rdfs:subClassOf rdfs:Class . {shapes}", engine=engine)
    assert len(results(verdict)) == 1
    assert not verdict.nothing_checked
