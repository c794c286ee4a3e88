"""The parent of query processes: holds a release's store, and forks a process for each that is wanted.

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
import threading
import time
import traceback
from pathlib import Path
from typing import NoReturn

from sauran.kg.loading.store import Store
from sauran.kg.processes.sandbox import bound_memory, die_with_parent, refuse_sockets
from sauran.kg.release.release import Release
from sauran.server.query.answering import Writing
from sauran.server.query.worker import serve_questions

__all__ = ["main"]

_AGAIN_S = 0.5  # after a fork that the system refused


class _Zygote:
    """A store, its control connection, and how to make children."""

    def __init__(self, control: socket.socket, folder: Path, memory_mb: int, *, ways_out: bool) -> None:
        release = Release.open(folder)
        self._control, self._memory_mb, self._ways_out = control, memory_mb, ways_out
        self._children: set[int] = set()
        self._store: Store = release.store()
        context = json.loads((release.folder / "dumps" / "context.jsonld").read_bytes())["@context"]
        self._writing = Writing(dict(release.manifest["prefixes"]), context)

    def run(self) -> None:
        """Fork when asked, tell who has ended, until the control connection ends."""
        # What is alive now stays as it is: children then share it instead of copying it to count references.
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
                while self._attend(selector, reader, writer):
                    pass
            except (BrokenPipeError, ConnectionResetError):
                pass  # the web process is gone
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)  # not yet waited for, so still ours
        for pid in self._children:
            os.waitpid(pid, 0)

    def _attend(self, selector: selectors.BaseSelector, reader: socket.socket, writer: socket.socket) -> bool:
        """Do what there is to do; False when there is nobody to do it for."""
        for key, _ in selector.select():
            if key.fileobj is reader:
                reader.recv(4096)
                self._bury()
            elif not self._control.recv(64):
                return False
            else:
                self._fork(selector, reader, writer)
        return True

    def _fork(self, *not_for_children: socket.socket | selectors.BaseSelector) -> None:
        ours, childs = socket.socketpair()
        me = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            ours.close()
            childs.close()
            time.sleep(_AGAIN_S)
            self._say({"event": "unborn", "why": str(error)})
            return
        if pid == 0:
            for inherited in (self._control, ours, *not_for_children):
                inherited.close()
            self._live(childs, me)
        self._children.add(pid)
        childs.close()
        fds = [ours.fileno()]
        if sys.platform == "linux":
            fds.append(os.pidfd_open(pid))
        try:
            socket.send_fds(self._control, [json.dumps({"event": "born", "pid": pid}).encode()], fds)
        finally:
            ours.close()
            for fd in fds[1:]:
                os.close(fd)

    def _live(self, connection: socket.socket, parent: int) -> NoReturn:
        """Be a child."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # an alarm kills, even within the engine
        try:
            die_with_parent(parent)
            # In a thread of its own: the engine seeds its random numbers once a thread, and a thread that was
            # forked goes on with its parent's, as all its siblings do: equal UUIDs.
            work = threading.Thread(target=self._work, args=(connection,))
            work.start()
            work.join()
        finally:
            # Without the clean-up of a parent that is not ours to clean up.
            os._exit(0)

    def _work(self, connection: socket.socket) -> None:
        try:
            bound_memory(self._memory_mb)
            if not self._ways_out:
                refuse_sockets()
            serve_questions(connection, self._store, self._writing)
        except Exception:
            traceback.print_exc()
            os._exit(1)

    def _bury(self) -> None:
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
    """Why children cannot be kept from opening sockets, tried by one that ends at once; else ""."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, refuse_sockets().encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        reason = pipe.read().decode()
    os.waitpid(pid, 0)
    return reason


def _resident_mb() -> int:
    """What this process holds now, in MiB; a child begins with as much."""
    pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    return pages * resource.getpagesize() // (1024 * 1024)


def _end_when_left(control: socket.socket) -> None:
    """Let the kernel end this process when the other side of the connection ends, whatever it is doing."""
    # SIGIO kills whoever does not handle it; the web process says nothing before this one is ready.
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    if poll.poll(0):
        os._exit(0)


def _attend_when_left(control: socket.socket) -> None:
    """Undo `_end_when_left`: from here on the end is read."""
    fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) & ~os.O_ASYNC)


def main(arguments: list[str]) -> None:
    """Run as a program: number of the control connection, release's folder, memory limit in MiB, ways out."""
    number, folder, memory_mb, ways_out = arguments
    # Ctrl-C reaches every process of a terminal, and a service manager's SIGTERM every process of a service;
    # the web process decides when this one ends, after what runs has been answered.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    with socket.socket(fileno=int(number)) as control:
        _end_when_left(control)
        zygote = _Zygote(control, Path(folder), int(memory_mb), ways_out=ways_out == "ways-out")
        _attend_when_left(control)
        zygote.run()


if __name__ == "__main__":
    main(sys.argv[1:])
