"""Accept -> format, Accept-Profile -> profile, Accept-Language -> language, suffix -> format."""

import pytest

from sauran.kg.model.formats import HTML, RDF_FORMATS, RESULT_FORMATS
from sauran.server.http.negotiation import (
    LANGUAGES,
    choose_coding,
    choose_format,
    choose_language,
    choose_profile,
    split_suffix,
)

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"
PROFILE = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "turtle"),
        ("*/*", "turtle"),
        ("text/*", "turtle"),
        ("application/*", "ntriples"),
        ("text/turtle", "turtle"),
        ("TEXT/Turtle", "turtle"),
        ("text/turtle;charset=utf-8", "turtle"),
        ("application/x-turtle", "turtle"),
        (PROFILE, "jsonld"),
        ("application/rdf+xml, */*", "rdfxml"),
        ("application/rdf+xml;q=0.4, application/trig;q=0.5", "trig"),
        ("text/turtle;q=0, */*", "ntriples"),
        ("text/turtle;q=0.2, */*;q=0.1", "turtle"),
        ("application/n-quads, application/ld+json", "jsonld"),
        (FIREFOX, "html"),
        (JENA, "turtle"),
        (RDFLIB, "rdfxml"),
        ("application/xhtml+xml", "html"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("application/json", None),
        ("nonsense", None),
    ],
)
def test_the_most_wanted_format_is_chosen(accept: str, name: str | None) -> None:
    chosen = choose_format(accept, (*RDF_FORMATS, HTML))
    assert (chosen.name if chosen else None) == name


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("*/*", "json"),
        ("application/json", "json"),
        ("text/xml", "xml"),
        ("application/sparql-results+xml, application/sparql-results+json;q=0.9", "xml"),
        ("text/csv;header=present", "csv"),
        ("text/tab-separated-values", "tsv"),
        (FIREFOX, "html"),
    ],
)
def test_formats_of_results_are_chosen_too(accept: str, name: str) -> None:
    chosen = choose_format(accept, (*RESULT_FORMATS, HTML))
    assert chosen is not None
    assert chosen.name == name


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("kk-KZ,ru;q=0.7", "kk"),
        ("de", "en"),
        ("de, ru;q=0.1", "ru"),
    ],
)
def test_the_language_most_wanted_is_chosen_among_those_offered(header: str, language: str) -> None:
    assert choose_language(header, LANGUAGES) == language


def test_who_understands_none_of_the_languages_gets_english() -> None:
    assert [choose_language(wanted) for wanted in ("", "fr", "ru-RU,ru", "kk", "de")] == [
        *("en", "fr", "ru", "kk", "en"),
    ]


@pytest.mark.parametrize(
    ("path", "stem", "name"),
    [
        ("doc/kazakhstan.ttl", "doc/kazakhstan", "turtle"),
        ("doc/a.b.nq", "doc/a.b", "nquads"),
        ("doc/x.html", "doc/x", "html"),
        ("doc/x.TTL", "doc/x.TTL", None),
        ("doc/x.txt", "doc/x.txt", None),
        ("doc/x", "doc/x", None),
        ("doc/.ttl", "doc/.ttl", None),
    ],
)
def test_a_known_suffix_is_split_off(path: str, stem: str, name: str | None) -> None:
    found, wanted = split_suffix(path)
    assert (found, wanted.name if wanted else None) == (stem, name)


OFFERED = ("http://data.europa.eu/r5r/", "https://schema.org/", "urn:x:y")


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", OFFERED[0]),
        ("  ", OFFERED[0]),
        ("<https://schema.org/>", OFFERED[1]),
        ('"https://schema.org/"', OFFERED[1]),
        ("https://schema.org/", OFFERED[1]),
        ("<https://schema.org/>; q=0.5, <urn:x:y>", OFFERED[2]),
        ("<https://schema.org/>;q=0.5, <urn:x:y>;q=0.4", OFFERED[1]),
        ("<urn:x:y>, <https://schema.org/>", OFFERED[2]),
        ("<urn:other>, <urn:x:y>;q=0.1", OFFERED[2]),
        ("<urn:other>, *;q=0.1", OFFERED[0]),
        ("<urn:other>", None),
        ("<https://schema.org/>;q=0", None),
        ("<https://schema.org/> ; q=0.000", None),
        (",,;;<<>>", None),
        ("<", None),
    ],
)
def test_the_one_most_wanted_is_given(header: str, chosen: str | None) -> None:
    assert choose_profile(header, OFFERED) == chosen


def test_a_header_of_any_length_is_read_in_one_pass() -> None:
    assert choose_profile("<urn:other>;q=0.5," * 5000 + "<urn:x:y>;q=0.1", OFFERED) == "urn:x:y"
    assert choose_profile(" " * 60_000 + "<", OFFERED) is None


@pytest.mark.parametrize(
    ("accept", "large", "small"),
    [
        ("", "identity", "identity"),
        ("gzip", "gzip", "identity"),
        ("x-gzip", "gzip", "identity"),
        ("gzip, deflate, br, zstd", "gzip", "identity"),
        ("br", "identity", "identity"),
        ("*", "gzip", "identity"),
        ("identity", "identity", "identity"),
        ("gzip;q=0", "identity", "identity"),
        ("gzip;q=0.2, identity;q=0.8", "identity", "identity"),
        ("gzip;q=0.8, identity;q=0.2", "gzip", "identity"),
        ("gzip, identity;q=0", "gzip", "gzip"),
        ("*, gzip;q=0", "identity", "identity"),
        ("identity;q=0", None, None),
        ("*;q=0", None, None),
        ("br, identity;q=0", None, None),
    ],
)
def test_a_coding_is_chosen(accept: str, large: str | None, small: str | None) -> None:
    assert choose_coding(accept) == large
    assert choose_coding(accept, small=True) == small
