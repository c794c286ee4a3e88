"""Findings on the screen, and the exit code they make."""

from collections.abc import Sequence
from typing import Any

from sauran.kg.model.findings import Finding, Severity, worst
from sauran.kg.reports import as_json, as_text, count_by_severity, in_words
from sauran.kg.reports.results import ERROR
from sauran.server.cli.streams import echo_message, echo_result

__all__ = ["FINDINGS", "FINE", "NOTHING_CHECKED", "UNUSABLE", "exit_code", "show_findings"]

FINE, FINDINGS, UNUSABLE, NOTHING_CHECKED = 0, 1, 2, 3
_COLOURS = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def show_findings(findings: Sequence[Finding], *, json: bool, unusable: bool = False, **more: Any) -> None:
    """Write findings on standard output, as text or as one JSON object with `more` fields; count them.

    Shape: with `unusable` they are errors of the input, not findings about data.
    """
    if json:
        echo_result(as_json(findings, unusable=unusable, **more))
        return
    if unusable:
        echo_result(as_text(findings, word_for=lambda finding: ERROR))
        echo_message(in_words({ERROR: len(findings)}), fg="red")
        return
    echo_result(as_text(findings))
    severity = worst(findings)
    echo_message(in_words(count_by_severity(findings)), fg=_COLOURS[severity] if severity else "green")


def exit_code(findings: Sequence[Finding], fail_on: Severity) -> int:
    """1 where a finding is at or above the severity, else 0."""
    severity = worst(findings)
    return FINDINGS if severity is not None and severity >= fail_on else FINE
