"""The W3C's SHACL suite, whole, through the command's own code: as multisets of results, no test left out."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from shacl_suite import BASE, Case, agrees, read_suite, unpack
from w3c.table import SHACL, committed_rows, shacl_row
from w3c_shacl.shacl_report import passes, write_shacl_report

from sauran.kg.model.errors import EngineError
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.result import Report
from sauran.kg.validate import run
from sauran.kg.validate.job import AUTO
from sauran.kg.validate.job_runner import check

pytestmark = pytest.mark.needs("shared")
EARL = "http://www.w3.org/ns/earl#"
EXCEPTIONS = Path(__file__).parent / "exceptions.tsv"
ENGINES = (AUTO, "shacl", "pyshacl")


@pytest.fixture(scope="module")
def cases(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    folder = tmp_path_factory.mktemp("w3c")
    return read_suite(unpack(shared, folder), folder / "cut")


@pytest.fixture(scope="module")
def passed(cases: list[Case]) -> dict[str, bool]:
    """Which tests `auto` passes."""
    return {case.name: passes(case) for case in cases}


def test_the_suite_is_whole(cases: list[Case]) -> None:
    assert Counter(case.name.split("/")[0] for case in cases) == {"core": 98, "sparql": 22}
    assert sum(len(case.expected or ()) for case in cases) > 150
    assert sum(case.expected is None for case in cases) == 7


@pytest.mark.parametrize("engine", ENGINES)
def test_engine_passes_all_but_its_exceptions(
    cases: list[Case], passed: dict[str, bool], engine: str
) -> None:
    with EXCEPTIONS.open(encoding="utf-8") as file:
        known = {row["test"] for row in csv.DictReader(file, delimiter="\t") if row["engine"] == engine}
    outcomes = passed if engine == AUTO else {case.name: passes(case, engine) for case in cases}
    assert {name for name, good in outcomes.items() if not good} == known


def test_auto_has_no_exception() -> None:
    assert "\nauto\t" not in EXCEPTIONS.read_text("utf-8")


def test_the_comparison_sees_one_result_too_few(cases: list[Case]) -> None:
    case = next(case for case in cases if len(case.expected or ()) > 1)
    report = case.run()
    assert report is not None
    assert not agrees(case, Report(report.findings[1:], report.conforms, {}))
    assert not agrees(case, Report((*report.findings, report.findings[0]), report.conforms, {}))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "core/complex/personexample",
        "core/node/class-002",
        "sparql/node/prefixes-001",
        "core/path/path-complex-001",
    ],
)
def test_a_process_of_its_own_gives_the_same(cases: list[Case], name: str) -> None:
    (case,) = (case for case in cases if case.name == name)
    assert agrees(case, run(case.job()).report)


@pytest.mark.slow
def test_engines_agree_on_the_suite(cases: list[Case]) -> None:
    checked, without_verdict = 0, []
    for case in cases:
        if case.expected is None:
            continue
        try:
            run_here(case)
            checked += 1
        except EngineError:
            without_verdict.append(case.name)
    assert without_verdict == ["sparql/pre-binding/shapesGraph-001"]
    assert checked == 112


def run_here(case: Case) -> None:

    check(case.job("shacl", "pyshacl"))


def test_the_committed_row_says_what_happens(passed: dict[str, bool]) -> None:
    row = committed_rows()[SHACL]
    assert row == shacl_row(passed, row["date"]), "run: make conformance"
    assert (row["passed"], row["failed"], row["causes"]) == (120, 0, [])


def test_the_report_has_one_outcome_for_each_test(passed: dict[str, bool], cases: list[Case]) -> None:
    index = TripleIndex(quad.triple for quad in parse(write_shacl_report(passed), format=RdfFormat.TURTLE))
    tested = {
        node.value
        for one in index.subjects(f"{EARL}test")
        for node in index.objects(one, f"{EARL}test")
        if isinstance(node, NamedNode)
    }
    assert tested == {BASE + case.name for case in cases}
    outcomes = [o for r in index.subjects(f"{EARL}outcome") for o in index.objects(r, f"{EARL}outcome")]
    assert outcomes == [NamedNode(f"{EARL}passed")] * 120


def test_a_failure_is_counted_and_named() -> None:
    row = shacl_row({"core/a": True, "core/b": False}, "2026-11-01")
    assert (row["passed"], row["failed"]) == (1, 1)
    assert row["causes"][0]["tests"] == {"core/b": f"{BASE}core/b"}
    assert b"earl:outcome earl:failed" in write_shacl_report({"core/b": False})
