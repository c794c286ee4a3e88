"""/conformance: the page and the results of the W3C's suites."""

import json
import re

import pytest
from flask.testing import FlaskClient

from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.server.api.conformance import TABLE, read_results


def test_suites_have_counts_and_causes() -> None:
    suites = {suite.slug: suite for suite in read_results()}
    assert len(suites) == 8
    description = suites["sparql11-service-description"]
    assert (description.passed, description.failed, description.inapplicable) == (3, 0, 0)
    assert description.causes == ()
    protocol = suites["sparql11-protocol"]
    assert (protocol.total, protocol.passed, protocol.inapplicable) == (34, 27, 7)
    (cause,) = protocol.causes
    assert cause.outcome == "inapplicable"
    assert cause.text == "This endpoint is read-only: it refuses every update."
    assert len(cause.tests) == 7
    assert suites["shacl"].passed == 120
    for suite in suites.values():
        unexplained = (
            suite.failed
            + suite.inapplicable
            - sum(len(cause.tests) for cause in suite.causes if cause.outcome != "passed")
        )
        assert unexplained == 0, suite.slug


def test_programs_get_the_table_as_json(client: FlaskClient) -> None:
    by_accept = client.get("/conformance", headers={"Accept": "application/json"})
    by_suffix = client.get("/conformance.json")
    assert by_accept.status_code == by_suffix.status_code == 200
    assert by_accept.content_type == by_suffix.content_type == "application/json"
    assert by_accept.data == by_suffix.data == TABLE.read_bytes()
    assert len(json.loads(by_suffix.data)["suites"]) == len(read_results())
    assert {"accept", "accept-language"} <= set(by_accept.vary.as_set())
    assert "accept" not in by_suffix.vary


def test_the_same_table_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/conformance.json").headers["ETag"]
    assert client.get("/conformance.json", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("former", RDF_FORMATS, ids=lambda former: former.name)
def test_reports_in_earl_are_gone_and_the_answer_says_where_results_are(
    client: FlaskClient, former: Format
) -> None:
    answer = client.get(f"/conformance.{former.suffix}", headers={"Accept": "application/json"})
    assert answer.status_code == 410
    assert answer.get_json()["detail"] == (
        "The reports in EARL are no longer served: `make conformance` writes them. Their results are in "
        "/conformance.json."
    )


def test_people_are_sent_to_the_page(client: FlaskClient) -> None:
    answer = client.get("/conformance", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/conformance")


def test_the_page_shows_suites_causes_and_where_they_are_discussed(client: FlaskClient) -> None:
    page = client.get("/en/conformance").text
    assert '<h2 id="sparql11-query" lang="en">SPARQL 1.1 Query Language</h2>' in page
    assert "This endpoint asks no other one: it refuses SERVICE." in page
    assert 'href="https://github.com/oxigraph/oxigraph/issues/1450"' in page
    assert 'href="/conformance.json" type="application/json"' in page
    assert len(re.findall(r"<section aria-labelledby=\"(?:sparql|shacl)", page)) == 8


def test_the_page_says_what_was_tested_with_what_and_when(client: FlaskClient) -> None:
    page = client.get("/en/conformance").text
    for suite in read_results():
        assert f'<a href="{suite.source}" lang="en"><code>{suite.version[:8]}</code>' in page
        assert f'<td lang="en">{suite.engine}</td><td><time datetime="{suite.date}">' in page


def test_every_page_links_to_it(client: FlaskClient) -> None:
    assert '<a href="/en/conformance">Conformance</a>' in client.get("/en/").text


def test_what_is_no_format_and_no_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/conformance", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/conformance", headers={"Accept": "text/turtle"}).status_code == 406
    assert client.get("/conformance.png").status_code == 404
    assert client.get("/conformancex").status_code == 404
