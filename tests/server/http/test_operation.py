"""A running server as its operator sees it: ends, restarts, new releases under load."""

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
from pathlib import Path

import pytest
from support import change, wait_for
from web_support import Site, built_harbour_at, start_server

from sauran.kg.release.build import build
from sauran.kg.release.release import current_release
from sauran.server.cli.production_server import _Restarts

pytestmark = pytest.mark.slow
HEAVY = "SELECT%20(COUNT(*)%20AS%20?n)%7B?a%20?b%20?c.?d%20?e%20?f.?g%20?h%20?i%7D"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server of its own: what is left of it in the end is the test's affair."""
    monkeypatch.setenv("SAURAN_QUERY_TIMEOUT_S", "2")
    monkeypatch.setenv("SAURAN_QUERY_PROCESSES", "3")
    with built_harbour_at(tmp_path) as port:
        process = start_server(tmp_path / "releases", port)
        yield Site(
            f"http://127.0.0.1:{port}/", tmp_path / "releases", tmp_path / "harbour/publication.toml", process
        )
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
        assert process.stderr is not None
        process.stderr.close()


def port_of(site: Site) -> int:
    return int(site.address.rstrip("/").rpartition(":")[2])


def ask(port: int, path: str, timeout: float = 10) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def family(pid: int) -> set[int]:
    """A process and all that stand below it."""
    found = {pid}
    for child in children(pid):
        found |= family(child)
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in thread.read_text().split():
            found |= {int(child)} if int(child) in found else family(int(child))
    return found


def web_processes(main: int) -> list[int]:
    return [pid for pid in children(main) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def seconds_to_import() -> float:
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "import sauran.server.cli.production_server"], check=True, timeout=60
    )
    return time.monotonic() - began


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_after_sigterm_what_runs_is_answered(site: Site) -> None:
    port = port_of(site)
    everybody = family(site.process.pid)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as running:
        running.sendall(f"GET /sparql?query={HEAVY} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with socket.create_connection(("127.0.0.1", port)) as half_open:
            half_open.sendall(b"GET / HT")
            time.sleep(0.3)
            site.process.send_signal(signal.SIGTERM)
            # The query passes its limit of 2 s: its answer is that, and no broken connection.
            assert running.recv(100).startswith(b"HTTP/1.1 504 ")
        assert site.process.wait(timeout=10) == 0
    wait_for(lambda: not any(is_running(pid) for pid in everybody), seconds=3)


def test_after_sigterm_a_bound_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAURAN_STOP_TIMEOUT_S", "1")
    with built_harbour_at(tmp_path) as port:
        process = start_server(tmp_path / "releases", port)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as running:
            running.sendall(f"GET /sparql?query={HEAVY} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.3)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
            assert time.monotonic() - began < 4
        assert process.stderr is not None
        process.stderr.close()


def test_a_killed_web_process_is_back_in_about_a_second_however_often(site: Site) -> None:
    port = port_of(site)
    for _ in range(3):
        (worker,) = web_processes(site.process.pid)
        below = family(worker)
        os.kill(worker, signal.SIGKILL)
        began = time.monotonic()
        wait_for(lambda: ask(port, "/health/live") == b'{"status":"ok"}\n', seconds=15)
        took = time.monotonic() - began
        # A second on an idle machine, where a new Python has our modules in 0.25 s; tests may share theirs.
        assert took < max(1.0, 4 * seconds_to_import()), took
        wait_for(lambda: not any(is_running(pid) for pid in below), seconds=3)  # noqa: B023 (asked at once)
    metrics = ask(port, "/metrics").decode()
    assert "sauran_web_processes_started_total 4\n" in metrics


def test_when_the_main_process_is_killed_nothing_is_left(site: Site) -> None:
    ask(port_of(site), "/health")
    everybody = family(site.process.pid)
    assert len(everybody) >= 5
    os.kill(site.process.pid, signal.SIGKILL)
    site.process.wait(timeout=5)
    wait_for(lambda: not any(is_running(pid) for pid in everybody), seconds=3)


class Asker(threading.Thread):
    """A client on one connection; what it saw, in order."""

    def __init__(self, port: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._port, self._stop_asking = port, stop
        self.seen: list[tuple[str, str]] = []
        self.faults: list[str] = []

    def run(self) -> None:
        """Ask for the dataset's document and for a query's answer until told to stop."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            while not self._stop_asking.is_set():
                connection.request("GET", "/health")
                answer = connection.getresponse()
                version = json.loads(answer.read())["release"]
                connection.request("GET", "/doc/harbour-master", headers={"Accept": "application/n-triples"})
                document = connection.getresponse()
                text = document.read().decode()
                if answer.status != 200 or document.status != 200:
                    self.faults.append(f"{answer.status} {document.status}")
                self.seen.append((version, text))
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            self.faults.append(repr(error))
        finally:
            connection.close()


def test_new_releases_under_load_drop_and_mix_nothing(site: Site) -> None:
    """Each release changes two statements of one thing: an answer has both old or both new ones."""
    entities = site.publication.parent / "datasets/harbour/entities.ttl"
    stop = threading.Event()
    askers = [Asker(port_of(site), stop) for _ in range(4)]
    for asker in askers:
        asker.start()
    versions = [current_version(site)]
    names = [("harbour master of Veldon", "начальник порта Велдон")]
    try:
        for number in range(3):
            english, russian = f"harbour master {number}", f"начальник порта {number}"
            change(entities, f'"{names[-1][0]}"@en', f'"{english}"@en')
            change(entities, f'"{names[-1][1]}"@ru', f'"{russian}"@ru')
            names.append((english, russian))
            made = build(site.publication, site.releases).release
            assert made is not None
            versions.append(made.version)
            wait_for(
                lambda: all(asker.seen and english in asker.seen[-1][1] for asker in askers),  # noqa: B023
                seconds=20,
            )
    finally:
        stop.set()
        for asker in askers:
            asker.join(20)
    assert [asker.faults for asker in askers] == [[]] * 4
    for asker in askers:
        order = [versions.index(version) for version, _ in asker.seen]
        assert order == sorted(order)
        assert set(order) == {0, 1, 2, 3}
        for _, text in asker.seen:
            held = [english in text and russian in text for english, russian in names]
            part = [english in text or russian in text for english, russian in names]
            assert held == part
            assert sum(held) == 1


def current_version(site: Site) -> str:
    release = current_release(site.releases)
    assert release is not None
    return release.version


def test_one_process_dying_again_and_again_ends_the_server_but_twice_does_not() -> None:
    restarts = _Restarts()
    for number in range(4):
        restarts[0] = 100.0 + number
        restarts.clear()
        assert restarts.get(0, 0) == 0
    restarts[0] = 104.0
    assert restarts.get(0, 0) == 104.0
    restarts[0] = 120.0
    assert restarts.get(0, 0) == 0
