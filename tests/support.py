"""What several test files use; holds no test."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["CHECKOUT", "change", "free_port", "output_of", "sauran", "wait_for"]

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


def free_port() -> int:
    """Find a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
