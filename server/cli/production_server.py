"""The application on granian: web processes that serve requests until a signal ends them."""

import dataclasses
import http.client
import logging
import math
import multiprocessing
import os
import resource
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from sauran.kg.model.errors import ReleaseError, UsageError
from sauran.kg.processes.sandbox import die_with_parent
from sauran.kg.release.release import current_release
from sauran.server.cli.app import create_app
from sauran.server.http.access_log import open_access_log
from sauran.server.http.assets import read_assets
from sauran.server.http.metrics import MetricsExporter, SharedCounters
from sauran.server.http.middleware import TRANSFER_SLOTS
from sauran.server.http.services import services
from sauran.server.http.settings import Settings, as_environment, read_settings

__all__ = ["application", "serve"]

# Threads in addition to those of running and waiting queries, validations and slow transfers.
_SPARE_THREADS = 32
# Idle connections stay open until header_timeout_s; each takes little memory.
_CONNECTIONS = 4096
_HEADER_BYTES = 128 * 1024  # hyper accepts URLs up to 64 KiB and 100 headers
_FILES = 65_536
_MOST_RESTARTS, _WITHIN_S = 5, 10.0
_EXPORT_S = 1.0
_NO_EDITOR = (
    "The query editor is not built, so the SPARQL page has a plain form. "
    "To build it, install again with Node and npm, or with access to PyPI: docs/how-to/run-a-server.md"
)
_LOGGING = {
    "handlers": {
        # Messages go to standard error; granian's default mixes them with results on standard output.
        name: {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
        for name in ("console", "access")
    }
}


def serve(
    settings: Settings, releases: Path, say: Callable[[str], object] = lambda line: click.echo(line, err=True)
) -> None:
    """Serve the current release of `releases` until SIGINT or SIGTERM; `say` is called when it is ready.

    Raises: ReleaseError when there is no release, UsageError when the port is not available.
    """
    release = current_release(releases)
    if release is None:
        raise ReleaseError(str(releases), "holds no release yet.", "Run: sauran build")
    settings = dataclasses.replace(settings, releases=releases.resolve())
    log = open_access_log(settings.access_log)
    if log:
        log.close()  # this only checks the setting: each web process opens the log itself
    address = _check_port(settings)
    _allow_many_files()
    os.environ.update(as_environment(settings))
    # Spawned on every platform: a forked process would inherit threads and open stores.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "sauran.server.cli.production_server:application",
        address=address,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        # Granian has no header timeout for HTTP/2, and without TLS browsers do not use it.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(settings.header_timeout_s * 1000), max_buffer_size=_HEADER_BYTES
        ),
        backpressure=_CONNECTIONS,
        blocking_threads=settings.query_processes
        + settings.query_waiting
        + settings.validate_processes
        + TRANSFER_SLOTS
        + _SPARE_THREADS,
        workers_kill_timeout=math.ceil(settings.stop_timeout_s),
        respawn_failed_workers=True,
        log_level=LogLevels.error,  # its warnings only suggest numbers of threads
        log_dictconfig=_LOGGING,
        websockets=False,
    )
    titles = release.manifest["publication"]["title"]
    title = titles.get("en") or next(iter(titles.values()))
    line = f"Serving {title} {release.version} at {settings.address}"
    lines = [line] if read_assets().files else [line, _NO_EDITOR]
    threading.Thread(target=_announce, args=(address, settings.port, lines, say), daemon=True).start()
    server.respawned_wrks = _Restarts()
    server.serve(target_loader=partial(_load, SharedCounters.shared(settings.workers)), wrap_loader=False)


def application(counters: SharedCounters | None = None) -> Flask:
    """The application for any WSGI server; settings come from SAURAN_… variables."""
    logging.basicConfig(level=logging.INFO, format="[%(levelname)s] %(name)s: %(message)s")
    return create_app(read_settings(os.environ), counters)


class _Restarts(dict[int, float]):
    """The times at which web processes were restarted, from which granian decides to give up.

    Granian stops the server when a process has to be restarted twice within seconds. Here it takes five
    restarts, so that an attack that crashes a process twice does not stop the server.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: deque[float] = deque(maxlen=_MOST_RESTARTS)

    def __setitem__(self, worker: int, moment: float) -> None:
        self._last.append(moment)
        super().__setitem__(worker, moment)

    def clear(self) -> None:
        """Keep the times, which granian clears at each restart."""

    def get(self, worker: int, default: float = 0.0) -> float:  # type: ignore[override]
        """When a process was restarted, if there were too many restarts recently; else the default."""
        too_many = len(self._last) == _MOST_RESTARTS and self._last[-1] - self._last[0] < _WITHIN_S
        return super().get(worker, default) if too_many else default


def _load(counters: SharedCounters) -> Flask:
    # Granian's own loader would put the working folder first on Python's path.
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        die_with_parent(parent.pid)
    app = application(counters)
    # Another process may be asked for the metrics, so this one exports its own regularly.
    exporter = services(app).metrics.exporter
    threading.Thread(target=_export_regularly, args=(exporter,), name="metrics", daemon=True).start()
    return app


def _export_regularly(exporter: MetricsExporter) -> None:
    while True:
        time.sleep(_EXPORT_S)
        exporter.export()


def _allow_many_files() -> None:
    """Raise the limit of open files, and so of connections, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _check_port(settings: Settings) -> str:
    """Check that the port is free, which granian does not, and return the numeric address."""
    where = f"{settings.host}:{settings.port}"
    try:
        # Granian accepts numeric addresses only.
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise UsageError(where, f"{error.strerror}.", "Choose another with --host or --port.") from error
    return str(address[0])


def _announce(address: str, port: int, lines: list[str], say: Callable[[str], object]) -> None:
    """Poll until the server answers, then announce it."""
    # The unspecified address is not one to connect to; the loopback address is.
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
    while not _answers(reachable, port):
        time.sleep(0.05)
    for line in lines:
        say(line)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
