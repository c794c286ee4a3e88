"""Data that mean harm, or no sense at all, are shown harmlessly."""

import html
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from page_support import words
from pyoxigraph import Literal, NamedNode, Quad
from web_support import client_over

from benchmarks.crowd import BASE, publish_quads
from sauran.kg.model.namespaces import DCTERMS, OA, PREFIXES, RDF, RDFS, SEC, SKOS, XSD, Namespace

GRAPH = NamedNode(f"{BASE}graph/crowd")
TIME = Namespace(PREFIXES["time"])
SCRIPT = "</title></script><script>alert('x')</script><img src=x onerror=alert(1)>\"'&amp;"
BIDI = "abc\u202egnp.exe\u2066\u200f"
LONG = "я" * 1_000_000


def thing(name: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{name}")


def said(subject: str, *pairs: tuple[NamedNode, NamedNode | Literal]) -> list[Quad]:
    return [Quad(thing(subject), word, value, GRAPH) for word, value in pairs]


def text(value: str) -> Literal:
    return Literal(value, language="en")


def number(value: str) -> Literal:
    return Literal(value, datatype=XSD.integer)


def harmful_quads() -> list[Quad]:
    return [
        *said(
            "evil",
            (RDF["type"], SEC.State),
            (SKOS.prefLabel, text(SCRIPT)),
            (SKOS.definition, text(SCRIPT)),
            (SKOS.altLabel, Literal(SCRIPT, language="x-private")),
            (RDFS.seeAlso, NamedNode("javascript:alert(1)")),
            (OWL_SAME_AS, NamedNode("data:text/html,%3Cscript%3E")),
            (NamedNode("javascript:property"), text("value")),
        ),
        *said("bidi", (RDF["type"], SEC.State), (SKOS.prefLabel, text(BIDI)), (SKOS.broader, thing("evil"))),
        *said(
            "long",
            (RDF["type"], SEC.State),
            (SKOS.prefLabel, Literal(LONG, language="ru")),
            (DCTERMS.description, text(LONG)),
            (SKOS.editorialNote, text(LONG)),
        ),
    ]


def senseless_quads() -> list[Quad]:
    end = "source/s/passage/p1"
    start = f"{end}#selector"
    return [
        *said(
            "source/s",
            (RDF["type"], SEC.SourceDocument),
            (RDFS.label, text("s")),
            (SEC.textLength, number("0")),
        ),
        *said("source/t", (RDF["type"], SEC.SourceDocument), (SEC.textLength, Literal("many"))),
        *said(
            end,
            (RDF["type"], SEC.Passage),
            (DCTERMS.isPartOf, thing("source/s")),
            (OA.hasSelector, thing(start)),
            (SEC.textDigest, Literal(SCRIPT)),
            (SEC.inSection, thing("source/s/section/a")),
        ),
        *said(start, (OA.start, Literal("later")), (OA.end, number("-5"))),
        *said("source/s/passage/p2", (RDF["type"], SEC.Passage)),
        *said(
            "source/s/claim/c1",
            (RDF["type"], SEC.Claim),
            (RDFS.label, text(SCRIPT)),
            (RDF.subject, thing("evil")),
            (RDF.object, Literal(SCRIPT)),
            (SEC.statedIn, thing("source/s/passage/p1")),
            (SEC.claimTime, thing("time/none")),
            (SEC.claimType, thing("evil")),
            (SEC.modality, thing("bidi")),
            (SEC.heldBy, thing("long")),
            (SKOS.editorialNote, text(LONG)),
        ),
        *said(
            "source/s/note/n1",
            (RDF["type"], SEC.CuratorNote),
            (OA.hasTarget, thing("source/s/claim/c1")),
            (DCTERMS.references, thing("source/s/claim/c1")),
            (SEC.verdict, thing("evil")),
            (SEC.noteText, text(SCRIPT)),
        ),
    ]


def circular_quads() -> list[Quad]:
    return [
        *said("source/s/section/a", (RDF["type"], SEC.Section), (SEC.position, number("1"))),
        *said(
            "source/s/section/a",
            (DCTERMS.isPartOf, thing("source/s")),
            (DCTERMS.isPartOf, thing("source/s/section/b")),
        ),
        *said("source/s/section/b", (RDF["type"], SEC.Section), (SEC.position, number("1"))),
        *said(
            "source/s/section/b",
            (DCTERMS.isPartOf, thing("source/s")),
            (DCTERMS.isPartOf, thing("source/s/section/a")),
        ),
        *said("scheme/round", (RDF["type"], SKOS.ConceptScheme)),
        *(
            q
            for n in range(40)
            for q in said(
                f"ring{n}",
                (SKOS.inScheme, thing("scheme/round")),
                (SKOS.broader, thing(f"ring{(n + 1) % 40}")),
            )
        ),
        *said("time/none", (RDF["type"], TIME.ProperInterval), (TIME.hasBeginning, thing("time/none#b"))),
        *said("time/none#b", (TIME.inXSDDate, Literal("-0044-03-15", datatype=XSD.date))),
    ]


OWL_SAME_AS = NamedNode("http://www.w3.org/2002/07/owl#sameAs")
PAGES = [
    "doc/evil",
    "doc/bidi",
    "doc/long",
    "doc/source/s",
    "doc/source/t",
    "doc/source/s/passage/p1",
    "doc/source/s/passage/p2",
    "doc/source/s/claim/c1",
    "doc/source/s/note/n1",
    "doc/source/s/section/a",
    "doc/scheme/round",
    "doc/time/none",
    "doc/evil?in=http%3A%2F%2Fwww.w3.org%2F1999%2F02%2F22-rdf-syntax-ns%23subject",
    "claims",
    "notes",
    "dataset/crowd",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site whose data mean harm."""
    releases = tmp_path_factory.mktemp("hostile")
    publish_quads(releases, [*harmful_quads(), *senseless_quads(), *circular_quads()])
    with client_over(releases) as client:
        yield client


@pytest.mark.parametrize("language", ["en", "kk"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_becomes_a_script_breaks_or_grows(hostile: FlaskClient, language: str, path: str) -> None:
    response = hostile.get(f"/{language}/{path}")
    assert response.status_code == 200
    text = response.text
    assert len(text) < 120_000
    assert "<script>" not in text
    assert "<img" not in text
    # No attribute of an element is a handler, no address is a program.
    elements = re.findall(r"<[a-z][^>]*>", text)
    assert len(elements) > 20
    assert not [e for e in elements if re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', e))]
    addresses = [html.unescape(a) for a in re.findall(r'(?:href|src|action)="([^"]*)"', text)]
    # The contact of a dataset is the one that its publication names.
    harmless = ("/", "http://", "https://", "#")
    others = {address for address in addresses if not address.startswith(harmless)}
    assert others <= {"mailto:crowd@crowd.example"}


def test_what_looks_like_markup_is_shown_as_text(hostile: FlaskClient) -> None:
    for path in ("doc/evil", "doc/source/s/claim/c1", "claims", "notes"):
        text = hostile.get(f"/en/{path}").text
        assert "&lt;script&gt;alert(" in text
        assert SCRIPT in html.unescape(text)


def test_an_address_that_is_a_program_is_no_link(hostile: FlaskClient) -> None:
    text = hostile.get("/en/doc/evil").text
    assert "<bdi>javascript:alert(1)</bdi>" in text
    assert "<bdi>javascript:property</bdi>" in text


def test_writing_direction_stays_within_its_element(hostile: FlaskClient) -> None:
    for path in ("doc/bidi", "doc/evil"):
        text = hostile.get(f"/en/{path}").text
        shown = re.findall(rf"<(\w+)([^>]*)>{re.escape(BIDI)}<", text)
        assert shown
        # A <bdi> isolates what is in it, and so does any element with dir=auto; titles show no direction.
        assert [
            e for e, attributes in shown if e not in ("bdi", "title") and 'dir="auto"' not in attributes
        ] == []


def test_long_texts_are_shortened_and_the_data_have_them_whole(hostile: FlaskClient) -> None:
    for language, said_so in (("en", "too long for a page"), ("ru", "слишком длинны для страницы")):
        text = hostile.get(f"/{language}/doc/long").text
        assert said_so in words(text)
        assert f"{'я' * 400}…" in text
        assert 'id="formats"' in text
    whole = hostile.get("/doc/long.ttl").text
    assert whole.count(LONG) == 3


def test_data_for_programs_hold_what_was_written(hostile: FlaskClient) -> None:
    data = hostile.get("/claims.json").json
    assert data is not None
    assert [claim["text"] for claim in data["claims"]] == [{"en": SCRIPT}]
    assert data["claims"][0]["passages"][0]["start"] is None
    notes = hostile.get("/notes.json").json
    assert notes is not None
    assert notes["notes"][0]["text"] == {"en": SCRIPT}


def test_positions_that_are_none_are_not_drawn(hostile: FlaskClient) -> None:
    for path in ("doc/source/s", "doc/source/s/passage/p1", "doc/source/s/passage/p2"):
        assert "<svg" not in hostile.get(f"/en/{path}").text


def test_a_ring_of_concepts_is_shown_once_each(hostile: FlaskClient) -> None:
    text = hostile.get("/en/doc/scheme/round").text
    part = text[text.index('id="concepts"') : text.index("</section>", text.index('id="concepts"'))]
    assert len(re.findall(r'<dt><a href="/en/doc/ring\d+"', part)) == 40
