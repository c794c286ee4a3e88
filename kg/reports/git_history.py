"""Git: the files of a revision, what changed since, and the findings that the changes caused.

Runs nothing that the repository configures.
"""

import io
import os
import re
import subprocess
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import Finding
from sauran.kg.reports.fingerprints import fingerprints_of

__all__ = ["Changes", "History", "Repository", "changes_since", "concerned_by"]

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
_LINK, _MODULE = "120000", "160000"
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@dataclass(frozen=True)
class Repository:
    """One repository and a commit of it; names of files are relative to its root."""

    root: Path
    commit: str

    @cached_property
    def blobs(self) -> dict[str, tuple[str, str]]:
        """Mode and object of each file of the commit; other repositories inside are left out."""
        listed = os.fsdecode(self.ask("ls-tree", "-r", "-z", "--full-tree", self.commit)).split("\0")
        entries = (entry.partition("\t") for entry in listed if entry)
        blobs = {name: fields.split(" ") for fields, _, name in entries}
        return {name: (mode, blob) for name, (mode, _, blob) in blobs.items() if mode != _MODULE}

    @property
    def has_links(self) -> bool:
        """Whether a file of the commit is a link."""
        return any(mode == _LINK for mode, _ in self.blobs.values())

    @cached_property
    def renames(self) -> dict[str, str]:
        """The old name of each file that was renamed since."""
        options = ("--name-status", "-z", "--find-renames", "--diff-filter=R", "--no-ext-diff")
        fields = os.fsdecode(self.ask("diff", *options, self.commit, "--")).split("\0")
        return {fields[n + 2]: fields[n + 1] for n in range(0, len(fields) - 2, 3)}

    @cached_property
    def differing(self) -> frozenset[str]:
        """The files that differ from the revision."""
        options = ("--name-only", "-z", "--no-renames", "--no-ext-diff")
        return frozenset(os.fsdecode(self.ask("diff", *options, self.commit, "--")).split("\0"))

    def name_of(self, file: Path) -> str:
        """The name of a file, links followed."""
        return file.resolve().relative_to(self.root).as_posix()

    def read(self, name: str) -> bytes:
        """A file as it was."""
        return self.ask("cat-file", "blob", self.blobs[name][1])

    def lay_out(self, names: Iterable[str], target: Path) -> None:
        """Make empty files of these names below a folder, and the links that lead to such."""
        for name in names:
            there = target / name
            there.parent.mkdir(parents=True, exist_ok=True)
            mode, _ = self.blobs[name]
            if mode != _LINK:
                there.touch()
                continue
            goal = os.fsdecode(self.read(name))
            inside = os.path.normpath(PurePosixPath(name).parent / goal)
            if not goal.startswith("/") and inside != ".." and not inside.startswith("../"):
                there.symlink_to(goal)

    def export(self, folder: Path, target: Path) -> Path | None:
        """Export a folder of the revision into `target`; return its path, or None if it was missing."""
        name = self.name_of(folder)
        packed = _git(["archive", "--format=tar", self.commit, "--", name], self.root)
        if packed.returncode:
            return None
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(target, filter="data")
        return target / name

    def ask(self, *arguments: str) -> bytes:
        """The output of git; empty if it fails."""
        return _git(arguments, self.root).stdout


class History:
    """A revision, in all the repositories that files are in."""

    def __init__(self, revision: str) -> None:
        self._revision = revision
        self._roots: dict[Path, Path] = {}
        self._repositories: dict[Path, Repository] = {}

    def repository(self, file: Path) -> Repository:
        """The repository of a file.

        Raises: UsageError without git, outside a repository, and for a revision that does not exist.
        """
        folder = file.resolve().parent
        if folder not in self._roots:
            self._roots[folder] = _root(file, folder)
        root = self._roots[folder]
        if root not in self._repositories:
            self._repositories[root] = Repository(root, _commit(self._revision, root))
        return self._repositories[root]

    def known(self, folder: Path) -> Repository | None:
        """The repository that a folder is in, of those asked for before."""
        around = (folder, *folder.parents)
        return next((self._repositories[path] for path in around if path in self._repositories), None)


def _git(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.run(  # noqa: S603 (no shell; revisions and names are never options)
            [*_GIT, *arguments], cwd=folder, env=environment, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise UsageError(_OPTION, "git is not installed.", "Install git, or leave the option out.") from error


def _root(file: Path, folder: Path) -> Path:
    found = _git(["rev-parse", "--show-toplevel"], folder) if folder.is_dir() else None
    if found is None or found.returncode:
        raise UsageError(
            _OPTION,
            f"{file} is not in a git repository.",
            "Leave the option out, or give files of a repository.",
        )
    return Path(os.fsdecode(found.stdout.rstrip(b"\n"))).resolve()


def _commit(revision: str, root: Path) -> str:
    found = _git(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], root)
    if found.returncode or not revision:
        fix = "Name a commit, branch or tag; a shallow clone may lack it: fetch it first."
        raise UsageError(_OPTION, f"{revision!r} is not a revision of {root}.", fix)
    return found.stdout.decode().strip()


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
