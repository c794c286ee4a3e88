"""The cache: bounded, of one release; hits without the application, one computation for many."""

import io
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.release.release import Release
from sauran.server.http.request_context import context_of
from sauran.server.http.response_cache import CachedResponse, ResponseCache, ResponseCacheMiddleware
from sauran.server.http.served_release import CurrentRelease
from sauran.server.http.services import services


def answer(body: bytes = b"body", tag: str = '"t"') -> CachedResponse:
    return CachedResponse(
        "200 OK", [("ETag", tag), ("Content-Length", str(len(body))), ("Date", "now")], body, "key"
    )


def test_an_answer_is_ready_to_be_sent() -> None:
    made = answer()
    assert (made.tag, made.body, made.no_body) == ('"t"', [b"body"], [])
    assert made.headers == [("ETag", '"t"'), ("Content-Length", "4")]
    assert made.unchanged == [("ETag", '"t"')]


def test_the_least_used_is_dropped_first() -> None:
    cache = ResponseCache(80_000)
    cache.switch_to("release")
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
    cache = ResponseCache(80_000)
    cache.switch_to("release")
    cache.keep("a", answer(b"x" * 20_000), "release")
    assert (cache.entries, cache.bytes) == (0, 0)


def test_the_same_question_is_counted_once() -> None:
    cache = ResponseCache(80_000)
    cache.switch_to("release")
    cache.keep("a", answer(), "release")
    size = cache.bytes
    cache.keep("a", answer(), "release")
    assert (cache.entries, cache.bytes) == (1, size)


def test_another_release_empties_it_and_the_last_one_comes_too_late() -> None:
    cache = ResponseCache(80_000)
    cache.switch_to("one")
    cache.keep("a", answer(), "one")
    cache.switch_to("two")
    assert (cache.entries, cache.bytes, cache.is_of("two")) == (0, 0, True)
    cache.keep("a", answer(), "one")
    assert cache.find("a") is None


def test_whoever_asks_meanwhile_waits() -> None:
    cache = ResponseCache(80_000)
    cache.switch_to("release")
    pending, own = cache.join("a")
    assert own
    got: list[CachedResponse | None] = []
    joined, not_own = cache.join("a")
    assert joined is pending
    assert not not_own
    assert joined is not None
    waiting = threading.Thread(target=lambda: got.append(cache.wait(joined)))
    waiting.start()
    cache.finish("a", pending, answer())
    waiting.join(5)
    assert got[0] is not None
    assert (cache.joined, cache.misses) == (1, 1)
    assert cache.join("a")[1]


def test_nobody_waits_for_what_is_for_one_only() -> None:
    cache = ResponseCache(80_000)
    cache.switch_to("release")
    cache.mark_uncacheable("a", "release")
    assert cache.join("a") == (None, True)


@pytest.mark.parametrize("seats", [128])
def test_only_so_many_wait(seats: int) -> None:
    cache = ResponseCache(80_000)
    cache.switch_to("release")
    pending, _ = cache.join("a")
    assert all(cache.join("a")[0] is pending for _ in range(seats))
    assert cache.join("a") == (None, True)


StartResponse = Callable[..., Any]
KEPT = [("ETag", '"tag"'), ("Cache-Control", "no-cache")]


class Inner:
    """An application that counts how often it is asked."""

    def __init__(
        self, status: str = "200 OK", headers: list[tuple[str, str]] = KEPT, wait: float = 0
    ) -> None:
        self.status, self.headers, self.wait = status, headers, wait
        self.seen: list[dict[str, Any]] = []
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        self.seen.append(environ)
        time.sleep(self.wait)
        body = environ["wsgi.input"].read() if "wsgi.input" in environ else b""
        body += f"{environ['REQUEST_METHOD']} {len(self.seen)}".encode()
        start(self.status, [*self.headers, ("Content-Length", str(len(body)))])
        return self._pieces(body)

    def _pieces(self, body: bytes) -> Iterable[bytes]:
        try:
            yield body
        finally:
            self.closed += 1


class Asker:
    """Requests to a front."""

    def __init__(self, inner: Inner, cache_bytes: int = 1_000_000) -> None:
        self.current = SimpleNamespace(served_release=lambda: self.release)
        self.release = SimpleNamespace(release=SimpleNamespace(version="1"))
        self.cache = ResponseCache(cache_bytes)
        self.front = ResponseCacheMiddleware(inner, cast(CurrentRelease, self.current), self.cache)

    def ask(self, path: str = "/sparql", method: str = "GET", **more: Any) -> tuple[str, bytes, str | None]:
        environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, **more}
        said: list[Any] = []
        body = self.front(environ, lambda *given: said.extend(given))
        data = b"".join(body)
        getattr(body, "close", lambda: None)()
        return said[0], data, context_of(environ).cache


def test_the_second_time_the_application_is_not_asked() -> None:
    inner = Inner()
    asker = Asker(inner)
    assert asker.ask() == ("200 OK", b"GET 1", "miss")
    assert asker.ask() == ("200 OK", b"GET 1", "hit")
    assert asker.ask(method="HEAD") == ("200 OK", b"", "hit")
    assert asker.ask(HTTP_IF_NONE_MATCH='"tag"') == ("304 NOT MODIFIED", b"", "hit")
    assert asker.ask(HTTP_IF_NONE_MATCH='"x", W/"tag"')[0] == "304 NOT MODIFIED"
    assert asker.ask(HTTP_IF_NONE_MATCH="*")[0] == "304 NOT MODIFIED"
    assert asker.ask(HTTP_IF_NONE_MATCH='"other"')[0] == "200 OK"
    assert (len(inner.seen), inner.closed) == (1, 1)


def test_a_question_that_begins_with_head_or_a_condition_fills_the_cache() -> None:
    inner = Inner()
    asker = Asker(inner)
    assert asker.ask(method="HEAD") == ("200 OK", b"", "miss")
    assert asker.ask() == ("200 OK", b"GET 1", "hit")
    assert asker.ask("/doc/x", HTTP_IF_NONE_MATCH='"tag"') == ("304 NOT MODIFIED", b"", "miss")
    assert asker.ask("/doc/x") == ("200 OK", b"GET 2", "hit")
    assert all("HTTP_IF_NONE_MATCH" not in environ for environ in inner.seen)


@pytest.mark.parametrize(
    "more",
    [
        {"QUERY_STRING": "query=x"},
        {"QUERY_STRING": "query=" + "x" * 1000},
        {"HTTP_ACCEPT": "text/csv"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "kk"},
        {"path": "/doc/x"},
    ],
)
def test_whatever_an_answer_depends_on_makes_another_question(more: dict[str, str]) -> None:
    inner = Inner()
    asker = Asker(inner)
    asker.ask()
    assert asker.ask(**more)[2] == "miss"
    assert asker.ask(**more)[2] == "hit"
    assert len(inner.seen) == 2


def test_the_language_matters_to_pages_only() -> None:
    asker = Asker(Inner())
    asker.ask(HTTP_ACCEPT="text/csv", HTTP_ACCEPT_LANGUAGE="kk")
    assert asker.ask(HTTP_ACCEPT="text/csv", HTTP_ACCEPT_LANGUAGE="en")[2] == "hit"


def test_a_posted_query_is_known_by_its_body() -> None:
    inner = Inner()
    asker = Asker(inner)

    def post(body: bytes) -> tuple[str, bytes, str | None]:
        more = {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/sparql-query"}
        return asker.ask(method="POST", **more, **{"wsgi.input": io.BytesIO(body)})

    assert post(b"one ") == ("200 OK", b"one POST 1", "miss")
    assert post(b"one ") == ("200 OK", b"one POST 1", "hit")
    assert post(b"two ") == ("200 OK", b"two POST 2", "miss")
    assert post(b"x" * 5000)[2] == "miss"
    assert post(b"x" * 5000)[2] == "hit"


@pytest.mark.parametrize(
    ("path", "method", "more"),
    [
        ("/health", "GET", {}),
        ("/metrics", "GET", {}),
        ("/dumps/all.nt", "GET", {}),
        ("/release/1/dumps/all.nt", "GET", {}),
        ("/doc/x", "GET", {"HTTP_RANGE": "bytes=0-1"}),
        ("/doc/x", "GET", {"HTTP_IF_MATCH": '"x"'}),
        ("/sparql", "OPTIONS", {}),
        ("/validate", "POST", {}),
    ],
)
def test_some_requests_are_for_the_application_itself(path: str, method: str, more: dict[str, str]) -> None:
    inner = Inner()
    asker = Asker(inner)
    asker.ask(path, method, **more)
    assert asker.ask(path, method, **more) == ("200 OK", f"{method} 2".encode(), None)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", [("Cache-Control", "no-store")]),
        ("200 OK", [("Cache-Control", "no-cache")]),
        ("200 OK", [("Cache-Control", "no-cache"), ("ETag", 'W/"weak"')]),
        ("303 SEE OTHER", KEPT),
        ("400 BAD REQUEST", [("Cache-Control", "no-store")]),
        ("500 INTERNAL SERVER ERROR", [("Cache-Control", "no-store")]),
        ("503 SERVICE UNAVAILABLE", [("Retry-After", "1")]),
    ],
)
def test_other_answers_are_never_kept(status: str, headers: list[tuple[str, str]]) -> None:
    inner = Inner(status, headers)
    asker = Asker(inner)
    assert asker.ask()[:2] == (status, b"GET 1")
    assert asker.ask()[:2] == (status, b"GET 2")
    assert asker.cache.entries == 0
    assert inner.closed == 2


def test_a_hundred_equal_questions_are_one_computation() -> None:
    inner = Inner(wait=0.3)
    asker = Asker(inner)
    with ThreadPoolExecutor(100) as threads:
        answers = list(threads.map(lambda _: asker.ask(), range(100)))
    assert {data for _, data, _ in answers} == {b"GET 1"}
    assert len(inner.seen) == 1
    assert asker.cache.hits + asker.cache.joined == 99


def test_who_waits_for_a_failure_of_the_question_shares_it() -> None:
    inner = Inner("504 GATEWAY TIMEOUT", [("Cache-Control", "no-store")], wait=0.3)
    asker = Asker(inner)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: asker.ask(), range(20)))
    assert {status for status, _, _ in answers} == {"504 GATEWAY TIMEOUT"}
    assert len(inner.seen) == 1


def test_an_application_that_fails_leaves_nobody_waiting() -> None:
    class Failing(Inner):
        def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
            super().__call__(environ, start)
            raise ValueError("broken")

    asker = Asker(Failing(wait=0.1))
    failures: list[str] = []

    def ask() -> None:
        try:
            asker.ask()
        except ValueError as error:
            failures.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert failures == ["broken"] * 5


def test_a_large_answer_passes_through_but_is_compared() -> None:
    inner = Inner()
    asker = Asker(inner, cache_bytes=16)
    assert asker.ask() == ("200 OK", b"GET 1", "miss")
    assert asker.ask(HTTP_IF_NONE_MATCH='"tag"')[:2] == ("304 NOT MODIFIED", b"")
    assert asker.ask(method="HEAD")[:2] == ("200 OK", b"")
    assert (len(inner.seen), inner.closed) == (3, 1)  # a generator that never began has nothing to close


def test_a_new_release_is_answered_anew() -> None:
    asker = Asker(Inner())
    asker.ask()
    asker.release = SimpleNamespace(release=SimpleNamespace(version="2"))
    assert asker.ask() == ("200 OK", b"GET 2", "miss")


def test_the_real_application_answers_from_the_cache(client: FlaskClient) -> None:
    query = {"query": "SELECT (1 AS ?front) {}"}
    first = client.get("/sparql", query_string=query)
    second = client.get("/sparql", query_string=query)
    cache = services(client.application).cache
    hits = cache.hits
    third = client.get("/sparql", query_string=query, headers={"If-None-Match": first.headers["ETag"]})
    assert (third.status_code, third.data, cache.hits) == (304, b"", hits + 1)
    assert list(first.headers) == list(second.headers)
    assert first.data == second.data


def test_without_room_nothing_is_kept(briefing: Release) -> None:
    with client_over(briefing.folder.parent, cache_mb=0) as client:
        for _ in range(2):
            assert client.get("/doc/kazakhstan").status_code == 200
        tag = client.get("/doc/kazakhstan").headers["ETag"]
        assert client.get("/doc/kazakhstan", headers={"If-None-Match": tag}).status_code == 304
        assert services(client.application).cache.entries == 0
