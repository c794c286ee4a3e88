"""The table of results that /conformance shows; holds no test."""

import json
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from shacl_suite import BASE as SHACL_BASE
from w3c.causes import Cause
from w3c.manifests import COMMIT, Suite
from w3c.verdicts import Outcome, Verdict

from sauran.server.api.conformance import TABLE

__all__ = ["SHACL", "committed_rows", "shacl_row", "sparql_row", "write_table"]

SHACL = "shacl"
_SHACL_COMMIT = "ff9edb9c85375498b49391fb65ef3ff6525ebe08"  # of w3c/data-shapes: where the archive is from
_OUTCOMES = {
    Outcome.PASSED: "passed",
    Outcome.VALUE: "passed",
    Outcome.LITERALS: "failed",
    Outcome.FAILED: "failed",
    Outcome.REFUSED: "inapplicable",
}


def sparql_row(
    suite: Suite, verdicts: Iterable[Verdict], causes: dict[str, Cause], date: str
) -> dict[str, Any]:
    """The row of a suite for SPARQL, with the cause of each test that did not simply pass."""
    verdicts = list(verdicts)
    counts = Counter(_OUTCOMES[verdict.outcome] for verdict in verdicts)
    tests: dict[Cause, dict[str, str]] = {}
    for verdict in sorted(verdicts, key=lambda verdict: verdict.case.name):
        if cause := causes.get(verdict.case.name):
            tests.setdefault(cause, {})[verdict.case.name] = verdict.case.iri
    return {
        "slug": suite.slug,
        "title": suite.title,
        "specification": suite.specification,
        "source": f"https://github.com/w3c/rdf-tests/tree/{COMMIT}/sparql",
        "version": COMMIT,
        "engine": _engine("pyoxigraph"),
        "date": date,
        **{name: counts[name] for name in ("passed", "failed", "inapplicable")},
        "causes": [
            {"outcome": _OUTCOMES[cause.outcome], "text": cause.says, "link": cause.link, "tests": named}
            for cause, named in sorted(tests.items(), key=lambda pair: _place(pair[0]))
        ],
    }


def shacl_row(passed: dict[str, bool], date: str) -> dict[str, Any]:
    """The row of the suite for SHACL; each failure, by name, is its own cause, as none is explained."""
    failed = sorted(name for name, passes in passed.items() if not passes)
    unexplained = {
        "outcome": "failed",
        "text": "Not explained.",
        "link": "https://www.w3.org/TR/shacl/",
        "tests": {name: SHACL_BASE + name for name in failed},
    }
    return {
        "slug": SHACL,
        "title": "Shapes Constraint Language (SHACL)",
        "specification": "https://www.w3.org/TR/shacl/",
        "source": f"https://github.com/w3c/data-shapes/tree/{_SHACL_COMMIT}/data-shapes-test-suite/tests",
        "version": _SHACL_COMMIT,
        "engine": f"{_engine('shacl')}, {_engine('pyshacl')}",
        "date": date,
        "passed": len(passed) - len(failed),
        "failed": len(failed),
        "inapplicable": 0,
        "causes": [unexplained] if failed else [],
    }


def write_table(rows: Iterable[dict[str, Any]]) -> bytes:
    """Write all rows as JSON."""
    table = {"made_by": "make conformance", "suites": list(rows)}
    return (json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode()


def committed_rows() -> dict[str, dict[str, Any]]:
    """The rows of the committed table, by slug."""
    return {row["slug"]: row for row in json.loads(TABLE.read_bytes())["suites"]}


def _place(cause: Cause) -> tuple[str, str]:
    """Failures first, then by text."""
    return _OUTCOMES[cause.outcome], cause.says


def _engine(package: str) -> str:
    return f"{package} {version(package)}"
