"""Findings as workflow commands, which GitHub shows as annotations on the lines.

Source: GitHub documentation, "Workflow commands for GitHub Actions"; command.ts of actions/toolkit.
"""

from sauran.kg.model.findings import Severity
from sauran.kg.reports.results import Results
from sauran.kg.reports.wording import about, exactness, printable, reasons

__all__ = ["write_github"]

_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write_github(results: Results) -> str:
    """Write a command for each finding, and warnings for what was not checked or not shown."""
    lines = []
    for finding in results.shown:
        properties = {}
        if finding.place:
            properties["file"] = results.name_of(finding.place.file)
            if finding.place.line:
                properties |= {"line": str(finding.place.line), "col": str(finding.place.column or 1)}
        properties["title"] = printable(finding.rule)
        text = [printable(finding.message), about(finding), exactness(finding.place)]
        text += ["  " * (depth - 1) + said for depth, said in reasons(finding)]
        lines.append(
            _command(_COMMANDS[finding.severity], properties, "\n".join(part for part in text if part))
        )
    if results.idle_shapes:
        names = ", ".join(row.name for row in results.by_shape if row.idle)
        lines.append(_command("warning", {"title": "not checked"}, f"These shapes met no node: {names}"))
    lines += [_command("notice", {"title": "sauran validate"}, remark) for remark in results.remarks]
    return "".join(f"{line}\n" for line in lines)


def _command(name: str, properties: dict[str, str], message: str) -> str:
    written = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    return f"::{name} {written}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
