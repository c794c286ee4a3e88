"""One command measured: wall-clock and processor time, and the peak memory of all its processes."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.endpoint.processes import family

__all__ = ["Measured", "measure"]


@dataclass(frozen=True)
class Measured:
    """What a command took; `code` is its exit code, None where it was ended because it took too long."""

    wall_s: float
    cpu_s: float
    memory_mib: float
    code: int | None


def measure(command: Sequence[str | Path], output: Path, patience_s: float) -> Measured:
    """Run a command, its standard output into a file, what it says besides into one beside it.

    `memory_mib` is the sum of the highest resident memory of each process, shared pages counted in each.
    """
    peaks: dict[int, int] = {}
    over = threading.Event()
    with output.open("wb") as out, output.with_suffix(".log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=log
        )
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, over, patience_s))
        watcher.start()
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        over.set()
        watcher.join()
    process.returncode = code = os.waitstatus_to_exitcode(status)
    return Measured(
        wall_s,
        used.ru_utime + used.ru_stime,
        # The last look may have been too early: the system's own record is of the largest process.
        max(sum(peaks.values()), used.ru_maxrss) / 1024,
        None if code == -signal.SIGKILL and wall_s >= patience_s else code,
    )


def _watch(pid: int, peaks_kb: dict[int, int], over: threading.Event, patience_s: float) -> None:
    """Note each process's peak, less often the longer it takes; end them all after some time."""
    began = time.perf_counter()
    while not over.wait(min(0.01 + (time.perf_counter() - began) / 50, 0.2)):
        processes = family(pid)
        for one in processes:
            peak_kb = _peak_kb(one)
            if peak_kb:
                # The last and not the highest: before it starts its program, a process has its parent's.
                peaks_kb[one] = peak_kb
        if time.perf_counter() - began > patience_s:
            for one in reversed(processes):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)


def _peak_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0
