"""A verdict with its worst findings only, and counts of the others: who shows few need not hold a million."""

from collections import Counter
from dataclasses import replace

from sauran.kg.reports.counting import shape_of
from sauran.kg.reports.results import worst_of
from sauran.kg.validate.job import Verdict

__all__ = ["capped"]


def capped(verdict: Verdict, most: int) -> Verdict:
    """Leave out all but the worst findings.

    Shape: one stays at least, so that what is left tells how bad it is.
    """
    if verdict.report is None or len(verdict.findings) <= max(most, 1):
        return verdict
    kept = worst_of(verdict.findings, max(most, 1))
    others = Counter((shape_of(f), f.severity.label) for f in verdict.findings)
    others.subtract((shape_of(f), f.severity.label) for f in kept)
    return replace(
        verdict,
        report=replace(verdict.report, findings=kept),
        findings=kept,
        left_out=tuple((shape, word, n) for (shape, word), n in others.items() if n),
    )
