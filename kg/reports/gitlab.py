"""Findings as GitLab's Code Quality report.

Source: GitLab documentation, "Code Quality", "Code Quality report format".
"""

import json

from sauran.kg.model.findings import Severity
from sauran.kg.reports.results import Results
from sauran.kg.reports.wording import about, reasons

__all__ = ["write_gitlab"]

_SEVERITIES = {Severity.VIOLATION: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def write_gitlab(results: Results) -> str:
    """Write a list of issues; GitLab knows none without a file, so such a finding gets the first one."""
    issues = []
    for finding, fingerprint in zip(results.shown, results.fingerprints, strict=True):
        file, line, _ = results.place_of(finding)
        said = [finding.message, *(text for _, text in reasons(finding)), about(finding)]
        issues.append(
            {
                "description": "; ".join(text.rstrip(".") for text in said if text),
                "check_name": finding.rule,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": file.removeprefix("./"), "lines": {"begin": line}},
            }
        )
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"
