"""The endpoint in front of Flask: what it answers itself, with which headers, and what it leaves to Flask."""

import contextlib
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from engine_support import ENDLESS
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS, Format
from sauran.kg.release.release import Release
from sauran.server.api.sparql_endpoint import SparqlEndpoint
from sauran.server.cli.app import create_app
from sauran.server.http.request_context import context_of
from sauran.server.http.response_headers import CORS_HEADERS, SECURITY_HEADERS
from sauran.server.http.services import services
from sauran.server.http.settings import read_settings
from sauran.server.query.pool import Counters

ROWS = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 50"
LARGE = "SELECT * { ?a a ?k . ?b a ?k . ?c a ?k } LIMIT 60000"
TRIPLES = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 20"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
Answer = tuple[str, dict[str, str], bytes]


class Asked:
    """An application asked through the endpoint, without cache; `calls` counts requests left to Flask."""

    def __init__(self, app: Flask) -> None:
        self._app, self.calls = app, 0
        self.current = services(app).current
        allowed = services(app).settings.service_allow
        self.endpoint = SparqlEndpoint(self._flask, allowed, app.config["MAX_CONTENT_LENGTH"])

    @property
    def counters(self) -> Counters:
        return self.current.served_release().pool.counters

    def send(self, **asked: Any) -> Answer:
        said: list[Any] = []
        body = self.endpoint(
            self.environ(**asked), lambda status, headers, *_: said.extend((status, headers))
        )
        with contextlib.closing(body) if hasattr(body, "close") else contextlib.nullcontext():
            assert len({name for name, _ in said[1]}) == len(said[1])
            return said[0], dict(said[1]), b"".join(body)

    def environ(self, **asked: Any) -> dict[str, Any]:
        environ = EnvironBuilder("/sparql", **asked).get_environ()
        context_of(environ).served_release = self.current.served_release()
        return environ

    def _flask(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.calls += 1
        return Flask.wsgi_app(self._app, environ, start)


@pytest.fixture(scope="module")
def asked(briefing: Release) -> Iterator[Asked]:
    settings = read_settings({}, releases=briefing.folder.parent, query_processes=2, buffer_mb=1)
    app = create_app(settings)
    with contextlib.closing(services(app).current):
        yield Asked(app)


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


ALWAYS = {**CORS_HEADERS, **SECURITY_HEADERS, "Vary": "Accept, Accept-Encoding"}
CSV, XML = "text/csv; charset=utf-8", "application/sparql-results+xml"
JSON = "application/sparql-results+json"


def whole(content_type: str, data: bytes, *, gzip: bool = False, keep: bool = True) -> dict[str, str]:
    """The headers of an answer that is sent whole; its tag depends on its type, its bytes and its coding."""
    tag = hashlib.sha256(content_type.encode() + b"\n" + (zlib.decompress(data, 31) if gzip else data))
    headers = ALWAYS | {"Content-Type": content_type, "Content-Length": str(len(data))}
    headers |= {"Content-Encoding": "gzip"} if gzip else {}
    if not keep:
        return headers | {"Cache-Control": "no-store"}
    suffix = "-gzip" if gzip else ""
    return headers | {"Cache-Control": "no-cache", "ETag": f'"{tag.hexdigest()[:32]}{suffix}"'}


GZIP = {"Accept-Encoding": "gzip, br"}
VOLATILE = "SELECT * { BIND(STRLEN(STR(RAND())) > 0 AS ?x) }"
WHOLE: dict[str, tuple[Any, str, dict[str, bool]]] = {
    **{
        f"rows {known.name}": (lambda known=known: get(ROWS, known.media_type), known.content_type, {})
        for known in RESULT_FORMATS
    },
    **{
        f"triples {known.name}": (lambda known=known: get(TRIPLES, known.media_type), known.content_type, {})
        for known in RDF_FORMATS
    },
    "anything": (lambda: get(ROWS), JSON, {}),
    "truth": (lambda: get("ASK {}"), JSON, {}),
    "nothing": (lambda: get("SELECT * { FILTER(false) }", "text/csv"), CSV, {}),
    "gzip": (lambda: get(ROWS, **GZIP), JSON, {"gzip": True}),
    "small with gzip": (lambda: get("ASK {}", **GZIP), JSON, {}),
    "volatile": (lambda: get(VOLATILE), JSON, {"keep": False}),
    "volatile gzip": (
        lambda: get(ROWS.replace("}", "FILTER(RAND() < 2) }"), **GZIP),
        JSON,
        {"gzip": True, "keep": False},
    ),
    "posted": (lambda: post(ROWS), JSON, {}),
    "posted gzip": (lambda: post(ROWS, **GZIP), JSON, {"gzip": True}),
    "posted form": (lambda: post(ROWS, "application/x-www-form-urlencoded"), JSON, {}),
    "a condition on a post": (lambda: post(ROWS, **{"If-None-Match": "*"}), JSON, {}),
    "another tag": (lambda: get(ROWS, **{"If-None-Match": '"x"'}), JSON, {}),
    "a graph": (
        lambda: {
            "query_string": {
                "query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
                "default-graph-uri": "urn:none",
            }
        },
        JSON,
        {},
    ),
    "less time": (
        lambda: {"query_string": {"query": "ASK {}", "timeout": "5", "unknown": "é"}},
        JSON,
        {},
    ),
}
STREAMS: dict[str, tuple[Any, dict[str, str]]] = {
    "rows": (lambda: get(LARGE, "text/csv"), {"Content-Type": CSV}),
    "in gzip": (
        lambda: get(LARGE, "text/csv", **GZIP),
        {"Content-Type": CSV, "Content-Encoding": "gzip"},
    ),
    "volatile": (
        lambda: get(LARGE.replace("} LIMIT", "BIND(RAND() * 0 AS ?zero) } LIMIT"), "text/csv"),
        {"Content-Type": CSV, "Cache-Control": "no-store"},
    ),
}
# What Flask answers: a status, and how often the query processes are asked for it.
LEFT: dict[str, tuple[Any, int, int]] = {
    "page": (lambda: get(ROWS, BROWSER), 303, 0),
    "page without a query": (lambda: {"headers": {"Accept": BROWSER}}, 303, 0),
    "posted for a page": (lambda: post(ROWS, Accept=BROWSER), 200, 1),
    "options": (lambda: {"method": "OPTIONS"}, 200, 0),
    "method": (lambda: {"method": "PUT"}, 405, 0),
    "coding": (lambda: get("wrong", **{"Accept-Encoding": "identity;q=0"}), 406, 0),
    "too much": (lambda: post(" " * (1024 * 1024 + 1)), 413, 0),
    "nothing posted": (
        lambda: {"method": "POST", "content_type": "application/x-www-form-urlencoded"},
        400,
        0,
    ),
    "syntax": (lambda: get("SELECT * {"), 400, 1),
    "syntax as text": (
        lambda: get("SELECT * {", "text/plain, application/sparql-results+json;q=0.5"),
        400,
        1,
    ),
    "syntax of a part": (lambda: {"query_string": {"query": "SELECT * {", "partial": "true"}}, 400, 1),
    "not a format": (lambda: get(ROWS, "image/png"), 406, 0),
    "update": (lambda: get("INSERT DATA {}"), 400, 0),
    "update in a browser": (lambda: get("INSERT DATA {}", BROWSER), 400, 0),
    "service": (lambda: get("SELECT * { SERVICE <http://e/> {} }"), 400, 0),
    "not an iri": (lambda: {"query_string": {"query": ROWS, "default-graph-uri": "no iri"}}, 400, 1),
    "two queries": (lambda: {"query_string": "query=ASK%7B%7D&query=ASK%7B%7D"}, 400, 0),
    "not utf-8": (lambda: {"query_string": "query=%ff"}, 400, 0),
    "content type": (lambda: post(ROWS, "text/plain"), 415, 0),
    "time": (lambda: {"query_string": {"query": ENDLESS, "timeout": "0.2"}}, 504, 1),
}


@pytest.mark.parametrize(("request_of", "content_type", "options"), WHOLE.values(), ids=WHOLE)
def test_a_small_answer_is_sent_whole_and_flask_is_not_called(
    asked: Asked, request_of: Any, content_type: str, options: dict[str, bool]
) -> None:
    before, calls = asked.counters.answered, asked.calls
    status, headers, body = asked.send(**request_of())
    assert (status, asked.counters.answered - before, asked.calls - calls) == ("200 OK", 1, 0)
    assert headers == whole(content_type, body, **options)


@pytest.mark.parametrize(("request_of", "expected"), STREAMS.values(), ids=STREAMS)
def test_a_large_answer_is_a_stream(asked: Asked, request_of: Any, expected: dict[str, str]) -> None:
    calls = asked.calls
    status, headers, body = asked.send(**request_of())
    assert (status, asked.calls) == ("200 OK", calls)
    assert headers == ALWAYS | {"Cache-Control": "no-cache"} | expected
    text = zlib.decompress(body, 31) if "Content-Encoding" in expected else body
    assert text.count(b"\r\n") == 60_001


@pytest.mark.parametrize("query", [ROWS, "ASK {}"], ids=["rows", "truth"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_client_that_has_the_answer_is_told_so(asked: Asked, method: str, query: str) -> None:
    _, headers, _ = asked.send(**get(query))
    status, said, body = asked.send(method=method, **get(query, **{"If-None-Match": headers["ETag"]}))
    absent = {"Content-Type", "Content-Length"}
    assert (status, said, body) == (
        "304 NOT MODIFIED",
        {name: value for name, value in headers.items() if name not in absent},
        b"",
    )
    assert asked.send(**get(query, **{"If-None-Match": "*"}))[0] == "304 NOT MODIFIED"


@pytest.mark.parametrize(
    "more", [{}, GZIP, {"If-None-Match": '"x"'}], ids=["plain", "gzip", "with a condition"]
)
@pytest.mark.parametrize("query", [ROWS, LARGE, VOLATILE, None], ids=["rows", "stream", "volatile", "none"])
def test_head_has_the_headers_of_get_and_no_body(
    asked: Asked, query: str | None, more: dict[str, str]
) -> None:
    request = get(query, "text/csv", **more) if query else {"headers": more}
    status, headers, _ = asked.send(**request)
    assert asked.send(method="HEAD", **request) == (status, headers, b"")
    assert asked.send(**get("ASK {}"))[0] == "200 OK"  # its process is free again


@pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda wanted: wanted.name)
def test_the_service_description_is_an_answer_as_any(asked: Asked, wanted: Format) -> None:
    for coding in (False, True):
        status, headers, body = asked.send(headers={"Accept": wanted.media_type, **(GZIP if coding else {})})
        assert (status, headers) == ("200 OK", whole(wanted.content_type, body, gzip=coding))
    again = asked.send(headers={"Accept": wanted.media_type, "If-None-Match": headers["ETag"], **GZIP})
    assert again[0] == "304 NOT MODIFIED"


@pytest.mark.parametrize("query", [ROWS, "ASK {}", TRIPLES], ids=["rows", "truth", "triples"])
def test_a_part_that_is_the_whole_says_so_and_is_not_kept(asked: Asked, query: str) -> None:
    status, headers, body = asked.send(query_string={"query": query, "partial": "true"})
    expected = whole(headers["Content-Type"], body, keep=False) | {"Sauran-Partial": "no"}
    assert (status, headers) == ("200 OK", expected)
    assert body == asked.send(**get(query))[2]


def test_a_large_part_is_read_to_its_end_before_it_is_sent(asked: Asked) -> None:
    request = {"query_string": {"query": LARGE, "partial": "true"}, "headers": {"Accept": "text/csv"}}
    _, headers, body = asked.send(**request)
    assert headers == whole(CSV, body, keep=False) | {"Sauran-Partial": "no"}
    request["headers"] |= GZIP
    _, coded, packed = asked.send(**request)
    assert zlib.decompress(packed, 31) == body
    assert coded["Content-Encoding"] == "gzip"
    assert "Content-Length" not in coded


@pytest.mark.parametrize(("request_of", "status", "answers"), LEFT.values(), ids=LEFT)
def test_flask_answers_browsers_and_tells_errors_that_the_endpoint_found(
    asked: Asked, request_of: Any, status: int, answers: int
) -> None:
    counted, calls = asked.counters, asked.calls
    before = counted.answered + counted.timeouts
    said = asked.send(**request_of())
    assert (said[0][:3], asked.calls - calls) == (str(status), 1)
    if status >= 400:
        assert said[1]["Cache-Control"] == "no-store"
    assert asked.counters.answered + asked.counters.timeouts - before <= answers


def test_a_stream_that_is_not_wanted_gives_its_process_back(asked: Asked) -> None:
    for _ in range(4):  # there are two processes
        environ = EnvironBuilder("/sparql", **get(LARGE)).get_environ()
        context_of(environ).served_release = asked.current.served_release()
        body = asked.endpoint(environ, lambda *said: None)
        assert next(iter(body))
        body.close()  # type: ignore[attr-defined]
    assert asked.send(**get("ASK {}"))[0] == "200 OK"


def test_a_fault_of_ours_is_told_like_any_other(asked: Asked) -> None:
    environ = EnvironBuilder("/sparql", **get("ASK {}")).get_environ()
    context_of(environ).served_release = None  # what no layer would do
    said: list[Any] = []
    body = b"".join(asked.endpoint(environ, lambda *given: said.extend(given)))
    assert (said[0], body[:1]) == ("500 INTERNAL SERVER ERROR", b"{")
    assert isinstance(context_of(environ).error, LookupError)


def test_the_endpoint_stands_before_the_application_that_is_served(client: FlaskClient) -> None:
    gate: Any = client.application.wsgi_app
    assert isinstance(gate._inner._inner, SparqlEndpoint)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/sparql/", "GET"), ("//sparql", "GET"), ("/sparql", "get"), ("/sparql/", "HEAD"), ("/sparql", "post")],
)
def test_what_flask_would_route_here_is_answered_here(asked: Asked, path: str, method: str) -> None:
    calls = asked.calls
    request = post("ASK {}") if method == "post" else get("ASK {}")
    environ = asked.environ(**request) | {"PATH_INFO": path, "REQUEST_METHOD": method}
    said: list[Any] = []
    asked.endpoint(environ, lambda *given: said.extend(given))
    assert (said[0], asked.calls) == ("200 OK", calls)
