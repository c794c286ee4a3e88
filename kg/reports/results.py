"""Input of the report writers: findings, coverage and the number of omitted findings."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from sauran.kg.model.findings import Finding, Severity
from sauran.kg.reports.counting import ShapeCount, count_by_severity, count_by_shape, say_count
from sauran.kg.reports.fingerprints import fingerprints_of, root_of

__all__ = ["ERROR", "Results", "no_source", "worst_of"]

ERROR = "error"


def worst_of(findings: Sequence[Finding], most: int) -> tuple[Finding, ...]:
    """The worst findings, at most this number, in their original order."""
    return tuple(findings[number] for number in _worst(findings, most))


def _worst(findings: Sequence[Finding], most: int | None) -> Sequence[int]:
    numbers = range(len(findings))
    if most is None or len(findings) <= most:
        return numbers
    return sorted(heapq.nsmallest(most, numbers, key=lambda n: (-findings[n].severity, n)))


def no_source(file: str) -> str | None:
    """The text of no file at all: a report without excerpts."""
    return None


@dataclass(frozen=True)
class Results:
    """A run of the validator, ready to be written.

    `findings` are those to report, sorted; `conforms` is SHACL's, None where the input was
    unusable. `max_results` caps what is written, `known` were in the baseline, `untouched` by the change;
    `left_out` counts, by shape and severity, the findings that were not even handed over.
    `stale` entries of the baseline match nothing, `then_unknown` says why what was before is not known.
    `files` are the data files as the user named them; `source` gives the text of one for excerpts, which
    only a `terminal` gets.
    """

    findings: tuple[Finding, ...]
    conforms: bool | None = True
    focus_nodes: Mapping[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    duration_s: float = 0.0
    language: str = "en"
    fail_on: Severity = Severity.VIOLATION
    max_results: int | None = None
    left_out: tuple[tuple[str, str, int], ...] = ()
    known: int = 0
    untouched: int = 0
    then_unknown: str = ""
    stale: int = 0
    only_summary: bool = False
    terminal: bool = False
    colour: bool = False
    root: Path | None = None
    source: Callable[[str], str | None] = no_source

    @cached_property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that are listed: the worst, if not all."""
        return tuple(self.findings[number] for number in _worst(self.findings, self.max_results))

    @property
    def hidden(self) -> int:
        """The number of findings omitted because of `max_results`."""
        return len(self.findings) + sum(n for _, _, n in self.left_out) - len(self.shown)

    @property
    def fingerprints(self) -> list[str]:
        """A fingerprint for each of `shown`."""
        root = None if self.root is None else root_of(self.root)
        fingerprints = fingerprints_of(self.findings, root)
        return [fingerprints[number] for number in _worst(self.findings, self.max_results)]

    def word_for(self, finding: Finding) -> str:
        """The word for a finding: its severity, or error if the input was unusable."""
        return ERROR if self.conforms is None else finding.severity.label

    @property
    def counts(self) -> dict[str, int]:
        """All findings by the word for them, also those that are not written one by one."""
        if self.conforms is None:
            return {ERROR: len(self.findings)}
        counts = count_by_severity(self.findings)
        for _, word, number in self.left_out:
            counts[word] += number
        return counts

    @property
    def by_shape(self) -> list[ShapeCount]:
        """All findings by shape, with coverage; none where nothing was validated."""
        if self.conforms is None:
            return []
        return count_by_shape(self.findings, self.focus_nodes, self.left_out)

    @property
    def idle_shapes(self) -> tuple[str, ...]:
        """The shapes that have a target and met no node."""
        return tuple(shape for shape, met in self.focus_nodes.items() if not met)

    @property
    def checked(self) -> bool:
        """Whether anything was checked: a shape met a node of the data, or found that one is missing."""
        return any(self.focus_nodes.values()) or self.conforms is False

    @property
    def coverage(self) -> str:
        """Describe the coverage: how many shapes met how many nodes."""
        met = [count for count in self.focus_nodes.values() if count]
        return f"{len(met)} of {len(self.focus_nodes)} shapes met {say_count(sum(met), 'node')}"

    @property
    def remarks(self) -> list[str]:
        """Describe what was omitted."""
        said = []
        if self.hidden:
            what = say_count(self.hidden, "more finding")
            said.append(f"{what} not shown: --max-results is {self.max_results}")
        if self.known:
            said.append(f"{say_count(self.known, 'finding')} in the baseline not shown")
        if self.untouched:
            said.append(f"{say_count(self.untouched, 'finding')} that the change did not touch not shown")
        if self.stale:
            entries = "1 entry" if self.stale == 1 else f"{self.stale} entries"
            said.append(f"{entries} of the baseline no longer found: write it again with --write-baseline")
        if self.then_unknown:
            said.append(f"what was found before is unknown, so all findings are new: {self.then_unknown}")
        return said

    def name_of(self, file: str) -> str:
        """A file as CI services want it: with slashes, relative to `root` where it lies below."""
        path = PurePath(file)
        if self.root is not None and path.is_absolute() and path.is_relative_to(self.root):
            path = path.relative_to(self.root)
        return path.as_posix()

    def place_of(self, finding: Finding) -> tuple[str, int, int]:
        """File, line and column for services that demand them; the first file and line 1 where unknown."""
        if finding.place is None:
            return (self.name_of(self.files[0]) if self.files else "unknown", 1, 1)
        return (self.name_of(finding.place.file), finding.place.line or 1, finding.place.column or 1)
