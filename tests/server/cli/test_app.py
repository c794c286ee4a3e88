"""The application as a whole: headers, errors of every kind in one shape, no redirect to a stranger."""

import json
import logging
import re
from urllib.parse import urlsplit

import pytest
from browser_support import PAGES, address
from flask import Flask
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.model.errors import EngineError, ReleaseError
from sauran.kg.release.release import Release
from sauran.server.cli.app import create_app
from sauran.server.http.settings import read_settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)


@pytest.mark.parametrize(
    "path", ["/en/", "/sparql", "/dumps/all.nt", "/nothing", "/static/site.css", "/id/kazakhstan"]
)
def test_every_answer_is_guarded(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/en/", "/en/sparql", "/en/doc/kazakhstan", "/en/doc/nothing"])
def test_pages_keep_to_their_policy(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    # A script comes from a file of ours, and nothing stands in its element.
    ours = re.findall(r'<script [^<>]*src="/static/[^"<>]+"[^<>]*></script>', text)
    # schema.org's description is data: no browser runs it.
    assert len(ours) + text.count('<script type="application/ld+json">') == text.count("<script")
    assert " style=" not in text
    assert "<style" not in text
    assert '<html lang="en"' in text


def test_health_names_the_release(client: FlaskClient, briefing: Release) -> None:
    triples = briefing.union_triples
    assert client.get("/health").json == {"status": "ok", "release": briefing.version, "triples": triples}


@pytest.mark.parametrize(
    ("accept", "content_type", "body"),
    [
        (
            "application/json",
            "application/problem+json",
            '{"type": "about:blank", "title": "Not Found", "status": 404, '
            '"detail": "Nothing is known of <%s>."}\n',
        ),
        ("text/turtle", "application/problem+json", None),
        ("text/plain", "text/plain; charset=utf-8", "404 Not Found\nNothing is known of <%s>.\n"),
    ],
)
def test_an_error_has_one_shape(
    client: FlaskClient, accept: str, content_type: str, body: str | None
) -> None:
    response = client.get("/doc/<b>", headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (404, content_type)
    assert response.headers["Vary"] == "Accept"
    if body is not None:
        assert response.text == body % "http://127.0.0.1:8000/doc/%3Cb%3E"


def test_an_error_page_escapes_what_was_asked(client: FlaskClient) -> None:
    text = client.get("/release/<b>/x", headers={"Accept": "text/html"}).text
    assert "There is no release &lt;b&gt;." in text
    assert "<b>" not in text


@pytest.fixture
def failing(briefing: Release) -> Flask:
    """An application with views that fail in every way."""
    app = create_app(read_settings({}, releases=briefing.folder.parent))
    for number, error in enumerate(
        [EngineError("engine", "gave up."), ReleaseError("release", "is broken."), KeyError("secret")]
    ):

        def fail(error: Exception = error) -> str:
            raise error

        app.add_url_rule(f"/fail/{number}", f"fail{number}", fail)
    return app


@pytest.mark.parametrize(
    ("number", "status", "detail"),
    [
        (0, 500, "engine: gave up."),
        (1, 503, "release: is broken."),
        (
            2,
            500,
            "The server encountered an internal error and was unable to complete your request. "
            "Either the server is overloaded or there is an error in the application.",
        ),
    ],
)
def test_a_failure_inside_tells_clients_no_secret(
    failing: Flask, number: int, status: int, detail: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="server")
    response = failing.test_client().get(f"/fail/{number}")
    assert (response.status_code, json.loads(response.text)["detail"]) == (status, detail)
    assert "secret" not in response.text


def test_addresses_come_from_the_settings_never_from_the_request(briefing: Release) -> None:
    with client_over(briefing.folder.parent, site="https://example.org/kg") as client:
        evil = {"Host": "evil.test", "X-Forwarded-Host": "evil.test"}
        assert client.get("/id/kazakhstan", headers=evil).location == "/kg/doc/kazakhstan"
        for path in (
            "/sparql",
            "/en/",
            "/en",
            "/dataset/kazakhstan",
            "/nothing",
            "/id//kazakhstan",
            "//evil.test/id",
        ):
            response = client.get(path, headers=evil)
            assert response.status_code in (200, 404)
            assert "evil.test" not in response.text.replace("/evil.test/id", "")
        assert 'href="/kg/static/site.css"' in client.get("/en/").text
        assert "<https://example.org/kg/sparql>" in client.get("/sparql").text


def test_an_application_without_a_release_does_not_start(tmp_path: object) -> None:
    with pytest.raises(ReleaseError) as caught:
        create_app(read_settings({}, releases=tmp_path))
    assert str(caught.value) == f"{tmp_path}: holds no release yet. Run: sauran build"


def test_browsers_judge_every_page_that_is_registered(client: FlaskClient) -> None:
    routes = client.application.url_map
    pages = {
        rule.rule
        for rule in routes.iter_rules()
        if "language" in rule.arguments and "GET" in (rule.methods or ()) and "." not in rule.rule
    }
    matching = routes.bind("")
    judged = set()
    for name in PAGES.keys() - {"lost"}:
        rule, _ = matching.match(urlsplit(address(name, "en")).path, "GET", return_rule=True)
        judged.add(rule.rule)
    assert len(pages) > 10
    assert judged == pages
