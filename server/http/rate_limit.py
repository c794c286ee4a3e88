"""What one client may take of what all share: requests a minute, and places for slow transfers."""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable

__all__ = ["Places", "TokenBuckets"]

_MOST_CLIENTS = 10_000


class TokenBuckets:
    """A bucket of tokens for each client, filled at a steady rate; a request takes one.

    Bounded: beyond so many clients the one unseen for longest is forgotten, which favours it.
    """

    def __init__(
        self,
        rate_per_minute: int,
        burst: int,
        most: int = _MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make room for `burst` tokens in each bucket."""
        self._rate, self._burst, self._most, self._clock = rate_per_minute / 60, burst, most, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: str) -> float:
        """Take a token; give 0, or in how many seconds there will be one."""
        now = self._clock()
        with self._lock:
            tokens, before = self._buckets.pop(client, (float(self._burst), now))
            tokens = min(self._burst, tokens + (now - before) * self._rate)
            wait_s = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
            self._buckets[client] = (tokens if wait_s else tokens - 1, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        return wait_s


class Places:
    """So many places for all, of which one client holds at most some."""

    def __init__(self, total: int, each: int) -> None:
        self._total, self._each = total, each
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """How many places are taken."""
        return self._held.total()

    def take(self, client: str) -> bool:
        """Take a place; False where there is none for this client."""
        with self._lock:
            if self._held.total() >= self._total or self._held[client] >= self._each:
                return False
            self._held[client] += 1
            return True

    def give_back(self, client: str) -> None:
        """Give a place back."""
        with self._lock:
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]
