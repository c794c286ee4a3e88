"""The query processes of one release, seen from the web process: lent, killed, replaced."""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from sauran.kg.model.errors import Busy, ReleaseError
from sauran.kg.processes.frames import Channel
from sauran.kg.processes.process import QueryProcess
from sauran.server.query.admission import Entry, Turnstile
from sauran.server.query.question import Limits, Lost, Question, Reply
from sauran.server.query.run import Ended, Run, Unstarted

__all__ = ["Counters", "Pool", "PoolSize"]

_LOG = logging.getLogger(__name__)
_NEWS_S = 0.5  # how long to wait for word of how a process ended
_START_S = 600  # a large release takes minutes to be loaded
_STOP_S = 2.0
# What Python itself does for all but received ones.
_NOT_FOR_PROGRAMS = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_IDLE_S = 60.0  # the last used is the first asked again: who is idle for so long was for a rush that is over
_MOST_PAUSE_S = 30.0  # between attempts to start the zygote
_LARGE = 0.25  # of the memory a query may take: whoever held so much has been refused more


@dataclass(frozen=True, slots=True)
class PoolSize:
    """How many processes; how many questions may wait, and how long; what an answer may take here."""

    processes: int = 6
    kept_for_light: int = 2
    most_waiting: int = 256
    wait_s: float = 2.0
    buffer_bytes: int = 4 * 1024 * 1024


@dataclass(slots=True)
class Counters:
    """What happened so far, for the metrics."""

    answered: int = 0
    timeouts: int = 0
    limits: int = 0
    crashes: int = 0
    kills: int = 0
    refused: int = 0
    evicted: int = 0
    born: int = 0


@dataclass(slots=True)
class _Ends:
    """How the last processes ended, by pid."""

    known: dict[int, Ended] = field(default_factory=dict)
    news: threading.Condition = field(default_factory=threading.Condition)


class Pool:
    """Answers questions about one release in processes that it can kill.

    One zygote process holds the release and forks the others. When a process ends, it forks another; when
    the zygote ends, a new one is started; when this process ends, all of them end.
    """

    folder: Path
    limits: Limits
    size: PoolSize

    def __init__(self, folder: Path, limits: Limits, size: PoolSize) -> None:
        """Start the processes.

        Raises: ReleaseError when they cannot be started.
        """
        self.folder, self.limits, self.size = folder, limits, size
        self.counters: Counters = Counters()
        self.base_mb: int = 0  # what the release itself takes
        self._counting = threading.Lock()
        self._turnstile: Turnstile[QueryProcess] = Turnstile(
            size.processes, size.kept_for_light, size.most_waiting, self._evict
        )
        self._ends = _Ends()
        self._closing, self._started, self._failed = threading.Event(), threading.Event(), False
        self._renewing = threading.Lock()
        self._pause_s = 0.0
        self._zygote, self._control = self._start()
        self._thread = threading.Thread(target=self._listen, name=f"pool {folder.name}", daemon=True)
        self._thread.start()
        if not self._started.wait(_START_S) or self._failed:
            self.close()
            raise ReleaseError(str(folder), "its query processes did not start.", "See the log.")

    @property
    def busy(self) -> int:
        """How many processes work."""
        return self._turnstile.busy

    @property
    def waiting(self) -> int:
        """How many questions wait for a process."""
        return self._turnstile.waiting

    @property
    def closed(self) -> bool:
        """Whether all is over."""
        return self._closing.is_set()

    def ask(self, question: Question, client: str = "", timeout_s: float | None = None) -> Reply:
        """Ask a question; returns when the answer is whole, or larger than the buffer.

        Raises: QueryError, LimitReached, Busy, Lost, Broken.
        """
        limits = self.limits.within(timeout_s)
        evicted = False
        for _ in range(self.size.processes + 2):
            entry = self._enter(client, heavy=evicted)
            run = Run(self, entry, limits)
            try:
                run.send(question)
                return run.first(self.size.buffer_bytes)
            except Unstarted:
                run.close()
            except Busy:
                run.close()
                # Once more, among the heavy: whoever asked has seen nothing of the answer yet.
                if evicted:
                    raise
                evicted = True
            except BaseException:
                run.close()
                raise
        self.count("crashes")
        raise Lost("no process took it.")

    def close(self) -> None:
        """End all processes; answers under way end with Lost."""
        with self._renewing:
            self._closing.set()
            # Wakes the thread that listens, and tells the zygote to end, its children with it.
            try:
                self._control.shutdown(socket.SHUT_RDWR)
            except OSError:
                _LOG.debug("the zygote of release %s is gone already", self.folder.name)
        self._thread.join()
        try:
            self._zygote.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
        self._control.close()
        self._discard()

    def count(self, event: str) -> None:
        """Note for the metrics what happened: a field of `Counters`."""
        with self._counting:
            setattr(self.counters, event, getattr(self.counters, event) + 1)

    def give_back(self, entry: Entry[QueryProcess], *, usable: bool) -> None:
        """Take a process back, or end it."""
        process = entry.place
        self._turnstile.leave(entry)  # from here on nobody else kills it
        if usable and not entry.evicted and (not process.niced or process.set_niceness(0)):
            process.last_used = time.monotonic()
            self._turnstile.add(process)
            if self.closed:
                self._discard()
            self._retire(process.last_used - _IDLE_S)
            return
        self._end(process)

    def how_it_ended(self, pid: int) -> Ended | None:
        """How a process ended; None where nobody knows yet."""
        until = time.monotonic() + _NEWS_S
        with self._ends.news:
            while pid not in self._ends.known:
                if self.closed or not self._ends.news.wait(until - time.monotonic()):
                    return None
            return self._ends.known.pop(pid)

    def _retire(self, moment: float) -> None:
        """End who was used before a moment but not since: a new process has copied nothing of the release."""
        for process in self._turnstile.discard(lambda process: process.last_used < moment):
            self._end(process)

    def _end(self, process: QueryProcess) -> None:
        """End a process that nobody uses; its end brings another."""
        self.count("kills")
        process.kill()
        process.close()

    def _enter(self, client: str, *, heavy: bool) -> Entry[QueryProcess]:
        entry = None if self.closed else self._turnstile.enter(client, self.size.wait_s, heavy=heavy)
        if entry is None:
            self.count("refused")
            raise Busy(1, f"all {self.size.processes} query processes are busy.")
        return entry

    def _evict(self, process: QueryProcess) -> None:
        self.count("evicted")
        process.kill()

    def _start(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-m", "sauran.server.query.fork_server"]
        command += [str(theirs.fileno()), str(self.folder)]
        command += [str(self.limits.memory_mb), "ways-out" if self.limits.ways_out else "closed"]
        with theirs:
            fds = [theirs.fileno()]
            zygote = subprocess.Popen(command, pass_fds=fds, stdin=subprocess.DEVNULL)  # noqa: S603 (ours)
        return zygote, ours

    def _listen(self) -> None:
        """Hear what the zygote says; start another where it ends without being told to."""
        while not self.closed:
            try:
                message, descriptors, _, _ = socket.recv_fds(self._control, 4096, 4, _NOT_FOR_PROGRAMS)
            except OSError:
                message, descriptors = b"", []
            if message:
                self._hear(json.loads(message), descriptors)
            elif not self._started.is_set():
                self._failed = True
                self._started.set()
                return
            elif not self.closed:
                self._renew()

    def _renew(self) -> None:
        """Start another zygote, after a pause where the last did not live long enough to be ready."""
        self._zygote.wait()
        _LOG.error("the zygote of release %s ended: starting another", self.folder.name)
        self._discard()
        self._closing.wait(self._pause_s)
        self._pause_s = min(2 * self._pause_s + _NEWS_S, _MOST_PAUSE_S)
        with self._renewing:
            if self.closed:
                return
            self._control.close()
            try:
                self._zygote, self._control = self._start()
            except OSError:
                _LOG.exception("the zygote of release %s does not start", self.folder.name)

    def _hear(self, message: dict[str, int | str], descriptors: list[int]) -> None:
        if message["event"] == "ready":
            self._pause_s = 0.0
            self.base_mb = int(message["base_mb"])
            if self.limits.ways_out:
                _LOG.warning("query processes keep their sockets: endpoints are allowed to SERVICE")
            elif message["sandbox"]:
                _LOG.warning("query processes are not kept from opening sockets: %s", message["sandbox"])
            for _ in range(self.size.processes):
                self._want_process()
        elif message["event"] == "born":
            self._welcome(int(message["pid"]), descriptors)
        elif message["event"] == "unborn":
            _LOG.error("no query process could be started: %s", message["why"])
            self._want_process()
        else:
            self._bury(int(message["pid"]), int(message["signal"]), int(message["most_mb"]))

    def _welcome(self, pid: int, descriptors: list[int]) -> None:
        self.count("born")
        if not descriptors:
            # It ends, as its connection has, and another is asked for.
            _LOG.error("too many open files: a query process cannot be reached")
            self._closing.wait(_NEWS_S)
            return
        with self._ends.news:
            self._ends.known.pop(pid, None)  # of one that had its number before
        channel, handle = Channel(socket.socket(fileno=descriptors[0]), self.limits.timeout_s), -1
        if len(descriptors) > 1:
            handle = descriptors[1]
        self._turnstile.add(QueryProcess(pid, channel, handle), new=True)
        self._started.set()

    def _bury(self, pid: int, number: int, most_mb: int) -> None:
        for process in self._turnstile.discard(lambda process: process.pid == pid):
            process.close()
        with self._ends.news:
            # Whoever lost a process asks at once; what nobody asks for must not pile up.
            while len(self._ends.known) > self.size.processes * 4:
                del self._ends.known[next(iter(self._ends.known))]
            self._ends.known[pid] = Ended(number, most_mb - self.base_mb > self.limits.memory_mb * _LARGE)
            self._ends.news.notify_all()
        self._want_process()

    def _discard(self) -> None:
        for process in self._turnstile.discard(lambda process: True):
            process.close()

    def _want_process(self) -> None:
        try:
            self._control.send(b"fork")
        except OSError:
            _LOG.debug("the zygote of release %s is gone", self.folder.name)
