"""Count findings by severity and by shape."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sauran.kg.model.findings import Finding, Severity

__all__ = ["ShapeCount", "count_by_severity", "count_by_shape", "in_words", "say_count", "shape_of"]


@dataclass(frozen=True, slots=True)
class ShapeCount:
    """One shape: how many nodes it met, None for one without a target; what was found, by severity."""

    shape: str
    met: int | None
    found: Mapping[str, int]

    @property
    def idle(self) -> bool:
        """Whether the shape has a target but met no node, so that its constraints were not checked."""
        return self.met == 0

    @property
    def name(self) -> str:
        """The last part of its IRI, as people call it."""
        return self.shape.rstrip("/#").replace("#", "/").rpartition("/")[2] or self.shape


def count_by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by severity: always all three words."""
    counts = Counter(finding.severity for finding in findings)
    return {severity.label: counts[severity] for severity in sorted(Severity, reverse=True)}


def shape_of(finding: Finding) -> str:
    """The shape that a finding counts under; its rule where that has no name."""
    return finding.source_shape or finding.rule


def count_by_shape(
    findings: Sequence[Finding], focus_nodes: Mapping[str, int], more: Iterable[tuple[str, str, int]] = ()
) -> list[ShapeCount]:
    """Count findings by shape; those with most findings first, then those with most nodes.

    Shape: `more` are shapes, words of severities and how many findings there are beside those given.
    """
    by_shape: dict[str, dict[str, int]] = {shape: count_by_severity(()) for shape in focus_nodes}
    counts = Counter((shape_of(finding), finding.severity.label) for finding in findings)
    for shape, word, number in [*((*key, n) for key, n in counts.items()), *more]:
        by_shape.setdefault(shape, count_by_severity(()))[word] += number
    rows = [ShapeCount(shape, focus_nodes.get(shape), found) for shape, found in by_shape.items()]
    return sorted(rows, key=lambda row: (-sum(row.found.values()), -(row.met or 0), row.shape))


def in_words(counts: Mapping[str, int]) -> str:
    """Write counts by severity in words: 2 violations, 1 warning."""
    return ", ".join(say_count(n, word) for word, n in counts.items() if n) or "no findings"


def say_count(number: int, word: str) -> str:
    """A number with its noun in singular or plural."""
    return f"{number} {word}{'' if number == 1 else 's'}"
