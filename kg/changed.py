"""What changed since a revision, by git: lines of files, and the files as they were."""

import io
import os
import re
import subprocess
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import UsageError
from kg.findings import Finding
from kg.reports.fingerprints import fingerprints_of

__all__ = ["Changes", "changes_since", "concerned_by", "export_folder", "file_then"]

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
# Nothing that a repository's configuration names may run.
_GIT = (
    "git",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.quotePath=false",
    "--no-pager",
    "--literal-pathspecs",
)
_OPTION = "--changed-since"


@dataclass(frozen=True)
class Changes:
    """What differs between a revision and the files as they are now.

    `lines` has for each file the ranges that changed; None stands for the whole file. `then` has each file
    that was there in the revision, as it was.
    """

    lines: Mapping[str, tuple[range, ...] | None]
    then: Mapping[str, bytes]

    def touched(self, finding: Finding) -> bool:
        """Whether a finding stands on a changed line; one without a line counts with its whole file."""
        if finding.place is None or finding.place.file not in self.lines:
            return False
        ranges = self.lines[finding.place.file]
        if ranges is None or not finding.place.line:
            return ranges is None or bool(ranges)
        return any(finding.place.line in lines for lines in ranges)


def concerned_by(changes: Changes, now: Sequence[Finding], then: Iterable[Finding]) -> list[Finding]:
    """Keep the findings that a change touched, and those that were not there before it: what it broke."""
    old = set(fingerprints_of(then))
    return [
        finding
        for finding, fingerprint in zip(now, fingerprints_of(now), strict=True)
        if fingerprint not in old or changes.touched(finding)
    ]


def changes_since(revision: str, files: Sequence[Path]) -> Changes:
    """Compare files with a revision; one that git does not know is new as a whole.

    Raises: UsageError without git, outside a repository, and for a revision that does not exist.
    """
    lines: dict[str, tuple[range, ...] | None] = {}
    then: dict[str, bytes] = {}
    bases: dict[Path, tuple[str, Mapping[str, str]]] = {}
    for file in files:
        root = _root(file)
        if root not in bases:
            commit = _commit(revision, root)
            bases[root] = (commit, _renames(commit, root))
        commit, renames = bases[root]
        name = file.resolve().relative_to(root).as_posix()
        before = renames.get(name, name)
        shown = _git(["show", "--no-textconv", f"{commit}:{before}"], root)
        if shown.returncode:
            lines[str(file)] = None
            continue
        then[str(file)] = shown.stdout
        lines[str(file)] = _changed_lines(commit, before, name, root)
    return Changes(lines, then)


def file_then(revision: str, file: Path) -> bytes | None:
    """A file as it was; None where git did not know it."""
    try:
        root = _root(file)
        commit = _commit(revision, root)
    except UsageError:
        return None
    name = file.resolve().relative_to(root).as_posix()
    shown = _git(["show", "--no-textconv", f"{commit}:{name}"], root)
    return None if shown.returncode else shown.stdout


def export_folder(revision: str, folder: Path, target: Path) -> Path | None:
    """Put a folder as it was into `target`; give where it is there, None where git did not know it."""
    root = _root(folder / "any")
    name = folder.resolve().relative_to(root).as_posix()
    packed = _git(["archive", "--format=tar", _commit(revision, root), "--", name], root)
    if packed.returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(target, filter="data")
    return target / name


def _git(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.run(  # noqa: S603 (no shell; revisions and names are never options)
            [*_GIT, *arguments], cwd=folder, env=environment, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise UsageError(_OPTION, "there is no git here.", "Install git, or leave the option out.") from error


def _root(file: Path) -> Path:
    folder = file.resolve().parent
    found = _git(["rev-parse", "--show-toplevel"], folder) if folder.is_dir() else None
    if found is None or found.returncode:
        raise UsageError(
            _OPTION,
            f"{file} is in no git repository.",
            "Leave the option out, or give files of a repository.",
        )
    return Path(os.fsdecode(found.stdout.rstrip(b"\n"))).resolve()


def _commit(revision: str, root: Path) -> str:
    found = _git(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], root)
    if found.returncode or not revision:
        fix = "Name a commit, branch or tag; a shallow clone may lack it: fetch it first."
        raise UsageError(_OPTION, f"{revision!r} is no revision of {root}.", fix)
    return found.stdout.decode().strip()


def _renames(commit: str, root: Path) -> dict[str, str]:
    """The old name of each file that was renamed."""
    found = _git(["diff", "--name-status", "-z", "--find-renames", "--diff-filter=R", commit, "--"], root)
    fields = os.fsdecode(found.stdout).split("\0")
    return {fields[n + 2]: fields[n + 1] for n in range(0, len(fields) - 2, 3)}


def _changed_lines(commit: str, before: str, name: str, root: Path) -> tuple[range, ...]:
    names = [before, name] if before != name else [name]
    options = ["--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "--find-renames"]
    found = _git(["diff", *options, commit, "--", *names], root)
    hunks = _HUNK.finditer(found.stdout.decode("utf-8", "replace"))
    ranges = [(int(hunk[1]), int(hunk[2] or 1)) for hunk in hunks]
    return tuple(range(start, start + count) for start, count in ranges if count)
