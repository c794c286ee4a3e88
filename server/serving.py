"""The application on granian: processes that serve, until a signal ends them."""

import dataclasses
import http.client
import logging
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from kg.errors import ReleaseError, UsageError
from kg.release import current_release
from server.app import create_app
from server.settings import Settings, as_environment, read_settings

__all__ = ["application", "serve"]

_THREADS = 16  # per process; the engine lets others run while it works
_KILL_AFTER_S = 5  # a query that runs on must not hold up the end
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
    address = _claim_port(settings)
    os.environ.update(as_environment(settings))
    # Fresh processes on every Python: a forked one would inherit threads and open stores.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "server.serving:application",
        address=address,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=_THREADS,
        workers_kill_timeout=_KILL_AFTER_S,
        respawn_failed_workers=True,
        log_level=LogLevels.error,  # its warnings are advice about threads
        log_dictconfig=_LOGGING,
        websockets=False,
    )
    titles = release.manifest["publication"]["title"]
    title = titles.get("en") or next(iter(titles.values()))
    line = f"Serving {title} {release.version} at {settings.address}"
    threading.Thread(target=_announce, args=(address, settings.port, line, say), daemon=True).start()
    server.serve(target_loader=_load, wrap_loader=False)


def application() -> Flask:
    """The application for any WSGI server; settings come from SAURAN_… variables."""
    logging.basicConfig(level=logging.INFO, format="[%(levelname)s] %(name)s: %(message)s")
    return create_app(read_settings(os.environ))


def _load() -> Flask:
    # Granian's own loader puts the working folder before all others on Python's path.
    return application()


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


def _announce(address: str, port: int, line: str, say: Callable[[str], object]) -> None:
    """Ask until the server answers, then say so."""
    # Whoever listens everywhere listens here too.
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
    while not _answers(here, port):
        time.sleep(0.05)
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
