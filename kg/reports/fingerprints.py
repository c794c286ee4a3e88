"""What a finding is, wherever it stands: a fingerprint without line numbers."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from pyoxigraph import BlankNode

from kg.findings import Finding, Term

__all__ = ["fingerprints_of"]


def fingerprints_of(findings: Iterable[Finding]) -> list[str]:
    """Give each finding a fingerprint: 32 hexadecimal digits, different for each finding of one list.

    Shape: made of rule, constraint, focus, path and value; a finding about no node or a blank one also has
    its file. Equal findings are numbered, so a moved block is no new finding, but one more of its kind is.
    """
    seen: Counter[str] = Counter()
    fingerprints = []
    for finding in findings:
        said = "\0".join(_identity(finding))
        seen[said] += 1
        digest = hashlib.sha256(f"{said}\0{seen[said]}".encode("utf-8", "surrogatepass"))
        fingerprints.append(digest.hexdigest()[:32])
    return fingerprints


def _identity(finding: Finding) -> Iterable[str]:
    yield finding.rule
    yield finding.component or ""
    yield finding.source_shape or ""
    yield _name(finding.focus)
    yield finding.path or ""
    yield _name(finding.value)
    if finding.focus is None or isinstance(finding.focus, BlankNode):
        yield finding.place.file if finding.place else ""
    if finding.focus is None:
        yield finding.message


def _name(term: Term | None) -> str:
    # The label of a blank node is an accident of the file it was read from.
    return "_:" if isinstance(term, BlankNode) else "" if term is None else str(term)
