"""What a report is written from: findings, coverage, and what was left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from kg.findings import Finding, Severity
from kg.reports.counting import ShapeCount, count_by_severity, count_by_shape, say_count
from kg.reports.fingerprints import fingerprints_of

__all__ = ["Results", "no_source"]


def no_source(file: str) -> str | None:
    """The text of no file at all: a report without excerpts."""
    return None


@dataclass(frozen=True)
class Results:
    """A run of the validator, ready to be written.

    `findings` are those to report, sorted; `conforms` is SHACL's, None where the input was
    unusable. `max_results` caps what is written, `known` were in the baseline, `untouched` by the change.
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
    known: int = 0
    untouched: int = 0
    only_summary: bool = False
    terminal: bool = False
    colour: bool = False
    root: PurePath | None = None
    source: Callable[[str], str | None] = no_source

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that are written one by one."""
        return self.findings if self.max_results is None else self.findings[: self.max_results]

    @property
    def hidden(self) -> int:
        """How many `max_results` keeps back."""
        return len(self.findings) - len(self.shown)

    @property
    def fingerprints(self) -> list[str]:
        """A fingerprint for each of `shown`."""
        return fingerprints_of(self.findings)[: len(self.shown)]

    @property
    def counts(self) -> dict[str, int]:
        """All findings by severity, also those that are not written one by one."""
        return count_by_severity(self.findings)

    @property
    def by_shape(self) -> list[ShapeCount]:
        """All findings by shape, with coverage."""
        return count_by_shape(self.findings, self.focus_nodes)

    @property
    def idle_shapes(self) -> tuple[str, ...]:
        """The shapes that have a target and met no node."""
        return tuple(shape for shape, met in self.focus_nodes.items() if not met)

    @property
    def coverage(self) -> str:
        """Say how many shapes met how many nodes."""
        met = [count for count in self.focus_nodes.values() if count]
        return f"{len(met)} of {len(self.focus_nodes)} shapes met {say_count(sum(met), 'node')}"

    @property
    def remarks(self) -> list[str]:
        """Say what was left out."""
        said = []
        if self.hidden:
            what = say_count(self.hidden, "more finding")
            said.append(f"{what} not shown: --max-results is {self.max_results}")
        if self.known:
            said.append(f"{say_count(self.known, 'finding')} in the baseline not shown")
        if self.untouched:
            said.append(f"{say_count(self.untouched, 'finding')} that the change did not touch not shown")
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
