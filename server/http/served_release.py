"""The release in use: opened once, unchanging, swapped at a request when the next one is whole."""

import json
import logging
import os
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from sauran.kg.model.errors import ReleaseError, SauranError
from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.release.release import CURRENT, Release, current_release
from sauran.kg.release.release_history import KeptRelease, kept_releases, stated_since, versions_before
from sauran.kg.search.searcher import Searcher
from sauran.server.http.links import Links
from sauran.server.http.quads_by_subject import QuadFile
from sauran.server.http.settings import Settings
from sauran.server.query.pool import Pool, PoolSize
from sauran.server.query.question import QueryLimits

__all__ = ["CurrentRelease", "ServedRelease", "open_served_release"]

_MOST_NAMED = 5


@dataclass(frozen=True)
class ServedRelease:
    """What every answer of one request is made from.

    `names` keeps what pages read again and again: the quads that name a thing, by its IRI.
    """

    release: Release
    pool: Pool
    quads: QuadFile
    links: Links
    context: dict[str, Any]
    names: dict[str, tuple[Quad, ...]] = field(default_factory=dict, compare=False)

    @property
    def publication(self) -> dict[str, Any]:
        """What the manifest keeps of publication.toml."""
        return dict(self.release.manifest["publication"])

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the content."""
        return dict(self.release.manifest["prefixes"])

    @property
    def graphs(self) -> dict[str, int]:
        """How many triples each named graph holds."""
        return {graph["iri"]: graph["triples"] for graph in self.release.manifest["graphs"]}

    @cached_property
    def search(self) -> Searcher:
        """Its search index; not opened before something is searched."""
        return Searcher(self.release.folder)

    @cached_property
    def kept(self) -> tuple[KeptRelease, ...]:
        """The finished releases that are kept beside it, itself perhaps one of them, the oldest first."""
        return kept_releases(self.release.folder.parent, self.release.base)

    @cached_property
    def versions_before(self) -> dict[str, list[str]]:
        """The versions before this one that each dataset is in, by slug."""
        return versions_before(self.release.manifest, self.kept)

    @cached_property
    def claims_since(self) -> dict[str, str]:
        """Since which day the claims of each dataset are published as they are, by slug."""
        return stated_since(self.release.manifest, self.kept)

    @cached_property
    def dumps_of_graphs(self) -> dict[str, str]:
        """The name of the dump that holds just one graph, by the graph's IRI."""
        base = self.links.base
        names = {f"{base}graph/{name}": name for name in ("ontology", "shapes", "alignments")}
        for dataset in self.publication["datasets"]:
            names[dataset["graph"]] = dataset["slug"]
            names[dataset["derived_graph"]] = f"{dataset['slug']}-derived"
        there = {entry.get("dump") for entry in self.release.files.values()}
        return {graph: name for graph, name in names.items() if name in there}

    def dump_path(self, name: str, wanted: Format) -> str:
        """The path of a dump below the release's folder."""
        return f"dumps/{name}.{wanted.suffix}"

    def dumped_in(self, name: str) -> tuple[Format, ...]:
        """The formats of a dump: a release made before there was a format has none in it."""
        return tuple(known for known in RDF_FORMATS if self.dump_path(name, known) in self.release.files)


def open_served_release(release: Release, site: str, limits: QueryLimits, size: PoolSize) -> ServedRelease:
    """Open a release to be served at an address, with query processes of its own.

    Raises: ReleaseError when a part of it is missing or cannot be read, or its processes do not start.
    """
    lost = release.losses()
    if lost:
        some = ", ".join(lost[:_MOST_NAMED]) + (", …" if len(lost) > _MOST_NAMED else "")
        raise ReleaseError(str(release.folder), f"is not whole: {some}.", "Build it anew.")
    dumps = release.folder / "dumps"
    context: dict[str, Any] = {}
    if (dumps / "context.jsonld").is_file():
        context = json.loads((dumps / "context.jsonld").read_bytes())["@context"]
    quads = QuadFile(dumps / "all.nq")
    links = Links(release.base, site)
    # Last: what cannot be read starts no process.
    return ServedRelease(release, Pool(release.folder, limits, size), quads, links, context)


_LOG = logging.getLogger(__name__)
_GRACE_S = 5
_MIB = 1024 * 1024
_KEPT_FOR_LIGHT = 2  # processes that clients with heavy queries never hold all at once


class CurrentRelease:
    """The served release of `releases/current`; goes on with the last good one until the next is opened."""

    releases: Path

    def __init__(self, settings: Settings) -> None:
        """Open the current release.

        Raises: ReleaseError when there is none, or it cannot be opened.
        """
        self.releases, self._settings = settings.releases, settings
        self._link = os.fspath(settings.releases / CURRENT)  # looked at by every request: no Path
        self._opening = threading.Lock()
        self._mark = self._look()
        self._served_release = self._open()

    def served_release(self) -> ServedRelease:
        """The release to answer from; one lstat where nothing has changed."""
        mark = self._look()
        # A large release takes long to open: nobody waits for it, everybody is answered from the last.
        if mark != self._mark and mark is not None and self._opening.acquire(blocking=False):
            self._mark = mark  # also when it cannot be opened: one attempt, one line in the log
            threading.Thread(target=self._change, name="next release", daemon=True).start()
        return self._served_release

    def close(self) -> None:
        """End the query processes."""
        self._served_release.pool.close()

    def _change(self) -> None:
        last = self._served_release
        try:
            self._served_release = self._open()
            _LOG.info("now serving release %s", self._served_release.release.version)
        except SauranError as error:
            _LOG.error("still serving release %s: %s", last.release.version, error)
        finally:
            self._opening.release()
        if self._served_release is not last:
            # Requests that began with the last release may still ask it, and may wait before they do.
            time.sleep(self._settings.query_timeout_s + self._settings.query_wait_s + _GRACE_S)
            last.pool.close()

    def _look(self) -> tuple[int, int] | None:
        """Which link `current` is: publishing always makes a new one."""
        try:
            status = os.lstat(self._link)
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def _open(self) -> ServedRelease:
        release = current_release(self.releases)
        if release is None:
            raise ReleaseError(str(self.releases), "holds no release yet.", "Run: sauran build")
        try:
            return open_served_release(
                release, self._settings.address, _limits(self._settings), _pool_size(self._settings)
            )
        except (OSError, ValueError, KeyError) as error:
            raise ReleaseError(
                str(release.folder), f"cannot be opened: {error}.", "Build it anew."
            ) from error


def _limits(settings: Settings) -> QueryLimits:
    """What one query may take."""
    return QueryLimits(
        settings.query_timeout_s,
        settings.query_memory_mb,
        settings.query_max_rows,
        settings.query_max_mb * _MIB,
        keep_sockets=bool(settings.service_allow),
    )


def _pool_size(settings: Settings) -> PoolSize:
    """How many query processes a web process has, and how long it lets queries wait."""
    return PoolSize(
        processes=settings.query_processes,
        kept_for_light=min(_KEPT_FOR_LIGHT, settings.query_processes - 1),
        most_waiting=settings.query_waiting,
        wait_s=settings.query_wait_s,
        buffer_bytes=settings.buffer_mb * _MIB,
    )
