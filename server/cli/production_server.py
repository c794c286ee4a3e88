"""The application on granian: processes that serve, until a signal ends them."""

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

# A request holds a thread while its query runs or waits, or its transfer is slow; so many stay for others.
_SPARE_THREADS = 32
# Whoever opens connections and says nothing holds them until header_timeout_s; each holds little memory.
_CONNECTIONS = 4096
_HEADER_BYTES = 128 * 1024  # hyper itself takes addresses up to 64 KiB and a hundred headers
_FILES = 65_536
_DEATHS, _WITHIN_S = 5, 10.0
_TICK_S = 1.0
_PLAIN = (
    "The query editor is not built: the SPARQL page has a plain form. "
    "With Node and npm, or PyPI, in reach, install anew; docs/how-to/run-a-server.md says more."
)
_LOGGING = {
    "handlers": {
        # Results go to standard output, talk to standard error; granian's own default mixes them.
        name: {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
        for name in ("console", "access")
    }
}


def serve(
    settings: Settings, releases: Path, say: Callable[[str], object] = lambda line: click.echo(line, err=True)
) -> None:
    """Serve the current release of `releases` until SIGINT or SIGTERM; says when it answers.

    Raises: ReleaseError where there is no release, UsageError where the port cannot be had.
    """
    release = current_release(releases)
    if release is None:
        raise ReleaseError(str(releases), "holds no release yet.", "Run: sauran build")
    settings = dataclasses.replace(settings, releases=releases.resolve())
    log = open_access_log(settings.access_log)
    if log:
        log.close()  # each process opens its own; here only the setting is checked
    address = _claim_port(settings)
    _allow_many_files()
    os.environ.update(as_environment(settings))
    # Fresh processes on every Python: a forked one would inherit threads and open stores.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "sauran.server.cli.production_server:application",
        address=address,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        # HTTP/2 would come without the time limit for headers, and only without encryption.
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
        log_level=LogLevels.error,  # its warnings are advice about threads
        log_dictconfig=_LOGGING,
        websockets=False,
    )
    titles = release.manifest["publication"]["title"]
    title = titles.get("en") or next(iter(titles.values()))
    line = f"Serving {title} {release.version} at {settings.address}"
    lines = [line] if read_assets().files else [line, _PLAIN]
    threading.Thread(target=_announce, args=(address, settings.port, lines, say), daemon=True).start()
    server.respawned_wrks = _Deaths()
    server.serve(target_loader=partial(_load, SharedCounters.shared(settings.workers)), wrap_loader=False)


def application(counters: SharedCounters | None = None) -> Flask:
    """The application for any WSGI server; settings come from SAURAN_… variables."""
    logging.basicConfig(level=logging.INFO, format="[%(levelname)s] %(name)s: %(message)s")
    return create_app(read_settings(os.environ), counters)


class _Deaths(dict[int, float]):
    """When web processes were started anew, by which granian tells that one cannot live.

    For granian two deaths within some seconds are enough to end all; here it takes more: whoever kills a
    process twice shall not stop the server.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: deque[float] = deque(maxlen=_DEATHS)

    def __setitem__(self, worker: int, moment: float) -> None:
        self._last.append(moment)
        super().__setitem__(worker, moment)

    def clear(self) -> None:
        """Granian forgets at each death what was before; we have our own list."""

    def get(self, worker: int, default: float = 0.0) -> float:  # type: ignore[override]
        """When a process was started anew, but only where too many were of late."""
        many = len(self._last) == _DEATHS and self._last[-1] - self._last[0] < _WITHIN_S
        return super().get(worker, default) if many else default


def _load(counters: SharedCounters) -> Flask:
    # Granian's own loader puts the working folder before all others on Python's path.
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        die_with_parent(parent.pid)
    app = application(counters)
    # Who reads the metrics in another process is told what runs here now.
    exporter = services(app).metrics.exporter
    threading.Thread(target=_keep_looking, args=(exporter,), name="metrics", daemon=True).start()
    return app


def _keep_looking(exporter: MetricsExporter) -> None:
    while True:
        time.sleep(_TICK_S)
        exporter.export()


def _allow_many_files() -> None:
    """Let this process and its children have as many connections as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _claim_port(settings: Settings) -> str:
    """Give the numeric address, having found out that the port is free: granian itself would share it."""
    where = f"{settings.host}:{settings.port}"
    try:
        # Granian takes numbers only.
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise UsageError(where, f"{error.strerror}.", "Choose another with --host or --port.") from error
    return str(address[0])


def _announce(address: str, port: int, lines: list[str], say: Callable[[str], object]) -> None:
    """Ask until the server answers, then say so."""
    # Whoever listens everywhere listens here too.
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
    while not _answers(here, port):
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
