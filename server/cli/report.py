"""A report where it was asked for, and what people should know beside it."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import Severity, worst
from sauran.kg.reports import FORMATS, Results, in_words
from sauran.server.cli.streams import echo_message, echo_result

__all__ = ["show_results"]

_COLOURS = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_MOST_NAMES = 5


def show_results(results: Results, form: str, output: Path | None, *, foreign: bool) -> None:
    """Write the report to standard output or a file, and talk to standard error.

    Shape: what people read is shown also when another form goes to a file; notes on shapes and those that
    met no node are told of `foreign` shapes only.
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
    severity = worst(results.findings)
    echo_message(in_words(results.counts), fg=_COLOURS[severity] if severity else "green")
    # What Sauran's own shapes need is not news to those who use them.
    for remark in (*(results.notes if foreign else ()), *results.remarks):
        echo_message(remark)
    if results.conforms is None:
        return
    if foreign and results.idle_shapes:
        names = [row.name for row in results.by_shape if row.idle]
        more = ", …" if len(names) > _MOST_NAMES else ""
        said = f"warning: met no node: {', '.join(names[:_MOST_NAMES])}{more}"
        echo_message(said, fg="yellow")
    if not results.checked:
        echo_message("nothing was checked: no shape met any node", fg="red")
    else:
        echo_message(f"checked: {results.coverage}")


def _write(file: Path, text: str) -> None:
    try:
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError("--output", f"{file} cannot be written: {error.strerror}.") from error
