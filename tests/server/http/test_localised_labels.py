"""Terms as a person reads them."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import PREFIXES, SEC, SKOS, XSD
from sauran.server.http.links import Links
from sauran.server.http.localised_labels import Label, LabelReader, choose_language_of_text, publication_text

LINKS = Links("https://w3id.org/sauran/", "http://127.0.0.1:8000/")
THING, FRENCH, PLAIN = (NamedNode(f"https://w3id.org/sauran/id/{name}") for name in ("t", "f", "p"))
QUADS = [
    Quad(THING, SKOS.prefLabel, Literal("thing", language="en")),
    Quad(THING, SKOS.prefLabel, Literal("нәрсе", language="kk")),
    Quad(FRENCH, SKOS.prefLabel, Literal("chose", language="fr")),
    Quad(THING, SKOS.note, Literal("a", language="en")),
    Quad(THING, SKOS.note, Literal("b", language="en")),
    Quad(THING, SKOS.note, Literal("c", language="ru")),
    Quad(THING, SKOS.note, Literal("7", datatype=XSD.integer)),
]


def reader(language: str) -> LabelReader:
    return LabelReader(QUADS, LINKS, language, PREFIXES)


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        (THING, Label("нәрсе", "kk", "/kk/doc/t")),
        (FRENCH, Label("chose", "fr", "/kk/doc/f")),
        (PLAIN, Label("id/p", None, "/kk/doc/p")),
        (
            NamedNode("https://w3id.org/sauran/id/source/x/passage/p21"),
            Label("passage/p21", None, "/kk/doc/source/x/passage/p21"),
        ),
        (SKOS.prefLabel, Label("skos:prefLabel", None, SKOS.prefLabel.value)),
        (NamedNode("http://e/x"), Label("http://e/x", None, "http://e/x")),
        (NamedNode("javascript:x"), Label("javascript:x")),
        (BlankNode("b"), Label("_:b")),
        (Literal("x"), Label("x")),
        (Literal("x", language="ru"), Label("x", "ru")),
        (Literal("1", datatype=XSD.integer), Label("1", None, None, "xsd:integer")),
    ],
)
def test_a_term_is_shown_by_its_best_name(term: Term, shown: Label) -> None:
    assert reader("kk").show(term) == shown


@pytest.mark.parametrize(
    ("language", "texts"), [("ru", ["c", "7"]), ("en", ["a", "b", "7"]), ("kk", ["a", "b", "7"])]
)
def test_of_texts_only_those_in_the_best_language_are_shown(language: str, texts: list[str]) -> None:
    own = reader(language)
    assert [shown.text for shown in own.show_best(own.values(THING, SKOS.note))] == texts


def test_what_is_not_said_is_empty() -> None:
    assert reader("en").value(PLAIN, SKOS.note) is None
    assert reader("en").shown_value(PLAIN, SKOS.note) is None
    assert reader("en").text(PLAIN, SKOS.note) == ""


@pytest.mark.parametrize(
    ("offered", "wanted", "chosen"),
    [
        (["en", "fr", "kk", "ru"], "kk", "kk"),
        (["de", "en", "fr", "ru"], "kk", "en"),
        (["de", "fr", "kk", "ru"], "en", "fr"),
        (["de", "kk", "ru"], "en", "ru"),
        (["de", "kk"], "en", "kk"),
        (["uz", "de"], "en", "de"),
        (["en-gb", "fr"], "en", "en-gb"),
        (["fr-ca", "ru"], "kk", "fr-ca"),
    ],
)
def test_a_text_is_shown_in_the_wanted_language_then_in_a_stated_order(
    offered: list[str], wanted: str, chosen: str
) -> None:
    assert choose_language_of_text(offered, wanted) == chosen


def test_a_text_of_the_publication_carries_its_language() -> None:
    assert publication_text({"ru": "р", "kk": "қ"}, "fr", "/x") == Label("р", "ru", "/x")


@pytest.mark.parametrize("word", [SEC.unreviewedLanguage, SEC.doubtfulLanguage])
def test_texts_that_nobody_reviewed_are_marked_in_that_language_only(word: NamedNode) -> None:
    quads = [*QUADS, Quad(THING, word, Literal("kk"))]
    kazakh, english = (LabelReader(quads, LINKS, language, PREFIXES) for language in ("kk", "en"))
    assert kazakh.name(THING).unreviewed
    assert not english.name(THING).unreviewed
    text = Literal("қ", language="kk")
    assert kazakh.show(text, THING).unreviewed
    assert not kazakh.show(text, FRENCH).unreviewed
    assert not kazakh.show(text).unreviewed
