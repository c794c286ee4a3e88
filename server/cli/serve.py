"""`sauran serve`: the current release on the web; with --watch, builds when content changes."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

import click

from sauran.kg.publication.package_paths import ontology_folder, shapes_folder
from sauran.kg.publication.publication import find_publication
from sauran.kg.release.build import build
from sauran.kg.release.release import current_release
from sauran.server.cli.build import build_exit_code, report_build
from sauran.server.cli.options import publication_option, releases_option, setting_option
from sauran.server.cli.production_server import serve
from sauran.server.cli.streams import echo_message, show_progress
from sauran.server.http.settings import read_settings

__all__ = ["serve_command"]


@click.command("serve")
@setting_option("host")
@setting_option("port")
@setting_option("site")
@setting_option("workers")
@click.option(
    "--build", "build_first", is_flag=True, help="Build first if the content differs from the release."
)
@click.option("--watch", is_flag=True, help="Build first, and again whenever a content file changes.")
@publication_option
@releases_option
def serve_command(
    host: str | None,
    port: str | None,
    site: str | None,
    workers: str | None,
    build_first: bool,
    watch: bool,
    publication: Path | None,
    releases: Path,
) -> None:
    """Serve the current release: SPARQL endpoint, a page for every IRI, dumps.

    The release is read-only. When a newer one is published, the server switches to it without dropping a
    request. With --watch, the findings of a failed build are shown here, and the last good release stays
    online.

    Exit codes: 0 stopped; 1 violations and no release to serve; 2 unusable input or usage error.
    """
    settings = read_settings(
        os.environ,
        host=host,
        port=port,
        site=site,
        workers=workers,
        releases=releases,
        publication=publication,
    )
    if not (build_first or watch):
        serve(settings, settings.releases)
        return
    file = find_publication(settings.publication)
    watcher = Watcher(file, settings.releases) if watch else None
    with show_progress() as progress:
        result = build(file, settings.releases, progress=progress)
    report_build(result, as_json=False)
    if result.release is None:
        if current_release(settings.releases) is None:
            sys.exit(build_exit_code(result))
        echo_message("serving the last good release", fg="yellow")
    if watcher is None:
        serve(settings, settings.releases)
        return
    with watcher:
        serve(settings, settings.releases)


_POLL_S = 0.5
_WATCHED = (".ttl", ".toml", ".rq")

_Snapshot = dict[Path, tuple[int, int]]


class Watcher:
    """Polls the content files twice a second; builds when they have changed and are stable again.

    Polling needs no library and works on every file system; a publication has a few dozen files.
    """

    def __init__(self, publication: Path, releases: Path) -> None:
        """Remember the state of the files before the first build reads them."""
        self._publication, self._releases = publication, releases
        self._seen = self._take_snapshot()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._building: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._building and self._building.poll() is None:
            # A build may be killed at any time: it publishes with one rename.
            self._building.terminate()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        built = self._seen
        while not self._stop.wait(_POLL_S):
            before, self._seen = self._seen, self._take_snapshot()
            if self._seen != built and self._seen == before:
                built = self._seen
                self._build()

    def _build(self) -> None:
        echo_message("content changed: building")
        command = [sys.executable, "-P", "-m", "sauran", "build"]
        command += ["--publication", str(self._publication), "--releases", str(self._releases)]
        # A process of its own: a build does not slow down requests. Its findings are messages of the server.
        self._building = subprocess.Popen(command, stdout=sys.stderr.fileno())  # noqa: S603 (our own command)
        if self._building.wait() and not self._stop.is_set():
            echo_message("still serving the last good release", fg="yellow")

    def _take_snapshot(self) -> _Snapshot:
        folders = (self._publication.parent, ontology_folder(), shapes_folder())
        found: _Snapshot = {}
        for folder in folders:
            for file in folder.rglob("*"):
                if file.suffix in _WATCHED:
                    try:
                        status = file.stat()
                    except FileNotFoundError:
                        continue  # an editor replaces files by renaming
                    found[file] = (status.st_mtime_ns, status.st_size)
        return found
