"""The fork server: holds a release's store, and forks a query process each time one is asked for.

It has one thread and does nothing else, so that a fork is cheap and safe. It ends when its control
connection ends; its children end with it.
"""

import fcntl
import gc
import json
import os
import resource
import select
import selectors
import signal
import socket
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sauran.kg.loading.store import Store
from sauran.kg.processes.child_process import fork
from sauran.kg.processes.sandbox import bound_memory, refuse_sockets
from sauran.kg.release.release import Release
from sauran.server.query.answering import Writing
from sauran.server.query.worker import serve_questions

__all__ = ["main"]

_RETRY_S = 0.5  # after a fork that the system refused


class _ForkServer:
    """A store, the control connection, and the children."""

    def __init__(self, control: socket.socket, folder: Path, memory_mb: int, *, keep_sockets: bool) -> None:
        release = Release.open(folder)
        self._control, self._memory_mb, self._keep_sockets = control, memory_mb, keep_sockets
        self._children: set[int] = set()
        self._store: Store = release.store()
        context = json.loads((release.folder / "dumps" / "context.jsonld").read_bytes())["@context"]
        self._writing = Writing(dict(release.manifest["prefixes"]), context)

    def run(self) -> None:
        """Fork when asked and report which children ended, until the control connection ends."""
        # The garbage collector then leaves these objects alone, so children share their pages.
        gc.collect()
        gc.freeze()
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(reader, selectors.EVENT_READ)
            try:
                self._say({"event": "ready", "base_mb": _resident_mb(), "sandbox": _missing_sandbox()})
                while self._handle(selector, reader, writer):
                    pass
            except (BrokenPipeError, ConnectionResetError):
                pass  # the web process is gone
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)  # not yet waited for, so still ours
        for pid in self._children:
            os.waitpid(pid, 0)

    def _handle(self, selector: selectors.BaseSelector, reader: socket.socket, writer: socket.socket) -> bool:
        """Handle the events that are there; False when the control connection has ended."""
        for key, _ in selector.select():
            if key.fileobj is reader:
                reader.recv(4096)
                self._report_ended()
            elif not self._control.recv(64):
                return False
            else:
                self._fork(selector, reader, writer)
        return True

    def _fork(self, *not_for_children: socket.socket | selectors.BaseSelector) -> None:
        ours, childs = socket.socketpair()
        try:
            pid = fork(lambda: self._be_query_process(childs, (self._control, ours, *not_for_children)))
        except OSError as error:
            ours.close()
            childs.close()
            time.sleep(_RETRY_S)
            self._say({"event": "fork-failed", "why": str(error)})
            return
        self._children.add(pid)
        childs.close()
        fds = [ours.fileno()]
        if sys.platform == "linux":
            fds.append(os.pidfd_open(pid))
        try:
            socket.send_fds(self._control, [json.dumps({"event": "forked", "pid": pid}).encode()], fds)
        finally:
            ours.close()
            for fd in fds[1:]:
                os.close(fd)

    def _be_query_process(
        self, connection: socket.socket, inherited: Iterable[socket.socket | selectors.BaseSelector]
    ) -> None:
        for one in inherited:
            one.close()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # an alarm kills, even within the engine
        # In a thread of its own: the engine seeds its random numbers once a thread. A forked thread would
        # continue its parent's, as all its siblings do, and give equal UUIDs.
        with ThreadPoolExecutor(1) as executor:
            executor.submit(self._work, connection).result()

    def _work(self, connection: socket.socket) -> None:
        bound_memory(self._memory_mb)
        if not self._keep_sockets:
            refuse_sockets()
        serve_questions(connection, self._store, self._writing)

    def _report_ended(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self._children.discard(pid)
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            self._say({"event": "ended", "pid": pid, "signal": number, "most_mb": usage.ru_maxrss // 1024})

    def _say(self, message: dict[str, object]) -> None:
        self._control.send(json.dumps(message).encode())


def _missing_sandbox() -> str:
    """Why children cannot be kept from opening sockets, as tried by one that ends at once; else ""."""
    reader, writer = os.pipe()
    pid = fork(lambda: os.write(writer, refuse_sockets().encode()))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        reason = pipe.read().decode()
    os.waitpid(pid, 0)
    return reason


def _resident_mb() -> int:
    """Resident memory of this process, in MiB; a child starts with the same."""
    pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    return pages * resource.getpagesize() // (1024 * 1024)


def _end_on_disconnect(control: socket.socket) -> None:
    """Let the kernel end this process when the other side of the connection ends, whatever it is doing."""
    # SIGIO kills a process that does not handle it; the web process sends nothing before this one is ready.
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    if poll.poll(0):
        os._exit(0)


def _read_disconnect(control: socket.socket) -> None:
    """Undo `_end_on_disconnect`: now the end of the connection is read."""
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) & ~os.O_ASYNC)


def main(arguments: list[str]) -> None:
    """Run as a program: descriptor of the control connection, release folder, MiB of memory, sockets."""
    number, folder, memory_mb, sockets = arguments
    # Ctrl-C reaches every process of a terminal, and a service manager's SIGTERM every process of a service;
    # the web process decides when this one ends, after running queries have been answered.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    with socket.socket(fileno=int(number)) as control:
        _end_on_disconnect(control)
        server = _ForkServer(control, Path(folder), int(memory_mb), keep_sockets=sockets == "keep-sockets")
        _read_disconnect(control)
        server.run()
