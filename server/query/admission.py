"""Fair admission to query processes: light clients first; heavy queries are stopped when none is free."""

import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

__all__ = ["Admission", "Lease"]

Resource = TypeVar("Resource")

_HALF_LIFE_S = 5.0
_QUICK_S = 0.1  # shorter work never makes a client heavy, however often it is asked for
_HEAVY_S = 0.05  # seconds of recent slow work from which a client counts as heavy
_UNKNOWN_S = 0.1  # debt of a new client: one that is known to ask little comes before it
_LOOK_S = 0.02  # how often the first waiter looks whether a client has become heavy
_MOST_CLIENTS = 10_000


@dataclass(eq=False, slots=True)
class Lease(Generic[Resource]):
    """A resource that a client holds, and since when; `evicted` once others need it."""

    resource: Resource
    client: str
    began: float
    evicted: bool = False


@dataclass(eq=False, slots=True)
class _Waiter(Generic[Resource]):
    """A client that waits, until it is told of its lease."""

    client: str
    heavy: bool
    number: int
    told: threading.Condition
    lease: Lease[Resource] | None = None


@dataclass(eq=False, slots=True)
class _Account(Generic[Resource]):
    """What a client has used until a moment: seconds of all work and of slow work; what it holds now."""

    moment: float
    seconds: float = 0.0
    slow: float = 0.0
    held: list[Lease[Resource]] = field(default_factory=list)

    def debt(self, now: float) -> float:
        """Seconds of work, each counting half as much after `_HALF_LIFE_S`; running work counts at once."""
        return self.seconds * self._faded(now) + sum(now - lease.began for lease in self.held)

    def is_heavy(self, now: float) -> bool:
        """Whether its slow work, done or running, has reached the limit."""
        running = sum(max(now - lease.began - _QUICK_S, 0.0) for lease in self.held)
        return self.slow * self._faded(now) + running >= _HEAVY_S

    def end(self, lease: Lease[Resource], now: float) -> None:
        """Add work that has ended."""
        self.held.remove(lease)
        took, faded = now - lease.began, self._faded(now)
        self.seconds = self.seconds * faded + took
        self.slow = self.slow * faded + max(took - _QUICK_S, 0.0)
        self.moment = now

    def _faded(self, now: float) -> float:
        return math.exp2(-(now - self.moment) / _HALF_LIFE_S)


class Admission(Generic[Resource]):
    """Leases resources to clients; some are kept for clients that are not heavy.

    Of `size` resources heavy clients together hold the last `kept` only until others want them: then `evict`
    is called with a resource, whose lease must soon end. The empty client name is the server itself, which is
    never heavy.
    """

    def __init__(
        self,
        size: int,
        kept: int,
        most_waiting: int,
        evict: Callable[[Resource], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._size, self._room, self._most_waiting = size, size - kept, most_waiting
        self._evict, self._clock = evict, clock
        self._free: deque[Resource] = deque()
        self._waiting: list[_Waiter[Resource]] = []
        self._accounts: dict[str, _Account[Resource]] = {}
        self._most_accounts = _MOST_CLIENTS
        self._working: dict[str, _Account[Resource]] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.busy: int = 0

    @property
    def waiting(self) -> int:
        """Number of waiting clients."""
        return len(self._waiting)

    def add(self, resource: Resource, *, new: bool = False) -> None:
        """Offer a resource. The last used is the next given, so that few stay warm; a new one comes last."""
        with self._lock:
            if new:
                self._free.appendleft(resource)
            else:
                self._free.append(resource)
            self._hand_out()

    def discard(self, unwanted: Callable[[Resource], bool]) -> list[Resource]:
        """Remove free resources; gives those it removed."""
        with self._lock:
            taken = [resource for resource in self._free if unwanted(resource)]
            self._free = deque(resource for resource in self._free if not unwanted(resource))
            return taken

    def enter(self, client: str, wait_s: float, *, heavy: bool = False) -> Lease[Resource] | None:
        """Wait for a lease; None when none became free in time, or too many wait already."""
        until = self._clock() + wait_s
        with self._lock:
            if self._free and not self._waiting and self._may_enter(client, heavy, self._clock()):
                return self._take(client)
            waiter: _Waiter[Resource] = _Waiter(
                client, heavy, next(self._numbers), threading.Condition(self._lock)
            )
            self._waiting.append(waiter)
            try:
                self._hand_out()
                crowded = waiter.lease is None and self._is_crowded(waiter)
                while waiter.lease is None:
                    left = until - self._clock()
                    if crowded or left <= 0:
                        return None
                    if self._waiting[0] is not waiter:
                        waiter.told.wait(left)
                        continue
                    # The first looks for all whether a client has become heavy, or no longer is.
                    self._make_room()
                    waiter.told.wait(min(left, _LOOK_S))
                    self._hand_out()
                return waiter.lease
            finally:
                if waiter.lease is None:
                    self._remove(waiter)

    def leave(self, lease: Lease[Resource]) -> None:
        """End a lease; the resource itself comes back by `add`, or never."""
        with self._lock:
            self.busy -= 1
            if lease.client:
                account = self._working[lease.client]
                account.end(lease, self._clock())
                if not account.held:
                    del self._working[lease.client]
            self._hand_out()

    def _hand_out(self) -> None:
        while self._free and self._waiting and (waiter := self._next()):
            self._remove(waiter)
            waiter.lease = self._take(waiter.client)
            waiter.told.notify()

    def _remove(self, waiter: _Waiter[Resource]) -> None:
        self._waiting.remove(waiter)
        if self._waiting:
            self._waiting[0].told.notify()  # it may be the first now

    def _take(self, client: str) -> Lease[Resource]:
        now = self._clock()
        lease = Lease(self._free.pop(), client, now)
        self.busy += 1
        if client:
            if client not in self._accounts:
                self._forget(now)
                self._accounts[client] = _Account(now)
            self._working[client] = self._accounts[client]
            self._working[client].held.append(lease)
        return lease

    def _may_enter(self, client: str, heavy: bool, now: float) -> bool:
        return len(self._heavy_leases(now)) < self._room or not (heavy or self._has_slow_work(client, now))

    def _next(self) -> _Waiter[Resource] | None:
        """The waiter that may enter: the one with the least debt, of equals the first."""
        now = self._clock()
        has_room = len(self._heavy_leases(now)) < self._room
        may = [waiter for waiter in self._waiting if has_room or not self._is_heavy(waiter, now)]
        return min(may, key=lambda waiter: (self._debt(waiter.client, now), waiter.number), default=None)

    def _make_room(self) -> None:
        """Evict heavy clients beyond the share for heavy ones: one for each light client that waits."""
        now = self._clock()
        leaving = sum(lease.evicted for account in self._working.values() for lease in account.held)
        wanted = sum(not self._is_heavy(waiter, now) for waiter in self._waiting) - leaving - len(self._free)
        heavy = [lease for lease in self._heavy_leases(now) if not lease.evicted]
        # Of the client with the most debt the query that has run for the shortest time.
        heavy.sort(key=lambda lease: (self._debt(lease.client, now), lease.began), reverse=True)
        for lease in heavy[: max(min(wanted, len(heavy) - self._room), 0)]:
            lease.evicted = True
            self._evict(lease.resource)

    def _is_crowded(self, waiter: _Waiter[Resource]) -> bool:
        """Whether too many wait, of all, of the heavy, or of one client: each holds a thread meanwhile."""
        if len(self._waiting) > self._most_waiting:
            return True
        now = self._clock()
        alike = [other for other in self._waiting if other.client == waiter.client]
        if self._is_heavy(waiter, now):
            alike = [other for other in self._waiting if self._is_heavy(other, now)]
        return bool(waiter.client) and len(alike) > max(self._most_waiting // 4, self._size)

    def _is_heavy(self, waiter: _Waiter[Resource], now: float) -> bool:
        return waiter.heavy or self._has_slow_work(waiter.client, now)

    def _has_slow_work(self, client: str, now: float) -> bool:
        account = self._accounts.get(client)
        return account is not None and account.is_heavy(now)

    def _debt(self, client: str, now: float) -> float:
        account = self._accounts.get(client)
        return account.debt(now) if account else _UNKNOWN_S if client else 0.0

    def _heavy_leases(self, now: float) -> list[Lease[Resource]]:
        return [
            lease for account in self._working.values() if account.is_heavy(now) for lease in account.held
        ]

    def _forget(self, now: float) -> None:
        """Drop clients with next to no debt, each time there are twice as many as were kept."""
        if len(self._accounts) < self._most_accounts:
            return
        self._accounts = {
            client: account
            for client, account in self._accounts.items()
            if account.held or account.debt(now) > _HEAVY_S / 100
        }
        self._most_accounts = max(_MOST_CLIENTS, 2 * len(self._accounts))
