"""Clients: addresses through trusted proxies, IPv6 networks as one client; tokens and places of each."""

from ipaddress import ip_address

import pytest

from sauran.kg.model.errors import UsageError
from sauran.server.http.clients import (
    ConcurrencyLimit,
    TokenBuckets,
    find_client,
    is_within,
    name_client,
    parse_networks,
)

PROXIES = parse_networks("trusted_proxies", "10.0.0.0/8, ::1 127.0.0.1")


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("127.0.0.1:5000", "[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:10.0.0.1", "198.51.100.1:80", "198.51.100.1"),
        ("fe80::1%eth0", "", "fe80::1"),
        ("", "", "None"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_trusted_proxy(remote: str, forwarded: str, client: str) -> None:
    assert str(find_client(remote, forwarded, PROXIES)) == client


def test_without_trusted_proxies_nothing_forwarded_counts() -> None:
    assert str(find_client("127.0.0.1", "198.51.100.1", ())) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ],
)
def test_a_network_of_ipv6_is_one_client(address: str, name: str) -> None:
    assert name_client(ip_address(address)) == name


def test_without_an_address_a_client_is_unknown() -> None:
    assert name_client(None) == "unknown"
    assert not is_within(None, PROXIES)


def test_versions_of_addresses_are_not_mixed() -> None:
    assert is_within(ip_address("::1"), PROXIES)
    assert not is_within(ip_address("::2"), PROXIES)


def test_an_invalid_network_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        parse_networks("trusted_proxies", "10.0.0.0/8, proxy.example.org")
    assert str(caught.value) == (
        "trusted_proxies: 'proxy.example.org' is not a valid network. "
        "Write networks as 10.0.0.0/8 or ::1, separated by commas."
    )


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_then_the_steady_rate() -> None:
    clock = Clock()
    buckets = TokenBuckets(60, 3, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 1]
    assert buckets.take("b") == 0
    clock.now += 0.5
    assert buckets.take("a") == 0.5
    clock.now += 0.5
    assert buckets.take("a") == 0
    clock.now += 3600
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 1]


def test_the_table_of_clients_is_bounded_and_keeps_the_newest() -> None:
    buckets = TokenBuckets(60, 1, most=10, clock=Clock())
    assert all(buckets.take(str(number)) == 0 for number in range(1000))
    assert len(buckets) == 10
    assert buckets.take("999") == 1
    assert buckets.take("0") == 0


def test_places_are_for_all_and_for_each() -> None:
    places = ConcurrencyLimit(3, 2)
    assert [places.take("a") for _ in range(3)] == [True, True, False]
    assert [places.take("b"), places.take("c"), places.held] == [True, False, 3]
    places.give_back("a")
    assert [places.take("c"), places.held] == [True, 3]
    for client in ("a", "b", "c"):
        places.give_back(client)
    assert places.held == 0
