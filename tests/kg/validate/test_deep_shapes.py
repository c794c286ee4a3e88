"""Shapes that lead to shapes: followed as deep as each engine must, refused beyond."""

import pytest
from validation_support import Folder

from sauran.kg.validate import Limits, run

ENGINES = ("auto", "shacl", "pyshacl")
GOOD = "ex:a ex:p 1 ."


def nested(depth: int) -> str:
    chain = "".join(f"ex:S{n} a sh:NodeShape ; sh:not ex:S{n + 1} .\n" for n in range(depth))
    return f"ex:S0 sh:targetSubjectsOf ex:p .\n{chain}ex:S{depth} a sh:NodeShape ; sh:nodeKind sh:Literal ."


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("depth", [20, 40])
def test_deep_shapes_are_followed(folder: Folder, engine: str, depth: int) -> None:
    verdict = run(folder.job(GOOD, nested(depth), engine=engine, limits=Limits(timeout_s=60)))
    # An even number of negations of what does not hold.
    assert len(verdict.findings) == 1


@pytest.mark.parametrize("depth", [41, 5000])
def test_shapes_beyond_measure_are_refused_with_their_place(folder: Folder, depth: int) -> None:
    verdict = run(folder.job(GOOD, nested(depth)))
    assert [(f.rule, str(f.focus)) for f in verdict.faults] == [("deep-shapes", "<http://example.org/S41>")]
    assert verdict.report is None


@pytest.mark.parametrize("kind", ["sh:not", "sh:node", "sh:property", "sh:and", "sh:or", "sh:xone"])
def test_circle_beyond_measure_is_refused(folder: Folder, kind: str) -> None:
    inner = "( ex:S{n} )" if kind in ("sh:and", "sh:or", "sh:xone") else "ex:S{n}"
    path = "sh:path ex:p ; " if kind == "sh:property" else ""
    links = "".join(f"ex:S{n} {path}{kind} {inner.format(n=(n + 1) % 500)} .\n" for n in range(500))
    verdict = run(folder.job(GOOD, f"ex:S0 sh:targetSubjectsOf ex:p . {links}"))
    assert [f.rule for f in verdict.faults] == ["deep-shapes"]
