"""Doubtful shapes are told of, and used all the same."""

import pytest
from validation_support import Folder

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
