"""The W3C's suites over HTTP: every test goes as its cause says, and the committed table says the same."""

import collections
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from w3c.causes import Cause, causes_by_test, differences
from w3c.conformance import SUMMARY
from w3c.earl import write_report
from w3c.manifests import SUITES, Case, Suite
from w3c.running import ARCHIVE, Run, run_suites
from w3c.summary import write_summary
from w3c.table import SHACL, committed_rows, sparql_row, write_table
from w3c.verdicts import Outcome, Verdict

from sauran.server.api.conformance import TABLE

pytestmark = [pytest.mark.needs("shared"), pytest.mark.slow]
EARL = "http://www.w3.org/ns/earl#"
# How many tests each suite has at the commit of the archive: a reader that loses some must be noticed.
SIZES = {
    "sparql10": 482,
    "sparql11-federation": 10,
    "sparql11-protocol": 34,
    "sparql11-query": 328,
    "sparql11-results": 10,
    "sparql11-service-description": 3,
    "sparql12": 246,
}


@pytest.fixture(scope="module")
def run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run of all suites."""
    return run_suites(shared / ARCHIVE, tmp_path_factory.mktemp("w3c"))


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.slug)
def test_every_test_of_a_suite_goes_as_expected(run: Run, suite: Suite) -> None:
    verdicts = run.verdicts[suite.slug]
    assert len(verdicts) == SIZES[suite.slug]
    names = {verdict.case.name for verdict in verdicts}
    causes = {name: cause for name, cause in causes_by_test().items() if name in names}
    assert differences(verdicts, causes) == []


def test_every_cause_is_of_a_test(run: Run) -> None:
    names = {verdict.case.name for many in run.verdicts.values() for verdict in many}
    assert len(names) == sum(SIZES.values())
    assert set(causes_by_test()) - names == set()


def test_no_update_of_the_suites_is_taken(run: Run) -> None:
    assert len(run.updates) > 150
    taken = {
        address: [reply.seen for reply in replies]
        for address, replies in run.updates.items()
        if {reply.status for reply in replies} - {400, 415}
    }
    assert taken == {}


def test_the_committed_table_has_a_row_for_each_suite() -> None:
    rows = committed_rows()
    assert list(rows) == [*(suite.slug for suite in SUITES), SHACL]
    assert TABLE.read_bytes() == write_table(rows.values())
    (day,) = {row["date"] for row in rows.values()}
    assert date(2026, 1, 1) < date.fromisoformat(day) <= datetime.now(UTC).date()


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.slug)
def test_the_committed_row_is_that_of_this_run(run: Run, suite: Suite) -> None:
    row = committed_rows()[suite.slug]
    made = sparql_row(suite, run.verdicts[suite.slug], causes_by_test(), row["date"])
    assert row == made, "run: make conformance"
    assert row["passed"] + row["failed"] + row["inapplicable"] == SIZES[suite.slug]


def test_the_committed_page_is_that_of_this_run(run: Run) -> None:
    assert SUMMARY.read_text("utf-8") == write_summary(run, causes_by_test()), "run: make conformance"


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.slug)
def test_a_report_has_one_assertion_with_one_outcome_for_each_test(run: Run, suite: Suite) -> None:
    content = write_report(suite, run.verdicts[suite.slug], causes_by_test())
    counts: collections.Counter[str] = collections.Counter()
    tests = set()
    for quad in parse(content, format=RdfFormat.TURTLE):
        counts[quad.predicate.value] += 1
        if quad.predicate.value == f"{EARL}test":
            tests.add(quad.object.value)
    assert len(tests) == SIZES[suite.slug]
    words = ("assertedBy", "subject", "test", "mode", "result", "outcome")
    assert {counts[EARL + word] for word in words} == {len(tests)}


def test_a_test_that_goes_otherwise_is_named() -> None:
    case = Case("http://example.org/m#t1", "QueryEvaluationTest", True, "sparql11/m/manifest.ttl", None)
    cause = Cause(Outcome.FAILED, "Because.", "http://example.org/")
    failed, passed = (Verdict(case, outcome, "seen") for outcome in (Outcome.FAILED, Outcome.PASSED))
    assert differences([failed], {}) == ["sparql11/m/t1: failed, expected passed: seen"]
    assert differences([passed], {"sparql11/m/t1": cause}) == ["sparql11/m/t1: passed, expected failed: seen"]
    assert differences([], {"sparql11/m/t1": cause}) == ["sparql11/m/t1: is in no suite"]
    assert differences([failed], {"sparql11/m/t1": cause}) == []
