"""The query processes of one release, seen from the web process: lent, timed, killed, replaced."""

import contextlib
import json
import logging
import math
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kg.errors import QueryError, ReleaseError
from server.engine.answering import Tally
from server.engine.frames import DATA, END, FAULT, LIMIT, QUESTION, Closed, read_frame, write_json
from server.engine.limits import Limits
from server.engine.question import Question
from server.engine.reply import Busy, LimitReached, Lost, Reply
from server.engine.turnstile import Entry, Turnstile

__all__ = ["Pool", "PoolSize"]

_LOG = logging.getLogger(__name__)
_SLOW_S = 0.1  # from here on a query has a lower priority of the processor
_SLOW_NICENESS = 10
_NEWS_S = 0.5  # how long to wait for word of how a process ended
_START_S = 600  # a large release takes minutes to be loaded


@dataclass(frozen=True, slots=True)
class PoolSize:
    """How many processes; how many questions may wait, and how long; what an answer may take here."""

    processes: int = 6
    kept_for_light: int = 2
    most_waiting: int = 256
    wait_s: float = 2.0
    buffer_bytes: int = 4 * 1024 * 1024


@dataclass(eq=False, slots=True)
class _Process:
    """A query process and our end of its connection."""

    pid: int
    connection: socket.socket
    niced: bool = False

    def kill(self) -> None:
        """End it now; whoever asks it gets the end of its connection."""
        self.connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@dataclass(slots=True)
class Counters:
    """What happened so far, for the metrics."""

    answered: int = 0
    timeouts: int = 0
    limits: int = 0
    crashes: int = 0
    kills: int = 0
    refused: int = 0
    born: int = 0


@dataclass(slots=True)
class _Ends:
    """How processes ended, by pid, until somebody asks."""

    known: dict[int, tuple[int, int]] = field(default_factory=dict)
    news: threading.Condition = field(default_factory=threading.Condition)


class Pool:
    """Answers questions about one release in processes that it can kill.

    One zygote process holds the release and forks the others. When a process ends, it forks another; when
    the zygote ends, a new one is started; when this process ends, all of them end.
    """

    def __init__(self, folder: Path, limits: Limits, size: PoolSize) -> None:
        """Start the processes.

        Raises: ReleaseError when they cannot be started.
        """
        self.folder, self.limits, self.size = folder, limits, size
        self.counters = Counters()
        self._turnstile: Turnstile[_Process] = Turnstile(
            size.processes, size.kept_for_light, size.most_waiting
        )
        self._ends = _Ends()
        self.base_mb = 0  # what the release itself takes
        self.closed = False
        self._ready = threading.Event()
        self._zygote, self._control = self._start()
        self._thread = threading.Thread(target=self._listen, name=f"pool {folder.name}", daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_S) or self.closed:
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

    def ask(self, question: Question, client: str = "", timeout_s: float | None = None) -> Reply:
        """Ask a question; returns when the answer is whole, or larger than the buffer.

        Raises: QueryError, LimitReached, Busy, Lost.
        """
        limits = self.limits.within(timeout_s)
        entry = self._turnstile.enter(client, self.size.wait_s)
        if entry is None:
            self.counters.refused += 1
            raise Busy(1, f"all {self.size.processes} query processes are busy.")
        run = _Run(self, entry, limits)
        try:
            run.send(question)
            return run.first()
        except BaseException:
            run.close()
            raise

    def close(self) -> None:
        """End all processes."""
        self.closed = True
        # Wakes the thread that listens, and tells the zygote to end, its children with it.
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._zygote.wait()
        self._discard()

    def give_back(self, entry: Entry[_Process], *, usable: bool) -> None:
        """Take a process back, or kill it and ask for another."""
        process = entry.place
        self._turnstile.leave(entry)
        if usable and process.niced:
            usable = _set_priority(process.pid, 0)
            process.niced = False
        if usable and not self.closed:
            self._turnstile.add(process)
            return
        self.counters.kills += 1
        process.kill()

    def how_it_ended(self, pid: int) -> tuple[int, int] | None:
        """The signal that ended a process, and the most memory it held in MiB; None where nobody knows yet."""
        until = time.monotonic() + _NEWS_S
        with self._ends.news:
            while pid not in self._ends.known:
                if not self._ends.news.wait(until - time.monotonic()):
                    return None
            return self._ends.known.pop(pid)

    def _start(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-m", "server.engine.zygote", str(theirs.fileno()), str(self.folder)]
        command.append(str(self.limits.memory_mb))
        with theirs:
            fds = [theirs.fileno()]
            zygote = subprocess.Popen(command, pass_fds=fds, stdin=subprocess.DEVNULL)  # noqa: S603 (ours)
        return zygote, ours

    def _listen(self) -> None:
        """Hear what the zygote says; start another where it ends without being told to."""
        while not self.closed:
            try:
                message, descriptors, _, _ = socket.recv_fds(self._control, 4096, 4)
            except OSError:
                message, descriptors = b"", []
            if message:
                self._hear(json.loads(message), descriptors)
            elif not self.closed:
                self._zygote.wait()
                _LOG.error("the zygote of release %s ended: starting another", self.folder.name)
                self._control.close()
                time.sleep(_NEWS_S)
                if not self._ready.is_set():
                    self.closed = True
                    self._ready.set()
                    return
                self._discard()
                self._zygote, self._control = self._start()
        self._control.close()

    def _hear(self, message: dict[str, int | str], descriptors: list[int]) -> None:
        if message["event"] == "ready":
            self.base_mb = int(message["base_mb"])
            for _ in range(self.size.processes):
                self._want_process()
        elif message["event"] == "born":
            self.counters.born += 1
            process = _Process(int(message["pid"]), socket.socket(fileno=descriptors[0]))
            self._turnstile.add(process)
            self._ready.set()
        else:
            self._bury(int(message["pid"]), int(message["signal"]), int(message["most_mb"]))

    def _bury(self, pid: int, number: int, most_mb: int) -> None:
        for process in self._turnstile.discard(lambda process: process.pid == pid):
            process.connection.close()
        with self._ends.news:
            # Whoever lost a process asks at once; what nobody asks for must not pile up.
            if len(self._ends.known) > self.size.processes * 4:
                self._ends.known.clear()
            self._ends.known[pid] = (number, most_mb)
            self._ends.news.notify_all()
        self._want_process()

    def _discard(self) -> None:
        for process in self._turnstile.discard(lambda process: True):
            process.connection.close()

    def _want_process(self) -> None:
        try:
            self._control.send(b"fork")
        except OSError:
            _LOG.debug("the zygote of release %s is gone", self.folder.name)


class _Run:
    """One question under way in one process."""

    def __init__(self, pool: Pool, entry: Entry[_Process], limits: Limits) -> None:
        self._pool, self._entry, self._limits = pool, entry, limits
        self._process = entry.place
        self._until = time.monotonic() + limits.timeout_s
        self._tally = Tally()
        self._open, self._ended = True, False

    def send(self, question: Question) -> None:
        """Hand over the question."""
        self._process.connection.settimeout(self._limits.timeout_s)
        try:
            asked = {"question": question.as_plain(), "limits": asdict(self._limits)}
            write_json(self._process.connection, QUESTION, asked)
        except (Closed, OSError) as error:
            raise self._lost() from error

    def first(self) -> Reply:
        """The whole answer, or a reply that goes on where the buffer is full."""
        pieces: list[bytes] = []
        size = 0
        while size <= self._pool.size.buffer_bytes:
            piece = self._receive()
            if piece is None:
                self.close()
                return Reply(b"".join(pieces), iter(()), self._tally, self.close)
            pieces.append(piece)
            size += len(piece)
        return Reply(None, self._rest(pieces), self._tally, self.close)

    def close(self) -> None:
        """Give the process back; one that has not finished is killed."""
        if self._open:
            self._open = False
            self._pool.give_back(self._entry, usable=self._ended)

    def _rest(self, pieces: list[bytes]) -> Iterator[bytes]:
        try:
            yield from pieces
            while (piece := self._receive()) is not None:
                yield piece
        finally:
            self.close()

    def _receive(self) -> bytes | None:
        """The next piece; None at the end.

        Raises: QueryError, LimitReached, Lost.
        """
        try:
            kind, data = self._read()
        except TimeoutError as error:
            self._pool.counters.timeouts += 1
            fix = (
                "Ask for less (a narrower pattern, a LIMIT), or for what there is in time with partial=true."
            )
            raise LimitReached("time", f"{self._limits.timeout_s:g} s", fix) from error
        except (Closed, OSError) as error:
            raise self._lost() from error
        if kind == DATA:
            return data
        self._ended = True
        if kind == END:
            self._tally.rows, self._tally.size, self._tally.stopped_by = json.loads(data)
            self._pool.counters.answered += 1
            return None
        if kind == FAULT:
            raise QueryError(*json.loads(data))
        raise self._passed(json.loads(data) if kind == LIMIT else "")

    def _read(self) -> tuple[bytes, bytes]:
        connection = self._process.connection
        if not self._process.niced and not _readable(connection, min(_SLOW_S, self._left())):
            self._process.niced = _set_priority(self._process.pid, _SLOW_NICENESS)
        if not _readable(connection, self._left()):
            raise TimeoutError
        # The rest of a message follows its beginning at once.
        connection.settimeout(max(self._left(), _SLOW_S))
        return read_frame(connection)

    def _left(self) -> float:
        return max(self._until - time.monotonic(), 0.0)

    def _passed(self, limit: str) -> LimitReached:
        self._pool.counters.limits += 1
        limits = self._limits
        value = {
            "rows": f"{limits.max_rows} rows or triples",
            "bytes": f"{limits.max_bytes // (1024 * 1024)} MiB of answer",
            "memory": f"{limits.memory_mb} MiB",
        }.get(limit, "")
        self._ended = limit != "memory"
        return LimitReached(
            limit, value, "Ask for less, as with LIMIT, or for what there is with partial=true."
        )

    def _lost(self) -> LimitReached | Lost:
        """Why the process ended before its answer did."""
        ended = self._pool.how_it_ended(self._process.pid)
        if ended is not None:
            number, most_mb = ended
            if number == signal.SIGALRM:
                return LimitReached("time", f"{self._limits.timeout_s:g} s", "Ask for less.")
            # The engine aborts when memory is refused; it cannot say so itself.
            if number == signal.SIGABRT and most_mb - self._pool.base_mb > self._limits.memory_mb / 4:
                return self._passed("memory")
        self._pool.counters.crashes += 1
        return Lost("its process ended before the answer was whole.")


def _readable(connection: socket.socket, seconds: float) -> bool:
    """Whether something comes in time; unlike a time-out while reading, this loses nothing."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(math.ceil(seconds * 1000)))


def _set_priority(pid: int, niceness: int) -> bool:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
    except OSError:
        return False
    return True
