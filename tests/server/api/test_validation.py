"""/validate on a real server, as programs use it: every format in, every report out, each error."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from attack_support import Attacked, Said, serve_attacked
from pyoxigraph import RdfFormat, parse, serialize
from support import CHECKOUT

from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.release.release import Release
from sauran.server.http.validation_service import ACCEPTED

pytestmark = pytest.mark.slow

NOTES = CHECKOUT / "tests/shapes/notes"
GOOD = (NOTES / "good-reference.ttl").read_bytes()
BAD = (NOTES / "bad-reference-url-string.ttl").read_bytes()
TURTLE = {"Content-Type": "text/turtle"}
MESSAGE = (
    "A reference has at most one address. Write schema:url with the whole address as an IRI, or leave it out."
)


@pytest.fixture(scope="module")
def server(briefing: Release) -> Iterator[Attacked]:
    with serve_attacked(briefing.folder.parent, query_processes="2") as opened:
        yield opened


def post(server: Attacked, body: bytes, path: str = "/validate", **headers: str) -> Said:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return server.send("POST", path, body, {**TURTLE, **named}, timeout_s=60)


def written(known: Format) -> bytes:
    """The bad example in a format; Turtle and TriG as it stands."""
    if known.name in ("turtle", "trig"):
        return BAD
    quads = list(parse(BAD, format=RdfFormat.TURTLE))
    assert known.rdf is not None
    items = quads if known.has_graphs else [quad.triple for quad in quads]
    return serialize(items, format=known.rdf) or b""


def place_in(body: bytes, text: bytes) -> tuple[int, int]:
    """Line and column of the only occurrence of a text."""
    assert body.count(text) == 1
    before = body[: body.index(text)]
    return before.count(b"\n") + 1, len(before) - before.rfind(b"\n")


@pytest.mark.parametrize("known", RDF_FORMATS, ids=lambda known: known.name)
def test_every_format_is_read_and_places_are_those_of_what_was_sent(server: Attacked, known: Format) -> None:
    body = written(known)
    said = post(server, body, Content_Type=known.media_type, Accept="application/json")
    assert (said.status, said.headers["content-type"]) == (200, "application/json"), said.body[:500]
    (finding,) = json.loads(said.body)["findings"]
    assert (finding["rule"], finding["message"], finding["file"]) == ("reference-url", MESSAGE, "input")
    if known.name in ("jsonld", "rdfxml"):
        assert finding["line"] == place_in(body, b"example/reference/r2")[0]
        assert finding["place_is"] == "subject"
    else:
        assert (finding["line"], finding["column"]) == place_in(body, b'"https://example.org/1"')
        assert "place_is" not in finding


def test_the_report_is_rdf_by_accept_and_turtle_without_one(server: Attacked) -> None:
    graphs = []
    for accept, kind, known in (
        ("*/*", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
    ):
        said = post(server, BAD, Accept=accept)
        assert (said.status, said.headers["content-type"]) == (200, kind)
        assert said.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
        assert said.headers["cache-control"] == "no-store"
        assert said.headers["access-control-allow-origin"] == "*"
        assert "etag" not in said.headers
        graphs.append({(str(q.predicate), str(q.object)) for q in parse(said.body, format=known)})
    sh = "<http://www.w3.org/ns/shacl#"
    for graph in graphs:
        assert (f"{sh}conforms>", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>') in graph
        assert (f"{sh}value>", '"https://example.org/1"') in graph
        assert (f"{sh}resultMessage>", f'"{MESSAGE}"@en') in graph


def test_data_that_conform_are_said_to(server: Attacked) -> None:
    said = post(server, GOOD, Accept="text/turtle")
    assert said.status == 200
    assert b"sh:conforms true" in said.body
    assert b"sh:ValidationResult " not in said.body
    text = post(server, GOOD, Accept="text/plain")
    assert text.body == b"no findings\nchecked: 1 of 42 shapes met 1 node\n"


def test_text_names_line_and_column_in_the_language_asked_for(server: Attacked) -> None:
    said = post(server, BAD, Accept="text/plain", Accept_Language="fr-CA, en;q=0.5")
    assert said.headers["content-type"] == "text/plain; charset=utf-8"
    lines = said.body.decode().splitlines()
    assert lines[0].startswith("input:10:14: violation reference-url: ")
    assert MESSAGE not in lines[0]
    assert "schema:url" in lines[0]
    assert lines[-2:] == ["1 violation", "checked: 1 of 42 shapes met 1 node"]


@pytest.mark.needs("shared")
def test_sarif_is_valid(server: Attacked, shared: Path) -> None:
    said = post(server, BAD, Accept="application/sarif+json")
    assert said.headers["content-type"] == "application/sarif+json"
    schema = json.loads((shared / "data/sarif/sarif-schema-2.1.0.json").read_text("utf-8"))
    document = json.loads(said.body)
    assert list(jsonschema.Draft7Validator(schema).iter_errors(document)) == []
    (result,) = document["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "input"}
    assert place["region"] == {"startLine": 10, "startColumn": 14}


@pytest.mark.parametrize(
    ("accept", "begins"),
    [("application/xml", b"<?xml"), ("text/markdown", b"## 1 violation")],
)
def test_other_reports_are_there_too(server: Attacked, accept: str, begins: bytes) -> None:
    said = post(server, BAD, Accept=accept)
    assert said.status == 200
    assert said.headers["content-type"].startswith(accept)
    assert said.body.startswith(begins)


def test_relative_iris_are_resolved_against_the_address(server: Attacked) -> None:
    said = post(server, BAD.replace(b"reference:r2", b"<#r>"), Accept="application/json")
    (finding,) = json.loads(said.body)["findings"]
    assert finding["focus"] == f"<http://127.0.0.1:{server.port}/validate#r>"


def test_reports_are_packed_for_who_wants_that(server: Attacked) -> None:
    said = post(server, BAD, Accept="application/json", Accept_Encoding="gzip")
    assert said.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(said.body))["conforms"] is False


@pytest.mark.parametrize(
    ("body", "kind", "fault"),
    [
        (b"<a> <b> <c> .\n<d> <e>", "text/turtle", {"line": 2, "column": 8}),
        (b'{"@id": "http://e/",\n"p": }', "application/ld+json", {"line": 2}),
        (b"<a>\n<b></a>", "application/rdf+xml", {"line": 2}),
        (b"<http://e/> <http://e/p> <x> .", "application/n-triples", {"line": 1}),
        (b"<http://e/> <http://e/p> 1 .", "application/n-quads", {"line": 1}),
        (b"<http://e/> { <http://e/p> }", "application/trig", {"line": 1}),
        (b'<a> <b> "\xff" .', "text/turtle", {"line": 1, "column": 10}),
        (b"PK\x03\x04\x00", "text/turtle", {"line": 1, "column": 5}),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    server: Attacked, body: bytes, kind: str, fault: dict[str, int]
) -> None:
    problem = post(server, body, Content_Type=kind).problem
    assert (problem["status"], problem["title"]) == (400, "Bad Request")
    assert problem["type"] == "tag:w3id.org,2026:sauran/problem/validation-input"
    (named,) = problem["faults"]  # type: ignore[misc]
    assert {key: named[key] for key in fault} == fault
    place = ":".join(str(named[key]) for key in ("file", "line", "column") if key in named)
    assert problem["detail"] == f"{place}: {named['detail']}"


def test_data_that_no_shape_meets_are_neither_right_nor_wrong(server: Attacked) -> None:
    for body in (b"<http://e/> <http://e/p> 1 .", b""):
        problem = post(server, body).problem
        assert (problem["status"], str(problem["type"]).rpartition("/")[2]) == (
            422,
            "validation-nothing-checked",
        )
        assert str(problem["detail"]).startswith("input: nothing was checked. No shape met any node")


def test_requests_that_cannot_be_met_are_told_why(server: Attacked) -> None:
    for kind in ("", "text/plain", "application/x-www-form-urlencoded"):
        said = post(server, BAD, Content_Type=kind)
        assert said.status == 415
        assert said.headers["accept-post"] == ACCEPTED
        assert ACCEPTED in str(said.problem["detail"])
    said = post(server, BAD, Accept="image/png")
    assert said.status == 406
    assert "text/turtle, application/ld+json, application/json, application/sarif+json" in str(
        said.problem["detail"]
    )
    said = server.send("PUT", "/validate", BAD, TURTLE)
    assert (said.status, sorted(said.headers["allow"].split(", "))) == (
        405,
        ["GET", "HEAD", "OPTIONS", "POST"],
    )
    said = server.send("OPTIONS", "/validate")
    assert (said.status, said.headers["accept-post"]) == (200, ACCEPTED)
    assert "POST" in said.headers["access-control-allow-methods"]


def test_shapes_and_ontology_that_are_sent_change_nothing(server: Attacked) -> None:
    shapes = b"""
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix shapes: <https://w3id.org/sauran/shapes#> .
    shapes:ReferenceShape sh:deactivated true .
    shapes:reference-url sh:deactivated true ; sh:severity sh:Info .
    <http://e/S> a sh:NodeShape ; sh:targetSubjectsOf dcterms:bibliographicCitation ; sh:nodeKind sh:Literal .
    """
    said = post(server, BAD + shapes, Accept="application/json")
    report = json.loads(said.body)
    assert [finding["rule"] for finding in report["findings"]] == ["reference-url"]
    assert report["counts"] == {"violation": 1, "warning": 0, "info": 0}


def form(**parts: tuple[str, bytes]) -> bytes:
    """The body of the form as browsers send it: name, what follows it in the header, and content."""
    body = b"".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"
        for name, (more, content) in parts.items()
    )
    return body + b"--cut--\r\n"


FORM = {"Content-Type": "multipart/form-data; boundary=cut", "Accept": "text/html"}


def test_forms_of_programs_get_the_report_they_ask_for(server: Attacked) -> None:
    body = form(file=('; filename="mine.ttl"', BAD))
    said = server.send("POST", "/validate", body, {**FORM, "Accept": "text/plain"}, timeout_s=60)
    assert said.body.startswith(b"mine.ttl:10:14: violation reference-url: ")
