"""The endpoint in front of the application: what it sends is what the application sends, and asked once."""

import contextlib
import io
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from engine_support import ENDLESS
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS
from sauran.kg.release.release import Release
from sauran.server.api.endpoint import Endpoint
from sauran.server.cli.app import create_app
from sauran.server.http.request_context import context_of
from sauran.server.http.services import services
from sauran.server.http.settings import read_settings
from sauran.server.query.pool import Counters

ROWS = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 50"
LARGE = "SELECT * { ?a a ?k . ?b a ?k . ?c a ?k } LIMIT 60000"
TRIPLES = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 20"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
Answer = tuple[str, list[tuple[str, str]], bytes]


class Pair:
    """One application, asked with the endpoint before it and without."""

    def __init__(self, app: Flask) -> None:
        self._app, self._calls = app, 0
        self._current = services(app).current
        allowed = services(app).settings.service_allow
        self._endpoint = Endpoint(self._plain, allowed, app.config["MAX_CONTENT_LENGTH"])

    @property
    def counters(self) -> Counters:
        return self._current.served_release().pool.counters

    def fast(self, **asked: Any) -> tuple[Answer, int]:
        """The answer, and how often the application was called for it."""
        before = self._calls
        return self._ask(self._endpoint, asked), self._calls - before

    def slow(self, **asked: Any) -> Answer:
        return self._ask(partial(Flask.wsgi_app, self._app), asked)

    def _plain(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self._calls += 1
        return Flask.wsgi_app(self._app, environ, start)

    def _ask(self, application: Any, asked: dict[str, Any]) -> Answer:
        environ = EnvironBuilder("/sparql", **asked).get_environ()
        context_of(environ).served_release = self._current.served_release()
        said: list[Any] = []
        body = application(environ, lambda status, headers, *_: said.extend((status, headers)))
        with contextlib.closing(body) if hasattr(body, "close") else contextlib.nullcontext():
            return said[0], said[1], b"".join(body)


@pytest.fixture(scope="module")
def pair(briefing: Release) -> Iterator[Pair]:
    settings = read_settings({}, releases=briefing.folder.parent, query_processes=2, buffer_mb=1)
    app = create_app(settings)
    with contextlib.closing(services(app).current):
        yield Pair(app)


def get(query: str, accept: str = "*/*", **headers: str) -> dict[str, Any]:
    return {"query_string": {"query": query}, "headers": {"Accept": accept, **headers}}


def post(query: str, content_type: str = "application/sparql-query", **headers: str) -> dict[str, Any]:
    body = urlencode({"query": query}) if content_type.endswith("urlencoded") else query
    return {
        "method": "POST",
        "input_stream": io.BytesIO(body.encode()),
        "content_length": len(body.encode()),
        "content_type": content_type,
        "headers": headers,
    }


QUICK = {
    **{f"rows {known.name}": lambda known=known: get(ROWS, known.media_type) for known in RESULT_FORMATS},
    **{f"triples {known.name}": lambda known=known: get(TRIPLES, known.media_type) for known in RDF_FORMATS},
    "anything": lambda: get(ROWS),
    "truth": lambda: get("ASK {}"),
    "nothing": lambda: get("SELECT * { FILTER(false) }", "text/csv"),
    "gzip": lambda: get(ROWS, **{"Accept-Encoding": "gzip, br"}),
    "small with gzip": lambda: get("ASK {}", **{"Accept-Encoding": "gzip"}),
    "volatile": lambda: get("SELECT * { BIND(STRLEN(STR(RAND())) > 0 AS ?x) }"),
    "volatile gzip": lambda: get(f"{ROWS} # RAND()\nVALUES ?x {{}}", **{"Accept-Encoding": "gzip"}),
    "posted": lambda: post(ROWS),
    "posted gzip": lambda: post(ROWS, **{"Accept-Encoding": "gzip"}),
    "posted form": lambda: post(ROWS, "application/x-www-form-urlencoded"),
    "a stream": lambda: get(LARGE, "text/csv"),
    "a stream in gzip": lambda: get(LARGE, "text/tab-separated-values", **{"Accept-Encoding": "gzip"}),
    "a volatile stream": lambda: get(LARGE.replace("} LIMIT", "BIND(RAND() * 0 AS ?zero) } LIMIT")),
    "a graph": lambda: {
        "query_string": {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "default-graph-uri": "urn:none"}
    },
    "less time": lambda: {"query_string": {"query": "ASK {}", "timeout": "5", "unknown": "é"}},
}
LEFT = {
    "service description": lambda: {"headers": {"Accept": "text/turtle"}},
    "page": lambda: get(ROWS, BROWSER),
    "posted for a page": lambda: post(ROWS, Accept=BROWSER),
    "partial": lambda: {"query_string": {"query": ROWS, "partial": "true"}},
    "head": lambda: {**get(ROWS), "method": "HEAD"},
    "condition": lambda: get(ROWS, **{"If-None-Match": "*"}),
    "options": lambda: {"method": "OPTIONS"},
    "method": lambda: {"method": "PUT"},
    "coding": lambda: get("wrong", **{"Accept-Encoding": "identity;q=0"}),
    "too much": lambda: post(" " * (1024 * 1024 + 1)),
    "syntax": lambda: get("SELECT * {"),
    "syntax as text": lambda: get("SELECT * {", "text/plain, application/sparql-results+json;q=0.5"),
    "not a format": lambda: get(ROWS, "image/png"),
    "update": lambda: get("INSERT DATA {}"),
    "service": lambda: get("SELECT * { SERVICE <http://e/> {} }"),
    "no iri": lambda: {"query_string": {"query": ROWS, "default-graph-uri": "no iri"}},
    "two queries": lambda: {"query_string": "query=ASK%7B%7D&query=ASK%7B%7D"},
    "no utf-8": lambda: {"query_string": "query=%ff"},
    "content type": lambda: post(ROWS, "text/plain"),
    "time": lambda: {"query_string": {"query": ENDLESS, "timeout": "0.2"}},
}


@pytest.mark.parametrize("asked", QUICK.values(), ids=QUICK)
def test_an_answer_is_the_one_of_the_application_without_it(pair: Pair, asked: Any) -> None:
    before = pair.counters.answered
    found, calls = pair.fast(**asked())
    assert (found[0], calls, pair.counters.answered - before) == ("200 OK", 0, 1)
    assert found == pair.slow(**asked())


@pytest.mark.parametrize("asked", LEFT.values(), ids=LEFT)
def test_all_else_is_left_to_the_application(pair: Pair, asked: Any) -> None:
    before = pair.counters.answered + pair.counters.timeouts
    found, calls = pair.fast(**asked())
    middle = pair.counters.answered + pair.counters.timeouts
    assert calls == 1
    assert found == pair.slow(**asked())
    # Asked as often with the endpoint as without: an error found before it is only told.
    assert middle - before == pair.counters.answered + pair.counters.timeouts - middle


def test_a_stream_that_is_not_wanted_gives_its_process_back(pair: Pair) -> None:
    for _ in range(4):  # there are two processes
        environ = EnvironBuilder("/sparql", **get(LARGE)).get_environ()
        context_of(environ).served_release = pair._current.served_release()
        body = pair._endpoint(environ, lambda *said: None)
        assert next(iter(body))
        body.close()  # type: ignore[attr-defined]
    assert pair.fast(**get("ASK {}"))[0][0] == "200 OK"


def test_a_fault_of_ours_is_told_like_any_other(pair: Pair) -> None:
    environ = EnvironBuilder("/sparql", **get("ASK {}")).get_environ()
    context_of(environ).served_release = None  # what no layer would do
    said: list[Any] = []
    body = b"".join(pair._endpoint(environ, lambda *given: said.extend(given)))
    assert (said[0], body[:1]) == ("500 INTERNAL SERVER ERROR", b"{")
    assert isinstance(context_of(environ).error, LookupError)


def test_the_endpoint_stands_before_the_application_that_is_served(client: FlaskClient) -> None:
    gate: Any = client.application.wsgi_app
    assert isinstance(gate._inner._inner, Endpoint)
