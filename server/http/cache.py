"""Answers of one release as bytes, the least used dropped first; of equal questions only one is computed."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

__all__ = ["Answer", "Cache", "Flight"]

_SHARE = 8  # one answer takes at most so small a share of the cache
_OVERHEAD = 1024  # what an answer takes beside its bytes
_MOST_PASSED = 4096
_MOST_WAITING = 128  # threads; the others are for other questions
_PATIENCE_S = 120.0  # far longer than any query may take


class Answer:
    """An answer as it is sent again: made ready once, so that nothing is left to do."""

    __slots__ = ("body", "changed", "headers", "no_body", "size", "status", "tag", "unchanged")

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes, key: Hashable) -> None:
        # Whoever sends it says when.
        headers = [(name, value) for name, value in headers if name.lower() != "date"]
        self.status, self.headers, self.body = status, headers, [body]
        self.no_body: list[bytes] = []
        self.tag = next((value for name, value in headers if name.lower() == "etag"), "")
        self.changed = next((value for name, value in headers if name.lower() == "last-modified"), "")
        entity = ("content-type", "content-length", "content-encoding")
        self.unchanged = [(name, value) for name, value in headers if name.lower() not in entity]
        self.size = (
            len(body) + sum(len(name) + len(value) for name, value in headers) + len(repr(key)) + _OVERHEAD
        )


@dataclass(slots=True)
class Flight:
    """A question that somebody computes, for whoever waits; `answer` stays None where it is for one only."""

    landed: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None


class Cache:
    """A bounded set of answers, for any number of threads.

    `hits`, `misses` and `joined` count questions answered from here, computed, and waited for.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.most_each = most_bytes, most_bytes // _SHARE
        self.bytes = self.hits = self.misses = self.joined = self._waiting = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._flights: dict[Hashable, Flight] = {}
        self._passed: OrderedDict[Hashable, None] = OrderedDict()
        self._release: object = None

    @property
    def entries(self) -> int:
        """How many answers there are."""
        return len(self._answers)

    def turn_to(self, release: object) -> None:
        """Hold answers of this release only."""
        with self._lock:
            if release is not self._release:
                self._release = release
                self._answers.clear()
                self._passed.clear()
                # Who waits goes on waiting; who comes now must not join them.
                self._flights = {}
                self.bytes = 0

    def is_of(self, release: object) -> bool:
        """Whether the answers are those of a release."""
        return release is self._release

    def find(self, key: Hashable) -> Answer | None:
        """The answer to a question, if it is here."""
        answer = self._answers.get(key)
        if answer is not None:
            with contextlib.suppress(KeyError):  # another thread may drop it this moment
                self._answers.move_to_end(key)
            self.hits += 1
        return answer

    def board(self, key: Hashable) -> tuple[Flight | None, bool]:
        """Join whoever computes the answer, else become who does: the flight, and whether it is one's own.

        Shape: no flight where the answer is known not to be for others, or too many wait already.
        """
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None and self._waiting < _MOST_WAITING:
                self.joined += 1
                self._waiting += 1
                return flight, False
            self.misses += 1
            if flight is not None or key in self._passed:
                return None, True
            flight = self._flights[key] = Flight()
            return flight, True

    def wait(self, flight: Flight) -> Answer | None:
        """Wait until a flight that one has joined ends."""
        try:
            flight.landed.wait(_PATIENCE_S)
            return flight.answer
        finally:
            with self._lock:
                self._waiting -= 1

    def land(self, key: Hashable, flight: Flight | None, answer: Answer | None) -> None:
        """End a flight, with what is for all who wait."""
        if flight is None:
            return
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.answer = answer
        flight.landed.set()

    def keep(self, key: Hashable, answer: Answer, release: object) -> None:
        """Keep an answer, if it is of the release in use and not too large."""
        with self._lock:
            if release is not self._release or answer.size > self.most_each:
                return
            last = self._answers.pop(key, None)
            self.bytes += answer.size - (last.size if last else 0)
            self._answers[key] = answer
            while self.bytes > self.most_bytes:
                _, dropped = self._answers.popitem(last=False)
                self.bytes -= dropped.size

    def leave(self, key: Hashable, release: object) -> None:
        """Remember that the answers to a question are not for others: nobody need wait for them."""
        with self._lock:
            if release is self._release:
                self._passed[key] = None
                if len(self._passed) > _MOST_PASSED:
                    self._passed.popitem(last=False)
