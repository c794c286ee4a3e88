"""Who may ask next: cheap questions of quiet clients before those of clients that have kept us busy."""

import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

__all__ = ["Entry", "Turnstile"]

Place = TypeVar("Place")

_HALF_LIFE_S = 5.0
_INDEBTED_S = 0.5  # seconds of work, of the last while, from which a client counts as heavy
_MOST_CLIENTS = 10_000


@dataclass(frozen=True, slots=True)
class Entry(Generic[Place]):
    """A place that a client holds, and since when."""

    place: Place
    client: str
    began: float


@dataclass(eq=False)
class _Waiter:
    """One who waits."""

    client: str
    number: int


@dataclass
class _Account:
    """What a client has cost: seconds, as of a moment; what it has running began at `running`."""

    seconds: float = 0.0
    moment: float = 0.0
    running: list[float] = field(default_factory=list)

    def debt(self, now: float) -> float:
        """Seconds of work, each counting half as much after some seconds; running work counts at once."""
        faded = self.seconds * math.exp2(-(now - self.moment) / _HALF_LIFE_S)
        return faded + sum(now - began for began in self.running)

    def end(self, began: float, now: float) -> None:
        """Book work that has ended."""
        self.running.remove(began)
        faded = self.seconds * math.exp2(-(now - self.moment) / _HALF_LIFE_S)
        self.seconds, self.moment = faded + (now - began), now


class Turnstile(Generic[Place]):
    """Gives out places, some of which are kept for clients without debt.

    `size` places, of which heavy clients together never hold the last `kept`; the empty client name is the
    server itself, which has no debt.
    """

    def __init__(
        self, size: int, kept: int, most_waiting: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._size, self._kept, self._most_waiting, self._clock = size, kept, most_waiting, clock
        self._free: deque[Place] = deque()
        self._waiting: list[_Waiter] = []
        self._accounts: dict[str, _Account] = {}
        self._running: set[str] = set()
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self.busy = 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def add(self, place: Place) -> None:
        """Offer a place."""
        with self._changed:
            self._free.append(place)
            self._changed.notify_all()

    def discard(self, unwanted: Callable[[Place], bool]) -> list[Place]:
        """Take back free places; gives those it took."""
        with self._changed:
            taken = [place for place in self._free if unwanted(place)]
            self._free = deque(place for place in self._free if place not in taken)
            return taken

    def enter(self, client: str, wait_s: float) -> Entry[Place] | None:
        """Wait for a place; None when none was to be had in time, or too many wait already."""
        until = self._clock() + wait_s
        with self._changed:
            if len(self._waiting) >= self._most_waiting:
                return None
            waiter = _Waiter(client, next(self._numbers))
            self._waiting.append(waiter)
            try:
                while not (self._free and self._next() is waiter):
                    left = until - self._clock()
                    if left <= 0 or not self._changed.wait(left):
                        if self._free and self._next() is waiter:
                            break
                        return None
                return self._take(client)
            finally:
                self._waiting.remove(waiter)
                self._changed.notify_all()

    def leave(self, entry: Entry[Place]) -> None:
        """Account for a place that is no longer used; the place itself comes back by `add`, or never."""
        now = self._clock()
        with self._changed:
            self.busy -= 1
            if entry.client:
                account = self._accounts[entry.client]
                account.end(entry.began, now)
                if not account.running:
                    self._running.discard(entry.client)
            self._changed.notify_all()

    def _take(self, client: str) -> Entry[Place]:
        self.busy += 1
        now = self._clock()
        if client:
            if len(self._accounts) >= _MOST_CLIENTS:
                self._forget(now)
            self._accounts.setdefault(client, _Account(moment=now)).running.append(now)
            self._running.add(client)
        return Entry(self._free.popleft(), client, now)

    def _next(self) -> _Waiter | None:
        """Who of the waiting may enter: the least indebted, of equals the first."""
        now = self._clock()
        debts = {w.client: self._debt(w.client, now) for w in self._waiting}
        room_for_heavy = self._heavy_running(now) < self._size - self._kept
        may = [w for w in self._waiting if room_for_heavy or debts[w.client] < _INDEBTED_S]
        return min(may, key=lambda w: (debts[w.client], w.number), default=None)

    def _debt(self, client: str, now: float) -> float:
        account = self._accounts.get(client)
        return account.debt(now) if account else 0.0

    def _heavy_running(self, now: float) -> int:
        accounts = (self._accounts[client] for client in self._running)
        return sum(len(account.running) for account in accounts if account.debt(now) >= _INDEBTED_S)

    def _forget(self, now: float) -> None:
        kept = {c: a for c, a in self._accounts.items() if a.running or a.debt(now) > _INDEBTED_S / 100}
        self._accounts = kept
