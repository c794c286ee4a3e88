"""The outcome of a command: findings or a report on the screen or in a file, and the exit code."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import Finding, Severity, worst
from sauran.kg.reports import FORMATS, Results, as_json, as_text, count_by_severity, in_words
from sauran.kg.reports.results import ERROR
from sauran.server.cli.streams import echo_message, echo_result

__all__ = [
    "FINDINGS",
    "NOTHING_CHECKED",
    "SUCCESS",
    "UNUSABLE",
    "exit_code",
    "show_findings",
    "show_results",
]

SUCCESS, FINDINGS, UNUSABLE, NOTHING_CHECKED = 0, 1, 2, 3
_COLOURS = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_MOST_NAMES = 5


def show_findings(findings: Sequence[Finding], *, json: bool, unusable: bool = False, **more: Any) -> None:
    """Write findings to standard output, as text or as one JSON object with `more` fields, and their number.

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
    echo_message(in_words(count_by_severity(findings)), fg=_colour(findings))


def show_results(results: Results, form: str, output: Path | None, *, foreign: bool) -> None:
    """Write the report to standard output or a file, and messages about it to standard error.

    Shape: when another format goes to a file, the text is shown as well; notes on shapes, and shapes that met
    no node, are shown for `foreign` shapes only.
    Raises: UsageError when the file cannot be written.
    """
    terminal = sys.stdout.isatty()
    results = replace(results, terminal=terminal, colour=terminal and not os.environ.get("NO_COLOR"))
    text = FORMATS["text"].write(results)
    if output is not None:
        _write(output, FORMATS[form].write(replace(results, terminal=False, colour=False)))
    if output is not None or form == "text":
        echo_result(text)
    else:
        echo_result(FORMATS[form].write(results))
        if results.conforms is None and form != "github":
            echo_message(text, nl=False)
    echo_message(in_words(results.counts), fg=_colour(results.findings))
    # Notes on Sauran's own shapes are of no interest to those who only use them.
    for remark in (*(results.notes if foreign else ()), *results.remarks):
        echo_message(remark)
    if results.conforms is None:
        return
    if foreign and results.idle_shapes:
        names = [row.name for row in results.by_shape if row.idle]
        more = ", …" if len(names) > _MOST_NAMES else ""
        echo_message(f"warning: met no node: {', '.join(names[:_MOST_NAMES])}{more}", fg="yellow")
    if not results.checked:
        echo_message("nothing was checked: no shape met any node", fg="red")
    else:
        echo_message(f"checked: {results.coverage}")


def exit_code(findings: Sequence[Finding], fail_on: Severity) -> int:
    """1 where a finding is at or above the severity, else 0."""
    severity = worst(findings)
    return FINDINGS if severity is not None and severity >= fail_on else SUCCESS


def _colour(findings: Sequence[Finding]) -> str:
    severity = worst(findings)
    return _COLOURS[severity] if severity else "green"


def _write(file: Path, text: str) -> None:
    try:
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError("--output", f"{file} cannot be written: {error.strerror}.") from error
