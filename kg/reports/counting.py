"""How many findings there are, by severity and by shape."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.findings import Finding, Severity

__all__ = ["ShapeCount", "count_by_severity", "count_by_shape", "in_words", "say_count"]


@dataclass(frozen=True, slots=True)
class ShapeCount:
    """One shape: how many nodes it met, None for one without a target; what was found, by severity."""

    shape: str
    met: int | None
    found: Mapping[str, int]

    @property
    def idle(self) -> bool:
        """Whether it has a target and met no node: what it asks was not checked."""
        return self.met == 0

    @property
    def name(self) -> str:
        """The last part of its IRI, as people call it."""
        return self.shape.rstrip("/#").replace("#", "/").rpartition("/")[2] or self.shape


def count_by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by severity: always all three words."""
    counts = Counter(finding.severity for finding in findings)
    return {severity.label: counts[severity] for severity in sorted(Severity, reverse=True)}


def count_by_shape(findings: Sequence[Finding], focus_nodes: Mapping[str, int]) -> list[ShapeCount]:
    """Count findings by shape; those with most findings first, then those with most nodes.

    Shape: a finding without a named shape counts under its rule.
    """
    by_shape: dict[str, list[Finding]] = {shape: [] for shape in focus_nodes}
    for finding in findings:
        by_shape.setdefault(finding.source_shape or finding.rule, []).append(finding)
    rows = [ShapeCount(s, focus_nodes.get(s), count_by_severity(fs)) for s, fs in by_shape.items()]
    return sorted(rows, key=lambda row: (-sum(row.found.values()), -(row.met or 0), row.shape))


def in_words(counts: Mapping[str, int]) -> str:
    """Say counts by severity as people do: 2 violations, 1 warning."""
    return ", ".join(say_count(n, word) for word, n in counts.items() if n) or "no findings"


def say_count(number: int, word: str) -> str:
    """A number and its noun, which takes an s but for one."""
    return f"{number} {word}{'' if number == 1 else 's'}"
