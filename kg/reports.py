"""Findings as text and JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.findings import Finding, Severity, Term, sort_findings

__all__ = ["as_json", "as_text", "count_by_severity", "summary"]


def count_by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    """Count findings by severity: always all three words."""
    counts = Counter(finding.severity for finding in findings)
    return {severity.label: counts[severity] for severity in sorted(Severity, reverse=True)}


def summary(findings: Sequence[Finding]) -> str:
    """Say how many findings there are, in words."""
    counts = [(n, word) for word, n in count_by_severity(findings).items() if n]
    return ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for n, word in counts) or "no findings"


def as_text(findings: Sequence[Finding]) -> str:
    """Write one finding in two or three lines, as compilers do: place, severity, rule, message, and on what.

    Shape: sorted by place; ends with a line feed unless there is nothing to say.
    """
    lines = []
    for finding in sort_findings(findings):
        where = f"{finding.place}: " if finding.place else ""
        lines.append(f"{where}{finding.severity.label} {finding.rule}: {finding.message}")
        about = [f"at {_short(finding.focus)}"] if finding.focus is not None else []
        if finding.path:
            about.append(f"path <{finding.path}>" if "://" in finding.path else f"path {finding.path}")
        if finding.value is not None:
            about.append(f"value {_short(finding.value)}")
        if about:
            lines.append("    " + ", ".join(about))
    return "".join(f"{line}\n" for line in lines)


def as_json(findings: Sequence[Finding], **more: Any) -> str:
    """Write findings as one JSON object: counts, then `findings`; `more` are further top-level fields."""
    document = {
        **more,
        "counts": count_by_severity(findings),
        "findings": [finding.as_dict() for finding in sort_findings(findings)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _short(term: Term | None) -> str:
    if isinstance(term, NamedNode):
        return f"<{term.value}>"
    if isinstance(term, Literal) and len(term.value) > 60:
        return f'"{term.value[:57]}…"'
    return str(term)
