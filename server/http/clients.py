"""Clients: their addresses seen through trusted proxies, and limits on the requests and transfers of each."""

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

_ONE_SITE = 64  # bits: whoever has one address of IPv6 has a whole such network


def parse_networks(setting: str, text: str) -> tuple[Network, ...]:
    """Read a list of networks such as `10.0.0.0/8, ::1`.

    Raises: UsageError, in the name of the setting, for what is not a valid network.
    """
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ip_network(part))
        except ValueError as error:
            fix = "Write networks as 10.0.0.0/8 or ::1, with commas between."
            raise UsageError(setting, f"{part!r} is not a valid network.", fix) from error
    return tuple(found)


def is_within(address: Address | None, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of the networks."""
    return address is not None and any(
        address.version == network.version and address in network for network in networks
    )


def find_client(remote: str, forwarded: str, trusted: Sequence[Network]) -> Address | None:
    """The nearest address that is not a trusted proxy; None where there is no address, as on a socket file.

    `forwarded` is X-Forwarded-For: each proxy adds, at the end, whom it heard. What stands before the first
    that we do not trust is hearsay.
    """
    found = _read_address(remote)
    if forwarded and trusted:
        hops = forwarded.split(",")
        while hops and is_within(found, trusted):
            heard = _read_address(hops.pop())
            if heard is None:
                break
            found = heard
    return found


@lru_cache(maxsize=4096)
def name_client(address: Address | None) -> str:
    """What a client is called where clients are told apart: its address, of IPv6 its network of 64 bits."""
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), _ONE_SITE), strict=False))
    return str(address) if address else "unknown"


@lru_cache(maxsize=4096)
def _read_address(text: str) -> Address | None:
    """An address, with or without a port, a zone or brackets; one of IPv4 inside IPv6 is one of IPv4."""
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
    """A bucket of tokens for each client, filled at a steady rate; a request takes one.

    Bounded: when there are too many clients, the one unseen for longest is forgotten, which favours it.
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


class ConcurrencyLimit:
    """A limit on what runs at the same time: of all clients together, and of each."""

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
