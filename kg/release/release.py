"""The release folder: manifest, integrity check and atomic publishing."""

import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sauran.kg.loading.dumps import ReleaseFile, write_file
from sauran.kg.loading.store import Answer, Store
from sauran.kg.model.errors import ReleaseError
from sauran.kg.sparql.query_checks import check_query

__all__ = [
    "CURRENT",
    "Release",
    "current_release",
    "lock_releases",
    "make_current",
    "open_release",
    "publish",
    "seal",
    "workplace",
]

CURRENT = "current"
_MANIFEST, _SUMS, _STORE = "manifest.json", "SHA256SUMS", "store"
_DRAFTS_KEPT = 3  # the one being served, the one before, and one to compare with


@dataclass(frozen=True)
class Release:
    """A complete, immutable release folder; `manifest` is the content of its manifest.json."""

    folder: Path
    manifest: MappingProxyType[str, Any]

    @classmethod
    def open(cls, folder: Path) -> "Release":
        """Open a release folder.

        Raises: ReleaseError when it has no readable manifest.
        """
        # Resolved once: `current` may point elsewhere a moment later.
        real = folder.resolve()
        try:
            manifest = json.loads((real / _MANIFEST).read_bytes())
        except (OSError, ValueError) as error:
            raise ReleaseError(str(folder), "is not a complete release.", "Run: sauran build") from error
        return cls(real, MappingProxyType(manifest))

    @property
    def version(self) -> str:
        """The version; that of a draft has -dev. and the digest of the input."""
        return str(self.manifest["version"])

    @property
    def base(self) -> str:
        """The base of its identifiers."""
        return str(self.manifest["publication"]["base"])

    @property
    def modified(self) -> datetime.date | None:
        """The latest date of change that one of its datasets states."""
        datasets = self.manifest.get("publication", {}).get("datasets", ())
        days = [datetime.date.fromisoformat(found["modified"]) for found in datasets if "modified" in found]
        return max(days, default=None)

    @property
    def union_triples(self) -> int:
        """The number of distinct triples in all graphs."""
        # Older releases do not have this number.
        return int(self.manifest.get("union_triples", self._all_triples))

    @property
    def _all_triples(self) -> int:
        return sum(graph["triples"] for graph in self.manifest["graphs"])

    @cached_property
    def files(self) -> dict[str, dict[str, Any]]:
        """The manifest entry of each file, by path relative to the folder."""
        return {entry["path"]: entry for entry in self.manifest["files"]}

    @property
    def dumps(self) -> tuple[ReleaseFile, ...]:
        """The dumps, one file for each dataset, format and compression; paths are relative to `folder`."""
        return tuple(ReleaseFile.of_dict(entry) for entry in self.manifest["files"] if "dump" in entry)

    def query(self, text: str) -> Answer:
        """Answer a SPARQL query; the store is opened by the first one and stays open.

        Shape: the answer is read once: `rows()` of a SELECT, tuples of terms or None in the order of
        `variables`; `bool()` of an ASK; `triples()` of a CONSTRUCT or DESCRIBE. Without a dataset in the
        query the default graph is the union of all graphs.
        Raises: QueryError when the query does not parse, is an update or names a service.
        Source: SPARQL 1.1 Query Language, section 16 (query forms).

        >>> release = open_release("releases")
        >>> claim = "https://w3id.org/sauran/ontology#Claim"
        >>> answer = release.query(f"SELECT (COUNT(*) AS ?claims) {{ ?c a <{claim}> }}")
        >>> answer.variables
        ('claims',)
        >>> [claims.value for (claims,) in answer.rows()]
        ['2']
        >>> bool(release.query("ASK { ?s ?p ?o }"))
        True
        """
        check_query(text)
        return self._opened.query(text)

    @cached_property
    def _opened(self) -> Store:
        return self.store()

    def store(self) -> Store:
        """Open the store: from its folder if the release has one, else from N-Quads in memory."""
        merged = self.union_triples < self._all_triples
        if (self.folder / _STORE).is_dir():
            return Store.of_folder(self.folder / _STORE, merged=merged)
        return Store.of_file(self.folder / "dumps" / "all.nq", merged=merged)

    def losses(self) -> list[str]:
        """The paths of files that are missing or of another size than the manifest says: a quick look."""
        return [path for path, entry in self.files.items() if _size(self.folder / path) != entry["bytes"]]

    def faults(self) -> list[str]:
        """The paths that are missing or differ from SHA256SUMS."""
        wrong = []
        for line in (self.folder / _SUMS).read_text("utf-8").splitlines():
            digest, path = line.split("  ", 1)
            file = self.folder / path
            if not file.is_file() or _digest(file) != digest:
                wrong.append(path)
        return wrong


def current_release(releases: Path) -> Release | None:
    """Open the newest release; None if there is none yet."""
    return Release.open(releases / CURRENT) if (releases / CURRENT).is_symlink() else None


def open_release(releases: str | os.PathLike[str], version: str | None = None) -> Release:
    """Open a release of a folder of releases: the current one, or that of a version.

    Shape: `releases` is the folder that builds write to; `version` is the name of one of its releases, such
    as "1.0.0". Files are read when they are first needed.
    Raises: ReleaseError when the folder holds no release yet, or not that version.

    >>> release = open_release("releases")
    >>> release.version
    '0.1-dev...'
    >>> release.manifest["draft"]
    True
    >>> [dump.path for dump in release.dumps if dump.dump == "all" and dump.format == "turtle"]
    ['dumps/all.ttl', 'dumps/all.ttl.gz']
    """
    folder = Path(releases)
    if version is not None:
        return Release.open(folder / version)
    release = current_release(folder)
    if release is None:
        raise ReleaseError(str(folder), "holds no release yet.", "Run: sauran build")
    return release


@contextlib.contextmanager
def lock_releases(releases: Path) -> Iterator[None]:
    """Lock `releases` for one build; others wait. The lock ends with its process."""
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in releases.glob(".building-*"):
            shutil.rmtree(left)
        for left in releases.glob(".current-*"):
            left.unlink()
        yield


@contextlib.contextmanager
def workplace(releases: Path) -> Iterator[Path]:
    """Provide an empty folder beside the releases, which is removed afterwards.

    Raises: ReleaseError where it cannot be written, as on a full disk.
    """
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=".building-", dir=releases))
        folder.chmod(0o755)
        yield folder
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ReleaseError(
            str(releases), f"cannot be written: {why}.", "Make room; the last release stays in use."
        ) from error
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def seal(folder: Path, manifest: dict[str, Any], files: Sequence[ReleaseFile]) -> None:
    """Write manifest and checksums, and sync all files to disk."""
    listed = {**manifest, "files": [file.as_dict() for file in sorted(files, key=lambda f: f.path)]}
    text = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
    own = write_file(folder, _MANIFEST, text.encode(), "application/json")
    sums = sorted((file.path, file.sha256) for file in (*files, own))
    (folder / _SUMS).write_text("".join(f"{digest}  {path}\n" for path, digest in sums), "utf-8")
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def publish(folder: Path, releases: Path, version: str) -> Release:
    """Move a sealed folder into place and point `current` at it: two renames, each atomic."""
    target = releases / version
    if target.exists():
        # Only a damaged draft gets here: a complete one is reused, a released one is refused before.
        shutil.rmtree(target)
    folder.rename(target)
    _sync(releases)
    make_current(releases, version)
    return Release.open(target)


def make_current(releases: Path, version: str) -> None:
    """Point `current` at a version, and remove the oldest drafts."""
    link = releases / f".current-{os.getpid()}"
    link.symlink_to(version)
    link.replace(releases / CURRENT)
    _sync(releases)
    drafts = [path for path in releases.glob("*-dev.*") if path.name != version]
    drafts.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in drafts[_DRAFTS_KEPT - 1 :]:
        # Renamed first: nobody sees a release with half its files.
        gone = releases / f".building-{old.name}"
        old.rename(gone)
        shutil.rmtree(gone)


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
