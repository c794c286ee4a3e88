"""Closed loops of requests: wrk for answers of milliseconds, processes of our own for slow ones."""

import http.client
import json
import multiprocessing
import shutil
import statistics
import subprocess
import time
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.endpoint.events import Scale
from benchmarks.endpoint.processes import Running
from benchmarks.endpoint.queries import Kind, url_query

__all__ = ["Load", "Target", "fetch", "percentile", "run_load"]

# A window must hold many answers; wrk drops those under way when it ends.
_SLOW_SHARE = 0.05
_PATIENCE_S = 120


@dataclass(frozen=True)
class Target:
    """What is asked of whom; `first` is the number of the first request, None repeats one request."""

    server: Running
    kind: Kind
    scale: Scale
    first: int | None

    def path(self, number: int) -> str:
        """The path of one request."""
        return f"{self.server.path}?{url_query(self.kind, self.scale, number)}"


@dataclass(frozen=True)
class Load:
    """What a window gave: answers a second, how long they took, how many were no 200."""

    tool: str
    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int

    def as_plain(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**asdict(self), "per_second": (self.requests - self.failed) / self.seconds}


def run_load(target: Target, connections: int, seconds: float, expected_s: float) -> Load:
    """Ask through some connections for some time; `expected_s` is how long one answer takes."""
    if shutil.which("wrk") and expected_s < seconds * _SLOW_SHARE:
        return _run_wrk(target, connections, seconds)
    return _run_own(target, connections, seconds)


def fetch(port: int, path: str, accept: str, timeout_s: float = _PATIENCE_S) -> tuple[int, bytes, float]:
    """Ask once: status, body, seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    began = time.perf_counter()
    try:
        connection.request("GET", path, headers={"Accept": accept})
        answer = connection.getresponse()
        return answer.status, answer.read(), time.perf_counter() - began
    finally:
        connection.close()


def percentile(values: list[float], percent: int) -> float:
    """A percentile; of few values the nearest."""
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else float("nan")


def _run_wrk(target: Target, connections: int, seconds: float) -> Load:
    template = ""
    if target.first is not None:
        template = f"{target.server.path}?{url_query(target.kind, target.scale, None)}"
    done = subprocess.run(
        [
            *("wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds:.0f}s"),
            *("--timeout", "60s", "--header", f"Accept: {target.kind.accept}"),
            *("--script", str(Path(__file__).with_name("wrk.lua"))),
            f"http://127.0.0.1:{target.server.port}{target.path(0)}",
            *("--", template, str(target.first or 0), str(target.scale.events), str(target.scale.places)),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return Load("wrk", **json.loads(done.stdout.rpartition("@@")[2]))


def _run_own(target: Target, connections: int, seconds: float) -> Load:
    """Each connection in a process of its own; what is under way at the end is waited for, and counts."""
    context = multiprocessing.get_context("fork")
    began = time.perf_counter()
    ends: list[tuple[Any, Connection]] = []
    for number in range(connections):
        ours, theirs = context.Pipe(duplex=False)
        work = (target, number, connections, began + seconds, theirs)
        process = context.Process(target=_ask_on, args=work, daemon=True)
        process.start()
        theirs.close()
        ends.append((process, ours))
    spent: list[float] = []
    failed = 0
    for process, ours in ends:
        times, wrong = ours.recv()
        spent += times
        failed += wrong
        process.join()
    total = time.perf_counter() - began
    p50 = statistics.median(spent) if spent else float("nan")
    return Load("own", len(spent) + failed, total, p50 * 1000, percentile(spent, 99) * 1000, failed)


def _ask_on(target: Target, place: int, step: int, until: float, out: Connection) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", target.server.port, timeout=_PATIENCE_S)
    number, spent, failed = 0 if target.first is None else target.first + place, [], 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        try:
            connection.request("GET", target.path(number), headers={"Accept": target.kind.accept})
            answer = connection.getresponse()
            while answer.read(1 << 20):
                pass
            if answer.status == http.client.OK:
                spent.append(time.perf_counter() - began)
            else:
                failed += 1
        except (OSError, http.client.HTTPException):
            failed += 1
            connection.close()
        number += 0 if target.first is None else step
    connection.close()
    out.send((spent, failed))
    out.close()
