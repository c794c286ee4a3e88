"""Start a child process, as a fresh Python or as a fork of this one, and wait for it."""

import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from sauran.kg.processes.sandbox import die_with_parent

__all__ = ["Child", "ForkedChild", "fork", "has_one_thread", "import_root", "start_program"]

# Appended, not inserted: nothing that lies beside sauran may hide a module of the installation.
_START = (
    "import sys; sys.path.append(sys.argv[1]); from importlib import import_module; "
    "import_module(sys.argv[2]).main(sys.argv[3:])"
)
_THREADS = Path("/proc/self/task")
_POLL_S = 0.005
_FAILED = 70  # EX_SOFTWARE of sysexits.h


class Child(Protocol):
    """A child process, with the names that `subprocess.Popen` has."""

    @property
    def returncode(self) -> int | None:
        """Its exit code, negative for a signal; None until `poll` or `wait` has seen its end."""

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; gives the exit code.

        Raises: subprocess.TimeoutExpired.
        """

    def kill(self) -> None:
        """Kill it, if it runs."""


class ForkedChild:
    """A child that `fork` made."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; gives the exit code.

        Raises: subprocess.TimeoutExpired.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is None:
                self.returncode = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            elif time.monotonic() > until:
                raise subprocess.TimeoutExpired("fork", timeout or 0)
            else:
                time.sleep(_POLL_S)
        return self.returncode or 0

    def kill(self) -> None:
        """Kill it, if it runs."""
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)


def import_root() -> Path:
    """The folder that holds the package sauran, for the path of a new process."""
    # Not by an import: sauran/__init__.py imports from here.
    return Path(sys.modules["sauran"].__file__ or "").parents[1]


def start_program(
    module: str,
    connection: socket.socket,
    arguments: Sequence[str] = (),
    *,
    stdin: int | None = None,
    quiet: bool = False,
) -> subprocess.Popen[bytes]:
    """Start `main(arguments)` of a module in a fresh Python.

    Shape: its first argument is the descriptor of `connection`, which it inherits; `stdin` is a descriptor,
    else it reads nothing; with `quiet` its output is dropped, else it is that of this process.
    Raises: OSError when it cannot be started.
    """
    output = subprocess.DEVNULL if quiet else None
    # -P: a module of the working folder, such as `shacl.py`, must not be imported.
    return subprocess.Popen(  # noqa: S603 (a module of ours)
        [
            sys.executable,
            "-P",
            "-c",
            _START,
            str(import_root()),
            module,
            str(connection.fileno()),
            *arguments,
        ],
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=output,
        stderr=output,
        pass_fds=(connection.fileno(),),
    )


def has_one_thread() -> bool:
    """Whether this process is known to have one thread only: a fork of one with several may hang."""
    return sys.platform == "linux" and _THREADS.is_dir() and len(list(_THREADS.iterdir())) == 1


def fork(work: Callable[[], object]) -> int:
    """Fork this process; the child does the work and ends. Gives the child's process id.

    The child starts with default signal handlers and dies with this process. It ends with 0, or with 70 where
    the work raises. It shares all that this process has in memory: one that holds secrets must not fork.
    Raises: OSError when the system refuses.
    """
    parent = os.getpid()
    # A handler of this process must not run in the child.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        pid = os.fork()
        if pid == 0:
            _be_child(work, parent, before)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def _be_child(work: Callable[[], object], parent: int, mask: Iterable[int]) -> NoReturn:
    code = _FAILED
    try:
        signal.set_wakeup_fd(-1)
        for number in signal.valid_signals():
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        die_with_parent(parent)
        work()
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        # Nothing of the parent's may be cleaned up here.
        os._exit(code)
