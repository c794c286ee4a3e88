"""Errors as pages: what happened and what to do, in the language of the page; the same facts as in JSON."""

import html
import re
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from sauran.server.http.problems import Problem

BROWSER = {"Accept": "text/html"}


def words(text: str) -> str:
    """The page as somebody reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def page_of(client: FlaskClient, problem: Problem, path: str = "/en/sparql") -> str:
    """The page of a problem that is met at an address."""
    with client.application.test_request_context(path, headers=BROWSER):
        response = client.application.make_response(client.application.handle_user_exception(problem))
    assert response.content_type == "text/html; charset=utf-8"
    text: str = response.get_data(as_text=True)
    return text


@pytest.mark.parametrize(
    ("status", "kind", "title", "advice"),
    [
        (400, "query-syntax", "The query cannot be answered", "Mend the query at the place that is shown"),
        (400, "", "The request cannot be understood", "Go back, change it, and try again."),
        (404, "", "There is nothing here", "Check the address"),
        (405, "", "That cannot be done here", "Use GET, or POST for a query."),
        (406, "", "Not in this format", "Ask for one of the formats that are named below."),
        (410, "", "This is no longer here", "Search for what has taken its place."),
        (413, "", "That is too much at once", "Send less"),
        (429, "", "Too many requests", "Wait a little"),
        (500, "", "Something went wrong on our side", "tell the contact"),
        (503, "busy", "Busy at the moment", "Try again in a few seconds."),
        (503, "limit-memory", "The answer is too large", "Ask for less: fewer columns"),
        (504, "limit-time", "The answer took too long", "Ask for less: name graphs"),
        (403, "", "The request was refused", "Begin at the front page."),
    ],
)
def test_each_error_says_what_happened_and_what_to_do(
    client: FlaskClient, status: int, kind: str, title: str, advice: str
) -> None:
    text = page_of(client, Problem(HTTPStatus(status), "It is so.", kind=kind))
    assert re.findall(r"<h1>([^<]*)</h1>", text) == [title]
    shown = words(text)
    assert advice in shown
    assert "It is so." in shown
    assert f"{status} {HTTPStatus(status).phrase}" in shown
    assert '<meta name="robots" content="noindex">' in text
    assert '<form class="search" action="/en/search"' in text


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "There is nothing here"),
        ("fr", "Il n'y a rien ici"),
        ("ru", "Здесь ничего нет"),
        ("kk", "Мұнда ештеңе жоқ"),
    ],
)
def test_an_error_is_in_the_language_of_the_path_else_of_the_browser(
    client: FlaskClient, language: str, title: str
) -> None:
    by_path = client.get(f"/{language}/nothing", headers={**BROWSER, "Accept-Language": "de"})
    by_browser = client.get("/nothing", headers={**BROWSER, "Accept-Language": language})
    for response in (by_path, by_browser):
        assert response.status_code == 404
        assert f'<html lang="{language}"' in response.text
        assert f"<h1>{title}</h1>" in html.unescape(response.text)
        # Details are English, and say so.
        assert ('<p class="error" lang="en">' in response.text) is (language != "en")
        assert response.headers["Cache-Control"] == "no-store"
        assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


def test_the_page_has_the_facts_of_the_json(client: FlaskClient) -> None:
    query = "SELECT * { ?s ?p }"
    fields = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/json"}).json
    assert fields is not None
    more = {name: fields[name] for name in ("line", "column", "expected", "excerpt")}
    text = page_of(client, Problem(HTTPStatus.BAD_REQUEST, fields["detail"], kind="query-syntax", more=more))
    shown = words(text)
    assert " ".join(fields["detail"].split()) in shown
    assert f"line {fields['line']}" in shown
    assert f"column {fields['column']}" in shown
    assert "query-syntax" in shown
    assert html.escape(fields["excerpt"]).replace("&#x27;", "&#39;") in text


@pytest.mark.parametrize(
    ("path", "nearby", "search"),
    [
        (
            "/kk/doc/source/kazakhstan-security/claim/c999",
            [("/kk/doc/source/kazakhstan-security", "doc/source/kazakhstan-security")],
            "c999",
        ),
        ("/en/doc/big-energy_project.html", [], "big energy project"),
        ("/en/dataset/nothing", [], "nothing"),
        ("/en/zzz/yyy", [], "yyy"),
    ],
)
def test_a_wrong_address_leads_to_what_is_near(
    client: FlaskClient, path: str, nearby: list[tuple[str, str]], search: str
) -> None:
    text = client.get(path, headers=BROWSER).text
    assert re.findall(r'<li><a href="([^"]*)" dir="auto">([^<]*)</a></li>', text) == nearby
    assert f'name="q" value="{search}"' in text


def test_a_hostile_address_stays_text(client: FlaskClient) -> None:
    text = client.get('/en/doc/"><script>alert(1)</script>', headers=BROWSER).text
    assert "<script>alert" not in text


def test_it_is_said_when_to_come_again(client: FlaskClient) -> None:
    problem = Problem(HTTPStatus.TOO_MANY_REQUESTS, "Slow down.", {"Retry-After": "21"})
    assert "Повторите через 21 секунду." in words(page_of(client, problem, "/ru/"))
    later = Problem(HTTPStatus.SERVICE_UNAVAILABLE, "-", {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})
    assert "Come again" not in page_of(client, later)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/fr/", 405), ("GET", "/fr/nothing", 404), ("PUT", "/sparql", 405)],
)
def test_real_errors_come_as_pages(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = client.open(path, method=method, headers={**BROWSER, "Accept-Language": "fr"})
    assert response.status_code == status
    assert '<html lang="fr"' in response.text
