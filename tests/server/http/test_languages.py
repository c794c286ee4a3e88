"""The languages of the pages: every text is translated, and no page loses the reader's language or place."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import parse_qs

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext, ngettext
from support import CHECKOUT

from sauran.server.http.negotiation import LANGUAGES

SERVER = CHECKOUT / "server"
TRANSLATED = LANGUAGES[1:]
CYRILLIC = ("ru", "kk")
PLACEHOLDER = re.compile(r"%\(\w+\)\w")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAGES = (
    "",
    "about",
    "catalogue",
    "downloads",
    "health",
    "conformance",
    "doc/kazakhstan",
    "sparql",
    "timeline",
    "map",
    "validate",
)


@cache
def messages() -> dict[str | tuple[str, str], str]:
    """Every text of code and templates that is to be translated, with its place."""
    found: dict[str | tuple[str, str], str] = {}
    texts = extract_from_dir(
        SERVER,
        [("**.py", "python"), ("templates/**.html", "jinja2")],
        {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}},
        keywords={"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)},
    )
    for file, line, message, _comments, _context in texts:
        found.setdefault(message, f"{file}:{line}")
    return found


@cache
def catalogue(language: str) -> Catalog:
    with (SERVER / "translations" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> tuple[str, ...]:
    """The translations of a message, one for each plural form."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def translated(language: str) -> Iterator[Message]:
    """The messages of a catalogue, without its header."""
    return (message for message in catalogue(language) if message.id)


def test_texts_of_code_and_templates_are_found() -> None:
    assert messages()["Skip to the content"].startswith("templates/base.html:")
    assert messages()["State of the data"].startswith("site/frame.py:")
    assert messages()["There is nothing here"].startswith("site/problem_page.py:")
    assert ("%(triples)s triple", "%(triples)s triples") in messages()
    assert len(messages()) > 150


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    known = {message.id: forms(message) for message in translated(language)}
    missing = [f"{place}: {text}" for text, place in messages().items() if not all(known.get(text, ("",)))]
    assert missing == []


def test_no_line_ends_before_a_french_mark_of_two_parts() -> None:
    """French sets these marks off by a space, which must not break."""
    texts = [text for message in translated("fr") for text in forms(message)]
    assert [text for text in texts if re.search(r"\S [:;?!»]|« ", text)] == []
    assert sum("\N{NO-BREAK SPACE}:" in text for text in texts) > 50


def test_kazakh_has_one_word_for_a_triple_and_one_for_a_dataset() -> None:
    texts = {message.id: " ".join(forms(message)) for message in translated("kk")}
    assert [text for text in texts.values() if "триплет" in text] == []
    content = [file for folder in ("kg", "ontology") for file in (SERVER.parent / folder).rglob("*")]
    for file in content:
        if file.suffix in {".csv", ".toml", ".ttl", ".rq"}:
            texts[file.name] = file.read_text("utf-8")
    assert {"labels.csv", "metrics.csv", "columns.csv", "sauran.ttl"} <= texts.keys()
    other = re.compile(r"\w*деректер (?:жиын|топтам)\w*|мәліметтер ж\w*", re.IGNORECASE)
    assert {name: found for name, text in texts.items() if (found := other.findall(text))} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over_or_doubtful(language: str) -> None:
    assert [message.id for message in translated(language) if message.id not in messages()] == []
    assert [message.id for message in translated(language) if message.fuzzy] == []
    assert dict(catalogue(language).obsolete) == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_as_many_as_the_language_has(language: str) -> None:
    plural = [message for message in translated(language) if isinstance(message.id, tuple)]
    assert len(plural) > 3
    assert catalogue(language).num_plurals == {"fr": 2, "ru": 3, "kk": 2}[language]
    assert {len(forms(message)) for message in plural} == {catalogue(language).num_plurals}
    assert all(len(forms(message)) == 1 for message in translated(language) if isinstance(message.id, str))


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_texts(language: str) -> None:
    wrong = []
    for message in translated(language):
        text = message.id[1] if isinstance(message.id, tuple) else message.id
        wanted = sorted(PLACEHOLDER.findall(text))
        wrong += [form for form in forms(message) if sorted(PLACEHOLDER.findall(form)) != wanted]
    assert wrong == []


@pytest.mark.parametrize("language", CYRILLIC)
def test_nothing_is_left_in_english_by_mistake(language: str) -> None:
    latin = [
        form
        for message in translated(language)
        for form in forms(message)
        if re.search(r"[^\W\d_]", PLACEHOLDER.sub("", form)) and not re.search(r"[а-яё]", form, re.IGNORECASE)
    ]
    assert latin == []


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("page", PAGES)
def test_no_page_mixes_in_english_texts(client: FlaskClient, page: str, language: str) -> None:
    text = re.sub(r"\s+", " ", client.get(f"/{language}/{page}").text)
    # What is data or a detail of a program says that it is English.
    text = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', "", text)
    known = {message.id: forms(message) for message in translated(language)}
    plain = (words for words in messages() if isinstance(words, str) and "%" not in words)
    english = [words for words in plain if len(words) > 8 and known.get(words, (words,)) != (words,)]
    assert len(english) > 100
    shown = {*re.findall(r">([^<>]+)<", text), *re.findall(r' (?:aria-label|title|alt)="([^"]*)"', text)}
    assert [words for words in english if words in {found.strip() for found in shown}] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_in_the_language_of_its_path_whatever_the_browser_asks(
    client: FlaskClient, page: str, language: str
) -> None:
    for asked in ("fr", "kk-KZ, ru;q=0.7"):
        response = client.get(f"/{language}/{page}", headers={"Accept": BROWSER, "Accept-Language": asked})
        assert response.status_code == 200
        assert f'<html lang="{language}" dir="ltr">' in response.text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_itself_in_all_languages(client: FlaskClient, page: str) -> None:
    text = client.get(f"/fr/{page}").text
    site = "http://127.0.0.1:8000"
    assert f'<link rel="canonical" href="{site}/fr/{page}">' in text
    for language in LANGUAGES:
        assert f'<link rel="alternate" hreflang="{language}" href="{site}/{language}/{page}">' in text
    current = re.findall(r'<a href="([^"]*)" lang="fr" hreflang="fr" aria-current="true">français</a>', text)
    assert current == [f"/fr/{page}"]


def test_changing_the_language_keeps_page_and_query(client: FlaskClient) -> None:
    query = 'SELECT ?x { ?x ?y "<&|^" } LIMIT 1'
    text = client.get("/ru/sparql", query_string={"query": query}).text
    for language in LANGUAGES:
        (address,) = re.findall(rf'<a href="([^"]*)" lang="{language}" hreflang="{language}"', text)
        path, _question, asked = address.partition("?")
        assert (path, parse_qs(asked)) == (f"/{language}/sparql", {"query": [query]})
        assert not set(asked) & set('"<>{} |\\^`')


def test_a_page_without_language_leads_to_pages_that_there_are(client: FlaskClient) -> None:
    text = client.get("/nowhere", headers={"Accept": BROWSER}).text
    assert re.findall(r'<a href="([^"]*)" lang="kk"', text) == ["/kk/"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [("kk-KZ, ru;q=0.7", "kk"), ("fr-CA", "fr"), ("de, ru;q=0.5", "ru"), ("de", "en"), ("", "en")],
)
@pytest.mark.parametrize("path", ["", "about", "downloads", "doc/kazakhstan", "sparql", "conformance"])
def test_on_first_contact_the_browser_says_the_language(
    client: FlaskClient, path: str, asked: str, language: str
) -> None:
    response = client.get(f"/{path}", headers={"Accept": BROWSER, "Accept-Language": asked})
    assert (response.status_code, response.location) == (303, f"/{language}/{path}")
    assert response.headers["Vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(
    ("language", "date", "triples"),
    [
        ("en", "22 November 2026", r"\d,\d{3} triples"),
        ("fr", "22 novembre 2026", r"\d \d{3} triplets"),
        ("ru", "22 ноября 2026 г.", r"\d \d{3} триплет"),
        ("kk", "2026 ж. 22 қараша", r"\d \d{3} үштік"),
    ],
)
def test_dates_and_numbers_are_written_as_the_language_does(
    client: FlaskClient, language: str, date: str, triples: str
) -> None:
    text = " ".join(client.get(f"/{language}/").text.split())  # some spaces do not break lines
    assert f'<time datetime="2026-11-22">{date}</time>' in text
    assert re.search(triples, text)


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en", 1, "1 triple"),
        ("en", 0, "0 triples"),
        ("fr", 0, "0 triplet"),
        ("fr", 2, "2 triplets"),
        ("ru", 21, "21 триплет"),
        ("ru", 3, "3 триплета"),
        ("ru", 11, "11 триплетов"),
        ("kk", 5, "5 үштік"),
    ],
)
def test_plurals_follow_the_rules_of_the_language(
    client: FlaskClient, language: str, number: int, words: str
) -> None:
    with client.application.test_request_context(), force_locale(language):
        assert ngettext("%(triples)s triple", "%(triples)s triples", number, triples=number) == words


def test_only_texts_that_nobody_reviewed_say_so(client: FlaskClient) -> None:
    words = "No competent reader has reviewed the texts of this site in this language yet."
    for language in LANGUAGES:
        with client.application.test_request_context(), force_locale(language):
            notice = gettext(words)
        assert (notice in client.get(f"/{language}/about").text) is (language == "kk")
