"""Ontology and shapes as pages: every term and every rule is there, in each language, with true numbers."""

import html
import re
from collections import Counter
from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from page_support import answer, words
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from shape_examples import examples, name_of, shapes
from support import CHECKOUT

from sauran.kg.model.namespaces import OWL, RDF, RDFS, SH, SKOS
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.release.release import Release
from sauran.kg.shacl.targets import FocusCounter
from sauran.server.http.executor import own_query

LANGUAGES = ("en", "fr", "ru", "kk")
ONTOLOGY, SHAPES = "https://w3id.org/sauran/ontology#", "https://w3id.org/sauran/shapes#"
BORROWED = {
    "http://purl.org/dc/terms/conformsTo": "dcterms-conformsTo",
    "http://purl.org/dc/terms/hasPart": "dcterms-hasPart",
    "http://purl.org/dc/terms/subject": "dcterms-subject",
    "http://www.opengis.net/ont/geosparql#sfWithin": "geo-sfWithin",
    "http://www.w3.org/2004/02/skos/core#narrower": "skos-narrower",
}


@cache
def said(room: str) -> TripleIndex:
    """What the files of a room say."""
    files = sorted((CHECKOUT / room).glob("*.ttl"))
    return TripleIndex(
        quad.triple for file in files for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE)
    )


def terms() -> list[NamedNode]:
    """All that the ontology's files describe, but the ontologies themselves."""
    found = said("ontology").subjects(RDF.type.value)
    about = {*said("ontology").subjects(RDF.type.value, OWL.Ontology)}
    return [term for term in found if isinstance(term, NamedNode) and term not in about]


TERMS = terms()
RULES = sorted(shapes().rules)
NAMED_SHAPES = sorted(
    {
        name_of(shape)
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in said("shapes").subjects(RDF.type.value, kind)
    }
)


@cache
def page(client: FlaskClient, path: str) -> str:
    """The text of a page, asked for once."""
    response = client.get(path)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    return response.text


@cache
def entries(text: str) -> dict[str, str]:
    """The sections of a page by their id, each up to the next one."""
    main = text.partition("<main")[2].partition("</main>")[0]
    parts = re.split("(?=<section)", main)
    found = [(said[1], part) for part in parts if (said := re.match(r'<section[^>]* id="([^"]+)"', part))]
    assert len(found) == len(dict(found))
    return dict(found)


def entry(text: str, anchor: str) -> str:
    """The HTML of the section with an id."""
    return entries(text)[anchor]


def in_language(room: str, term: NamedNode, property_: NamedNode, language: str) -> list[str]:
    texts = said(room).objects(term, property_.value)
    return [t.value for t in texts if isinstance(t, Literal) and t.language == language]


def linked_query(part: str, after: str) -> str:
    """The query behind the first link whose text holds some words."""
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', part)
    address = next(html.unescape(link) for link, text in links if after in text)
    return parse_qs(urlsplit(address).query)["query"][0]


def test_the_files_have_terms_and_rules() -> None:
    assert (len(TERMS), len(RULES), len(NAMED_SHAPES)) > (150, 80, 150)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.value.rpartition("sauran/")[2])
def test_every_term_is_on_the_page_with_its_label_and_its_definition(
    client: FlaskClient, term: NamedNode, language: str
) -> None:
    text = page(client, f"/{language}/ontology")
    labels = in_language("ontology", term, RDFS.label, language) or in_language(
        "ontology", term, SKOS.prefLabel, language
    )
    assert len(labels) == 1
    own = term.value.removeprefix(ONTOLOGY)
    if own != term.value or term.value in BORROWED:
        anchor = BORROWED.get(term.value, own)
        part = entry(text, anchor)
        assert words(part).startswith(labels[0])
        assert f'<code dir="ltr">{term.value}</code>' in part
    else:
        path = term.value.removeprefix("https://w3id.org/sauran/id/")
        part = text
        assert f'href="/{language}/doc/{path}"' in text
        assert labels[0] in html.unescape(text)
    for property_ in (SKOS.definition, SKOS.scopeNote):
        if property_ == SKOS.definition or part is not text:
            for expected in in_language("ontology", term, property_, language):
                assert expected in html.unescape(part)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", NAMED_SHAPES)
def test_every_shape_is_on_the_page_with_its_message(client: FlaskClient, slug: str, language: str) -> None:
    part = entry(page(client, f"/{language}/shapes"), slug)
    for message in in_language("shapes", NamedNode(SHAPES + slug), SH.message, language):
        assert message in html.unescape(part)


@pytest.mark.parametrize("slug", RULES)
def test_every_rule_is_in_the_table_and_shows_what_it_rejects(client: FlaskClient, slug: str) -> None:
    text = page(client, "/en/shapes")
    assert f'<th scope="row"><a href="#{slug}">{slug}</a></th>' in text
    part = html.unescape(entry(text, slug))
    rejected = [example for example in examples().values() if slug in example.rules]
    assert rejected
    for example in rejected:
        assert f"{example.name}.ttl" in part
        assert example.path.read_text("utf-8").rstrip().rpartition("\n\n")[2] in part


def test_every_example_that_passes_is_shown(client: FlaskClient) -> None:
    text = page(client, "/en/shapes")
    good = [example for example in examples().values() if not example.is_bad]
    assert len(good) > 15
    assert all(f"{example.name}.ttl</code></h3>" in text for example in good)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["ontology", "shapes"])
def test_no_id_is_there_twice_and_every_link_within_the_page_has_its_place(
    client: FlaskClient, name: str, language: str
) -> None:
    text = page(client, f"/{language}/{name}")
    ids = Counter(re.findall(r'\sid="([^"]*)"', text))
    assert len(ids) > 150
    assert [anchor for anchor, count in ids.items() if count > 1] == []
    other = {"ontology": "shapes", "shapes": "ontology"}[name]
    there = {"": ids, f"/{language}/{name}": ids}
    there[f"/{language}/{other}"] = Counter(
        re.findall(r'\sid="([^"]*)"', page(client, f"/{language}/{other}"))
    )
    links = re.findall(r'href="([^"#]*)#([^"]+)"', text)
    assert len(links) > 200
    assert [anchor for path, anchor in links if path in there and anchor not in there[path]] == []


@pytest.mark.parametrize("path", ["/en/ontology", "/kk/ontology", "/en/shapes", "/ru/shapes"])
def test_every_link_leads_somewhere(client: FlaskClient, path: str) -> None:
    main = page(client, path).partition("<main")[2].partition("</main>")[0]
    links = {html.unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', main)}
    assert len(links) > 5
    # The queries of single terms differ only in the term: one of each kind is asked below.
    asked = [link for link in sorted(links) if "/sparql?query=" not in link]
    assert [link for link in asked if client.get(link).status_code not in (200, 303)] == []


CLASS_NUMBERS = [("Claim", "things"), ("State", "things"), ("Actor", "with the narrower classes")]
PROPERTY_NUMBERS = [
    ("hasFigure", "triple"),
    ("facesIssue", "triple"),
    ("facesIssue", "predicate of"),
]


@pytest.mark.parametrize(("anchor", "after"), CLASS_NUMBERS + PROPERTY_NUMBERS)
def test_a_number_counts_the_rows_of_the_query_it_links(client: FlaskClient, anchor: str, after: str) -> None:
    part = entry(page(client, "/en/ontology"), anchor)
    rows = answer(client, linked_query(part, after))
    texts = [text for text in re.findall(r">([^<]+)</a>", part) if after in text]
    assert re.findall(r"\d+", texts[0]) == [str(len(rows))]
    assert rows


def test_all_numbers_are_those_of_the_queries(client: FlaskClient) -> None:
    text = page(client, "/en/ontology")
    for slug, columns in (("uses-of-classes", ("things",)), ("uses-of-properties", ("triples", "claims"))):
        rows = answer(client, own_query(slug))
        assert len(rows) > 20
        for row in rows:
            term = row["class" if "class" in row else "property"]
            shown = words(entry(text, BORROWED.get(term, term.removeprefix(ONTOLOGY))))
            for column in columns:
                number = int(row[column])
                said_so = {
                    "things": f"{number:,} thing",
                    "triples": f"{number:,} triple",
                    "claims": f"predicate of {number:,} claim",
                }[column]
                assert re.search(rf"{said_so}s? ", shown), (term, said_so)


def test_concepts_are_counted_as_the_query_does(client: FlaskClient) -> None:
    text = page(client, "/en/ontology")
    rows = [row for row in answer(client, own_query("uses-of-concepts")) if "/scheme/" in row["concept"]]
    assert len(rows) > 80
    for row in rows:
        path = row["concept"].removeprefix("https://w3id.org/sauran/id/")
        (shown,) = re.findall(rf'<dt><a href="/en/doc/{path}".*?</div>', text, re.DOTALL)
        assert re.search(rf"Used {int(row['uses']):,} times?\.", words(shown)), path


def test_focus_nodes_are_those_that_validation_meets(client: FlaskClient, briefing: Release) -> None:
    graphs = ("ontology", "reference", "kazakhstan")
    quads: list[Quad] = []
    for name in graphs:
        quads += parse((briefing.folder / f"dumps/{name}.nq").read_bytes(), format=RdfFormat.N_QUADS)
    counter = FocusCounter(said("shapes"))
    counter.count(quads)
    text = page(client, "/en/shapes")
    assert len(counter.counts()) > 40
    for shape, count in counter.counts().items():
        part = words(entry(text, name_of(NamedNode(shape))))
        assert re.search(rf" {count:,} nodes? in this release", part), shape


def test_a_class_names_its_place_its_properties_its_rules_and_its_kin_elsewhere(client: FlaskClient) -> None:
    part = entry(page(client, "/en/ontology"), "Threat")
    assert '<a href="/en/ontology#SecurityIssue" lang="en" dir="auto">security issue</a>' in part
    shown = words(part)
    assert "Properties that lead to a broader class faces issue" in shown
    assert '<a href="/en/shapes#issue-class"' in part
    assert "In other languages menace fr · угроза ru · қатер kk not reviewed" in shown
    claim = words(entry(page(client, "/en/ontology"), "Claim"))
    assert "In other vocabularies, narrower than the class prov:Entity · statement" in claim
    assert "Properties used with it claim involves · claim place" in claim


def test_a_rule_says_in_words_what_it_asks(client: FlaskClient) -> None:
    text = page(client, "/en/shapes")
    shown = words(entry(text, "claim-modality"))
    assert "Path The values of modality sec:modality" in shown
    assert "Asks At least 1 value. At most 1 value. Conforms to the shape: modality-concept" in shown
    assert "Used by ClaimShape" in shown
    assert "The values of any of" in words(entry(text, "label-length"))
    assert "At most 200 characters." in words(entry(text, "label-length"))
    assert "Path What has the node as a value of in scheme ^skos:inScheme" in words(entry(text, "verdicts"))
    assert "SELECT $this ?value ?path WHERE {" in html.unescape(entry(text, "claim-object-fits"))
    assert "Looks at The things of the class: claim 148 nodes in this release" in words(
        entry(text, "ClaimShape")
    )
    assert "Не более 1 значения." in words(entry(page(client, "/ru/shapes"), "claim-modality"))
    assert "warning" in words(entry(text, "label-length"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_links_every_class_and_every_property_that_leads_somewhere(
    client: FlaskClient, language: str
) -> None:
    (svg,) = re.findall(
        r"<svg[^>]* role=\"group\".*?</svg>", page(client, f"/{language}/ontology"), re.DOTALL
    )
    links = Counter(html.unescape(link) for link in re.findall(r'href="([^"]+)"', svg))
    for term in TERMS:
        kinds = set(said("ontology").objects(term, RDF.type.value))
        target = f"/{language}/ontology#{BORROWED.get(term.value, term.value.removeprefix(ONTOLOGY))}"
        if OWL.Class in kinds:
            assert links[target] == 2
        elif kinds & {OWL.ObjectProperty, OWL.DatatypeProperty}:
            assert links[target] == 1
    assert "style=" not in svg
