"""A query process as the web process holds it, and the query that runs in it."""

import contextlib
import json
import math
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sauran.kg.model.errors import Busy, EngineError, QueryError
from sauran.kg.processes.channel import BROKEN, DATA, END, FAULT, LIMIT, REQUEST, Channel, Closed
from sauran.server.query.admission import Lease
from sauran.server.query.question import Broken, LimitReached, Lost, QueryLimits, Question, Reply, Tally

__all__ = ["NotStarted", "ProcessExit", "ProcessOwner", "QueryProcess", "RunningQuery"]

_SLOW_S = 0.1  # after this time a query gets a lower priority of the processor
_SLOW_NICENESS = 10
_ASK_FOR_LESS = "Ask for less (a narrower pattern, a LIMIT), or for a partial result with partial=true."
_MIB = 1024 * 1024


class NotStarted(EngineError):
    """The process had ended before it got the question, so another may take it."""

    def __init__(self) -> None:
        super().__init__("query process", "it ended before it got the question.")


@dataclass(frozen=True, slots=True)
class ProcessExit:
    """How a process ended: the signal that killed it, else 0, and whether it held much memory."""

    signal: int
    large: bool


@dataclass(eq=False, slots=True)
class QueryProcess:
    """A query process, as the web process holds it: its id and our end of its connection.

    `handle` is a pidfd, which names this process even when another one has its id; -1 where the system has
    none. `last_used` is when it was given back, in seconds of the monotonic clock; infinite until then.
    """

    pid: int
    channel: Channel
    handle: int = -1
    niced: bool = False
    last_used: float = math.inf

    def kill(self) -> None:
        """Kill it, from any thread; a thread that waits for it reads the end of its connection."""
        with contextlib.suppress(ProcessLookupError):
            if self.handle >= 0:
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Close the connection; only the thread that holds the process may do so."""
        self.channel.close()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def set_niceness(self, niceness: int) -> bool:
        """Set its niceness; False where the system refuses, as it does to most users who want less of it."""
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, niceness)
        except OSError:
            return False
        self.niced = niceness > 0
        return True


class ProcessOwner(Protocol):
    """Where a query process comes from and goes back to."""

    def count(self, event: str) -> None:
        """Count an event for the metrics."""

    def exit_of(self, pid: int) -> ProcessExit | None:
        """How a process ended; None while that is unknown."""

    def give_back(self, lease: Lease[QueryProcess], *, usable: bool) -> None:
        """Take a process back."""


class RunningQuery:
    """One question that a process works on."""

    def __init__(self, owner: ProcessOwner, lease: Lease[QueryProcess], limits: QueryLimits) -> None:
        self._owner, self._lease, self._limits = owner, lease, limits
        self._process = lease.resource
        self._until = time.monotonic() + limits.timeout_s
        self._tally = Tally()
        self._usable = False
        self._closing = threading.Lock()  # acquired once and never released

    def send(self, question: Question) -> None:
        """Send the question.

        Raises: NotStarted when the process has ended.
        """
        request = {"question": question.as_plain(), "limits": self._limits.as_plain()}
        try:
            self._process.channel.send_json(REQUEST, request)
        except (Closed, OSError) as error:
            raise NotStarted from error

    def first(self, buffer_bytes: int) -> Reply:
        """Read the answer: whole, or a reply with the rest to read when it is larger than the buffer.

        Raises: QueryError, LimitReached, Busy, Lost, Broken.
        """
        pieces: list[bytes] = []
        size = 0
        while size <= buffer_bytes:
            piece = self._receive()
            if piece is None:
                self.close()
                return Reply(b"".join(pieces), iter(()), self._tally, self.close)
            pieces.append(piece)
            size += len(piece)
        return Reply(None, self._rest(pieces), self._tally, self.close)

    def close(self) -> None:
        """Give the process back, once; one that has not finished cannot be used again."""
        if self._closing.acquire(blocking=False):
            self._owner.give_back(self._lease, usable=self._usable)

    def __del__(self) -> None:
        # Nobody holds the reply or its pieces any more; without this the process would never be given back.
        self.close()

    def _rest(self, pieces: list[bytes]) -> Iterator[bytes]:
        try:
            while pieces:
                yield pieces.pop(0)
            while (piece := self._receive()) is not None:
                yield piece
        finally:
            self.close()

    def _receive(self) -> bytes | None:
        """Read the next piece; None at the end.

        Raises: QueryError, LimitReached, Busy, Lost, Broken.
        """
        if self._closing.locked():
            raise Lost("it was closed before its answer was read.")
        try:
            kind, data = self._read()
        except TimeoutError as error:
            raise self._limit_reached("time") from error
        except (Closed, OSError) as error:
            raise self._lost() from error
        if kind == DATA:
            return data
        used_up, *details = json.loads(data)
        self._usable = not used_up
        if kind == END:
            self._tally.rows, self._tally.size, self._tally.stopped_by = details
            self._owner.count("answered")
            return None
        if kind == FAULT:
            raise QueryError(*details)
        if kind == BROKEN:
            self._owner.count("crashes")
            raise Broken
        raise (
            self._limit_reached(details[0])
            if kind == LIMIT
            else Lost(f"its process sent an unknown message {kind!r}.")
        )

    def _read(self) -> tuple[bytes, bytes]:
        read = self._process.channel.read
        if not self._process.niced:
            with contextlib.suppress(TimeoutError):
                return read(min(_SLOW_S, self._seconds_left()))
            self._process.set_niceness(_SLOW_NICENESS)
        return read(self._seconds_left())

    def _seconds_left(self) -> float:
        return max(self._until - time.monotonic(), 0.0)

    def _limit_reached(self, limit: str) -> LimitReached:
        limits = self._limits
        self._owner.count("timeouts" if limit == "time" else "limits")
        value = {
            "time": f"{limits.timeout_s:g} s",
            "rows": f"{limits.max_rows} rows or triples",
            "bytes": f"{limits.max_bytes / _MIB:g} MiB of answer",
            "memory": f"{limits.memory_mb} MiB",
        }[limit]
        return LimitReached(limit, value, _ASK_FOR_LESS)

    def _lost(self) -> LimitReached | Busy | Lost:
        """Why the process ended before its answer did."""
        if self._lease.evicted:
            return Busy(1, "the query was stopped so that short queries of other clients could run.")
        ended = self._owner.exit_of(self._process.pid)
        if ended is not None:
            if ended.signal == signal.SIGALRM:
                return self._limit_reached("time")
            # The engine aborts when memory is refused; it cannot say so itself.
            if ended.signal == signal.SIGABRT and ended.large:
                return self._limit_reached("memory")
        self._owner.count("crashes")
        return Lost("its process ended before the answer was whole.")
