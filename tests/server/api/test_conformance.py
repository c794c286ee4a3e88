"""/conformance: the page and the reports of the W3C's suites."""

import json
import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.server.api.conformance import read_reports

EARL = "http://www.w3.org/ns/earl#"


def test_reports_have_counts_and_causes() -> None:
    reports = {report.slug: report for report in read_reports()}
    assert len(reports) == 7
    description = reports["sparql11-service-description"]
    assert (description.passed, description.failed, description.inapplicable) == (3, 0, 0)
    assert description.causes == ()
    protocol = reports["sparql11-protocol"]
    assert (protocol.total, protocol.passed, protocol.inapplicable) == (34, 27, 7)
    (cause,) = protocol.causes
    assert cause.outcome == "inapplicable"
    assert cause.text == "This endpoint is read-only: it refuses every update."
    assert len(cause.tests) == 7
    for report in reports.values():
        unexplained = (
            report.failed
            + report.inapplicable
            - sum(len(cause.tests) for cause in report.causes if cause.outcome != "passed")
        )
        assert unexplained == 0, report.slug


@pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda wanted: wanted.name)
def test_the_reports_are_one_graph_in_every_format(client: FlaskClient, wanted: Format) -> None:
    by_accept = client.get("/conformance", headers={"Accept": wanted.media_type})
    by_suffix = client.get(f"/conformance.{wanted.suffix}")
    assert by_accept.status_code == by_suffix.status_code == 200
    assert by_accept.content_type == by_suffix.content_type == wanted.content_type
    assert by_accept.data == by_suffix.data
    assert {"accept", "accept-language"} <= set(by_accept.vary.as_set())
    assert "accept" not in by_suffix.vary
    if wanted.rdf == RdfFormat.JSON_LD:
        assert len(json.loads(by_accept.data)["@graph"]) > 2000
        return
    tests = [q for q in parse(by_accept.data, format=wanted.rdf) if q.predicate.value == f"{EARL}test"]
    assert len(tests) == sum(report.total for report in read_reports())


def test_the_same_reports_are_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/conformance.ttl").headers["ETag"]
    assert client.get("/conformance.ttl", headers={"If-None-Match": tag}).status_code == 304


def test_people_are_sent_to_the_page(client: FlaskClient) -> None:
    answer = client.get("/conformance", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/conformance")


def test_the_page_shows_suites_causes_and_where_they_are_discussed(client: FlaskClient) -> None:
    page = client.get("/en/conformance").text
    assert '<h2 id="sparql11-query" lang="en">SPARQL 1.1 Query Language</h2>' in page
    assert "This endpoint asks no other one: it refuses SERVICE." in page
    assert 'href="https://github.com/oxigraph/oxigraph/issues/1450"' in page
    assert 'href="/conformance.ttl" type="text/turtle"' in page
    assert len(re.findall(r"<section aria-labelledby=\"sparql", page)) == 7


def test_every_page_links_to_it(client: FlaskClient) -> None:
    assert '<a href="/en/conformance">Conformance</a>' in client.get("/en/").text


def test_what_is_no_format_and_no_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/conformance", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/conformance.png").status_code == 404
    assert client.get("/conformancex").status_code == 404
