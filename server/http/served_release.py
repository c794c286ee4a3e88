"""The release that is served: opened once, and replaced when a newer one has been published."""

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
    """An open release with its query processes; each request is answered from one.

    `names` caches the quads that name a thing, by its IRI, because pages read them often.
    """

    release: Release
    pool: Pool
    quads: QuadFile
    links: Links
    context: dict[str, Any]
    names: dict[str, tuple[Quad, ...]] = field(default_factory=dict, compare=False)

    @property
    def publication(self) -> dict[str, Any]:
        """The part of publication.toml that the manifest contains."""
        return dict(self.release.manifest["publication"])

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the content."""
        return dict(self.release.manifest["prefixes"])

    @property
    def graphs(self) -> dict[str, int]:
        """The number of triples of each named graph."""
        return {graph["iri"]: graph["triples"] for graph in self.release.manifest["graphs"]}

    @cached_property
    def search(self) -> Searcher:
        """Its search index, opened at the first search."""
        return Searcher(self.release.folder)

    @cached_property
    def kept(self) -> tuple[KeptRelease, ...]:
        """The published releases in the same folder, the oldest first; this one may be among them."""
        return kept_releases(self.release.folder.parent, self.release.base)

    @cached_property
    def versions_before(self) -> dict[str, list[str]]:
        """The earlier versions that contain each dataset, by slug."""
        return versions_before(self.release.manifest, self.kept)

    @cached_property
    def claims_since(self) -> dict[str, str]:
        """The day since which the claims of each dataset are unchanged, by slug."""
        return stated_since(self.release.manifest, self.kept)

    @cached_property
    def dumps_of_graphs(self) -> dict[str, str]:
        """The name of the dump that contains only one graph, by the graph's IRI."""
        base = self.links.base
        names = {f"{base}graph/{name}": name for name in ("ontology", "shapes", "alignments")}
        for dataset in self.publication["datasets"]:
            names[dataset["graph"]] = dataset["slug"]
            names[dataset["derived_graph"]] = f"{dataset['slug']}-derived"
        dumped = {entry.get("dump") for entry in self.release.files.values()}
        return {graph: name for graph, name in names.items() if name in dumped}

    def dump_path(self, name: str, wanted: Format) -> str:
        """The path of a dump below the release's folder."""
        return f"dumps/{name}.{wanted.suffix}"

    def dumped_in(self, name: str) -> tuple[Format, ...]:
        """The formats of a dump; older releases lack formats that were added later."""
        return tuple(known for known in RDF_FORMATS if self.dump_path(name, known) in self.release.files)


def open_served_release(release: Release, site: str, limits: QueryLimits, size: PoolSize) -> ServedRelease:
    """Open a release to be served at an address, with query processes of its own.

    Raises: ReleaseError when a part is missing or cannot be read, or when the processes do not start.
    """
    lost = release.losses()
    if lost:
        some = ", ".join(lost[:_MOST_NAMED]) + (", …" if len(lost) > _MOST_NAMED else "")
        raise ReleaseError(str(release.folder), f"is incomplete: {some}.", "Build it again.")
    dumps = release.folder / "dumps"
    context: dict[str, Any] = {}
    if (dumps / "context.jsonld").is_file():
        context = json.loads((dumps / "context.jsonld").read_bytes())["@context"]
    quads = QuadFile(dumps / "all.nq")
    links = Links(release.base, site)
    # The pool comes last, so that no process is started when a file cannot be read.
    return ServedRelease(release, Pool(release.folder, limits, size), quads, links, context)


_LOG = logging.getLogger(__name__)
_GRACE_S = 5
_MIB = 1024 * 1024
_KEPT_FOR_LIGHT = 2  # processes reserved for clients with light queries


class CurrentRelease:
    """Follows `releases/current`; serves the last good release until the next one is open."""

    releases: Path

    def __init__(self, settings: Settings) -> None:
        """Open the current release.

        Raises: ReleaseError when there is none, or it cannot be opened.
        """
        self.releases, self._settings = settings.releases, settings
        self._link = os.fspath(settings.releases / CURRENT)  # read by every request: a Path would be slower
        self._opening = threading.Lock()
        self._mark = self._look()
        self._served_release = self._open()

    def served_release(self) -> ServedRelease:
        """The release to answer from; costs one lstat when nothing has changed."""
        mark = self._look()
        # A large release takes long to open: meanwhile requests are answered from the last one.
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
            # Requests that began with the last release may still query it, and may wait before they do.
            time.sleep(self._settings.query_timeout_s + self._settings.query_wait_s + _GRACE_S)
            last.pool.close()

    def _look(self) -> tuple[int, int] | None:
        """The identity of the link `current`: publishing always makes a new link."""
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
                str(release.folder), f"cannot be opened: {error}.", "Build it again."
            ) from error


def _limits(settings: Settings) -> QueryLimits:
    """The limits of one query."""
    return QueryLimits(
        settings.query_timeout_s,
        settings.query_memory_mb,
        settings.query_max_rows,
        settings.query_max_mb * _MIB,
        keep_sockets=bool(settings.service_allow),
    )


def _pool_size(settings: Settings) -> PoolSize:
    """The number of query processes of a web process, and the limits of waiting queries."""
    return PoolSize(
        processes=settings.query_processes,
        kept_for_light=min(_KEPT_FOR_LIGHT, settings.query_processes - 1),
        most_waiting=settings.query_waiting,
        wait_s=settings.query_wait_s,
        buffer_bytes=settings.buffer_mb * _MIB,
    )
