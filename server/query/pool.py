"""The pool of query processes of one release, in the web process: leased, killed, replaced."""

import json
import logging
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from sauran.kg.model.errors import Busy, ReleaseError
from sauran.kg.processes.channel import Channel
from sauran.kg.processes.child_process import start_program
from sauran.server.query.admission import Admission, Lease
from sauran.server.query.query_process import NotStarted, ProcessExit, QueryProcess, RunningQuery
from sauran.server.query.question import Lost, QueryLimits, Question, Reply

__all__ = ["Counters", "Pool", "PoolSize"]

_LOG = logging.getLogger(__name__)
_EXIT_S = 0.5  # how long to wait until it is known how a process ended
_START_S = 600  # a large release takes minutes to load
_STOP_S = 2.0
# Received descriptors must not be inherited; Python itself sees to that for all others.
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_IDLE_S = 60.0  # a process that was idle this long is no longer needed: the last used is the first used again
_MOST_PAUSE_S = 30.0  # between attempts to start the fork server
_LARGE = 0.25  # of the memory limit: a process that aborts with this much was most likely refused more


@dataclass(frozen=True, slots=True)
class PoolSize:
    """Number of processes; how many questions may wait, and how long; how much of an answer is buffered."""

    processes: int = 6
    kept_for_light: int = 2
    most_waiting: int = 256
    wait_s: float = 2.0
    buffer_bytes: int = 4 * 1024 * 1024


@dataclass(slots=True)
class Counters:
    """Counted events, for the metrics."""

    answered: int = 0
    timeouts: int = 0
    limits: int = 0
    crashes: int = 0
    kills: int = 0
    refused: int = 0
    evicted: int = 0
    forked: int = 0


@dataclass(slots=True)
class _Exits:
    """How the last processes ended, by process id."""

    known: dict[int, ProcessExit] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)


class Pool:
    """Answers questions about one release in processes that it can kill.

    A fork server holds the release and forks the others. When a process ends, it forks another; when the fork
    server ends, a new one is started; when this process ends, all of them end.
    """

    folder: Path
    limits: QueryLimits
    size: PoolSize

    def __init__(self, folder: Path, limits: QueryLimits, size: PoolSize) -> None:
        """Start the processes.

        Raises: ReleaseError when they cannot be started.
        """
        self.folder, self.limits, self.size = folder, limits, size
        self.counters: Counters = Counters()
        self.base_mb: int = 0  # memory of the release itself, in MiB
        self._counting = threading.Lock()
        self._admission: Admission[QueryProcess] = Admission(
            size.processes, size.kept_for_light, size.most_waiting, self._evict
        )
        self._exits = _Exits()
        self._closing, self._started, self._failed = threading.Event(), threading.Event(), False
        self._renewing = threading.Lock()
        self._pause_s = 0.0
        self._fork_server, self._control = self._start()
        self._thread = threading.Thread(target=self._listen, name=f"pool {folder.name}", daemon=True)
        self._thread.start()
        if not self._started.wait(_START_S) or self._failed:
            self.close()
            raise ReleaseError(str(folder), "its query processes did not start.", "See the log.")

    @property
    def busy(self) -> int:
        """Number of processes that work on a question."""
        return self._admission.busy

    @property
    def waiting(self) -> int:
        """Number of questions that wait for a process."""
        return self._admission.waiting

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closing.is_set()

    def ask(self, question: Question, client: str = "", timeout_s: float | None = None) -> Reply:
        """Ask a question; returns when the answer is whole, or larger than the buffer.

        Raises: QueryError, LimitReached, Busy, Lost, Broken.
        """
        limits = self.limits.within(timeout_s)
        evicted = False
        for _ in range(self.size.processes + 2):
            lease = self._enter(client, heavy=evicted)
            running = RunningQuery(self, lease, limits)
            try:
                running.send(question)
                return running.first(self.size.buffer_bytes)
            except NotStarted:
                running.close()
            except Busy:
                running.close()
                # Once more, among the heavy: the client has seen nothing of the answer yet.
                if evicted:
                    raise
                evicted = True
            except BaseException:
                running.close()
                raise
        self.count("crashes")
        raise Lost("no process took it.")

    def close(self) -> None:
        """End all processes; answers under way end with Lost."""
        with self._renewing:
            self._closing.set()
            # Wakes the thread that listens, and tells the fork server to end, its children with it.
            try:
                self._control.shutdown(socket.SHUT_RDWR)
            except OSError:
                _LOG.debug("the fork server of release %s has ended already", self.folder.name)
        self._thread.join()
        try:
            self._fork_server.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._fork_server.kill()
            self._fork_server.wait()
        self._control.close()
        self._discard()

    def count(self, event: str) -> None:
        """Count an event for the metrics: a field of `Counters`."""
        with self._counting:
            setattr(self.counters, event, getattr(self.counters, event) + 1)

    def give_back(self, lease: Lease[QueryProcess], *, usable: bool) -> None:
        """Take a process back, or end it."""
        process = lease.resource
        self._admission.leave(lease)  # after this no other thread kills it
        if usable and not lease.evicted and (not process.niced or process.set_niceness(0)):
            process.last_used = time.monotonic()
            self._admission.add(process)
            if self.closed:
                self._discard()
            self._retire(process.last_used - _IDLE_S)
            return
        self._end(process)

    def exit_of(self, pid: int) -> ProcessExit | None:
        """How a process ended; None while that is unknown."""
        until = time.monotonic() + _EXIT_S
        with self._exits.changed:
            while pid not in self._exits.known:
                if self.closed or not self._exits.changed.wait(until - time.monotonic()):
                    return None
            return self._exits.known.pop(pid)

    def _retire(self, moment: float) -> None:
        """End processes not used since a moment: a new one has copied nothing of the release yet."""
        for process in self._admission.discard(lambda process: process.last_used < moment):
            self._end(process)

    def _end(self, process: QueryProcess) -> None:
        """End a process that is not leased; its end makes the fork server start another."""
        self.count("kills")
        process.kill()
        process.close()

    def _enter(self, client: str, *, heavy: bool) -> Lease[QueryProcess]:
        lease = None if self.closed else self._admission.enter(client, self.size.wait_s, heavy=heavy)
        if lease is None:
            self.count("refused")
            raise Busy(1, f"all {self.size.processes} query processes are busy.")
        return lease

    def _evict(self, process: QueryProcess) -> None:
        self.count("evicted")
        process.kill()

    def _start(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        sockets = "keep-sockets" if self.limits.keep_sockets else "no-sockets"
        with theirs:
            arguments = (str(self.folder), str(self.limits.memory_mb), sockets)
            server = start_program("sauran.server.query.fork_server", theirs, arguments)
        return server, ours

    def _listen(self) -> None:
        """Read the events of the fork server; start another where it ends without being told to."""
        while not self.closed:
            try:
                message, descriptors, _, _ = socket.recv_fds(self._control, 4096, 4, _CLOSE_ON_EXEC)
            except OSError:
                message, descriptors = b"", []
            if message:
                self._handle(json.loads(message), descriptors)
            elif not self._started.is_set():
                self._failed = True
                self._started.set()
                return
            elif not self.closed:
                self._renew()

    def _renew(self) -> None:
        """Start another fork server, after a pause where the last one ended before it was ready."""
        self._fork_server.wait()
        _LOG.error("the fork server of release %s ended: starting another", self.folder.name)
        self._discard()
        self._closing.wait(self._pause_s)
        self._pause_s = min(2 * self._pause_s + _EXIT_S, _MOST_PAUSE_S)
        with self._renewing:
            if self.closed:
                return
            self._control.close()
            try:
                self._fork_server, self._control = self._start()
            except OSError:
                _LOG.exception("the fork server of release %s does not start", self.folder.name)

    def _handle(self, message: dict[str, int | str], descriptors: list[int]) -> None:
        if message["event"] == "ready":
            self._pause_s = 0.0
            self.base_mb = int(message["base_mb"])
            if self.limits.keep_sockets:
                _LOG.warning("query processes keep their sockets: endpoints are allowed to SERVICE")
            elif message["sandbox"]:
                _LOG.warning("query processes are not kept from opening sockets: %s", message["sandbox"])
            for _ in range(self.size.processes):
                self._want_process()
        elif message["event"] == "forked":
            self._add(int(message["pid"]), descriptors)
        elif message["event"] == "fork-failed":
            _LOG.error("no query process could be started: %s", message["why"])
            self._want_process()
        else:
            self._forget(int(message["pid"]), int(message["signal"]), int(message["most_mb"]))

    def _add(self, pid: int, descriptors: list[int]) -> None:
        self.count("forked")
        if not descriptors:
            # Its connection is closed, so it ends, and another is asked for.
            _LOG.error("too many open files: a query process cannot be reached")
            self._closing.wait(_EXIT_S)
            return
        with self._exits.changed:
            self._exits.known.pop(pid, None)  # of an earlier process with the same id
        channel, handle = Channel(socket.socket(fileno=descriptors[0]), self.limits.timeout_s), -1
        if len(descriptors) > 1:
            handle = descriptors[1]
        self._admission.add(QueryProcess(pid, channel, handle), new=True)
        self._started.set()

    def _forget(self, pid: int, number: int, most_mb: int) -> None:
        for process in self._admission.discard(lambda process: process.pid == pid):
            process.close()
        with self._exits.changed:
            # A thread that lost its process asks at once; entries that nobody asks for must not pile up.
            while len(self._exits.known) > self.size.processes * 4:
                del self._exits.known[next(iter(self._exits.known))]
            self._exits.known[pid] = ProcessExit(
                number, most_mb - self.base_mb > self.limits.memory_mb * _LARGE
            )
            self._exits.changed.notify_all()
        self._want_process()

    def _discard(self) -> None:
        for process in self._admission.discard(lambda process: True):
            process.close()

    def _want_process(self) -> None:
        try:
            self._control.send(b"fork")
        except OSError:
            _LOG.debug("the fork server of release %s has ended", self.folder.name)
