"""Portals and readers that others wrote, as the tests run them: each in its environment, over real HTTP."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support import free_port, output_of
from web_support import publication_at, running_server

from sauran.kg.release.build import build
from sauran.kg.release.release import Release
from sauran.kg.reports import as_text

HERE = Path(__file__).parent
Read = Callable[..., Any]


@pytest.fixture(scope="session")
def read() -> Read:
    """Run a driver in the environment of its program, and give what it prints."""

    def run(name: str, *arguments: str) -> Any:
        made = HERE / ".environments" / name
        wanted = HERE / "requirements" / f"{name}.lock"
        found = (made / "made-from.lock").read_text("utf-8")
        assert found == wanted.read_text("utf-8"), f"the lock changed: run tests/harvest/install {name}"
        # Nothing of the environment that runs the tests may be found by it.
        printed = output_of(
            made / "bin" / "python", "-I", HERE / "drivers" / f"read_with_{name}.py", *arguments
        )
        return json.loads(printed)

    return run


@pytest.fixture(scope="session")
def site(briefing: Release) -> Iterator[str]:
    """The address of a server over the release of the briefing, with its last slash."""
    with running_server(briefing.folder.parent, free_port()) as address:
        yield address


@pytest.fixture(scope="session")
def published(briefing: Release) -> Mapping[str, Any]:
    """The description of the publication in the manifest of the briefing."""
    return briefing.manifest["publication"]


@pytest.fixture(scope="session")
def harbour_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small publication whose identifiers lead to the server that answers for them."""
    folder, port = tmp_path_factory.mktemp("harbour"), free_port()
    result = build(publication_at(folder / "publication", port), folder / "releases")
    assert result.release is not None, as_text(result.findings)
    with running_server(folder / "releases", port) as address:
        yield address


@dataclass
class Elsewhere:
    """A server of somebody else: what it answers by path, as status, media type and text."""

    address: str
    answers: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    def answer(self, path: str, text: str, media_type: str = "text/turtle", status: int = 200) -> str:
        """Have a path answered; give its address."""
        self.answers[f"/{path}"] = (status, media_type, text)
        return f"{self.address}{path}"


@contextmanager
def _serving() -> Iterator[Elsewhere]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            status, media_type, text = there.answers[self.path]
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(text.encode())))
            if 300 <= status < 400:
                self.send_header("Location", text)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            self.wfile.write(there.answers[self.path][2].encode())

        def log_message(self, *_: object) -> None:
            """Say nothing: what was asked is not what the tests are about."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there = Elsewhere(f"http://127.0.0.1:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield there
        server.shutdown()
        thread.join()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """A server with whatever a test lets it answer: what a portal refuses can be shown there."""
    with _serving() as there:
        yield there
