"""The lint of shapes, what it re-routes, and what a difference between engines becomes."""

from dataclasses import replace

import pytest
from pyoxigraph import NamedNode
from small_shapes import NAMELESS, PERSON, triples
from validation_support import EX, Folder

from sauran.kg.model.errors import EngineError
from sauran.kg.model.findings import Finding, Severity
from sauran.kg.shacl.result import Report
from sauran.kg.validate.engines import compare
from sauran.kg.validate.lint.queries import forbidden_in, is_about_order
from sauran.kg.validate.release_check import validate_twice
from sauran.kg.validate.wire import error_of, job_of, plain_error, plain_job, plain_verdict, verdict_of

OF = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:part . ex:part sh:path ex:p"
DATA = "ex:a ex:p 1 ."


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (
            "ex:part sh:minCont 1 .",
            "SHACL has no term sh:minCont, so this says nothing. Did you mean sh:minC",
        ),
        ("ex:part sh:severity sh:Error .", "SHACL has no term sh:Error, so this says nothing."),
        (
            "ex:T a sh:NodeShape ; sh:nodeKind sh:IRI .",
            "A shape has no target",
        ),
    ],
)
def test_doubtful_shapes_are_told_of_and_used(folder: Folder, shapes: str, said: str) -> None:
    verdict = folder.check(DATA, f"{OF} ; sh:maxCount 1 . {shapes}")
    assert [finding.message.startswith(said) for finding in verdict.lint] == [True]
    assert verdict.report is not None


def test_good_shapes_have_no_lint(folder: Folder) -> None:
    shapes = f"{OF} ; sh:or ( [ sh:nodeKind sh:IRI ] [ sh:datatype xsd:integer ] ) ."
    verdict = folder.check(DATA, shapes)
    assert (verdict.lint, verdict.notes, verdict.findings) == ((), (), ())


def test_only_the_shapes_that_need_it_are_routed(folder: Folder) -> None:
    shapes = f'{OF} ; sh:maxCount 0 . ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:pattern "(?!x)" .'
    verdict = folder.check(DATA, shapes)
    assert [engine.split()[0] for engine in verdict.engines] == ["shacl", "pyshacl"]
    assert verdict.notes == (
        f"{EX}T is checked by pyshacl: its sh:pattern looks around or back, or has what only XPath has.",
    )
    assert verdict.report is not None
    assert verdict.report.focus_nodes == {f"{EX}S": 1, f"{EX}T": 1}
    assert len(verdict.findings) == 1


def test_named_engine_is_taken_and_its_known_faults_are_said(folder: Folder) -> None:
    verdict = folder.check(DATA, f"{OF} ; sh:closed true .", engine="shacl")
    assert verdict.engines == ("shacl 0.3.4",)
    assert verdict.notes == ("shacl is known to be wrong here: sh:closed on a property shape.",)


def test_nothing_checked_is_known(folder: Folder) -> None:
    assert folder.check(DATA, "ex:S a sh:NodeShape ; sh:targetClass ex:Ghost .").nothing_checked


@pytest.mark.parametrize("second", ["auto", "pyshacl"])
def test_agreement_is_said(folder: Folder, second: str) -> None:
    verdict = folder.check(DATA, f"{OF} ; sh:maxCount 0 .", cross_check=second)
    assert len(verdict.engines) == 2
    assert verdict.notes[0].endswith("gives the same 1 results.")


LOOKS_AROUND = 'ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:pattern "(?!x)"'


def test_shape_with_one_opinion_is_a_warning(folder: Folder) -> None:
    verdict = folder.check(DATA, f"{OF} ; sh:maxCount 0 . {LOOKS_AROUND} .", cross_check="auto")
    assert verdict.lint == (
        Finding(
            "single-opinion",
            Severity.WARNING,
            "The cross-check has no second opinion of this shape: only pyshacl is right about it, because "
            "its sh:pattern looks around or back, or has what only XPath has. Ask it in another way, or live "
            "with one opinion.",
            focus=NamedNode(f"{EX}T"),
        ),
    )
    assert verdict.notes[-1] == "pyshacl 0.40.1 gives the same 1 results."
    assert verdict.engines == ("shacl 0.3.4", "pyshacl 0.40.1")


def test_agreement_with_itself_is_never_claimed(folder: Folder) -> None:
    verdict = folder.check(DATA, f"{LOOKS_AROUND} .", cross_check="auto")
    assert [finding.rule for finding in verdict.lint] == ["single-opinion"]
    assert verdict.notes[-1] == "Nothing has a second opinion: pyshacl alone is right about these shapes."
    assert verdict.engines == ("pyshacl 0.40.1",)


def test_a_named_engine_has_a_second_opinion_of_everything(folder: Folder) -> None:
    shapes = f'{OF} ; sh:maxCount 0 ; sh:minInclusive "c" .'
    verdict = folder.check('ex:a ex:p "b" .', shapes, engine="shacl", cross_check="pyshacl")
    assert verdict.lint == ()
    assert verdict.notes[-1] == "pyshacl 0.40.1 gives the same 2 results."


def test_shape_that_met_no_node_is_not_sent_to_the_slow_engine(folder: Folder) -> None:
    idle = 'ex:T a sh:NodeShape ; sh:targetClass ex:Ghost ; sh:pattern "(?!x)" .'
    verdict = folder.check(DATA, f"{OF} . {idle}", cross_check="pyshacl")
    assert verdict.engines[0] == "shacl 0.3.4"
    assert not [note for note in verdict.notes if "is checked by pyshacl" in note]
    named = 'ex:T a sh:NodeShape ; sh:targetNode ex:ghost ; sh:pattern "^(?!.*ghost)" .'
    assert len(folder.check(DATA, f"{OF} . {named}").findings) == 1


def test_difference_is_no_verdict_with_both_answers(folder: Folder) -> None:
    data = "ex:a ex:p ex:b . ex:b ex:q 1 ."
    with pytest.raises(EngineError) as caught:
        folder.check(data, f"{OF} ; sh:closed true .", engine="shacl", cross_check="pyshacl")
    text = str(caught.value)
    assert caught.value.exit_code == 4
    assert "shacl 0.3.4 and pyshacl 0.40.1 differ, so there is no verdict." in text
    assert "only pyshacl 0.40.1 (1 of its results):\n  violation, ClosedConstraintComponent, at <" in text


def test_one_result_more_is_a_difference() -> None:
    finding = Finding("r", Severity.INFO, "m", focus=NamedNode("urn:a"))
    compare("a", [finding, finding], "b", [replace(finding, message="other words")] * 2)
    with pytest.raises(EngineError, match=r"only a \(1 of its results\)"):
        compare("a", [finding, finding], "b", [finding])


@pytest.mark.parametrize(
    ("query", "fine"),
    [
        ("SELECT $this { $this ?p ?o }", True),
        ("SELECT $this { $this <http://e/VALUES> 'MINUS' } # FROM", True),
        ("SELECT $this { $this ex:from ?o }", True),
        ("SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }", False),
        ("SELECT $this { values ?x { 1 } }", False),
        ("SELECT $this { BIND (1 AS $this) }", False),
        ("SELECT $this { { SELECT ?o { $this ?p ?o } } }", False),
        ("SELECT $this { { SELECT $this ?o WHERE { $this ?p ?o } } }", True),
    ],
)
def test_what_a_query_may_say(query: str, fine: bool) -> None:
    assert (forbidden_in(query) == "") == fine


def test_order_in_a_query_is_seen() -> None:
    assert is_about_order("SELECT $this { FILTER (?a >= ?b) }")
    assert is_about_order("SELECT $this { FILTER (year(?a) = 2) }")
    assert not is_about_order("SELECT $this { $this <http://e/p> ?a FILTER (?a = 1) }")


@pytest.mark.parametrize(
    ("comparison", "ordered"),
    [
        ("STR(?a) > str($b)", False),
        ("STR(?a) <= STR(?b)", False),
        ("STR(?a) > ?b", True),
        ("?a > STR(?b)", True),
        ("STR(?a) > STR(?b) + 1", False),  # an error wherever it is asked
        ("STR(?a) > STRDT(?b, ?c)", True),
        ("?a < ?b && STR(?a) > STR(?b)", True),
    ],
)
def test_order_of_texts_is_no_doubt(comparison: str, ordered: bool) -> None:
    assert is_about_order(f"SELECT $this {{ FILTER ({comparison}) }}") is ordered


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(("sign", "met"), [(">", 2), (">=", 3), ("<", 2), ("<=", 3)])
def test_engines_agree_on_the_order_of_texts(folder: Folder, engine: str, sign: str, met: int) -> None:
    query = f"SELECT $this ?value {{ ?value <{EX}q> ?a ; <{EX}r> ?b FILTER (STR(?a) {sign} STR(?b)) }}"
    shapes = f'{OF} . ex:S sh:sparql [ sh:select "{query}" ] .'
    data = """ex:a ex:p 1 . ex:b ex:q "2023-01-02"^^xsd:date ; ex:r "2023-01-01"^^xsd:date .
      ex:c ex:q ex:x ; ex:r 9 . ex:d ex:q "a"@en ; ex:r "a" . ex:e ex:q 10 ; ex:r 9 .
      ex:f ex:q "2" ; ex:r "B" ."""
    assert len(folder.check(data, shapes, engine=engine).findings) == met


def test_all_goes_through_a_pipe_unchanged(folder: Folder) -> None:
    job = folder.job('ex:a ex:p "x"@en, 1, [] .', f"{OF} ; sh:maxCount 0 ; sh:in ( 1 ) .", cross_check="auto")
    assert job_of(plain_job(job)) == job
    verdict = folder.check("ex:a ex:p 'x'@en, 1, [] .", f"{OF} ; sh:maxCount 0 ; sh:in ( 1 ) .")
    assert verdict_of(plain_verdict(verdict)) == verdict
    error = EngineError("where", "what", "fix")
    assert (type(error_of(plain_error(error))), str(error_of(plain_error(error)))) == (
        EngineError,
        str(error),
    )


def test_what_is_published_has_two_opinions(monkeypatch: pytest.MonkeyPatch) -> None:
    report = validate_twice(triples(NAMELESS), triples(PERSON), most_for_reference=10)
    assert (len(report.findings), report.conforms, list(report.focus_nodes.values())) == (1, False, [1])
    assert (
        validate_twice(triples(NAMELESS), triples(PERSON), most_for_reference=0).findings == report.findings
    )
    monkeypatch.setattr("sauran.kg.validate.pyshacl_engine.validate", lambda *_, **__: Report((), True, {}))
    with pytest.raises(EngineError, match="differ, so there is no verdict"):
        validate_twice(triples(NAMELESS), triples(PERSON), most_for_reference=10)
