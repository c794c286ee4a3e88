"""Changes since a git revision: changed lines, and the findings that they caused."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sauran.kg.model.findings import Finding
from sauran.kg.reports.fingerprints import fingerprints_of
from sauran.kg.reports.git_history import History, Repository

__all__ = ["Changes", "changes_since", "concerned_by"]

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@dataclass(frozen=True)
class Changes:
    """What differs between a revision and the files as they are now.

    `lines` has for each file the ranges that changed; None stands for the whole file.
    """

    lines: Mapping[str, tuple[range, ...] | None]

    def touched(self, finding: Finding) -> bool:
        """Whether a finding stands on a changed line; one without a line counts with its whole file."""
        if finding.place is None or finding.place.file not in self.lines:
            return False
        ranges = self.lines[finding.place.file]
        if ranges is None or not finding.place.line:
            return ranges is None or bool(ranges)
        return any(finding.place.line in lines for lines in ranges)


def concerned_by(
    changes: Changes, now: Sequence[Finding], then: Iterable[Finding], root: Path | None = None
) -> list[Finding]:
    """Keep findings on changed lines and findings that did not exist before the change."""
    old = set(fingerprints_of(then, root))
    return [
        finding
        for finding, fingerprint in zip(now, fingerprints_of(now, root), strict=True)
        if fingerprint not in old or changes.touched(finding)
    ]


def changes_since(history: History, files: Sequence[Path]) -> Changes:
    """Compare files with a revision; one that git did not know then is new as a whole.

    Raises: UsageError as `History.repository` does.
    """
    return Changes({str(file): _changed_lines(history.repository(file), file) for file in files})


def _changed_lines(repository: Repository, file: Path) -> tuple[range, ...] | None:
    name = repository.name_of(file)
    before = repository.renames.get(name, name)
    if before not in repository.blobs:
        return None
    if name not in repository.differing:
        return ()
    names = [before, name] if before != name else [name]
    options = ["--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "--find-renames"]
    said = repository.ask("diff", *options, repository.commit, "--", *names).decode("utf-8", "replace")
    ranges = [(int(hunk[1]), int(hunk[2] or 1)) for hunk in _HUNK.finditer(said)]
    return tuple(range(start, start + count) for start, count in ranges if count)
