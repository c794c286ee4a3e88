"""Why sh:node, sh:or and their like failed: the same reasons whatever engine found the result."""

import time

import pytest
from small_shapes import triples
from validation_support import EX, PREFIXES, Folder

from sauran.kg.model.errors import EngineError
from sauran.kg.model.findings import Finding
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.reports.wording import reasons
from sauran.kg.validate import Job, Verdict, run
from sauran.kg.validate.engine_routing import Router
from sauran.kg.validate.explanations import explain
from sauran.kg.validate.release_check import validate_twice
from sauran.kg.validate.reporting import place

OF = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:part . ex:part sh:path ex:p"
ENGINES = ("auto", "pyshacl")
# By name: the data, what the shape asks of the values of ex:p, and why they fail, by depth.
CASES = {
    "node": (
        "ex:a ex:p ex:b . ex:b ex:q 1 .",
        "sh:node ex:T . ex:T sh:class ex:C ; sh:property [ sh:path ex:q ; sh:maxInclusive 0 ]",
        [
            (1, "because Is no instance of <C>. (at <b>, value <b>)"),
            (
                1,
                'because Is not 0 or less. (at <b>, path <q>, value "1"^^xsd:integer)',
            ),
        ],
    ),
    "node in a node": (
        "ex:a ex:p ex:b .",
        "sh:node [ sh:node ex:T ] . ex:T sh:class ex:C",
        [
            (1, "because Does not conform to the shape <T>. (at <b>, value <b>)"),
            (2, "because Is no instance of <C>. (at <b>, value <b>)"),
        ],
    ),
    "property below a property, each with its own values": (
        "ex:a ex:p ex:b, ex:c . ex:b ex:q ex:d . ex:c ex:q ex:e . ex:e ex:r 1 .",
        "sh:node [ sh:property [ sh:path ex:q ; sh:property [ sh:path ex:r ; sh:minCount 1 ] ] ]",
        [(1, "because Less than 1 values. (at <d>, path <r>)")],
    ),
    "and": (
        "ex:a ex:p ex:b .",
        "sh:and ( [ sh:class ex:C ] [ sh:nodeKind sh:IRI ] [ sh:nodeKind sh:Literal ] )",
        [
            (1, "because Is no instance of <C>. (at <b>, value <b>)"),
            (1, "because Is not of the kind sh:Literal. (at <b>, value <b>)"),
        ],
    ),
    "or": (
        "ex:a ex:p 5 .",
        "sh:or ( ex:T [ sh:maxInclusive 4 ] ) . ex:T sh:nodeKind sh:IRI",
        [
            (1, "because Alternative 1 of 2, <T>, fails."),
            (2, 'because Is not of the kind sh:IRI. (at "5"^^xsd:integer, value "5"^^xsd:integer)'),
            (1, "because Alternative 2 of 2 fails."),
            (
                2,
                'because Is not 4 or less. (at "5"^^xsd:integer, value "5"^^xsd:integer)',
            ),
        ],
    ),
    "or with a property of a blank node": (
        "ex:a ex:p [ ex:q 'x' ] .",
        "sh:or ( [ sh:property [ sh:path ex:q ; sh:minLength 2 ] ] [ sh:path ex:r ; sh:minCount 1 ] )",
        [
            (1, "because Alternative 1 of 2 fails."),
            (2, 'because Is shorter than 2 characters. (at a blank node, path <q>, value "x")'),
            (1, "because Alternative 2 of 2 fails."),
            (2, "because Less than 1 values. (at a blank node, path <r>)"),
        ],
    ),
    "xone without any": (
        "ex:a ex:p ex:b .",
        "sh:xone ( [ sh:class ex:C ] [ sh:nodeKind sh:Literal ] )",
        [
            (1, "because Alternative 1 of 2 fails."),
            (2, "because Is no instance of <C>. (at <b>, value <b>)"),
            (1, "because Alternative 2 of 2 fails."),
            (2, "because Is not of the kind sh:Literal. (at <b>, value <b>)"),
        ],
    ),
    "xone with several": (
        "ex:a ex:p 5 .",
        "sh:xone ( [ sh:datatype xsd:integer ] [ sh:nodeKind sh:IRI ] ex:Five ) . ex:Five sh:in ( 5 6 )",
        [
            (1, "because Alternative 1 of 3 holds. It conforms: is a literal of datatype xsd:integer."),
            (1, "because Alternative 3 of 3 holds. It conforms to <Five>: is one of: 5, 6."),
        ],
    ),
    "not": (
        "ex:a ex:p ex:b . ex:b ex:q 1 .",
        "sh:not ex:T . ex:T sh:nodeKind sh:IRI ; sh:property [ sh:path ex:q ; sh:minCount 1 ]",
        [(1, "because It conforms to <T>: is of the kind sh:IRI; path <q>: has 1 or more values.")],
    ),
    "qualified with too few": (
        "ex:a ex:p ex:b, ex:c . ex:b ex:q 1 .",
        "sh:qualifiedMinCount 2 ; sh:qualifiedValueShape [ sh:path ex:q ; sh:minCount 1 ]",
        [
            (1, "because This value does not count. (at <a>, path <p>, value <c>)"),
            (2, "because Less than 1 values. (at <c>, path <q>)"),
        ],
    ),
    "qualified with too many": (
        "ex:a ex:p ex:b, ex:c, 1 .",
        "sh:qualifiedMaxCount 1 ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ]",
        [
            (1, "because This value counts. (at <a>, path <p>, value <b>)"),
            (2, "because It conforms: is of the kind sh:IRI."),
            (1, "because This value counts. (at <a>, path <p>, value <c>)"),
            (2, "because It conforms: is of the kind sh:IRI."),
        ],
    ),
    "qualified beside a sibling": (
        "ex:a ex:p ex:b . ex:b a ex:C .",
        "sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedValueShape ex:Any . "
        "ex:Any sh:nodeKind sh:IRI . ex:T sh:class ex:C . ex:S sh:property "
        "[ sh:path ex:p ; sh:qualifiedValueShape ex:T ; sh:qualifiedMaxCount 5 ]",
        [
            (1, "because This value does not count. (at <a>, path <p>, value <b>)"),
            (2, "because Conforms to the shape <T>, and must not. (at <b>, value <b>)"),
            (3, "because It conforms to <T>: is an instance of <C>."),
        ],
    ),
}


def plain(text: str) -> str:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    return (
        text.replace(f"<{EX}", "<")
        .replace("<" + xsd, "xsd:<")
        .replace("xsd:<integer>", "xsd:integer")
        .replace("xsd:<string>", "xsd:string")
    )


def why(findings: tuple[Finding, ...]) -> list[tuple[int, str]]:
    return [(depth, plain(said)) for finding in findings for depth, said in reasons(finding)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_reasons_inside_are_said(folder: Folder, name: str, engine: str) -> None:
    data, asked, wanted = CASES[name]
    verdict = folder.check(data, f"{OF} ; {asked} .", engine=engine)
    assert why(verdict.findings) == wanted
    assert verdict.notes == ()


def test_reasons_are_asked_of_the_engine_that_is_right(folder: Folder) -> None:
    shapes = f'{OF} ; sh:node [ sh:property [ sh:path ex:q ; sh:pattern "^(?!a)" ] ] .'
    verdict = folder.check("ex:a ex:p ex:b . ex:b ex:q 'ab', 'b' .", shapes)
    assert why(verdict.findings) == [
        (1, 'because Does not match the pattern ^(?!a). (at <b>, path <q>, value "ab")')
    ]


def test_query_inside_may_look_at_all_data(folder: Folder) -> None:
    query = "SELECT $this WHERE { ?x <http://example.org/far> ?y }"
    shapes = f'{OF} ; sh:node ex:T . ex:T sh:sparql [ sh:message "Far." ; sh:select """{query}""" ] .'
    verdict = folder.check("ex:a ex:p ex:b . ex:x ex:far 1 .", shapes)
    assert why(verdict.findings) == [(1, "because Far. (at <b>, value <b>)")]


def test_closed_shape_inside_sees_every_property(folder: Folder) -> None:
    shapes = f"{OF} ; sh:node ex:T . ex:T a sh:NodeShape ; sh:closed true ; sh:property [ sh:path ex:q ] ."
    verdict = folder.check("ex:a ex:p ex:b . ex:b ex:q 1 ; ex:z 2 .", shapes)
    assert [said.partition(" (")[2] for _, said in why(verdict.findings)] == [
        'at <b>, path <z>, value "2"^^xsd:integer)'
    ]


def test_recursive_shape_is_explained_to_a_bounded_depth(folder: Folder) -> None:
    chain = "".join(f"ex:n{n} ex:p ex:n{n + 1} .\n" for n in range(9)) + "ex:n9 ex:p 'end' ."
    part = "[ sh:path ex:p ; sh:nodeKind sh:IRI ; sh:node ex:S ]"
    shapes = f"ex:S a sh:NodeShape ; sh:targetNode ex:n0 ; sh:property {part} ."
    depths = [depth for depth, _ in why(folder.check(chain, shapes).findings)]
    assert max(depths) == 3


def test_so_many_findings_are_explained_and_the_rest_is_said(folder: Folder) -> None:
    data = "".join(f"ex:a{n:03} ex:p {n} .\n" for n in range(130))
    verdict = folder.check(data, f"{OF} ; sh:or ( [ sh:nodeKind sh:IRI ] ) .")
    assert sum(bool(finding.because) for finding in verdict.findings) == 100
    assert verdict.notes == ("Reasons inside are given for 100 findings, not for 30 more.",)


def test_many_reasons_are_cut_and_counted(folder: Folder) -> None:
    data = "ex:a ex:p ex:b . ex:b ex:q " + ", ".join(map(str, range(25))) + " ."
    verdict = folder.check(data, f"{OF} ; sh:node [ sh:property [ sh:path ex:q ; sh:nodeKind sh:IRI ] ] .")
    said = why(verdict.findings)
    assert (len(said), said[-1]) == (10, (1, "because 16 more reasons are not shown."))


def test_reasons_never_cost_the_verdict(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Router):
        def validate(self, *_: object) -> list[Finding]:
            raise EngineError("shacl", "could not decide the result.")

    monkeypatch.setattr("sauran.kg.validate.job_runner.Router", Broken)
    verdict = folder.check("ex:a ex:p 1 .", f"{OF} ; sh:or ( [ sh:nodeKind sh:IRI ] ) .")
    assert len(verdict.findings) == 1
    assert verdict.notes == (
        "The reasons inside findings were not found: shacl: could not decide the result.",
    )


def test_no_question_is_asked_when_the_time_is_up(folder: Folder) -> None:
    verdict = folder.check("ex:a ex:p 1 .", f"{OF} ; sh:or ( [ sh:nodeKind sh:IRI ] ) .")
    shapes = TripleIndex(triples(f"{PREFIXES}{OF} ; sh:or ( [ sh:nodeKind sh:IRI ] ) ."))
    part = shapes.subjects("http://www.w3.org/ns/shacl#path")[0]
    finding = Finding(**{**{f: getattr(verdict.findings[0], f) for f in Finding.__slots__}, "shape": part})
    data = triples(f"{PREFIXES} ex:a ex:p 1 .")
    late = explain([finding], shapes, lambda: data, Router(), until=time.monotonic() - 1)
    assert late.left_out == ("Some reasons inside findings were not looked for: there was no time left.",)
    assert late.findings[0].because == ()
    assert explain([finding], shapes, lambda: data, Router()).findings[0].because != ()


def test_green_run_asks_nothing(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sauran.kg.validate.explanations.explain", None)
    assert folder.check("ex:a ex:p ex:b .", f"{OF} ; sh:or ( [ sh:nodeKind sh:IRI ] ) .").findings == ()


def test_reasons_have_places(folder: Folder) -> None:
    job = folder.job(
        "ex:a ex:p ex:b .\nex:b\n  ex:q 1 ;\n  ex:r 2 .",
        f"{OF} ; sh:node [ sh:property [ sh:path ex:r ; sh:nodeKind sh:IRI ] ] .",
    )
    verdict: Verdict = run(job)
    (finding,) = place(job, verdict)
    (reason,) = finding.because
    assert reason.place is not None
    line = len(PREFIXES.splitlines())
    assert (reason.place.line, reason.place.column) == (line + 4, 8)


def test_what_is_published_has_reasons_too() -> None:
    data, shapes = (
        triples(f"{PREFIXES} ex:a ex:p 1 ."),
        triples(f"{PREFIXES} {OF} ; sh:not [ sh:in ( 1 ) ] ."),
    )
    report = validate_twice(data, shapes, most_for_reference=10)
    assert why(report.findings) == [(1, "because It conforms: is one of: 1.")]


def test_job_in_its_own_process_brings_reasons(folder: Folder) -> None:
    job: Job = folder.job("ex:a ex:p 1 .", f"{OF} ; sh:not [ sh:in ( 1 ) ] .")
    assert why(run(job).findings) == [(1, "because It conforms: is one of: 1.")]
