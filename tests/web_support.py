"""What the tests of the web side use to start applications and servers; holds no test."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from support import free_port
from werkzeug.test import TestResponse

from sauran.kg.release.build import build
from sauran.server.cli.app import create_app
from sauran.server.http.services import services
from sauran.server.http.settings import read_settings

__all__ = [
    "Client",
    "Site",
    "built_harbour_at",
    "client_over",
    "harbour_at",
    "publication_at",
    "running_server",
    "start_server",
]

CHECKOUT = Path(__file__).parent.parent
_HARBOUR = CHECKOUT / "tests/publications/harbour"
# What was built for ports that nobody uses at the moment.
_built: list[tuple[int, Path]] = []


class Client(FlaskClient):
    """A client that reads each answer to its end, as a server does, so that files are closed."""

    def open(self, *arguments: Any, buffered: bool = True, **options: Any) -> TestResponse:
        """Make one request."""
        return super().open(*arguments, buffered=buffered, **options)


@dataclass(frozen=True)
class Site:
    """A running server: its address, its releases folder, the publication it was built from."""

    address: str
    releases: Path
    publication: Path
    process: subprocess.Popen[str]


@contextlib.contextmanager
def client_over(releases: Path, **given: object) -> Iterator[FlaskClient]:
    """A client of a new application over a releases folder; its query processes end with the block."""
    app = create_app(read_settings({}, releases=releases, **{"query_processes": 3, **given}))
    app.test_client_class = Client
    with contextlib.closing(services(app).current):
        yield app.test_client()


def start_server(releases: Path, port: int, *options: str, **environment: str) -> subprocess.Popen[str]:
    """Start `sauran serve`, and wait until it says that it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sauran", "serve", "--releases", releases, "--port", str(port), *options],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line.startswith("Serving "), line + process.stderr.read()
    return process


@contextlib.contextmanager
def running_server(releases: Path, port: int, **environment: str) -> Iterator[str]:
    """A server for the length of a block, and its address with its last slash; it must end well."""
    process = start_server(releases, port, **environment)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)
        assert process.stderr is not None
        process.stderr.close()
    assert code == 0


@contextlib.contextmanager
def harbour_at(folder: Path) -> Iterator[Site]:
    """The small publication in a folder, built and served where its identifiers point to."""
    with built_harbour_at(folder) as port:
        process = start_server(folder / "releases", port)
        yield Site(
            f"http://127.0.0.1:{port}/", folder / "releases", folder / "harbour/publication.toml", process
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        process.stderr.close()


@contextlib.contextmanager
def built_harbour_at(folder: Path) -> Iterator[int]:
    """The small publication in `harbour`, and its release in `releases`, with identifiers at a port.

    Building takes longer than most tests of a server: a port that nobody uses any more is given again, with a
    copy of what was built for it.
    """
    try:
        port, made = _built.pop()
    except IndexError:
        port = free_port()
        made = folder.parent / f"built-{port}"  # pytest removes it with the other folders of the run
        assert build(publication_at(made / "harbour", port), made / "releases").release is not None
    shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)
    yield port
    # A test that failed may have left its server there.
    _built.append((port, made))


def publication_at(folder: Path, port: int) -> Path:
    """Copy the small publication, with its identifiers at a port of this machine."""
    for file in _HARBOUR.rglob("*"):
        if file.is_file():
            copy = folder / file.relative_to(_HARBOUR)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(file.read_text("utf-8").replace("127.0.0.1:7777", f"127.0.0.1:{port}"), "utf-8")
    return folder / "publication.toml"
