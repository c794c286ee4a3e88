"""The middleware: rates, bodies, transfers, and answers that break."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from web_support import client_over
from werkzeug.test import EnvironBuilder, run_wsgi_app

from sauran.kg.release.release import Release
from sauran.server.http.clients import parse_networks
from sauran.server.http.metrics import SharedCounters, cells_of
from sauran.server.http.middleware import RequestLimits, RequestMiddleware
from sauran.server.http.request_context import context_of

CELLS = cells_of()
LIMITS = RequestLimits(60, 2, False, 100, parse_networks("trusted_proxies", "10.0.0.1"), False)


class Body:
    """A body that knows whether it was closed, and may break."""

    def __init__(self, pieces: Iterable[bytes], error: Exception | None = None) -> None:
        self._pieces, self._error, self.closed = pieces, error, 0

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
        if self._error:
            raise self._error

    def close(self) -> None:
        self.closed += 1


class House:
    """An application within the middleware, and what this counts."""

    def __init__(self, body: Any = None, headers: list[tuple[str, str]] | None = None) -> None:
        self.body, self.headers = [b"fine"] if body is None else body, headers or []
        self.counters, self.seen = SharedCounters.private(), b""
        self.middleware = RequestMiddleware(self.inner, self.plain, LIMITS, self.counters.claim(), None)

    def inner(self, environ: dict[str, Any], start: Any) -> Any:
        self.seen = environ["wsgi.input"].read()
        start("200 OK", self.headers)
        return self.body

    def plain(self, environ: dict[str, Any], start: Any) -> Any:
        error = context_of(environ).error
        start(f"{getattr(error, 'status', 500):d} Refused", list(getattr(error, "headers", {}).items()))
        return [getattr(error, "detail", str(error)).encode()]

    def ask(self, path: str = "/", remote: str = "203.0.113.1", **more: Any) -> tuple[int, bytes, Any]:
        environ = EnvironBuilder(path, environ_base={"REMOTE_ADDR": remote}, **more).get_environ()
        pieces, status, headers = run_wsgi_app(self.middleware, environ)
        data = b"".join(pieces)
        close = getattr(pieces, "close", None)
        if close:
            close()
        return int(status[:3]), data, headers

    def count(self, series: str) -> float:
        return self.counters.values()[series]


def test_a_client_that_asks_too_much_is_told_when_to_go_on() -> None:
    house = House()
    assert [house.ask()[0] for _ in range(2)] == [200, 200]
    status, data, headers = house.ask()
    assert (status, headers["Retry-After"]) == (429, "1")
    assert data == (
        b"More than 60 requests a minute came from your address. Try again in 1 s, and send fewer requests."
    )
    assert house.ask(remote="203.0.113.2")[0] == 200
    assert house.ask("/health/live")[0] == 200
    assert house.count("sauran_rate_limited_total") == 1
    assert house.count('sauran_requests_total{family="pages",method="GET",status="4xx"}') == 1
    assert house.count("sauran_requests_in_flight") == 0


def test_loopback_is_not_limited_but_clients_behind_a_trusted_proxy_are() -> None:
    house = House()
    assert {house.ask(remote=address)[0] for address in ("127.0.0.1", "::1") * 5} == {200}
    behind = {"remote": "10.0.0.1", "headers": {"X-Forwarded-For": "198.51.100.7"}}
    assert [house.ask(**behind)[0] for _ in range(3)] == [200, 200, 429]
    assert house.ask(remote="10.0.0.1", headers={"X-Forwarded-For": "198.51.100.8"})[0] == 200


def test_a_body_is_read_before_the_application_is_asked() -> None:
    house = House()
    assert house.ask(method="POST", data=b"x" * 100)[0] == 200
    assert house.seen == b"x" * 100
    chunked = {"method": "POST", "input_stream": io.BytesIO(b"y" * 300)}
    status, _, _ = house.ask(
        **chunked,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert (status, house.seen) == (200, b"y" * 101)


def test_a_body_that_ends_early_is_refused() -> None:
    environ = {"CONTENT_LENGTH": "50", "wsgi.input": io.BytesIO(b"short"), "REQUEST_METHOD": "POST"}
    status, data, _ = House().ask(environ_overrides=environ)
    assert (status, data) == (400, b"The body ended before its Content-Length.")


def test_an_answer_that_breaks_is_an_error_not_a_shorter_answer() -> None:
    body = Body([b"a" * 5000], ValueError("broken"))
    house = House(body)
    assert house.ask()[:2] == (500, b"broken")
    assert body.closed == 1
    assert house.count('sauran_requests_total{family="pages",method="GET",status="5xx"}') == 1


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_an_answer_of_unknown_length_gets_one(size: int) -> None:
    body = Body([b"a" * (size // 2)] * 2)
    house = House(body)
    status, data, headers = house.ask()
    assert (status, len(data), headers["Content-Length"]) == (200, size, str(size))
    assert body.closed == 1
    assert house.count('sauran_sent_bytes_total{family="pages"}') == size
    assert house.count("sauran_slow_transfers") == 0


def test_a_small_answer_is_handed_over_whole() -> None:
    body = Body([b"a", b"b"])
    house = House(body, [("Content-Length", "2")])
    environ = EnvironBuilder("/").get_environ()
    assert house.middleware(environ, lambda status, headers: None) == [b"ab"]
    assert body.closed == 1


def test_of_large_answers_one_client_gets_so_many_at_a_time() -> None:
    house = House(headers=[("Content-Length", "2000000")])
    bodies, open_ones = [], []
    for _ in range(9):
        house.body = Body([b"a" * 1_000_000] * 2)
        bodies.append(house.body)
        environ = EnvironBuilder("/dumps/x", environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_environ()
        said: list[Any] = []
        open_ones.append((said, house.middleware(environ, lambda *given, said=said: said.extend(given))))
    assert [said[0][:3] for said, _ in open_ones] == ["200"] * 8 + ["503"]
    assert ("Retry-After", "5") in open_ones[8][0][1]
    assert bodies[8].closed == 1
    assert house.count("sauran_slow_transfers") == 8
    for _, answer in open_ones[:8]:
        assert len(b"".join(answer)) == 2_000_000
        answer.close()  # type: ignore[attr-defined]
        answer.close()  # type: ignore[attr-defined]
    assert [body.closed for body in bodies] == [1] * 9
    assert house.count("sauran_slow_transfers") == 0
    assert house.count("sauran_slow_transfers_refused_total") == 1
    assert house.count("sauran_requests_in_flight") == 0


def test_an_application_that_fails_is_counted() -> None:
    house = House()
    house.inner = None  # type: ignore[assignment, method-assign]
    house.middleware = RequestMiddleware(
        lambda environ, start: 1 / 0,  # type: ignore[arg-type, return-value]
        house.plain,
        LIMITS,
        house.counters.claim(),
        None,
    )
    with pytest.raises(ZeroDivisionError):
        house.ask()
    assert house.count('sauran_requests_total{family="pages",method="GET",status="5xx"}') == 1


def test_a_refusal_has_the_shape_of_every_error(briefing: Release) -> None:
    with client_over(briefing.folder.parent, rate_per_minute=60, rate_burst=1, rate_loopback=1) as client:
        assert client.get("/sparql?query=ASK{}").status_code == 200
        problem = client.get("/sparql?query=ASK{}")
        assert (problem.status_code, problem.content_type) == (429, "application/problem+json")
        assert json.loads(problem.text)["detail"].startswith("More than 60 requests a minute")
        assert problem.headers["Retry-After"] == "1"
        assert problem.headers["X-Content-Type-Options"] == "nosniff"
        page = client.get("/en/", headers={"Accept": "text/html"})
        assert (page.status_code, "More than 60 requests" in page.text) == (429, True)


def test_a_body_larger_than_allowed_is_413(client: Any) -> None:
    assert client.post("/sparql", data=b"x" * 2_000_000).status_code == 413


def test_a_body_in_chunks_that_is_too_large_is_refused_not_cut(briefing: Release) -> None:
    """The application itself, on a query whose beginning would be one."""
    with client_over(briefing.folder.parent) as client:
        for size, status in ((1000, 200), (1024 * 1024 + 1, 413)):
            said = client.post(
                "/sparql",
                input_stream=io.BytesIO(b"ASK{}#".ljust(size, b"x")),
                content_type="application/sparql-query",
                headers={"Transfer-Encoding": "chunked"},
                environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
            )
            assert said.status_code == status


@pytest.mark.parametrize(
    ("size", "headers", "seen"),
    [
        (3_000_000, {}, 101),
        (3_000_000, {"Expect": "100-continue"}, 3_000_000),
        (30_000_000, {}, 30_000_000),
    ],
    ids=["some", "asks first", "endless"],
)
def test_what_is_too_large_is_read_on_for_a_while_so_that_the_answer_is_seen(
    size: int, headers: dict[str, str], seen: int
) -> None:
    """What the middleware leaves alone is the application's to refuse; this one reads all there is."""
    house, stream = House(), io.BytesIO(b"x" * size)
    house.ask(method="POST", input_stream=stream, content_length=size, headers=headers)
    assert (len(house.seen), stream.tell()) == (seen, size)


def test_some_paths_may_be_sent_more() -> None:
    limits = RequestLimits(60, 2, False, 100, (), False, larger_bodies={"/large": 200})
    assert [limits.most_body(path) for path in ("/", "/large", "/large/", "/larger")] == [100, 200, 200, 100]
