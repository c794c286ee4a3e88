"""Clients: their addresses behind trusted proxies; rate limits and concurrency limits for each client."""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sauran.kg.model.errors import UsageError

__all__ = [
    "Address",
    "ConcurrencyLimit",
    "Network",
    "TokenBuckets",
    "find_client",
    "is_within",
    "name_client",
    "parse_networks",
]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_ONE_SITE = 64  # bits: the smallest IPv6 network that one client usually has


def parse_networks(setting: str, text: str) -> tuple[Network, ...]:
    """Read a list of networks such as `10.0.0.0/8, ::1`.

    Raises: UsageError, in the name of the setting, for what is not a valid network.
    """
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ip_network(part))
        except ValueError as error:
            fix = "Write networks as 10.0.0.0/8 or ::1, separated by commas."
            raise UsageError(setting, f"{part!r} is not a valid network.", fix) from error
    return tuple(found)


def is_within(address: Address | None, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of the networks."""
    return address is not None and any(
        address.version == network.version and address in network for network in networks
    )


def find_client(remote: str, forwarded: str, trusted: Sequence[Network]) -> Address | None:
    """The nearest address that is not a trusted proxy; None where there is no address, as on a socket file.

    `forwarded` is X-Forwarded-For: each proxy appends the address that it got the request from. Addresses
    before the first untrusted one may be forged.
    """
    found = _read_address(remote)
    if forwarded and trusted:
        hops = forwarded.split(",")
        while hops and is_within(found, trusted):
            previous = _read_address(hops.pop())
            if previous is None:
                break
            found = previous
    return found


@lru_cache(maxsize=4096)
def name_client(address: Address | None) -> str:
    """The identity of a client for limits: its IPv4 address, or the /64 network of its IPv6 address."""
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), _ONE_SITE), strict=False))
    return str(address) if address else "unknown"


@lru_cache(maxsize=4096)
def _read_address(text: str) -> Address | None:
    """Parse an address with or without port, zone or brackets; IPv4-mapped IPv6 becomes IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


_MOST_CLIENTS = 10_000


class TokenBuckets:
    """Rate limit: a bucket of tokens for each client, refilled at a steady rate; a request takes one token.

    Memory is bounded: with too many clients, the least recently seen one is dropped and starts with a full
    bucket when it returns.
    """

    def __init__(
        self,
        rate_per_minute: int,
        burst: int,
        most: int = _MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start with full buckets of `burst` tokens."""
        self._rate, self._burst, self._most, self._clock = rate_per_minute / 60, burst, most, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: str) -> float:
        """Take a token and return 0, or return the seconds until one is available."""
        now = self._clock()
        with self._lock:
            tokens, before = self._buckets.pop(client, (float(self._burst), now))
            tokens = min(self._burst, tokens + (now - before) * self._rate)
            wait_s = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
            self._buckets[client] = (tokens if wait_s else tokens - 1, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        return wait_s


class ConcurrencyLimit:
    """A limit on concurrent work: slots for all clients together, and for each client."""

    def __init__(self, total: int, each: int) -> None:
        self._total, self._each = total, each
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """How many slots are taken."""
        return self._held.total()

    def take(self, client: str) -> bool:
        """Take a slot; False when none is free for this client."""
        with self._lock:
            if self._held.total() >= self._total or self._held[client] >= self._each:
                return False
            self._held[client] += 1
            return True

    def give_back(self, client: str) -> None:
        """Release a slot."""
        with self._lock:
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]
