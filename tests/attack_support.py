"""A server with short limits, and strangers who ask it from many addresses; holds no test."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from engine_support import descendants, is_alive, memory_mb
from support import free_port, wait_for

__all__ = ["Attacked", "Canary", "Said", "open_canary", "serve_attacked"]

CHECKOUT = Path(__file__).parent.parent
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Said:
    """What came back: status, headers, body, and after how long."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def problem(self) -> dict[str, object]:
        """The error that it tells."""
        assert self.headers["content-type"] == "application/problem+json", self.body[:300]
        told: dict[str, object] = json.loads(self.body)
        assert told["status"] == self.status
        return told


@dataclass(frozen=True)
class Attacked:
    """A running server, and how to ask it from any address of loopback."""

    port: int
    process: subprocess.Popen[bytes]

    def ask(self, query: str, *, source: str = "127.0.0.1", timeout_s: float = 20, **parameters: str) -> Said:
        """Send a query in a form."""
        body = urlencode({"query": query, **parameters})
        return self.send("POST", "/sparql", body.encode(), _FORM, source=source, timeout_s=timeout_s)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        source: str = "127.0.0.1",
        timeout_s: float = 20,
    ) -> Said:
        """Make one request on a connection of its own."""
        began = time.monotonic()
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=timeout_s, source_address=(source, 0)
        )
        with contextlib.closing(connection):
            accept = {"Accept": "application/json, text/turtle;q=0.9, */*;q=0.1"}
            connection.request(method, path, body, accept | (headers or {}))
            answer = connection.getresponse()
            data = answer.read()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Said(answer.status, said, data, time.monotonic() - began)

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        """A connection as it is."""
        return socket.create_connection(("127.0.0.1", self.port), 10, (source, 0))

    @property
    def tree(self) -> list[int]:
        """Its processes."""
        return [self.process.pid, *descendants(self.process.pid)]

    @property
    def processor_s(self) -> float:
        """The processor time of its processes so far, and of those that ended, in seconds."""
        ticks = 0
        for pid in self.tree:
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    @contextlib.contextmanager
    def spending_at_most(self, seconds: float) -> Iterator[None]:
        """It works no longer than that for what is asked in the block, however busy the machine is."""
        before = self.processor_s
        yield
        spent = self.processor_s - before
        assert spent < seconds, f"{spent:.2f} s of processor time"

    @property
    def memory_mb(self) -> float:
        """What its processes hold together."""
        return memory_mb(self.tree)


@contextlib.contextmanager
def serve_attacked(releases: Path, **settings: str) -> Iterator[Attacked]:
    """A server with settings; afterwards none of its processes may be left."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "sauran", "serve", "--releases", releases, "--port", str(port)],
        cwd=CHECKOUT,
        env={**os.environ, **{f"SAURAN_{name.upper()}": value for name, value in settings.items()}},
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line.startswith(b"Serving "), line + process.stderr.read()
    # Whoever crashes says so at length; nobody may wait for us to read it.
    reader = threading.Thread(target=process.stderr.read, daemon=True)
    reader.start()
    server = Attacked(port, process)
    try:
        yield server
        assert process.poll() is None, "the server ended by itself"
    finally:
        tree = server.tree
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        reader.join(5)
        process.stderr.close()
    # Who was killed is gone a moment later.
    wait_for(lambda: not any(is_alive(pid) for pid in tree), seconds=10)


@dataclass
class Canary:
    """A server that must never be called, and what it was told nevertheless."""

    port: int
    calls: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/sparql"


@contextlib.contextmanager
def open_canary() -> Iterator[Canary]:
    """Listen, and note who calls."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        canary = Canary(listener.getsockname()[1])

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    caller, _ = listener.accept()
                    with caller:
                        caller.settimeout(0.5)
                        canary.calls.append(caller.recv(4096))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield canary
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
