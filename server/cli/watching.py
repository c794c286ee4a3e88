"""Building again when content changes, in a process of its own."""

import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

from sauran.kg.publication.package_paths import ontology_folder, shapes_folder
from sauran.server.cli.streams import echo_message

__all__ = ["Watcher"]

_TICK_S = 0.5
_WATCHED = (".ttl", ".toml", ".rq")

_Look = dict[Path, tuple[int, int]]


class Watcher:
    """Looks at the content files twice a second; builds when they have changed and then stood still.

    Polling needs no library and works on every file system; a publication has some dozens of files.
    """

    def __init__(self, publication: Path, releases: Path) -> None:
        """Remember how the files look now, before the first build reads them."""
        self._publication, self._releases = publication, releases
        self._seen = self._look()
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
            # A build may be killed at any moment: it publishes by one rename.
            self._building.terminate()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        built = self._seen
        while not self._stop.wait(_TICK_S):
            before, self._seen = self._seen, self._look()
            if self._seen != built and self._seen == before:
                built = self._seen
                self._build()

    def _build(self) -> None:
        echo_message("content changed: building")
        command = [sys.executable, "-P", "-m", "sauran", "build"]
        command += ["--publication", str(self._publication), "--releases", str(self._releases)]
        # Findings are talk here: standard output belongs to nobody who reads them.
        self._building = subprocess.Popen(command, stdout=sys.stderr.fileno())  # noqa: S603 (our own command)
        if self._building.wait() and not self._stop.is_set():
            echo_message("still serving the last good release", fg="yellow")

    def _look(self) -> _Look:
        folders = (self._publication.parent, ontology_folder(), shapes_folder())
        found: _Look = {}
        for folder in folders:
            for file in folder.rglob("*"):
                if file.suffix in _WATCHED:
                    try:
                        status = file.stat()
                    except FileNotFoundError:
                        continue  # an editor replaces files by renaming
                    found[file] = (status.st_mtime_ns, status.st_size)
        return found
