"""`make conformance`: run the W3C's suites, write their table, page and reports; holds no test."""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from w3c.causes import causes_by_test, differences
from w3c.earl import write_report
from w3c.manifests import SUITES
from w3c.running import ARCHIVE, run_suites
from w3c.summary import write_summary
from w3c.table import SHACL, shacl_row, sparql_row, write_table
from w3c_shacl.shacl_report import run_shacl_suite, write_shacl_report

from sauran.server.api.conformance import TABLE

__all__ = ["SUMMARY"]

_CHECKOUT = Path(__file__).resolve().parent.parent.parent
_SHARED = Path(os.environ.get("SAURAN_SHARED") or _CHECKOUT.parent / "shared")
_REPORTS = _CHECKOUT / "build" / "conformance"
SUMMARY = _CHECKOUT / "docs" / "reference" / "conformance.md"


def main() -> int:
    """Run all suites; write table, page and reports unless a test goes otherwise than its cause says."""
    parser = argparse.ArgumentParser(prog="make conformance", description=main.__doc__)
    parser.add_argument("--shared", type=Path, default=_SHARED, help="the folder of shared open data")
    given = parser.parse_args()
    causes = causes_by_test()
    with tempfile.TemporaryDirectory() as folder:
        run = run_suites(given.shared / ARCHIVE, Path(folder))
    shacl = run_shacl_suite(given.shared)
    wrong = differences([v for many in run.verdicts.values() for v in many], causes)
    wrong += [f"{name}: failed, expected passed" for name, passes in shacl.items() if not passes]
    if wrong:
        sys.stderr.write(
            "\n".join([*wrong, f"{len(wrong)} to fix: the software, or tests/w3c/expected.toml", ""])
        )
        return 1
    today = datetime.now(UTC).date().isoformat()
    rows = [sparql_row(suite, run.verdicts[suite.slug], causes, today) for suite in SUITES]
    TABLE.write_bytes(write_table([*rows, shacl_row(shacl, today)]))
    SUMMARY.write_text(write_summary(run, causes), "utf-8")
    _REPORTS.mkdir(parents=True, exist_ok=True)
    for suite in SUITES:
        report = write_report(suite, run.verdicts[suite.slug], causes)
        (_REPORTS / f"{suite.slug}.ttl").write_bytes(report)
    (_REPORTS / f"{SHACL}.ttl").write_bytes(write_shacl_report(shacl))
    total = sum(map(len, run.verdicts.values())) + len(shacl)
    sys.stdout.write(f"{total} tests; see {SUMMARY}, {TABLE} and {_REPORTS}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
