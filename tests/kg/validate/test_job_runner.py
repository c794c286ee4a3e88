"""One job: what was checked, the second opinion, and what a difference between engines becomes."""

from dataclasses import replace

import pytest
from pyoxigraph import NamedNode
from validation_support import EX, Folder

from sauran.kg.model.errors import EngineError
from sauran.kg.model.findings import Finding, Severity
from sauran.kg.validate.engines import compare

OF = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:part . ex:part sh:path ex:p"
DATA = "ex:a ex:p 1 ."
LOOKS_AROUND = 'ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:pattern "(?!x)"'


def test_nothing_checked_is_known(folder: Folder) -> None:
    assert folder.check(DATA, "ex:S a sh:NodeShape ; sh:targetClass ex:Ghost .").nothing_checked


@pytest.mark.parametrize("second", ["auto", "pyshacl"])
def test_agreement_is_said(folder: Folder, second: str) -> None:
    verdict = folder.check(DATA, f"{OF} ; sh:maxCount 0 .", cross_check=second)
    assert len(verdict.engines) == 2
    assert verdict.notes[0].endswith("gives the same 1 results.")


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


def test_difference_is_no_verdict_with_both_answers(folder: Folder) -> None:
    data = "ex:a ex:p ex:b . ex:b ex:q 1 ."
    with pytest.raises(EngineError) as caught:
        folder.check(data, f"{OF} ; sh:closed true .", engine="shacl", cross_check="pyshacl")
    text = str(caught.value)
    assert caught.value.exit_code == 4
    assert "shacl 0.3.4 and pyshacl 0.40.1 differ, so the result could not be decided." in text
    assert "only pyshacl 0.40.1 (1 of its results):\n  violation, ClosedConstraintComponent, at <" in text


def test_one_result_more_is_a_difference() -> None:
    finding = Finding("r", Severity.INFO, "m", focus=NamedNode("urn:a"))
    compare("a", [finding, finding], "b", [replace(finding, message="other words")] * 2)
    with pytest.raises(EngineError, match=r"only a \(1 of its results\)"):
        compare("a", [finding, finding], "b", [finding])
