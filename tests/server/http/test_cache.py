"""The cache: bounded, of one release, and one computation for all who ask the same."""

import threading

import pytest

from sauran.server.http.cache import Answer, Cache


def answer(body: bytes = b"body", tag: str = '"t"') -> Answer:
    return Answer("200 OK", [("ETag", tag), ("Content-Length", str(len(body))), ("Date", "now")], body, "key")


def test_an_answer_is_ready_to_be_sent() -> None:
    made = answer()
    assert (made.tag, made.body, made.no_body) == ('"t"', [b"body"], [])
    assert made.headers == [("ETag", '"t"'), ("Content-Length", "4")]
    assert made.unchanged == [("ETag", '"t"')]


def test_the_least_used_is_dropped_first() -> None:
    cache = Cache(80_000)
    cache.turn_to("release")
    for key in "abcdefgh":
        cache.keep(key, answer(b"x" * 8000), "release")
    assert cache.entries == 8
    assert cache.find("a")
    cache.keep("i", answer(b"x" * 8000), "release")
    assert cache.find("b") is None
    assert cache.find("a")
    assert cache.bytes <= 80_000
    assert (cache.hits, cache.misses) == (2, 0)


def test_what_is_too_large_is_not_kept() -> None:
    cache = Cache(80_000)
    cache.turn_to("release")
    cache.keep("a", answer(b"x" * 20_000), "release")
    assert (cache.entries, cache.bytes) == (0, 0)


def test_the_same_question_is_counted_once() -> None:
    cache = Cache(80_000)
    cache.turn_to("release")
    cache.keep("a", answer(), "release")
    size = cache.bytes
    cache.keep("a", answer(), "release")
    assert (cache.entries, cache.bytes) == (1, size)


def test_another_release_empties_it_and_the_last_one_comes_too_late() -> None:
    cache = Cache(80_000)
    cache.turn_to("one")
    cache.keep("a", answer(), "one")
    cache.turn_to("two")
    assert (cache.entries, cache.bytes, cache.is_of("two")) == (0, 0, True)
    cache.keep("a", answer(), "one")
    assert cache.find("a") is None


def test_whoever_asks_meanwhile_waits() -> None:
    cache = Cache(80_000)
    cache.turn_to("release")
    flight, own = cache.board("a")
    assert own
    got: list[Answer | None] = []
    joined, not_own = cache.board("a")
    assert joined is flight
    assert not not_own
    assert joined is not None
    waiting = threading.Thread(target=lambda: got.append(cache.wait(joined)))
    waiting.start()
    cache.land("a", flight, answer())
    waiting.join(5)
    assert got[0] is not None
    assert (cache.joined, cache.misses) == (1, 1)
    assert cache.board("a")[1]


def test_nobody_waits_for_what_is_for_one_only() -> None:
    cache = Cache(80_000)
    cache.turn_to("release")
    cache.leave("a", "release")
    assert cache.board("a") == (None, True)


@pytest.mark.parametrize("seats", [128])
def test_only_so_many_wait(seats: int) -> None:
    cache = Cache(80_000)
    cache.turn_to("release")
    flight, _ = cache.board("a")
    assert all(cache.board("a")[0] is flight for _ in range(seats))
    assert cache.board("a") == (None, True)
