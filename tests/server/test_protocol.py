"""A SPARQL request, parsed and checked."""

from http import HTTPStatus
from urllib.parse import urlencode

import pytest

from server.problems import Problem
from server.protocol import ProtocolRequest, parse_request, query_form

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
READ_ONLY = "This endpoint is read-only: it answers queries and refuses updates. Send query=SELECT …"
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
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("select * {}", "SELECT"),
        ("PREFIX ask: <http://e/ask#> # ASK\nCONSTRUCT { ?s ?p ?o } {}", "CONSTRUCT"),
        ("BASE <http://e/SELECT> DESCRIBE <x>", "DESCRIBE"),
        ("ASK { ?s ?p 'SELECT' }", "ASK"),
        ("SELECT * { ?s ?p 'INSERT' }", "SELECT"),
        ("nonsense", "SELECT"),
        ("", "SELECT"),
    ],
)
def test_the_form_of_a_query_is_its_first_keyword(query: str, form: str) -> None:
    assert query_form(query) == form


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA {}",
        "prefix e: <http://e/> delete where {}",
        "LOAD <http://e/>",
        "WITH <http://e/> INSERT {} WHERE {}",
    ],
)
def test_an_update_sent_as_a_query_is_told_so(update: str) -> None:
    with pytest.raises(Problem) as caught:
        query_form(update)
    assert (caught.value.status, caught.value.detail) == (HTTPStatus.BAD_REQUEST, READ_ONLY)
