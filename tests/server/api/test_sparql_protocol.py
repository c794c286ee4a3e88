"""A SPARQL request, parsed and checked."""

from http import HTTPStatus
from urllib.parse import urlencode

import pytest

from sauran.server.api.sparql_protocol import READ_ONLY, ProtocolRequest, parse_request
from sauran.server.http.problems import Problem

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
TWO = "The request holds 2 queries. Send exactly one, as query=…"
NOT_UTF8 = "What is in {} is not UTF-8. Send UTF-8, percent-encoded in URLs."
OTHER_TYPE = f"A query is sent as {FORM} or {DIRECT}, not as {{}}."
GRAPHS = [
    ("default-graph-uri", "http://e/1"),
    ("default-graph-uri", "http://e/2"),
    ("named-graph-uri", "http://e/3"),
]
ASKED = ProtocolRequest("ASK {}", ("http://e/1", "http://e/2"), ("http://e/3",))


def encoded(*fields: tuple[str, str]) -> bytes:
    return urlencode(fields).encode()


@pytest.mark.parametrize(
    ("method", "query_string", "content_type", "body"),
    [
        ("GET", encoded(("query", "ASK {}"), *GRAPHS), "", b""),
        ("HEAD", encoded(("query", "ASK {}"), *GRAPHS), "", b""),
        ("POST", b"", FORM, encoded(("query", "ASK {}"), *GRAPHS)),
        ("POST", b"", f"{FORM.upper()}; charset=UTF-8", encoded(*GRAPHS, ("query", "ASK {}"))),
        ("POST", encoded(*GRAPHS), DIRECT, b"ASK {}"),
        ("POST", encoded(*GRAPHS), f"{DIRECT};charset=utf-8", b"ASK {}"),
    ],
    ids=["get", "head", "form", "form with charset", "direct", "direct with charset"],
)
def test_all_three_bindings_give_the_same_request(
    method: str, query_string: bytes, content_type: str, body: bytes
) -> None:
    assert parse_request(method, query_string, content_type, body) == ASKED


@pytest.mark.parametrize(
    "query", ['SELECT ("%25 + &=;" AS ?x) {}', "ASK { ?s ?p 'Қазақстан \U0001f3f0' }", "a\r\nb\tc"]
)
def test_a_query_arrives_to_the_letter(query: str) -> None:
    for request in (
        ("GET", encoded(("query", query)), "", b""),
        ("POST", b"", FORM, encoded(("query", query))),
        ("POST", b"", DIRECT, query.encode()),
    ):
        assert parse_request(*request) == ProtocolRequest(query)


def test_a_get_without_a_query_asks_for_the_description() -> None:
    assert parse_request("GET", b"", "", b"") is None
    assert parse_request("GET", b"unknown=1", "", b"") is None


@pytest.mark.parametrize(
    ("request_", "status", "detail"),
    [
        (("GET", b"query=ASK{}&query=ASK{}", "", b""), 400, TWO),
        (("POST", b"query=ASK{}", FORM, b"query=ASK{}"), 400, TWO),
        (("POST", b"query=ASK{}", DIRECT, b"ASK{}"), 400, TWO),
        (("POST", b"", FORM, b""), 400, TWO.replace("2", "0")),
        (("GET", b"query=%FF", "", b""), 400, NOT_UTF8.format("the URL")),
        (("POST", b"", FORM, b"query=%C3"), 400, NOT_UTF8.format("the form")),
        (("POST", b"", FORM, b"query=\xff"), 400, NOT_UTF8.format("the form")),
        (("POST", b"", DIRECT, b"\xff"), 400, NOT_UTF8.format("the body")),
        (("GET", b"&".join([b"a=1"] * 1001), "", b""), 400, "More than 1000 parameters in the URL."),
        (("GET", b"update=CLEAR+ALL", "", b""), 400, READ_ONLY),
        (("POST", b"", FORM, b"query=ASK{}&update=CLEAR+ALL"), 400, READ_ONLY),
        (("POST", b"", "application/sparql-update", b"CLEAR ALL"), 415, READ_ONLY),
        (("POST", b"", "text/plain", b"ASK{}"), 415, OTHER_TYPE.format("text/plain")),
        (("POST", b"", "", b"ASK{}"), 415, OTHER_TYPE.format("unknown")),
    ],
)
def test_what_is_wrong_is_said(request_: tuple[str, bytes, str, bytes], status: int, detail: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_request(*request_)
    assert (caught.value.status, caught.value.detail) == (HTTPStatus(status), detail)
    if status == 415:
        assert caught.value.headers == {"Accept-Post": f"{FORM}, {DIRECT}"}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        (f"{FORM}; charset=utf-8", None),
        (f"{DIRECT}; charset=US-ASCII", None),
        (f'{DIRECT}; charset="UTF-8"', None),
        (f"{DIRECT}; charset=iso-8859-1", 415),
        (f"{FORM}; charset=utf-16", 415),
    ],
)
def test_queries_are_utf8(content_type: str, status: int | None) -> None:
    body = b"query=ASK{}" if content_type.startswith(FORM) else b"ASK{}"
    if status is None:
        assert parse_request("POST", b"", content_type, body) == ProtocolRequest("ASK{}")
        return
    with pytest.raises(Problem) as caught:
        parse_request("POST", b"", content_type, body)
    assert caught.value.status == status
    assert caught.value.detail.startswith("A query is sent in UTF-8, not as application/")


@pytest.mark.parametrize(("text", "seconds"), [("2.5", 2.5), ("1", 1), ("1e3", 1000), ("30000", 30000)])
def test_a_client_may_say_how_long_it_waits(text: str, seconds: float) -> None:
    asked = parse_request("GET", encoded(("query", "ASK{}"), ("timeout", text)), "", b"")
    assert asked is not None
    assert asked.timeout_s == seconds


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "soon", "", "1s", "1&timeout=2"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_request("GET", f"query=ASK{{}}&timeout={text}".encode(), "", b"")
    assert caught.value.detail == "timeout takes one number of seconds above 0, as timeout=2.5"


@pytest.mark.parametrize(
    ("text", "partial"), [("", False), ("&partial=true", True), ("&partial=false", False)]
)
def test_a_client_may_take_what_there_is(text: str, partial: bool) -> None:
    asked = parse_request("GET", f"query=ASK{{}}{text}".encode(), "", b"")
    assert asked is not None
    assert asked.partial is partial


@pytest.mark.parametrize("text", ["1", "yes", "", "TRUE", "true&partial=true"])
def test_partial_is_true_or_false(text: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_request("GET", f"query=ASK{{}}&partial={text}".encode(), "", b"")
    assert caught.value.detail == "partial takes true or false, once, as partial=true"
