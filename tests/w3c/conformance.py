"""`make conformance`: run the W3C's suites and write their reports; holds no test."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from w3c.causes import causes_by_test, differences
from w3c.earl import write_report
from w3c.manifests import SUITES
from w3c.running import ARCHIVE, Run, run_suites
from w3c.summary import write_summary

__all__ = ["REPORTS", "SUMMARY", "written_reports"]

_CHECKOUT = Path(__file__).resolve().parent.parent.parent
_SHARED = Path(os.environ.get("SAURAN_SHARED") or _CHECKOUT.parent / "shared")
REPORTS = _CHECKOUT / "server" / "api" / "reports"
SUMMARY = _CHECKOUT / "docs" / "reference" / "conformance.md"


def written_reports(run: Run) -> dict[Path, bytes]:
    """What a run makes, by file."""
    causes = causes_by_test()
    written = {
        REPORTS / f"{suite.slug}.ttl": write_report(suite, run.verdicts[suite.slug], causes)
        for suite in SUITES
    }
    return {**written, SUMMARY: write_summary(run, causes).encode()}


def main() -> int:
    """Run all suites; write the reports unless a test goes otherwise than its cause says."""
    parser = argparse.ArgumentParser(prog="make conformance", description=main.__doc__)
    parser.add_argument("--shared", type=Path, default=_SHARED, help="the folder of shared open data")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = run_suites(given.shared / ARCHIVE, Path(folder))
    wrong = differences([v for many in run.verdicts.values() for v in many], causes_by_test())
    if wrong:
        sys.stderr.write(
            "\n".join([*wrong, f"{len(wrong)} to mend: the server, or tests/w3c/expected.toml", ""])
        )
        return 1
    for file, content in written_reports(run).items():
        file.write_bytes(content)
    sys.stdout.write(f"{sum(map(len, run.verdicts.values()))} tests; see {SUMMARY}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
