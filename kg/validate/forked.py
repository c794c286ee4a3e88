"""A validation in a copy of this process, which has everything loaded: for programs that do nothing else."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from sauran.kg.publication.package_paths import import_root
from sauran.kg.validate.child import Process, start_fresh
from sauran.kg.validate.inside import main

__all__ = ["start_copy"]

_TASKS = Path("/proc/self/task")
_LOOK_S = 0.005
_FAILED = 70


def start_copy(receive: int, folder: str, stdin: int | None) -> Process:
    """Start the process of a job as a copy of this one, or afresh where that could go wrong.

    A copy has all that this process holds: one that holds secrets must not start it. Of a process with
    several threads a copy may hang, and where the system does not count them nobody knows how many there are.
    """
    if sys.platform != "linux" or not _TASKS.is_dir() or len(list(_TASKS.iterdir())) != 1:
        return start_fresh(receive, folder, stdin)
    answers, answer = os.pipe()
    parent = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        pid = os.fork()
        if pid == 0:
            try:
                _begin(receive, answer, stdin)
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                main(receive, parent, folder)
            finally:
                os._exit(_FAILED)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    os.close(answer)
    return _Copy(pid, answers)


def _begin(receive: int, answer: int, stdin: int | None) -> None:
    """Make a copy what a process is that was started afresh: own streams, no files, no habits of signals."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere if stdin is None else stdin, 0)
    os.dup2(answer, 1)
    os.dup2(nowhere, 2)
    os.closerange(3, receive)
    os.closerange(receive + 1, os.sysconf("SC_OPEN_MAX"))
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (as long as the process)
    # As -P: a folder `shacl` or `rdflib` that lies where the person works must not be imported.
    if not sys.flags.safe_path:
        del sys.path[0]
    sys.path.append(str(import_root()))


class _Copy:
    """A copy of this process, as `subprocess` has processes."""

    def __init__(self, pid: int, answers: int) -> None:
        self._pid = pid
        self.stdout: IO[bytes] | None = os.fdopen(answers, "rb")
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises: subprocess.TimeoutExpired.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is None:
                self.returncode = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            elif time.monotonic() > until:
                raise subprocess.TimeoutExpired("validation", timeout or 0)
            else:
                time.sleep(_LOOK_S)
        return self.returncode or 0

    def kill(self) -> None:
        """End it."""
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)
