"""Many who download slowly at once: they are served, hold little memory, and nobody else waits for them."""

import contextlib
import hashlib
import http.client
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from attack_support import Attacked, serve_attacked
from support import wait_for

from sauran.kg.release.release import Release

pytestmark = pytest.mark.slow

SLOW = 64
SIZE = 50 * 1024 * 1024
CHEAP = "SELECT ?s { ?s ?p ?o } OFFSET %d LIMIT 1"
BIG = "dumps/big.nt"


@pytest.fixture(scope="module")
def big(briefing: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with one file of fifty megabytes."""
    made = tmp_path_factory.mktemp("big") / briefing.version
    shutil.copytree(briefing.folder, made)
    line = b"<http://a.example/s> <http://a.example/p> <http://a.example/o> .\n"
    data = line * (SIZE // len(line))
    (made / BIG).write_bytes(data)
    manifest = json.loads((made / "manifest.json").read_bytes())
    manifest["files"].append(
        {
            "path": BIG,
            "media_type": "application/n-triples",
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    )
    (made / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (made.parent / "current").symlink_to(made.name)
    return made


@pytest.fixture(scope="module")
def server(big: Path) -> Iterator[Attacked]:
    with serve_attacked(big.parent, query_processes="3", cache_mb="0") as opened:
        yield opened


def begin(server: Attacked, address: str, source: str) -> socket.socket:
    """Ask for a file, and read its head and hardly more."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.bind((source, 0))
    connection.connect(("127.0.0.1", server.port))
    connection.settimeout(20)
    connection.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return connection


def transfers(server: Attacked) -> int:
    lines = server.send("GET", "/metrics").body.decode().splitlines()
    return next(int(float(x.split()[1])) for x in lines if x.startswith("sauran_slow_transfers "))


def test_the_endpoint_answers_while_many_download_slowly(server: Attacked, big: Path) -> None:
    """Each of them from an address of its own; all are served."""
    address = f"/release/{big.name}/{BIG}"
    server.ask(CHEAP % 0)
    before = server.memory_mb
    stop = threading.Event()
    with contextlib.ExitStack() as held:
        slow = [held.enter_context(begin(server, address, f"127.0.3.{number + 1}")) for number in range(SLOW)]
        heads = [connection.recv(1024) for connection in slow]
        assert {head.partition(b"\r\n")[0] for head in heads} == {b"HTTP/1.1 200 OK"}

        def sip() -> None:
            while not stop.wait(0.05):
                for connection in slow:
                    connection.recv(1024)

        sipping = threading.Thread(target=sip)
        sipping.start()
        try:
            assert transfers(server) == SLOW
            seconds = [server.ask(CHEAP % number, source="127.0.9.9").seconds for number in range(200)]
            assert server.ask(CHEAP % 1, source="127.0.9.9").status == 200
            page = server.send("GET", "/en/", headers={"Accept": "text/html"}, source="127.0.9.9")
            assert page.status == 200
            # What a slow one has waiting are a few pieces, not the file: 64 files are three gigabytes.
            assert server.memory_mb - before < 250
        finally:
            stop.set()
            sipping.join(20)
    print(f"p50 {sorted(seconds)[100]:.4f} s, most {max(seconds):.4f} s")  # noqa: T201
    assert len(seconds) == 200
    # Whoever leaves gives back the place.
    wait_for(lambda: transfers(server) == 0, seconds=20)


def test_whoever_wants_too_much_at_once_is_told_to_come_again(server: Attacked, big: Path) -> None:
    address = f"/release/{big.name}/{BIG}"
    with contextlib.ExitStack() as held:
        heads = []
        for _ in range(12):
            connection = held.enter_context(begin(server, address, "127.0.4.1"))
            heads.append(connection.recv(1024))
        refused = [head for head in heads if head.startswith(b"HTTP/1.1 503 ")]
        assert len(heads) - len(refused) == 8
        assert all(b"retry-after: 5" in head.lower() for head in refused)
        others = server.send("HEAD", address, source="127.0.4.2")
        assert others.status == 200
    wait_for(lambda: transfers(server) == 0, seconds=20)


def test_a_whole_large_file_arrives_and_so_does_its_rest(server: Attacked, big: Path) -> None:
    address = f"/release/{big.name}/{BIG}"
    expected = (big / BIG).read_bytes()
    said = server.send("GET", address, source="127.0.5.1")
    assert (said.status, int(said.headers["content-length"])) == (200, len(expected))
    assert "transfer-encoding" not in said.headers
    assert said.body == expected
    middle = len(expected) // 2
    headers = {"Range": f"bytes={middle}-", "If-Range": said.headers["etag"]}
    rest = server.send("GET", address, headers=headers, source="127.0.5.1")
    assert (rest.status, rest.body == expected[middle:]) == (206, True)


def test_a_file_that_is_cut_while_it_is_sent_is_no_whole_answer(server: Attacked, big: Path) -> None:
    """The length was told before: whoever reads sees that something is missing."""
    target = big / BIG
    kept = target.read_bytes()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        with contextlib.closing(connection):
            connection.request("GET", f"/release/{big.name}/{BIG}")
            answer = connection.getresponse()
            assert answer.status == 200
            answer.read(1000)
            with target.open("r+b") as file:
                file.truncate(1000)
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                answer.read()
        # From now on it is no more the file that the manifest lists.
        assert server.send("GET", f"/release/{big.name}/{BIG}").status == 503
    finally:
        target.write_bytes(kept)
