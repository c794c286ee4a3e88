"""Who asks: the address of a client, seen through the proxies that are trusted. Pure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sauran.kg.model.errors import UsageError

__all__ = ["Address", "Network", "find_client", "is_within", "name_client", "parse_networks"]

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
    """The nearest address that is no trusted proxy; None where there is no address, as on a socket file.

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
