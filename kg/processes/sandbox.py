"""A sandbox for untrusted input: no sockets, few files, bounded memory, death with the parent."""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from typing import Any

__all__ = ["allow_only_files", "bound_memory", "die_with_parent", "refuse_sockets"]

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
# Linux system calls by machine: socket, socketpair, connect, bind, listen, accept, accept4, execve, execveat,
# ptrace, process_vm_readv, process_vm_writev; io_uring_setup, which opens sockets too, and pidfd_getfd.
_REFUSED = {
    "x86_64": (0xC000003E, (41, 53, 42, 49, 50, 43, 288, 59, 322, 101, 310, 311, 425, 438)),
    "aarch64": (0xC00000B7, (198, 199, 203, 200, 201, 202, 242, 221, 281, 117, 270, 271, 425, 438)),
}
_X32 = 0x40000000  # from here on: the same calls by other numbers
# BPF: load a word, jump if equal, jump if not less, return (linux/bpf_common.h).
_LOAD, _JUMP_EQUAL, _JUMP_NOT_LESS, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERROR_EPERM, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_NUMBER_AT, _MACHINE_AT = 0, 4  # offsets in struct seccomp_data
# Audit events of Python that are refused. Sending on a connection that is there already is not among them.
_EVENTS = (
    "socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.exec", "os.system", "os.spawn",
    "os.posix_spawn", "os.fork", "webbrowser.",
)  # fmt: skip
_SENDING = "socket.sendmsg"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_HARMLESS = ("/proc/self/", "/dev/null", "/usr/share/zoneinfo")


class _Program(ctypes.Structure):
    """`struct sock_fprog`: how many instructions, and where."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def die_with_parent(parent: int) -> None:
    """Let the kernel kill this process when its parent ends; end now if it already has.

    Outside Linux only the end of the connection tells it.
    """
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def bound_memory(extra_mb: int) -> None:
    """Let this process map at most `extra_mb` MiB more memory than it has now; no core dumps."""
    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 (one read, before the sandbox holds)
        pages = int(statm.read().split()[0])
    most = pages * resource.getpagesize() + extra_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse_sockets() -> str:
    """Make the kernel refuse new sockets and programs; give the reason where it cannot, else "".

    What this process inherits stays usable. Source: seccomp(2), prctl(2).
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _REFUSED:
        return f"no seccomp filter for {sys.platform} on {machine}"
    architecture, numbers = _REFUSED[machine]
    steps = [
        _step(_LOAD, _MACHINE_AT),
        _step(_JUMP_EQUAL, architecture, yes=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
        _step(_JUMP_NOT_LESS, _X32, yes=len(numbers) + 1),
    ]
    for place, number in enumerate(numbers):
        steps.append(_step(_JUMP_EQUAL, number, yes=len(numbers) - place))
    steps += [_step(_RETURN, _ALLOW), _step(_RETURN, _ERROR_EPERM)]
    code = ctypes.create_string_buffer(b"".join(steps))
    program = _Program(len(steps), ctypes.addressof(code))
    try:
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program))
    except OSError as error:
        return f"seccomp: {error.strerror}"
    return ""


def allow_only_files(readable: Iterable[str], folder: str, installation: Iterable[str]) -> None:
    """Let Python open no network and no programs, and only some files, until this process ends.

    Shape: `readable` are real paths of files; below `folder` all may be read and written; below the folders
    of the `installation` all may be read.
    Source: PEP 578; code in C that asks Python for nothing is not held, which `refuse_sockets` is for.
    """
    files = frozenset(readable)
    libraries = tuple(os.path.realpath(path) + os.sep for path in installation)
    temporary = os.path.realpath(folder) + os.sep

    def check(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_EVENTS) and event != _SENDING:
            raise PermissionError(f"{event} is not allowed in this process")
        if event == "open" and isinstance(arguments[0], str | bytes):
            file = os.path.realpath(os.fsdecode(arguments[0]))
            mode, flags = arguments[1], arguments[2]
            writes = bool(flags & _WRITING) or (
                isinstance(mode, str) and any(sign in mode for sign in "wax+")
            )
            if file.startswith(temporary) or (not writes and (file in files or file.startswith(libraries))):
                return
            if writes or not file.startswith(_HARMLESS):
                raise PermissionError(f"{file} is not a file of this process")

    sys.addaudithook(check)


def _step(code: int, value: int, *, yes: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, 0, value)


def _prctl(option: int, *arguments: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    if library.prctl(ctypes.c_int(option), *padded) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
