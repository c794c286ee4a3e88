"""One question under way in one query process: sent, timed, received; and why there is no answer."""

import contextlib
import json
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sauran.kg.model.errors import Busy, EngineError, QueryError
from sauran.kg.processes.frames import BROKEN, DATA, END, FAULT, LIMIT, QUESTION, Closed
from sauran.kg.processes.process import QueryProcess
from sauran.server.query.admission import Entry
from sauran.server.query.question import Broken, LimitReached, Limits, Lost, Question, Reply, Tally

__all__ = ["Ended", "Lender", "Run", "Unstarted"]

_SLOW_S = 0.1  # from here on a query has a lower priority of the processor
_SLOW_NICENESS = 10
_ASK_FOR_LESS = (
    "Ask for less (a narrower pattern, a LIMIT), or for what there is within the limits with partial=true."
)
_MIB = 1024 * 1024


class Unstarted(EngineError):
    """The process had ended before it had the question: another may have it."""

    def __init__(self) -> None:
        super().__init__("query process", "it ended before it had the question.")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: by which signal, and whether it held much memory."""

    signal: int
    large: bool


class Lender(Protocol):
    """Whose process it is."""

    def count(self, event: str) -> None:
        """Note for the metrics what happened."""

    def how_it_ended(self, pid: int) -> Ended | None:
        """How a process ended; None where nobody knows yet."""

    def give_back(self, entry: Entry[QueryProcess], *, usable: bool) -> None:
        """Take a process back."""


class Run:
    """One question under way in one process."""

    def __init__(self, lender: Lender, entry: Entry[QueryProcess], limits: Limits) -> None:
        self._lender, self._entry, self._limits = lender, entry, limits
        self._process = entry.place
        self._until = time.monotonic() + limits.timeout_s
        self._tally = Tally()
        self._usable = False
        self._closing = threading.Lock()  # taken once, never given back

    def send(self, question: Question) -> None:
        """Hand over the question.

        Raises: Unstarted when there is nobody to take it.
        """
        asked = {"question": question.as_plain(), "limits": self._limits.as_plain()}
        try:
            self._process.channel.send_json(QUESTION, asked)
        except (Closed, OSError) as error:
            raise Unstarted from error

    def first(self, buffer_bytes: int) -> Reply:
        """The whole answer, or a reply that goes on where the buffer is full.

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
        """Give the process back, once; one that has not finished is of no use any more."""
        if self._closing.acquire(blocking=False):
            self._lender.give_back(self._entry, usable=self._usable)

    def __del__(self) -> None:
        # Neither the reply nor its pieces are held by anybody: a place not given back would be lost for good.
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
        """The next piece; None at the end.

        Raises: QueryError, LimitReached, Busy, Lost, Broken.
        """
        if self._closing.locked():
            raise Lost("it was closed before its answer was read.")
        try:
            kind, data = self._read()
        except TimeoutError as error:
            raise self._passed("time") from error
        except (Closed, OSError) as error:
            raise self._lost() from error
        if kind == DATA:
            return data
        used_up, *said = json.loads(data)
        self._usable = not used_up
        if kind == END:
            self._tally.rows, self._tally.size, self._tally.stopped_by = said
            self._lender.count("answered")
            return None
        if kind == FAULT:
            raise QueryError(*said)
        if kind == BROKEN:
            self._lender.count("crashes")
            raise Broken
        raise self._passed(said[0]) if kind == LIMIT else Lost("its process said what nobody understands.")

    def _read(self) -> tuple[bytes, bytes]:
        read = self._process.channel.read
        if not self._process.niced:
            with contextlib.suppress(TimeoutError):
                return read(min(_SLOW_S, self._left()))
            self._process.set_niceness(_SLOW_NICENESS)
        return read(self._left())

    def _left(self) -> float:
        return max(self._until - time.monotonic(), 0.0)

    def _passed(self, limit: str) -> LimitReached:
        limits = self._limits
        self._lender.count("timeouts" if limit == "time" else "limits")
        value = {
            "time": f"{limits.timeout_s:g} s",
            "rows": f"{limits.max_rows} rows or triples",
            "bytes": f"{limits.max_bytes / _MIB:g} MiB of answer",
            "memory": f"{limits.memory_mb} MiB",
        }[limit]
        return LimitReached(limit, value, _ASK_FOR_LESS)

    def _lost(self) -> LimitReached | Busy | Lost:
        """Why the process ended before its answer did."""
        if self._entry.evicted:
            return Busy(1, "the query was stopped for quick ones of others, who waited.")
        ended = self._lender.how_it_ended(self._process.pid)
        if ended is not None:
            if ended.signal == signal.SIGALRM:
                return self._passed("time")
            # The engine aborts when memory is refused; it cannot say so itself.
            if ended.signal == signal.SIGABRT and ended.large:
                return self._passed("memory")
        self._lender.count("crashes")
        return Lost("its process ended before the answer was whole.")
