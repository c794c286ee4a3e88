"""Findings as one JSON object, for programs."""

import json
from collections.abc import Sequence
from typing import Any

from sauran.kg.model.findings import Finding, sort_findings
from sauran.kg.reports.counting import count_by_severity
from sauran.kg.reports.results import ERROR, Results

__all__ = ["as_json", "write_json"]


def write_json(results: Results) -> str:
    """Write findings with their fingerprints, coverage and what was left out."""
    document = {
        "conforms": results.conforms,
        "counts": results.counts,
        "findings": [
            {**finding.as_dict(), "severity": results.word_for(finding), "fingerprint": fingerprint}
            for finding, fingerprint in zip(results.shown, results.fingerprints, strict=True)
        ],
        "checked": dict(results.focus_nodes),
        "idle": list(results.idle_shapes),
        "hidden": results.hidden,
        "known": results.known,
        "untouched": results.untouched,
        "engines": list(results.engines),
        "notes": list(results.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_json(findings: Sequence[Finding], *, unusable: bool = False, **more: Any) -> str:
    """Write findings as one JSON object: counts, then `findings`; `more` are further top-level fields.

    Shape: with `unusable` they are errors of the input, whatever their severity.
    """
    word = {"severity": ERROR} if unusable else {}
    document = {
        **more,
        "counts": {ERROR: len(findings)} if unusable else count_by_severity(findings),
        "findings": [{**finding.as_dict(), **word} for finding in sort_findings(findings)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
