"""Requests that nobody would think of: whatever comes, the rules of the protocol hold."""

import gzip
import json
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, parse, parse_query_results

from sauran.kg.model.formats import HTML, RDF_FORMATS, RESULT_FORMATS

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
TYPES = {known.content_type: known for known in (*RDF_FORMATS, *RESULT_FORMATS, HTML)}
STATUSES = {200, 303, 304, 400, 405, 406, 408, 413, 414, 415, 503, 504}
ERRORS = ("application/problem+json", "text/html; charset=utf-8", "text/plain; charset=utf-8")

queries = st.one_of(
    st.sampled_from(
        [
            "ASK {}",
            "SELECT * { ?s ?p ?o } LIMIT 3",
            "SELECT (RAND() AS ?x) {}",
            "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 2",
            "DESCRIBE <https://w3id.org/sauran/id/kazakhstan>",
            "SELECT * { SERVICE <http://127.0.0.1:9/> {} }",
            "INSERT DATA {}",
            "SELECT * {",
            "{" * 70,
            "SELECT ('%25 + \u0416' AS ?x) {}",
            "SELECT * FROM <urn:none> { ?s ?p ?o }",
        ]
    ),
    st.text(max_size=30),
    st.binary(max_size=20).map(lambda data: data.decode("latin-1")),
)
fields = st.lists(
    st.one_of(
        st.tuples(st.just("query"), queries),
        st.tuples(
            st.sampled_from(["default-graph-uri", "named-graph-uri"]),
            st.sampled_from(["https://w3id.org/sauran/graph/reference", "urn:none", "no iri", ""]),
        ),
        st.tuples(st.just("timeout"), st.sampled_from(["5", "2.5", "0", "x", "1e400"])),
        st.tuples(st.just("partial"), st.sampled_from(["true", "false", "1"])),
        st.tuples(st.sampled_from(["update", "format", "\u0416"]), st.text(max_size=5)),
    ),
    max_size=4,
)
accepts = st.one_of(
    st.none(),
    st.lists(
        st.tuples(
            st.sampled_from(
                [*(known.media_type for known in TYPES.values()), "*/*", "text/*", "image/png", ";", "a"]
            ),
            st.sampled_from(["", ";q=0", ";q=0.5", ";q=1.0", ";q=x", ";charset=utf-8", ';profile="a";q=0.3']),
        ).map("".join),
        max_size=3,
    ).map(", ".join),
)
codings = st.sampled_from(
    [None, "gzip", "br, gzip;q=0.5", "identity;q=0", "*;q=0", "gzip;q=0", "\u00e9", ",;="]
)
bodies = st.one_of(
    st.tuples(st.just(FORM), fields.map(lambda found: urlencode(found).encode())),
    st.tuples(st.just(DIRECT), queries.map(lambda text: text.encode("utf-8", "replace"))),
    st.tuples(st.sampled_from([FORM, DIRECT, "text/plain", "", "a/b;;;"]), st.binary(max_size=40)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    method=st.sampled_from(["GET", "GET", "HEAD", "POST", "POST", "OPTIONS", "PUT", "DELETE"]),
    path=st.sampled_from(["/sparql", "/sparql", "/sparql", "/en/sparql", "/graphs", "/doc/kazakhstan"]),
    asked=fields,
    body=bodies,
    accept=accepts,
    coding=codings,
)
def test_the_rules_of_the_protocol_hold(  # noqa: PLR0917 (Hypothesis names them)
    client: FlaskClient,
    method: str,
    path: str,
    asked: list[tuple[str, str]],
    body: tuple[str, bytes],
    accept: str | None,
    coding: str | None,
) -> None:
    headers = {
        name: value for name, value in (("Accept", accept), ("Accept-Encoding", coding)) if value is not None
    }
    more: dict[str, Any] = {"query_string": urlencode(asked), "headers": headers}
    if method == "POST":
        more |= {"content_type": body[0], "data": body[1]}
    response = client.open(path, method=method, **more)
    check_answer(response, method)
    if response.status_code == 200 and "ETag" in response.headers and method in ("GET", "HEAD"):
        again = client.open(
            path, method=method, **(more | {"headers": headers | {"If-None-Match": response.headers["ETag"]}})
        )
        assert (again.status_code, again.data) == (304, b"")


def check_answer(response: Any, method: str) -> None:
    assert response.status_code in STATUSES, response.text
    said = response.headers
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Access-Control-Allow-Origin"] == "*"
    if method == "OPTIONS":
        assert said["Allow"]
        return
    if response.status_code == 405:
        assert said["Allow"]
    if response.status_code >= 400:
        assert response.content_type in ERRORS
        assert (said["Cache-Control"], "ETag" in said) == ("no-store", False)
        if response.content_type == ERRORS[0] and method != "HEAD":
            assert json.loads(response.data)["status"] == response.status_code
    if response.status_code == 200:
        assert response.content_type in TYPES
        assert "Accept-Encoding" in said["Vary"]
        assert ("ETag" in said) == (said["Cache-Control"] != "no-store")
        if method == "HEAD":
            assert response.data == b""
        else:
            check_body(response)


def check_body(response: Any) -> None:
    data = gzip.decompress(response.data) if "Content-Encoding" in response.headers else response.data
    assert len(response.data) == int(response.headers["Content-Length"])
    wanted = TYPES[response.content_type]
    if wanted.rdf is not None:
        list(parse(data, format=wanted.rdf))
    elif wanted.results in (QueryResultsFormat.JSON, QueryResultsFormat.XML):
        parse_query_results(data, format=wanted.results)
    else:
        data.decode("utf-8")
