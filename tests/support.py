"""What several test files use; holds no test."""

import contextlib
import fcntl
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

__all__ = ["CHECKOUT", "change", "free_port", "made_once", "output_of", "sauran", "wait_for"]

CHECKOUT = Path(__file__).resolve().parent.parent


def change(file: Path, old: str, new: str) -> int:
    """Replace the only occurrence of a text in a file; give the line it stands in."""
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), "utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def sauran(
    *arguments: str | Path, cwd: Path | None = None, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does; no outcome may be a traceback."""
    result = subprocess.run(
        [sys.executable, "-m", "sauran", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
        timeout=120,
        check=False,
    )
    assert "Traceback" not in result.stderr + result.stdout, result.stderr
    return result


def output_of(*command: str | Path, **environment: str) -> str:
    """Run a tool that others made, and give what it prints; what it complains of is in the failure."""
    result = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, f"{result.args} ended with {result.returncode}\n{result.stderr}"
    return result.stdout


# Below the ports that the system gives to outgoing connections. Where to begin differs between runs.
_PORTS_A_WORKER = 500
_turn = itertools.count(os.getpid())


def free_port() -> int:
    """Find a port of loopback that nobody listens on; each worker of a run looks in a range of its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 20
    for _ in range(_PORTS_A_WORKER):
        port = 20_000 + worker * _PORTS_A_WORKER + next(_turn) % _PORTS_A_WORKER
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the whole run: the first worker that asks makes it, others wait and share it."""
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / f"shared-{name}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder.with_suffix(".done")
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def wait_for(holds: Callable[[], bool], *, seconds: float) -> None:
    """Ask again until something holds; an OSError, such as a refused connection, counts as not yet."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"did not hold within {seconds} s")
