"""Findings as SARIF 2.1.0, which code scanning and editors show.

Source: SARIF 2.1.0 (OASIS), sections 3.13 to 3.30; GitHub documentation, "SARIF support for code scanning".
"""

import json
from typing import Any
from urllib.parse import quote

from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.reports.results import Results
from sauran.kg.reports.wording import about, exactness, reasons

__all__ = ["write_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write_sarif(results: Results) -> str:
    """Write one run; fingerprints hold no line, so that an alert survives a move."""
    from importlib.metadata import version  # noqa: PLC0415 (20 ms that other formats do not pay)

    rules = {finding.rule: finding for finding in reversed(results.shown)}
    names = sorted(rules)
    run = {
        "tool": {
            "driver": {
                "name": "sauran",
                "semanticVersion": version("sauran"),
                "rules": [_rule(name, rules[name]) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": results.conforms is not None,
                "toolExecutionNotifications": [
                    {"level": level, "message": {"text": text}} for level, text in _notifications(results)
                ],
            }
        ],
        "results": [
            _result(results, finding, names.index(finding.rule), fingerprint)
            for finding, fingerprint in zip(results.shown, results.fingerprints, strict=True)
        ],
        "properties": {"conforms": results.conforms, "engines": list(results.engines)},
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _notifications(results: Results) -> list[tuple[str, str]]:
    idle = [("warning", f"The shape <{shape}> met no node.") for shape in results.idle_shapes]
    return idle + [("note", remark) for remark in (*results.notes, *results.remarks)]


def _rule(name: str, finding: Finding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": finding.message or name},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }
    if finding.source_shape:
        rule["properties"] = {"shape": finding.source_shape}
    return rule


def _result(results: Results, finding: Finding, index: int, fingerprint: str) -> dict[str, Any]:
    said = [finding.message or finding.rule, about(finding), exactness(finding.place)]
    said += ["  " * (depth - 1) + text for depth, text in reasons(finding)]
    file, line, column = results.place_of(finding)
    place = Place(file, line, column)
    more = {"focus": finding.focus, "path": finding.path, "value": finding.value}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(text for text in said if text)},
        "locations": [{"physicalLocation": _location(place)}],
        "relatedLocations": [
            {
                "id": number,
                "message": {"text": f"because {reason.message or reason.rule}"},
                "physicalLocation": _location(reason.place, results.name_of(reason.place.file)),
            }
            for number, reason in enumerate(_inner(finding), start=1)
            if reason.place is not None
        ],
        "partialFingerprints": {"sauranFinding/v1": fingerprint, "primaryLocationLineHash": fingerprint},
        "properties": {name: str(value) for name, value in more.items() if value is not None},
    }


def _inner(finding: Finding) -> list[Finding]:
    return [inner for reason in finding.because for inner in (reason, *_inner(reason))]


def _location(place: Place, name: str | None = None) -> dict[str, Any]:
    location: dict[str, Any] = {
        "artifactLocation": {"uri": quote(name or place.file, errors="surrogateescape")}
    }
    if place.line:
        location["region"] = {"startLine": place.line}
        if place.column:
            location["region"]["startColumn"] = place.column
    return location
