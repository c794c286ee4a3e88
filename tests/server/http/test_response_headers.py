"""What every answer says beside its content: tags, codings, who may read it, how long it holds."""

import gzip
from collections.abc import Iterator

import pytest
from flask import Blueprint, Response
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.release.release import Release
from sauran.server.http.response_headers import compress, compress_pieces, send_as_is

QUERY = {"query": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 50"}
ADDRESSES = [
    "/sparql",
    "/doc/kazakhstan.ttl",
    "/dataset/kazakhstan",
    "/en/",
    "/graph/reference",
    "/graphs?default",
]


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_answer_is_tagged_and_compared(client: FlaskClient, path: str) -> None:
    whole = client.get(path)
    assert (whole.status_code, whole.headers["Cache-Control"]) == (200, "no-cache")
    tag = whole.headers["ETag"]
    assert tag.startswith('"')
    for method in ("GET", "HEAD"):
        same = client.open(path, method=method, headers={"If-None-Match": tag})
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
        assert same.headers["Vary"] == whole.headers["Vary"]
        assert "Content-Type" not in same.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).data == whole.data


@pytest.mark.parametrize("path", ADDRESSES)
def test_head_says_what_get_says(client: FlaskClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert head.data == b""
    assert list(head.headers) == list(whole.headers)


def test_other_formats_and_codings_have_other_tags(client: FlaskClient) -> None:
    plain = client.get("/sparql", query_string=QUERY)
    packed = client.get("/sparql", query_string=QUERY, headers={"Accept-Encoding": "gzip, br"})
    other = client.get("/sparql", query_string=QUERY, headers={"Accept": "text/csv"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    assert other.headers["ETag"] != plain.headers["ETag"]
    assert {one.headers["Vary"] for one in (plain, packed, other)} == {"Accept, Accept-Encoding"}
    condition = {"Accept-Encoding": "gzip", "If-None-Match": plain.headers["ETag"]}
    assert client.get("/sparql", query_string=QUERY, headers=condition).status_code == 200


def test_equal_bytes_of_another_type_are_another_answer(client: FlaskClient) -> None:
    query = {"query": "CONSTRUCT { ?s ?p ?o } { FILTER(false) ?s ?p ?o }"}
    tags = {
        client.get("/sparql", query_string=query, headers={"Accept": kind}).headers["ETag"]
        for kind in ("application/n-triples", "application/n-quads")
    }
    assert len(tags) == 2


def test_no_coding_is_an_answer_too(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept-Encoding": "br, identity;q=0"})
    assert response.status_code == 406
    assert "gzip, identity" in response.text


def test_dumps_are_sent_as_they_are(client: FlaskClient) -> None:
    address = client.get("/dumps/reference.nt").headers["Location"]
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert not {"Content-Encoding", "Vary"} & set(response.headers.keys())


def test_what_carries_its_version_holds_for_ever(client: FlaskClient) -> None:
    version = client.get("/health").json["release"]  # type: ignore[index]
    response = client.get(f"/release/{version}/manifest.json")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/nothing", "/sparql?query=nonsense", "/doc/nothing", "/graphs"])
def test_an_error_is_not_kept(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (400, 404)
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("no-store", False)


@pytest.mark.parametrize("path", [*ADDRESSES, "/nothing", "/dumps/all.nt", "/sparql?query=nonsense"])
def test_scripts_of_any_site_may_read_everything(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://app.test"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Retry-After", "Sauran-Partial"} <= set(
        headers["Access-Control-Expose-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/sparql", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("/graphs", {"GET", "HEAD", "OPTIONS"}),
        ("/doc/kazakhstan", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_preflight_is_told_what_is_allowed(client: FlaskClient, path: str, methods: set[str]) -> None:
    asked = {
        "Origin": "https://app.test",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options(path, headers=asked)
    assert (response.status_code, response.data) == (200, b"")
    assert set(response.headers["Allow"].split(", ")) == methods
    assert set(response.headers["Access-Control-Allow-Methods"].split(", ")) == methods
    assert "*" in response.headers["Access-Control-Allow-Headers"]


@pytest.fixture(scope="module")
def extended(briefing: Release) -> Iterator[FlaskClient]:
    """A client of an application that somebody has added pages to."""
    made_up, of_the_moment = Blueprint("made_up", __name__), Blueprint("of_the_moment", __name__)
    text = "A made-up page. " * 100
    made_up.add_url_rule("/made-up", "page", lambda: text)
    made_up.add_url_rule(
        "/made-up/not-kept", "kept", lambda: Response(text, headers={"Cache-Control": "no-store"})
    )
    made_up.add_url_rule(
        "/made-up/stream", "stream", lambda: Response(iter([text]), content_type="text/plain")
    )
    of_the_moment.add_url_rule("/made-up/as-is", "as_is", lambda: text)
    of_the_moment.after_request(send_as_is)
    with client_over(briefing.folder.parent, query_processes=1) as client:
        client.application.register_blueprint(made_up)
        client.application.register_blueprint(of_the_moment)
        client.application.add_url_rule("/without-blueprint", "page", lambda: text)
        yield client


@pytest.mark.parametrize("path", ["/made-up", "/without-blueprint"])
def test_a_page_that_somebody_adds_is_tagged_and_packed(extended: FlaskClient, path: str) -> None:
    plain, packed = extended.get(path), extended.get(path, headers={"Accept-Encoding": "gzip"})
    assert (plain.status_code, plain.headers["Cache-Control"]) == (200, "no-cache")
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    again = extended.get(path, headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/made-up/not-kept", "/made-up/stream"])
def test_without_a_tag_it_is_packed_all_the_same(extended: FlaskClient, path: str) -> None:
    response = extended.get(path, headers={"Accept-Encoding": "gzip"})
    assert (response.headers["Content-Encoding"], response.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert "ETag" not in response.headers


@pytest.mark.parametrize("path", ["/made-up/as-is", "/health", "/metrics"])
def test_what_says_so_is_sent_as_it_is(extended: FlaskClient, path: str) -> None:
    response = extended.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert not {"Content-Encoding", "ETag", "Vary"} & set(response.headers.keys())


def test_compressed_bytes_come_back() -> None:
    data = b"claim " * 10_000
    assert gzip.decompress(compress(data)) == data
    assert compress(data) == compress(data)
    assert gzip.decompress(b"".join(compress_pieces([data, b"", data]))) == data + data
