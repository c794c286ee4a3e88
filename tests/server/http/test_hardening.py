"""Hostile connections to a real server, on loopback, bounded in number and time: cheap requests go on."""

import contextlib
import http.client
import signal
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_support import built_harbour_at, start_server

pytestmark = pytest.mark.slow
AT_MOST_S = 0.5
CHEAP = (
    "/health/live",
    "/sparql?query=ASK%7B%7D",
    "/health",
    "/en/",
    "/sparql?query=SELECT%20(1%20AS%20?x)%7B%7D",
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server of its own, which waits 3 s for headers; other files' tests share none of it."""
    folder = tmp_path_factory.mktemp("hostile")
    with built_harbour_at(folder) as number:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SAURAN_HEADER_TIMEOUT_S", "3")
            patch.setenv("SAURAN_QUERY_PROCESSES", "3")
            process = start_server(folder / "releases", number)
        yield number
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert "Traceback" not in said
    assert "panicked" not in said


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def ask(port: int, path: str) -> float:
    """Make one cheap request on a connection of its own; how many seconds it took."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in (200, 303), path
    return time.perf_counter() - began


def assert_cheap_is_quick(port: int) -> None:
    # Half of them, as another worker's tests may hold up some; who waits for a place waits each time.
    assert statistics.median(ask(port, path) for path in CHEAP * 4) < AT_MOST_S


def first_line(connection: socket.socket) -> bytes:
    return connection.recv(4096).partition(b"\r\n")[0]


def test_slow_headers_half_open_connections_and_floods_together(port: int) -> None:
    with contextlib.ExitStack() as held:
        for number in range(200):
            slow = held.enter_context(connect(port))
            slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-%d: " % number)
        for _ in range(50):
            held.enter_context(connect(port))
        flood = b"".join(b"X-%d: y\r\n" % number for number in range(10_000))
        for _ in range(5):
            assert_cheap_is_quick(port)
            with connect(port) as long_address:
                long_address.sendall(b"GET /sparql?query=" + b"a" * 65_536 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                assert first_line(long_address).startswith(b"HTTP/1.1 414 ")
            with connect(port) as many_headers:
                with contextlib.suppress(OSError):
                    many_headers.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + flood + b"\r\n")
                assert first_line(many_headers).startswith(b"HTTP/1.1 431 ")


def test_who_says_nothing_is_let_go(port: int) -> None:
    with connect(port) as silent, connect(port) as slow, connect(port) as idle:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        idle.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert first_line(idle) == b"HTTP/1.1 200 OK"
        began = time.monotonic()
        for connection in (silent, slow, idle):
            assert connection.recv(100) == b""
        assert time.monotonic() - began < 6


def test_an_address_of_nearly_64_kib_is_answered(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET /sparql?x=" + b"a" * 65_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert first_line(connection).startswith(b"HTTP/1.1 ")
    assert_cheap_is_quick(port)


def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    paths = ["/health/live", "/nothing"] * 50
    with connect(port) as connection:
        connection.sendall(b"".join(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode() for path in paths))
        data = b""
        while data.count(b"HTTP/1.1 ") < 100 and (piece := connection.recv(65_536)):
            data += piece
    statuses = [int(part[:3]) for part in data.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 404] * 50
    assert_cheap_is_quick(port)


def test_slow_bodies_hold_no_more_than_their_places(port: int) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    with contextlib.ExitStack() as held:
        slow = [held.enter_context(connect(port)) for _ in range(60)]
        for connection in slow:
            connection.sendall(head + b"Content-Length: 100\r\n\r\nASK")
        refused = 0
        for connection in slow:
            connection.settimeout(0.02)
            with contextlib.suppress(TimeoutError):
                refused += first_line(connection).startswith(b"HTTP/1.1 503 ")
        assert refused == 52
        assert_cheap_is_quick(port)
        # Who goes on sending is answered.
        for connection in slow:
            with contextlib.suppress(OSError):
                connection.settimeout(10)
                connection.sendall(b"{}" + b" " * 95)
    assert_cheap_is_quick(port)


def test_whoever_hangs_up_early_costs_nothing(port: int, tmp_path: Path) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET /dumps/all.nq HTTP/1.1\r\nHost: x\r\n\r\n")
        dump = connection.recv(4096).partition(b"ocation: ")[2].partition(b"\r\n")[0]
    assert dump.startswith(b"/release/")
    for request in (b"GET " + dump, b"GET /en/", b"GET /sparql?query=ASK%7B%7D", b"HEAD " + dump):
        for _ in range(25):
            with connect(port) as connection:
                connection.sendall(request + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert_cheap_is_quick(port)


@pytest.mark.parametrize(
    "noise",
    [b"\x16\x03\x01\x02\x00\x01\x00", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\r\n" * 1000, b"GET\r\n\r\n"],
    ids=["TLS", "HTTP/2", "blank lines", "no address"],
)
def test_what_is_not_http_is_let_go(port: int, noise: bytes) -> None:
    with connect(port) as connection:
        connection.sendall(noise)
        assert first_line(connection) in (b"", b"HTTP/1.1 400 Bad Request")
    assert_cheap_is_quick(port)
