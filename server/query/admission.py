"""Who may ask next: quiet clients before those that keep us busy, who have to make room where it is short."""

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
_QUICK_S = 0.1  # what passes sooner makes nobody heavy, however often it is asked
_HEAVY_S = 0.05  # seconds of slow work, of the last while, from which a client counts as heavy
_UNKNOWN_S = 0.1  # what is expected of one who never asked: whoever has asked little comes before
_LOOK_S = 0.02  # how often one who waits looks whether somebody has become heavy
_MOST_CLIENTS = 10_000


@dataclass(eq=False, slots=True)
class Entry(Generic[Place]):
    """A place that a client holds, and since when; `evicted` once it is needed by others."""

    place: Place
    client: str
    began: float
    evicted: bool = False


@dataclass(eq=False, slots=True)
class _Waiter(Generic[Place]):
    """One who waits, until told of the entry."""

    client: str
    heavy: bool
    number: int
    told: threading.Condition
    entry: Entry[Place] | None = None


@dataclass(eq=False, slots=True)
class _Account(Generic[Place]):
    """What a client has cost, as of a moment: all its seconds, and those of slow work; what it holds."""

    moment: float
    seconds: float = 0.0
    slow: float = 0.0
    held: list[Entry[Place]] = field(default_factory=list)

    def debt(self, now: float) -> float:
        """Seconds of work, each counting half as much after some seconds; running work counts at once."""
        return self.seconds * self._faded(now) + sum(now - entry.began for entry in self.held)

    def is_heavy(self, now: float) -> bool:
        """Whether slow work, done or running, is more than a little."""
        running = sum(max(now - entry.began - _QUICK_S, 0.0) for entry in self.held)
        return self.slow * self._faded(now) + running >= _HEAVY_S

    def end(self, entry: Entry[Place], now: float) -> None:
        """Book work that has ended."""
        self.held.remove(entry)
        took, faded = now - entry.began, self._faded(now)
        self.seconds = self.seconds * faded + took
        self.slow = self.slow * faded + max(took - _QUICK_S, 0.0)
        self.moment = now

    def _faded(self, now: float) -> float:
        return math.exp2(-(now - self.moment) / _HALF_LIFE_S)


class Turnstile(Generic[Place]):
    """Gives out places, some of which are kept for clients that are not heavy.

    Of `size` places heavy clients together hold the last `kept` only until others want them: then `evict`
    is called with a place, which must soon be left. The empty client name is the server itself: never heavy.
    """

    def __init__(
        self,
        size: int,
        kept: int,
        most_waiting: int,
        evict: Callable[[Place], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._size, self._room, self._most_waiting = size, size - kept, most_waiting
        self._evict, self._clock = evict, clock
        self._free: deque[Place] = deque()
        self._waiting: list[_Waiter[Place]] = []
        self._accounts: dict[str, _Account[Place]] = {}
        self._most_accounts = _MOST_CLIENTS
        self._working: dict[str, _Account[Place]] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.busy: int = 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def add(self, place: Place, *, new: bool = False) -> None:
        """Offer a place: the last used is the next given, so that few are warm; a new one comes last."""
        with self._lock:
            if new:
                self._free.appendleft(place)
            else:
                self._free.append(place)
            self._hand_out()

    def discard(self, unwanted: Callable[[Place], bool]) -> list[Place]:
        """Take back free places; gives those it took."""
        with self._lock:
            taken = [place for place in self._free if unwanted(place)]
            self._free = deque(place for place in self._free if not unwanted(place))
            return taken

    def enter(self, client: str, wait_s: float, *, heavy: bool = False) -> Entry[Place] | None:
        """Wait for a place; None when none was to be had in time, or too many wait already."""
        until = self._clock() + wait_s
        with self._lock:
            if self._free and not self._waiting and self._may_enter(client, heavy, self._clock()):
                return self._take(client)
            waiter: _Waiter[Place] = _Waiter(
                client, heavy, next(self._numbers), threading.Condition(self._lock)
            )
            self._waiting.append(waiter)
            try:
                self._hand_out()
                crowded = waiter.entry is None and self._is_crowded(waiter)
                while waiter.entry is None:
                    left = until - self._clock()
                    if crowded or left <= 0:
                        return None
                    if self._waiting[0] is not waiter:
                        waiter.told.wait(left)
                        continue
                    # The first looks for all whether somebody has become heavy, or no longer is.
                    self._make_room()
                    waiter.told.wait(min(left, _LOOK_S))
                    self._hand_out()
                return waiter.entry
            finally:
                if waiter.entry is None:
                    self._remove(waiter)

    def leave(self, entry: Entry[Place]) -> None:
        """Account for a place that has become free; the place itself comes back by `add`, or never."""
        with self._lock:
            self.busy -= 1
            if entry.client:
                account = self._working[entry.client]
                account.end(entry, self._clock())
                if not account.held:
                    del self._working[entry.client]
            self._hand_out()

    def _hand_out(self) -> None:
        while self._free and self._waiting and (waiter := self._next()):
            self._remove(waiter)
            waiter.entry = self._take(waiter.client)
            waiter.told.notify()

    def _remove(self, waiter: _Waiter[Place]) -> None:
        self._waiting.remove(waiter)
        if self._waiting:
            self._waiting[0].told.notify()  # it may be the first now

    def _take(self, client: str) -> Entry[Place]:
        now = self._clock()
        entry = Entry(self._free.pop(), client, now)
        self.busy += 1
        if client:
            if client not in self._accounts:
                self._forget(now)
                self._accounts[client] = _Account(now)
            self._working[client] = self._accounts[client]
            self._working[client].held.append(entry)
        return entry

    def _may_enter(self, client: str, heavy: bool, now: float) -> bool:
        return len(self._heavy_entries(now)) < self._room or not (heavy or self._owes_slow_work(client, now))

    def _next(self) -> _Waiter[Place] | None:
        """Who of the waiting may enter: the least indebted, of equals the first."""
        now = self._clock()
        has_room = len(self._heavy_entries(now)) < self._room
        may = [waiter for waiter in self._waiting if has_room or not self._is_heavy(waiter, now)]
        return min(may, key=lambda waiter: (self._debt(waiter.client, now), waiter.number), default=None)

    def _make_room(self) -> None:
        """Evict who is heavy beyond the room for the heavy: one for each other who waits."""
        now = self._clock()
        leaving = sum(entry.evicted for account in self._working.values() for entry in account.held)
        wanted = sum(not self._is_heavy(waiter, now) for waiter in self._waiting) - leaving - len(self._free)
        heavy = [entry for entry in self._heavy_entries(now) if not entry.evicted]
        # Of the most indebted that which has done least.
        heavy.sort(key=lambda entry: (self._debt(entry.client, now), entry.began), reverse=True)
        for entry in heavy[: max(min(wanted, len(heavy) - self._room), 0)]:
            entry.evicted = True
            self._evict(entry.place)

    def _is_crowded(self, waiter: _Waiter[Place]) -> bool:
        """Whether too many wait, of all, of the heavy, or of one client: each holds a thread meanwhile."""
        if len(self._waiting) > self._most_waiting:
            return True
        now = self._clock()
        alike = [other for other in self._waiting if other.client == waiter.client]
        if self._is_heavy(waiter, now):
            alike = [other for other in self._waiting if self._is_heavy(other, now)]
        return bool(waiter.client) and len(alike) > max(self._most_waiting // 4, self._size)

    def _is_heavy(self, waiter: _Waiter[Place], now: float) -> bool:
        return waiter.heavy or self._owes_slow_work(waiter.client, now)

    def _owes_slow_work(self, client: str, now: float) -> bool:
        account = self._accounts.get(client)
        return account is not None and account.is_heavy(now)

    def _debt(self, client: str, now: float) -> float:
        account = self._accounts.get(client)
        return account.debt(now) if account else _UNKNOWN_S if client else 0.0

    def _heavy_entries(self, now: float) -> list[Entry[Place]]:
        return [
            entry for account in self._working.values() if account.is_heavy(now) for entry in account.held
        ]

    def _forget(self, now: float) -> None:
        """Drop who owes next to nothing, each time there are twice as many as were kept."""
        if len(self._accounts) < self._most_accounts:
            return
        self._accounts = {
            client: account
            for client, account in self._accounts.items()
            if account.held or account.debt(now) > _HEAVY_S / 100
        }
        self._most_accounts = max(_MOST_CLIENTS, 2 * len(self._accounts))
