"""Baseline: a file with the fingerprints of known findings, which are not reported."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Finding, Severity
from sauran.kg.reports.fingerprints import Names, fingerprints_of

__all__ = ["read_baseline", "split_by_baseline", "write_baseline"]

_VERSION = 1
_FINGERPRINT = re.compile("[0-9a-f]{32}")


def read_baseline(file: Path) -> dict[str, Severity]:
    """Read the fingerprints of a baseline, each with how bad it may be.

    Raises: ContentError when it cannot be read or is none.
    """
    try:
        document = json.loads(file.read_bytes())
    except OSError as error:
        fix = "Make it with --write-baseline."
        raise ContentError(str(file), f"cannot be read: {error.strerror}.", fix) from error
    except (ValueError, RecursionError) as error:
        raise ContentError(
            str(file), "is not a baseline: it is not JSON.", "Make it with --write-baseline."
        ) from error
    known = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(known, list) or document.get("version") != _VERSION:
        raise ContentError(str(file), "is not a baseline of this version.", "Make it with --write-baseline.")
    try:
        return {_fingerprint(entry): Severity[str(entry["severity"]).upper()] for entry in known}
    except (KeyError, TypeError, ValueError) as error:
        what = "has an entry without fingerprint and severity."
        raise ContentError(str(file), what, "Make it with --write-baseline.") from error


def _fingerprint(entry: dict[str, Any]) -> str:
    if not _FINGERPRINT.fullmatch(entry["fingerprint"]):
        raise ValueError
    return str(entry["fingerprint"])


def write_baseline(file: Path, findings: Sequence[Finding], root: Path | None = None) -> None:
    """Write the fingerprints of findings, each with what it is for the people who read the file's changes.

    Shape: sorted and without line numbers, so that the file changes only when findings do; names are relative
    to `root`.
    Raises: ContentError when it cannot be written.
    """
    entries = [
        _entry(finding, fingerprint, Names(root))
        for finding, fingerprint in zip(findings, fingerprints_of(findings, root), strict=True)
    ]
    entries.sort(key=lambda entry: (str(entry["rule"]), str(entry.get("focus")), str(entry["fingerprint"])))
    document = {"version": _VERSION, "made_by": "sauran validate --write-baseline", "findings": entries}
    try:
        file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise ContentError(str(file), f"cannot be written: {error.strerror}.") from error


def split_by_baseline(
    findings: Sequence[Finding], known: Mapping[str, Severity], root: Path | None = None
) -> tuple[list[Finding], list[Finding]]:
    """Split findings into new and known ones; a finding with a higher severity than before is new."""
    new: list[Finding] = []
    old: list[Finding] = []
    for finding, fingerprint in zip(findings, fingerprints_of(findings, root), strict=True):
        (old if finding.severity <= known.get(fingerprint, 0) else new).append(finding)
    return new, old


def _entry(finding: Finding, fingerprint: str, names: Names) -> dict[str, Any]:
    fields = finding.as_dict()
    for key in ("focus", "path", "value"):
        if not isinstance(getattr(finding, key), Literal) and key in fields:
            fields[key] = names.text(fields[key])
    if finding.place:
        fields["file"] = names.file(finding.place.file)
    # A blank node's label changes with what stands before it.
    kept = [
        key
        for key in ("rule", "severity", "focus", "path", "value", "file")
        if key in fields and not str(fields[key]).startswith("_:")
    ]
    return {"fingerprint": fingerprint, **{key: fields[key] for key in kept}}
