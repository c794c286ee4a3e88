"""Findings, messages and counts of validation."""

import pyoxigraph as ox
import pytest
from small_shapes import EX, NAMELESS, OF_VALUE, PERSON, check, of_query, triples

from sauran.kg.model.findings import Finding, Severity
from sauran.kg.model.namespaces import SH
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.reports.report_graph import report_graph
from sauran.kg.shacl.paths import path_text, path_triples
from sauran.kg.validate.pyshacl_engine import Report, validate


def test_finding_has_all_that_a_result_has() -> None:
    report = check(NAMELESS, PERSON)
    assert report.findings == (
        Finding(
            "one-name",
            Severity.WARNING,
            "No name. Write one.",
            focus=ox.NamedNode(EX + "a"),
            path=EX + "name",
            component="MinCountConstraintComponent",
            source_shape=EX + "one-name",
        ),
    )
    assert not report.conforms


def test_data_without_fault_conform() -> None:
    report = check('ex:a a ex:Human ; ex:name "A" .', PERSON)
    assert report.findings == ()
    assert report.conforms


@pytest.mark.parametrize(
    ("language", "message"),
    [("fr", "Pas de nom. Écrivez-en un."), ("en", "No name. Write one."), ("kk", "No name. Write one.")],
)
def test_message_comes_in_the_language_asked_for_or_in_english(language: str, message: str) -> None:
    report = check(NAMELESS, PERSON, language)
    assert report.findings[0].message == message
    assert report.findings[0].language == ("fr" if language == "fr" else "en")
    assert report.language == language


def test_report_in_rdf_says_the_language_that_a_message_is_in() -> None:
    untold = PERSON.replace('"No name. Write one."@en', '"No name. Write one."').replace('"@fr', '"')
    for shapes, tagged in ((PERSON, '"No name. Write one."@en'), (untold, '"No name. Write one."')):
        graph = report_graph(check(NAMELESS, shapes, "kk"))
        (message,) = (str(triple.object) for triple in graph if triple.predicate == SH.resultMessage)
        assert message == tagged


def test_shape_without_a_name_and_message_is_told_of_by_its_component() -> None:
    shapes = (
        "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:property [ sh:path ex:name ; sh:minCount 1 ] ."
    )
    (finding,) = check(NAMELESS, shapes).findings
    assert finding.rule == "MinCountConstraintComponent"
    assert finding.source_shape is None
    assert finding.message.startswith("Less than 1 values")


def test_query_is_about_its_value() -> None:
    report = of_query(
        "SELECT $this ?value WHERE { $this <http://example.org/has> ?value }", NAMELESS + "ex:a ex:has ex:b ."
    )
    (finding,) = report.findings
    assert (finding.rule, finding.focus, finding.value) == (
        "rule",
        ox.NamedNode(EX + "a"),
        ox.NamedNode(EX + "b"),
    )


def test_message_of_a_query_names_what_it_found() -> None:
    report = of_query(
        "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER (isLiteral(?value)) }",
        NAMELESS + 'ex:a ex:has "x" .',
        "{$this} {?path} {?value}",
    )
    assert report.findings[0].message == f"{EX}a {EX}has x"


@pytest.mark.parametrize(
    "lexical", ['"yes"^^xsd:boolean', '"01"^^xsd:integer', '"2023-02-30"^^xsd:date', '"kk"', '"a"@fr-be']
)
def test_lexical_form_is_reported_as_written(lexical: str) -> None:
    shapes = f"{OF_VALUE} ; sh:nodeKind sh:IRI ."
    (finding,) = [f for f in check(f"ex:a a ex:Human ; ex:v {lexical} .", shapes).findings if f.value]
    assert finding.value == triples(f"ex:a ex:v {lexical} .")[0].object


@pytest.mark.parametrize(
    ("value", "faults"), [('"x"', 0), ('"x"^^xsd:string', 0), ('"x"@en', 1), ('"yes"^^xsd:boolean', 1)]
)
def test_plain_string_is_an_xsd_string(value: str, faults: int) -> None:
    shapes = f"{OF_VALUE} ; sh:datatype xsd:string ."
    assert len(check(f"ex:a a ex:Human ; ex:v {value} .", shapes).findings) == faults


def test_focus_nodes_are_counted_for_each_kind_of_target() -> None:
    shapes = """
      ex:Class a sh:NodeShape ; sh:targetClass ex:Human .
      ex:Node a sh:NodeShape ; sh:targetNode ex:a , ex:absent .
      ex:Object a sh:NodeShape ; sh:targetObjectsOf ex:knows .
      ex:Subject a sh:NodeShape ; sh:targetSubjectsOf ex:knows .
      ex:Robot a sh:NodeShape , rdfs:Class .
      ex:Idle a sh:NodeShape ; sh:targetClass ex:Ghost .
      ex:part sh:path ex:name .
    """
    data = """
      ex:Child rdfs:subClassOf ex:Human . ex:a a ex:Human . ex:b a ex:Child . ex:c a ex:Robot .
      ex:a ex:knows ex:b , ex:c .
    """
    report = check(data, shapes)
    assert {shape.removeprefix(EX): count for shape, count in report.focus_nodes.items()} == {
        "Class": 2, "Idle": 0, "Node": 1, "Object": 2, "Robot": 1, "Subject": 1,
    }  # fmt: skip
    assert report.idle_shapes == (EX + "Idle",)


PATHS = {
    "ex:p": f"{EX}p",
    "[ sh:inversePath ex:p ]": f"^<{EX}p>",
    "( ex:p ex:q )": f"<{EX}p>/<{EX}q>",
    "[ sh:alternativePath ( ex:p ex:q ) ]": f"<{EX}p>|<{EX}q>",
    "[ sh:zeroOrMorePath ex:p ]": f"<{EX}p>*",
    "[ sh:oneOrMorePath ex:p ]": f"<{EX}p>+",
    "[ sh:zeroOrOnePath ex:p ]": f"<{EX}p>?",
    "( ex:p [ sh:inversePath ( ex:q ex:r ) ] )": f"<{EX}p>/(^(<{EX}q>/<{EX}r>))",
    "( [ sh:zeroOrMorePath ex:p ] [ sh:alternativePath ( ex:q ( ex:r ex:s ) ) ] )": (
        f"(<{EX}p>*)/(<{EX}q>|(<{EX}r>/<{EX}s>))"
    ),
}


@pytest.mark.parametrize(("turtle", "text"), PATHS.items())
def test_path_is_written_in_sparql_syntax_and_read_back(turtle: str, text: str) -> None:
    graph = TripleIndex(triples(f"ex:s sh:path {turtle} ."))
    path = graph.value(ox.NamedNode(EX + "s"), SH.path.value)
    assert path is not None
    assert path_text(graph, path) == text

    node, steps = path_triples(text, (f"p{n}" for n in range(100)))
    assert path_text(TripleIndex(steps), node) == text


def test_what_is_no_path_has_no_text() -> None:
    assert path_text(TripleIndex([]), ox.BlankNode()) == ""


def test_path_that_leads_to_itself_has_an_end() -> None:
    graph = TripleIndex(triples("_:p sh:inversePath _:p ."))
    (path,) = graph.subjects(SH.inversePath.value)
    assert path_text(graph, path) == "^()"


def test_report_graph_is_a_valid_report_and_the_same_each_time() -> None:
    shapes = (
        PERSON.replace("sh:path ex:name", "sh:path ( ex:name ex:text )") + "ex:Person sh:class ex:Other ."
    )
    data = NAMELESS + " ex:b a ex:Human ."
    report = check(data, shapes)
    graph = report_graph(report)
    assert graph == report_graph(check(data, shapes))
    text = (ox.serialize(graph, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    assert text.count("ValidationResult>") == 4
    assert (
        '_:report <http://www.w3.org/ns/shacl#conforms> "false"^^<http://www.w3.org/2001/XMLSchema#boolean>'
        in text
    )
    assert '"No name. Write one."@en' in text
    # SHACL, section 3.6: what each result must have exactly once.
    rules = """
      ex:Result a sh:NodeShape ; sh:targetClass sh:ValidationResult ; sh:property
        [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path sh:resultPath ; sh:maxCount 1 ] , [ sh:path sh:value ; sh:maxCount 1 ] .
      ex:Report a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
        sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] .
    """
    checked = validate(graph, triples(rules))
    assert checked.conforms
    assert checked.idle_shapes == ()


def test_report_of_a_nameless_shape_leaves_out_what_is_not_known() -> None:
    report = Report((Finding("rule", Severity.INFO, "So."),), conforms=False, focus_nodes={})
    predicates = {triple.predicate.value.rsplit("#")[1] for triple in report_graph(report)}
    assert predicates == {"type", "conforms", "result", "resultSeverity", "resultMessage"}
