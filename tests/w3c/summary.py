"""The verdicts of all suites as a page of the documentation; holds no test."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from string import Template

from w3c.causes import Cause
from w3c.manifests import COMMIT, SUITES
from w3c.running import Run
from w3c.verdicts import Outcome, Verdict

__all__ = ["write_summary"]

_PAGE = Path(__file__).parent / "summary.md"
_PASSED = (Outcome.PASSED, Outcome.VALUE)
_FAILED = (Outcome.LITERALS, Outcome.FAILED)


def write_summary(run: Run, causes: dict[str, Cause]) -> str:
    """Write counts by suite, and each cause with its tests."""
    return Template(_PAGE.read_text("utf-8")).substitute(
        commit=COMMIT,
        updates=len(run.updates),
        rows="\n".join(_row(suite.title, run.verdicts[suite.slug]) for suite in SUITES),
        causes="\n\n".join(_section(cause, causes) for cause in dict.fromkeys(causes.values())),
    )


def _row(title: str, verdicts: Iterable[Verdict]) -> str:
    counts = Counter((verdict.outcome, verdict.case.approved) for verdict in verdicts)
    approved = sum(number for (_, is_approved), number in counts.items() if is_approved)
    passed = sum(counts[outcome, True] for outcome in _PASSED)
    cells = (
        title,
        counts.total(),
        _sum(counts, _PASSED),
        _sum(counts, (Outcome.PASSED,)),
        _sum(counts, _FAILED),
        _sum(counts, (Outcome.REFUSED,)),
        f"{passed} of {approved}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def _sum(counts: Counter[tuple[Outcome, bool]], outcomes: Iterable[Outcome]) -> int:
    return sum(counts[outcome, approved] for outcome in outcomes for approved in (True, False))


def _section(cause: Cause, causes: dict[str, Cause]) -> str:
    tests = "\n".join(f"- `{name}`" for name, found in causes.items() if found == cause)
    return f"*{cause.outcome}*: {cause.says} [See]({cause.link})\n\n{tests}"
