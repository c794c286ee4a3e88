"""The parent of query processes, and how it ends."""

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
from engine_support import descendants, is_alive, open_pool, question
from support import wait_for

from sauran.kg.processes.child_process import start_program
from sauran.kg.release.release import Release
from sauran.server.query import pool as pool_module
from sauran.server.query.pool import Pool
from sauran.server.query.worker import serve_questions

CHEAP = "ASK { ?s ?p ?o }"
PARENT = """
import sys, threading, time
from pathlib import Path
from engine_support import open_pool, question
with open_pool(Path(sys.argv[1]), processes=3, timeout_s=30) as pool:
    endless = question("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    threading.Thread(target=pool.ask, args=(endless,), daemon=True).start()
    while not pool.busy:
        time.sleep(0.01)
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def parent(briefing: Release) -> Iterator[subprocess.Popen[str]]:
    """Another process with a pool, whose questions work."""
    path = os.pathsep.join(sys.path)
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, briefing.folder],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait(5)
    process.stdout.close()


def test_no_process_outlives_a_killed_parent(parent: subprocess.Popen[str]) -> None:
    wait_for(lambda: len(descendants(parent.pid)) == 4, seconds=5)
    below = descendants(parent.pid)
    parent.kill()
    wait_for(lambda: not any(map(is_alive, below)), seconds=2)


def test_a_signal_to_all_of_a_service_ends_no_question(parent: subprocess.Popen[str]) -> None:
    """A service manager signals every process of a service; what runs is to be answered before the end."""
    wait_for(lambda: len(descendants(parent.pid)) == 4, seconds=5)
    below = descendants(parent.pid)
    for pid in below:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(pid, number)
    time.sleep(0.2)
    assert all(map(is_alive, below))


def start_loading(control: socket.socket, folder: Path) -> subprocess.Popen[bytes]:
    """Start a fork server over what takes forever: reading a pipe that nobody writes."""
    os.mkfifo(folder / "manifest.json")
    return start_program("sauran.server.query.fork_server", control, (str(folder), "64", "no-sockets"))


def test_a_fork_server_that_still_loads_ends_with_its_parent(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        server = start_loading(theirs, tmp_path)
    assert server.wait(5) in (0, -signal.SIGIO)


def test_a_fork_server_that_is_left_while_it_loads_is_ended_by_the_kernel(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with theirs:
            server = start_loading(theirs, tmp_path)
        flags = Path(f"/proc/{server.pid}/fdinfo")
        is_loading = lambda: any(  # noqa: E731
            int(info.read_text().split("flags:")[1].split()[0], 8) & os.O_ASYNC
            for info in flags.iterdir()
            if int(info.name) > 2
        )
        wait_for(is_loading, seconds=5)
    assert server.wait(5) == -signal.SIGIO


def test_the_reason_for_a_missing_wall_is_in_the_log(
    briefing: Release, caplog: pytest.LogCaptureFixture
) -> None:
    with open_pool(briefing.folder) as pool:
        pool._handle({"event": "ready", "base_mb": 1, "sandbox": "no seccomp filter for plan9 on vax"}, [])
    assert "not kept from opening sockets: no seccomp filter for plan9 on vax" in caplog.text


def test_a_refused_fork_is_tried_again(briefing: Release, caplog: pytest.LogCaptureFixture) -> None:
    with open_pool(briefing.folder) as pool:
        wait_for(lambda: pool.counters.forked == 2, seconds=5)
        pool._handle({"event": "fork-failed", "why": "Resource temporarily unavailable"}, [])
        wait_for(lambda: pool.counters.forked == 3, seconds=5)
    assert "no query process could be started: Resource temporarily unavailable" in caplog.text


def test_a_process_whose_connection_does_not_arrive_is_no_place(
    briefing: Release, caplog: pytest.LogCaptureFixture
) -> None:
    with open_pool(briefing.folder) as pool:
        pool._handle({"event": "forked", "pid": 1}, [])
        assert pool.ask(question(CHEAP)).whole is not None
    assert "too many open files" in caplog.text


def test_a_fork_server_that_cannot_be_started_is_tried_again(
    briefing: Release, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    start, refusals = Pool._start, iter([True, True])

    def start_later(pool: Pool) -> object:
        if next(refusals, False):
            raise OSError(11, "Resource temporarily unavailable")
        return start(pool)

    with open_pool(briefing.folder, wait_s=5) as pool:
        monkeypatch.setattr(Pool, "_start", start_later)
        monkeypatch.setattr(pool_module, "_EXIT_S", 0.05)
        os.kill(pool._fork_server.pid, signal.SIGKILL)
        pool._fork_server.wait(5)
        wait_for(lambda: next(refusals, None) is None, seconds=5)
        assert pool.ask(question(CHEAP)).whole is not None
    assert "does not start" in caplog.text


def test_a_worker_ends_with_its_connection(briefing: Release) -> None:
    ours, theirs = socket.socketpair()
    # In a thread: its signals belong to the main one.
    before = signal.signal(signal.SIGALRM, signal.SIG_DFL)
    ours.close()
    with theirs, pytest.MonkeyPatch.context() as patch:
        patch.setattr(signal, "signal", lambda number, action: None)
        thread = threading.Thread(target=serve_questions, args=(theirs, briefing.store(), None))
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
    signal.signal(signal.SIGALRM, before)
