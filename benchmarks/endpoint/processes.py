"""Servers as processes: started on a port of loopback, waited for, weighed, ended by pid."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Launch", "Running", "family", "free_port", "start"]

_PATIENCE_S = 600  # five million triples are loaded in a minute or two
_END_S = 20


@dataclass
class Running:
    """A server that answers at 127.0.0.1:port."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    start_s: float

    def stop(self) -> None:
        """End it and all its children, gently at first."""
        processes = family(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in processes[1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def memory_mb(self) -> float:
        """What it and its children hold, pages that they share counted once (PSS)."""
        return sum(_pss_kb(pid) for pid in family(self.process.pid)) / 1024

    def cpu_s(self) -> float:
        """Processor time of it and its children so far, of those that have ended too."""
        return sum(_ticks(pid) for pid in family(self.process.pid)) / os.sysconf("SC_CLK_TCK")

    @property
    def alive(self) -> bool:
        """Whether its first process still runs."""
        return self.process.poll() is None


@dataclass(frozen=True)
class Launch:
    """How a server is started; it answers queries at `path`."""

    name: str
    command: Sequence[str | Path]
    port: int
    path: str
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


def start(launch: Launch) -> Running:
    """Start a server, and wait until it answers an HTTP request, whatever the answer.

    Raises: RuntimeError with the end of its log when it does not.
    """
    began = time.perf_counter()
    with launch.log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in launch.command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **launch.environment},
            cwd=launch.folder,
        )
    running = Running(launch.name, launch.port, launch.path, process, 0.0)
    while not _answers(launch.port):
        if not running.alive or time.perf_counter() - began > _PATIENCE_S:
            running.stop()
            said = launch.log.read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{launch.name} does not answer: {said}")
        time.sleep(0.1)
    running.start_s = time.perf_counter() - began
    return running


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        connection.getresponse().read()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in parentheses may hold anything; the parent is the second field behind it.
            fields = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _ticks(pid: int) -> int:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        # User and system time, its own and of children that it has buried.
        return sum(map(int, fields[11:15]))
    return 0


def _pss_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
