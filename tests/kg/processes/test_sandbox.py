"""The sandbox of a query process, tried in children of this one."""

import contextlib
import ctypes
import json
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from engine_support import is_alive
from support import wait_for

from sauran.kg.processes import sandbox
from sauran.kg.processes.sandbox import bound_memory, die_with_parent, refuse_sockets

HAS_FILTER = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")


def in_child(act: Callable[[], object]) -> object:
    """Do something in a forked child; gives what it gave, or the name of what it raised."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            outcome: object = act()
        except BaseException as error:
            outcome = type(error).__name__
        with contextlib.suppress(BaseException):
            os.write(writer, json.dumps(outcome).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    return json.loads(said) if said else f"signal {os.WTERMSIG(status)}"


def walled(act: Callable[[], object]) -> Callable[[], object]:
    def inside() -> object:
        assert refuse_sockets() == ""
        return act()

    return inside


@pytest.mark.skipif(not HAS_FILTER, reason="no filter for this system")
@pytest.mark.parametrize(
    "act",
    [
        socket.socket,
        lambda: socket.socket(socket.AF_UNIX),
        socket.socketpair,
        lambda: socket.create_connection(("127.0.0.1", 9)),
        lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 (it must be refused)
    ],
    ids=["socket", "unix socket", "socketpair", "connection", "program"],
)
def test_new_sockets_and_programs_are_refused(act: Callable[[], object]) -> None:
    assert in_child(walled(act)) == "PermissionError"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="numbers of x86_64")
@pytest.mark.parametrize("number", [41, 0x40000029, 425, 438], ids=["socket", "x32", "io_uring", "pidfd"])
def test_by_number_too(number: int) -> None:
    def act() -> int:
        library = ctypes.CDLL(None, use_errno=True)
        assert library.syscall(number, 1, 1, 0) == -1
        return ctypes.get_errno()

    assert in_child(walled(act)) == 1  # EPERM


@pytest.mark.skipif(not HAS_FILTER, reason="no filter for this system")
def test_what_was_there_before_stays_usable() -> None:
    one, other = socket.socketpair()
    with one, other:

        def act() -> str:
            one.sendall(b"ping")
            return other.recv(4).decode()

        assert in_child(walled(act)) == "ping"


@pytest.mark.parametrize(("platform_name", "machine"), [("darwin", "arm64"), ("linux", "riscv64")])
def test_where_there_is_no_filter_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch, platform_name: str, machine: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform_name)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert refuse_sockets() == f"no seccomp filter for {platform_name} on {machine}"


def test_a_kernel_that_refuses_the_filter_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(option: int, *arguments: int) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(sandbox, "_prctl", refuse)
    if HAS_FILTER:
        assert refuse_sockets() == "seccomp: Invalid argument"


def test_the_kernel_is_asked_by_its_own_names() -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        sandbox._prctl(-1)


def test_memory_beyond_the_bound_is_refused_and_within_it_is_not() -> None:
    def act() -> int:
        bound_memory(64)
        some = bytearray(32 * 1024 * 1024)
        with contextlib.suppress(MemoryError):
            return len(bytearray(128 * 1024 * 1024))
        return len(some) // 1024 // 1024

    assert in_child(act) == 32


def test_there_are_no_core_dumps() -> None:
    def act() -> list[int]:
        bound_memory(64)
        return list(resource.getrlimit(resource.RLIMIT_CORE))

    assert in_child(act) == [0, 0]


def test_a_child_dies_with_its_parent() -> None:
    code = (
        "import os, time\nfrom sauran.kg.processes.sandbox import die_with_parent\nme = os.getpid()\n"
        "pid = os.fork()\n"
        "if pid == 0:\n    die_with_parent(me)\n    print(os.getpid(), flush=True)\n    time.sleep(60)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait(5)
    parent.stdout.close()
    wait_for(lambda: not is_alive(child), seconds=2)


def test_a_child_whose_parent_was_faster_ends_at_once() -> None:
    def act() -> str:
        die_with_parent(os.getppid() + 1)
        time.sleep(60)
        return "lives"

    assert in_child(act) == "signal 0"
