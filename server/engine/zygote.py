"""The parent of query processes: holds a release's store, and forks a process for each that is wanted.

It has one thread and does nothing else, so that a fork is cheap and safe. It ends when its control
connection ends; its children end with it.
"""

import gc
import json
import os
import resource
import selectors
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from kg.release import Release
from kg.store import Store
from server.engine.answering import Writing
from kg.sandbox import bound_memory, die_with_parent, refuse_sockets
from server.engine.worker import serve_questions

__all__ = ["main"]


class _Zygote:
    """A store, its control connection, and how to make children."""

    def __init__(self, control: socket.socket, folder: Path, memory_mb: int) -> None:
        release = Release.open(folder)
        self._control, self._memory_mb = control, memory_mb
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
        signal.set_wakeup_fd(writer.fileno())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        base_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self._say({"event": "ready", "base_mb": base_mb})
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(reader, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is reader:
                        reader.recv(4096)
                        self._bury()
                    elif not self._control.recv(64):
                        return
                    else:
                        self._fork(reader, writer)

    def _fork(self, *not_for_children: socket.socket) -> None:
        ours, childs = socket.socketpair()
        me = os.getpid()
        pid = os.fork()
        if pid == 0:
            for connection in (self._control, ours, *not_for_children):
                connection.close()
            self._live(childs, me)
        childs.close()
        message = json.dumps({"event": "born", "pid": pid}).encode()
        socket.send_fds(self._control, [message], [ours.fileno()])
        ours.close()

    def _live(self, connection: socket.socket, parent: int) -> NoReturn:
        """Be a child."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.SIG_IGN)
        try:
            die_with_parent(parent)
            bound_memory(self._memory_mb)
            refuse_sockets()
            serve_questions(connection, self._store, self._writing)
        finally:
            # Without the clean-up of a parent that is not ours to clean up.
            os._exit(0)

    def _bury(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            self._say({"event": "ended", "pid": pid, "signal": number, "most_mb": usage.ru_maxrss // 1024})

    def _say(self, message: dict[str, object]) -> None:
        try:
            self._control.send(json.dumps(message).encode())
        except (BrokenPipeError, ConnectionResetError):
            os._exit(0)


def main(arguments: list[str]) -> None:
    """Run as a program: the number of the control connection, the release's folder, the memory limit in MiB."""
    number, folder, memory_mb = arguments
    # Ctrl-C reaches every process of a terminal; the web process decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=int(number)) as control:
        _Zygote(control, Path(folder), int(memory_mb)).run()


if __name__ == "__main__":
    main(sys.argv[1:])
