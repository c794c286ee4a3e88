"""Findings that are known and put up with: a file of fingerprints."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kg.errors import ContentError
from kg.findings import Finding
from kg.reports.fingerprints import fingerprints_of

__all__ = ["read_baseline", "split_by_baseline", "write_baseline"]

_VERSION = 1


def read_baseline(file: Path) -> frozenset[str]:
    """Read the fingerprints of a baseline.

    Raises: ContentError when it cannot be read or is none.
    """
    try:
        document = json.loads(file.read_bytes())
    except OSError as error:
        fix = "Make it with --write-baseline."
        raise ContentError(str(file), f"cannot be read: {error.strerror}.", fix) from error
    except (ValueError, RecursionError) as error:
        raise ContentError(
            str(file), "is no baseline: not JSON.", "Make it with --write-baseline."
        ) from error
    known = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(known, list) or document.get("version") != _VERSION:
        raise ContentError(str(file), "is no baseline of this version.", "Make it with --write-baseline.")
    return frozenset(str(entry.get("fingerprint")) for entry in known if isinstance(entry, dict))


def write_baseline(file: Path, findings: Sequence[Finding]) -> None:
    """Write the fingerprints of findings, each with what it is for the people who read the file's changes.

    Shape: sorted and without line numbers, so that the file changes only when findings do.
    Raises: ContentError when it cannot be written.
    """
    entries = [
        _entry(finding, fingerprint)
        for finding, fingerprint in zip(findings, fingerprints_of(findings), strict=True)
    ]
    entries.sort(key=lambda entry: (str(entry["rule"]), str(entry.get("focus")), str(entry["fingerprint"])))
    document = {"version": _VERSION, "made_by": "sauran validate --write-baseline", "findings": entries}
    try:
        file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise ContentError(str(file), f"cannot be written: {error.strerror}.") from error


def split_by_baseline(
    findings: Sequence[Finding], known: frozenset[str]
) -> tuple[list[Finding], list[Finding]]:
    """Part findings into new ones and known ones."""
    new: list[Finding] = []
    old: list[Finding] = []
    for finding, fingerprint in zip(findings, fingerprints_of(findings), strict=True):
        (old if fingerprint in known else new).append(finding)
    return new, old


def _entry(finding: Finding, fingerprint: str) -> dict[str, Any]:
    fields = finding.as_dict()
    # A blank node's label changes with what stands before it.
    kept = [
        key
        for key in ("rule", "focus", "path", "value", "file")
        if key in fields and not str(fields[key]).startswith("_:")
    ]
    return {"fingerprint": fingerprint, **{key: fields[key] for key in kept}}
