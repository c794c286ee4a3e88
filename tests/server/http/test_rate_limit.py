"""What one client may take: tokens that come back with time, places that are given back."""

from sauran.server.http.rate_limit import Places, TokenBuckets


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
    places = Places(3, 2)
    assert [places.take("a") for _ in range(3)] == [True, True, False]
    assert [places.take("b"), places.take("c"), places.held] == [True, False, 3]
    places.give_back("a")
    assert [places.take("c"), places.held] == [True, 3]
    for client in ("a", "b", "c"):
        places.give_back(client)
    assert places.held == 0
