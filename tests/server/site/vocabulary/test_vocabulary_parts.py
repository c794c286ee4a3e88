"""What the pages of ontology and shapes are made of: picture, constraints in words, deprecated terms."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from page_support import words
from pyoxigraph import NamedNode, RdfFormat, parse
from web_support import client_over

from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.release.release import Release
from sauran.server.http.localised_labels import Label
from sauran.server.http.services import served_release
from sauran.server.query.question import LimitReached
from sauran.server.site.visual.drawings.class_diagram import Between, Node, draw_diagram
from sauran.server.site.vocabulary.constraint_texts import constraints_of, path_of
from sauran.server.site.vocabulary.ontology_page import ontology_page
from sauran.server.site.vocabulary.shape_rules import ShapeRules
from sauran.server.site.vocabulary.vocabulary_graph import VocabularyGraph

SVG = "{http://www.w3.org/2000/svg}"
EX = "https://example.org/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VARY = "Accept, Accept-Language"
PREFIXES = f"@prefix : <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
ASKED = [
    ("sh:minLength 3", "At least 3 characters."),
    ("sh:maxCount 0", "No value."),
    ("sh:minInclusive 1", "Is not less than: 1"),
    ("sh:maxExclusive 9", "Is less than: 9"),
    ('sh:pattern "^a" ; sh:flags "i"', "Matches the regular expression: ^a  i"),
    ("sh:nodeKind sh:BlankNodeOrIRI", "Is a blank node or an IRI."),
    ('sh:languageIn ( "fr" "kk" )', "Is in one of the languages: French (fr) Kazakh (kk)"),
    ("sh:uniqueLang true", "No two texts have the same language."),
    ("sh:xone ( :A :B )", f"Conforms to exactly one of the shapes: {EX}A {EX}B"),
    ("sh:not [ sh:class :C ]", "Does not conform to the shape: a shape without a name"),
    ("sh:closed true ; sh:ignoredProperties ( :p )", f"No properties but those of its rules, and: {EX}p"),
    ("sh:qualifiedValueShape :A ; sh:qualifiedMinCount 2", f"At least 2 values conform to: {EX}A"),
    ("sh:lessThan :p", f"Is less than each value of: {EX}p"),
]
PATHS = [
    (":p", "The values of", f"{EX}p"),
    ("[ sh:inversePath :p ]", "What has the node as a value of", f"^{EX}p"),
    ("[ sh:alternativePath ( :p :q ) ]", "The values of any of", f"{EX}p|{EX}q"),
    ("( :p [ sh:zeroOrMorePath :q ] )", "The values of the path", f"{EX}p/({EX}q*)"),
]


@pytest.fixture
def graph(client: FlaskClient) -> Iterator[VocabularyGraph]:
    """The graphs of the briefing, to be read within a request."""
    with client.application.test_request_context("/en/ontology"):
        yield VocabularyGraph(served_release(), "en")


def read(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314 (what we drew ourselves)


def shape(graph: VocabularyGraph, turtle: str) -> NamedNode:
    text = f"{PREFIXES} :S a sh:PropertyShape ; {turtle} ."
    graph.shapes = TripleIndex(quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE))
    return NamedNode(f"{EX}S")


@pytest.mark.parametrize(("turtle", "said"), ASKED, ids=[turtle for turtle, _ in ASKED])
def test_what_a_shape_asks_is_said_in_words(graph: VocabularyGraph, turtle: str, said: str) -> None:
    (asked,) = constraints_of(graph, shape(graph, turtle))
    assert " ".join([asked.words, *(term.text for term in asked.terms), asked.code]).strip() == said


@pytest.mark.parametrize(("turtle", "said", "text"), PATHS)
def test_a_path_is_said_in_words_and_as_sparql(
    graph: VocabularyGraph, turtle: str, said: str, text: str
) -> None:
    path = path_of(graph, shape(graph, f"sh:path {turtle}"))
    assert path is not None
    assert (path.words, path.text) == (said, text)


def test_a_shape_without_a_path_is_about_its_nodes(graph: VocabularyGraph) -> None:
    assert path_of(graph, shape(graph, "sh:minLength 1")) is None


def test_rules_are_told_from_groups_and_parts() -> None:
    text = (
        f"{PREFIXES} :G a sh:NodeShape ; sh:targetClass :C ; sh:property :r ."
        ":r a sh:PropertyShape ; sh:path :p ; sh:or ( :part [ sh:class :D ] ) ."
        ":part a sh:NodeShape ; sh:class :E ."
        ":T a sh:NodeShape ; sh:targetSubjectsOf :q ; sh:nodeKind sh:IRI ."
    )
    rules = ShapeRules(TripleIndex(quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)))
    group, rule, part, both, p, q = (NamedNode(EX + name) for name in ("G", "r", "part", "T", "p", "q"))
    assert (rules.groups, rules.rules, rules.parts) == ([group], [both, rule], [part])
    assert (rules.users(part), rules.users(rule)) == ([rule], [group])
    assert (rules.rules_about(p), rules.rules_about(q)) == ([rule], [both])
    assert rules.shapes_for([NamedNode(f"{EX}C")]) == [group]


def test_the_picture_joins_what_belongs_together_and_hides_nothing_in_it() -> None:
    above, below = Node("#A", Label("above", "en", "#A")), Node("#B", Label("<b> & \u202ex", "en", "#B"), 1)
    link = Between(Node("#p", Label("p", "en", "#p")), ["#A", "#B"], ["#B"])
    drawn = read(draw_diagram([above, below], [link], [above, below], "A title"))
    assert drawn.get("role") == "group"
    assert drawn.findtext(f"{SVG}title") == "A title"
    lines = [line.get("class") for line in drawn.iter(f"{SVG}line")]
    assert (lines.count("edge"), lines.count("kin")) == (3, 4)
    assert [a.get("href") for a in drawn.iter(f"{SVG}a")] == ["#A", "#B", "#A", "#B", "#p"]
    texts = [text.text for text in drawn.iter(f"{SVG}text")]
    assert texts == ["above", "<b> &  x", "above", "<b> &  x", "p"]
    starts = {float(line.get("x1", "")) for line in drawn.iter(f"{SVG}line") if line.get("class") == "edge"}
    boxes = [(float(box.get("x", "")), float(box.get("width", ""))) for box in drawn.iter(f"{SVG}rect")]
    assert starts <= {x + width for x, width in boxes}


def test_an_empty_picture_is_still_one() -> None:
    assert read(draw_diagram([], [], [], "Nothing")).findtext(f"{SVG}title") == "Nothing"


@pytest.mark.parametrize(
    ("path", "said"), [("ontology", "how often terms are used"), ("shapes", "how many nodes")]
)
def test_a_page_stands_without_its_numbers_where_there_is_too_much(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, said: str
) -> None:
    def refuse(*_asked: object) -> None:
        raise LimitReached("time", "10 s", "-")

    monkeypatch.setattr("sauran.server.site.vocabulary.usage.ask_rows", refuse)
    # Another address than that of the page whose answer is kept.
    response = client.get(f"/en/{path}?counted=no")
    shown = words(response.text)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert "There are too many data to be counted in time" in shown
    assert said in shown
    assert not re.search(r"\d+ (things?|triples?|nodes?) ", shown)


@pytest.fixture
def changed(briefing: Release, tmp_path: Path) -> Iterator[FlaskClient]:
    """The briefing with a deprecated term, and with two classes that are below each other."""
    folder = tmp_path / "releases" / briefing.version
    (tmp_path / "releases").mkdir()
    shutil.copytree(briefing.folder, folder)
    (tmp_path / "releases/current").symlink_to(briefing.version)
    sec, owl = "https://w3id.org/sauran/ontology#", "http://www.w3.org/2002/07/owl#"
    file = folder / "dumps/ontology.nq"
    graph = "<https://w3id.org/sauran/graph/ontology> .\n"
    file.write_text(
        file.read_text("utf-8")
        + f'<{sec}Threat> <{owl}deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> {graph}'
        + f"<{sec}Threat> <http://purl.org/dc/terms/isReplacedBy> <{sec}Challenge> {graph}"
        + f"<{sec}Right> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{sec}Theme> {graph}"
        + f"<{sec}Theme> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{sec}Right> {graph}",
        "utf-8",
    )
    manifest = json.loads((folder / "manifest.json").read_bytes())
    next(entry for entry in manifest["files"] if entry["path"] == "dumps/ontology.nq")["bytes"] = (
        file.stat().st_size
    )
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with client_over(tmp_path / "releases") as found:
        yield found


def test_deprecated_terms_say_so_and_name_their_successor(changed: FlaskClient) -> None:
    text = changed.get("/en/ontology").text
    assert words(text).count("Use instead: challenge") == 2
    assert "No term is deprecated." not in text


def test_classes_below_each_other_stand_in_the_hierarchy_once(changed: FlaskClient) -> None:
    text = changed.get("/en/ontology").text
    tree = text.partition('id="list-hierarchy"')[2].partition("</section>")[0]
    assert (tree.count("#Right"), tree.count("#Theme")) == (1, 1)


def test_a_release_without_an_ontology_has_no_page(client: FlaskClient) -> None:
    with client.application.test_request_context("/en/ontology"):
        now = served_release()
        dumps = now.dumps_of_graphs
        try:
            now.__dict__["dumps_of_graphs"] = {}
            assert ontology_page(now, "en", "-") is None
            assert (
                client.get("/en/ontology?none").status_code
                == client.get("/en/shapes?none").status_code
                == 404
            )
        finally:
            now.__dict__["dumps_of_graphs"] = dumps


@pytest.mark.parametrize("path", ["/ontology", "/shapes"])
def test_browsers_are_led_to_the_page_and_programs_get_rdf(client: FlaskClient, path: str) -> None:
    for language, target in (("fr", "fr"), ("kk, en;q=0.1", "kk"), ("", "en")):
        response = client.get(path, headers={"Accept": BROWSER, "Accept-Language": language})
        assert (response.status_code, response.location) == (303, f"/{target}{path}")
        assert response.headers["Vary"] == VARY
        assert (
            client.get(f"{path}.html", headers={"Accept-Language": language}).location == f"/{target}{path}"
        )
    for accept in ("", "*/*", "text/turtle", "text/turtle, text/html"):
        response = client.get(path, headers={"Accept": accept})
        assert (response.status_code, response.content_type) == (200, "text/turtle; charset=utf-8")
        assert set(response.headers["Vary"].split(", ")) == {"Accept", "Accept-Language", "Accept-Encoding"}
    assert "Accept-Language" not in client.get(f"{path}.ttl").headers["Vary"]
    assert client.get(f"/xx{path}").status_code == 404
