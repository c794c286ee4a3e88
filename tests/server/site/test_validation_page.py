"""The page that validates: its form, the report in the reader's language, what is wrong, the examples."""

import contextlib
import dataclasses
import io
import json
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from page_support import section, table, words
from werkzeug.test import TestResponse

from sauran.kg.validate import Limits
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.services import services
from sauran.server.http.validation_service import Validator
from sauran.server.site.validation_report import EXAMPLES, read_example

TITLES = {"en": "Validate", "fr": "Valider", "ru": "Проверить данные", "kk": "Деректерді тексеру"}
FAULTY, CONFORMING = (read_example(name) or "" for name in ("faulty", "conforming"))
PREFIXES = "@prefix sec: <https://w3id.org/sauran/ontology#> .\n"
SCHEME = {
    "en": "The concept is not in scheme:event-type.",
    "fr": "Le concept n'appartient pas à scheme:event-type.",
    "ru": "Понятие не входит в scheme:event-type.",
    "kk": "Ұғым scheme:event-type құрамында жоқ.",
}


def send(client: FlaskClient, language: str = "en", **parts: object) -> TestResponse:
    return client.post(f"/{language}/validate", data=parts, content_type="multipart/form-data")


@contextlib.contextmanager
def validator_of(client: FlaskClient, **limits: float) -> Iterator[Validator]:
    """Let the application have a validator with some other limits."""
    made = services(client.application)
    before: Validator = made.validator
    changed = dataclasses.replace(before.limits, **limits)  # type: ignore[arg-type]
    made.validator = other = Validator(changed, 1, lambda _outcome: None)
    try:
        yield other
    finally:
        made.validator = before


def test_people_are_led_to_a_form_that_needs_no_script(client: FlaskClient) -> None:
    led = client.get("/validate", headers={"Accept": "text/html", "Accept-Language": "kk"})
    assert (led.status_code, led.location) == (303, "/kk/validate")
    assert client.get("/validate", headers={"Accept": "text/turtle"}).status_code == 406
    text = client.get("/en/validate").text
    data = section(text, "data")
    assert '<form action="/en/validate" method="post" enctype="multipart/form-data">' in data
    fields = re.findall(r'<(?:input|textarea|select)[^>]* id="(\w+)" name="(\w+)"', data)
    assert sorted(fields) == [("file", "file"), ("format", "format"), ("text", "text")]
    assert sorted(re.findall(r'<label for="(\w+)"', data)) == ["file", "format", "text"]
    assert '<li><a href="/en/validate" aria-current="page">Validate</a></li>' in text
    assert 'id="result"' not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_the_language_and_states_its_limits(client: FlaskClient, language: str) -> None:
    with validator_of(client, file_mb=7, timeout_s=11, memory_mb=900, results=1234):
        said = client.get(f"/{language}/validate?limits").text
    assert f"<h1>{TITLES[language]}</h1>" in said
    numbers = {int("".join(re.findall(r"\d", row))) for row in re.findall(r"<dd>(.*?)</dd>", said)[:3]}
    assert numbers == {7, 11, 900}
    (results,) = re.findall(r"<dd>([^<]*200[^<]*)</dd>", said)
    assert [int(re.sub(r"\D", "", n)) for n in re.findall(r"\d[\d\s,]*", results)] == [1234, 200]
    assert len(re.findall(rf'<a href="/{language}/shapes">', section(said, "limits"))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_have_place_message_and_reasons_in_the_language(client: FlaskClient, language: str) -> None:
    said = send(client, language, text=FAULTY)
    assert (said.status_code, said.headers["Cache-Control"]) == (200, "no-store")
    report = section(said.text, "result")
    shown = re.findall(r"<li>\n<p><span.*?(?=<li>\n<p><span|</ol>)", report, re.DOTALL)
    rules = [re.findall(r'<a href="([^"]+)"[^>]*>([\w-]+)</a>', finding)[0] for finding in shown]
    names = ["preferred-label", "event-type", "reference-url", "reference-url"]
    assert rules == [(f"/{language}/shapes#{name}", name) for name in names]
    line = FAULTY.splitlines().index("  sec:eventType ex:natural-disaster ;") + 1
    event = shown[1]
    assert re.findall(r"\d+", words(event).partition("·")[2])[:2] in ([str(line), "17"], ["17", str(line)])
    assert '<code dir="ltr">sec:eventType <mark>ex:natural-disaster</mark> ;</code>' in event
    assert "sec:eventType" in words(event)
    assert "<https://example.org/natural-disaster>" in words(event)
    (because,) = re.findall(r'<ul class="because">.*</ul>', event, re.DOTALL)
    assert f'<bdi lang="{language}">{SCHEME[language]}' in because.replace("&#39;", "'")
    assert set(re.findall(r'<bdi lang="(\w+)">', report)) == {language}
    assert '<ul class="because">' not in shown[0] + shown[2] + shown[3]


def test_reasons_are_nested_and_words_of_an_engine_say_that_they_are_english(client: FlaskClient) -> None:
    data = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<http://e/c> a skos:Concept .\n"
    report = section(send(client, "ru", text=data).text, "result")
    nested = re.findall(
        r'<ul class="because">\s*<li><bdi lang="en">Alternative 1 of 4.*?</ul>', report, re.DOTALL
    )
    assert len(nested) == 1
    assert '<abbr class="tag" title="английский">en</abbr>' in nested[0]
    (inner,) = re.findall(r'<ul class="because">\s*<li>(<bdi lang="ru">.*?</bdi>)', nested[0], re.DOTALL)
    assert "Укажите skos:inScheme" in inner


def test_counts_and_coverage_are_those_of_the_report(client: FlaskClient) -> None:
    answer = client.post(
        "/validate", data=FAULTY, headers={"Content-Type": "text/turtle", "Accept": "application/json"}
    )
    report = json.loads(answer.data)
    text = send(client, text=FAULTY).text
    result = section(text, "result")
    counts = re.findall(r"<dd>(\d+)</dd></div>", result.partition("</dl>")[0])
    assert [int(n) for n in counts] == list(report["counts"].values()) == [4, 0, 0]
    met = {shape.rpartition("#")[2]: n for shape, n in report["checked"].items() if n}
    assert {name: int(n) for name, n in table(text, "result")[1:]} == met
    assert f"{len(report['idle'])} shapes met no node" in words(result)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The data conform."),
        ("fr", "Les données sont conformes."),
        ("ru", "Данные соответствуют формам."),
        ("kk", "Деректер пішіндерге сай."),
    ],
)
def test_data_that_conform_are_said_to(client: FlaskClient, language: str, sentence: str) -> None:
    text = send(client, language, text=CONFORMING).text
    assert f'<p class="lede" role="status"><strong>{sentence}</strong></p>' in text
    assert 'id="findings"' not in text


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_link_fills_the_form_with_an_example(client: FlaskClient, name: str) -> None:
    page = client.get("/fr/validate").text
    assert f'href="/fr/validate?example={name}#data"' in page
    filled = client.get(f"/fr/validate?example={name}").text
    (text,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", filled, re.DOTALL)
    # A parser of HTML drops the first line feed; quotes and brackets are escaped.
    assert text.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">") == read_example(name)
    assert '<option value="turtle" selected>' in filled
    assert f'<a href="/kk/validate?example={name}" lang="kk"' in filled


def test_there_are_no_examples_but_ours(client: FlaskClient) -> None:
    for name in ("../../kg/publication", "x" * 5000, "faulty.ttl"):
        said = client.get("/ru/validate", query_string={"example": name}, headers={"Accept": "text/html"})
        assert said.status_code == 404
        assert "<h1>Здесь ничего нет</h1>" in said.text
        assert "x" * 51 not in section(said.text, "details")


def test_a_file_is_called_by_its_name_and_nothing_of_it_is_markup(client: FlaskClient) -> None:
    data = f'{PREFIXES}<http://e/<b> a sec:Event .\n<http://e/x> a sec:Event ; sec:eventType "<script>" .'
    good = data.replace("<http://e/<b> a sec:Event .\n", "")
    said = send(client, file=(io.BytesIO(good.encode()), "<b>.ttl")).text
    assert "Report on &lt;b&gt;.ttl" in said
    assert "<b>" not in said
    assert "<script>" not in said
    assert "&#34;&lt;script&gt;&#34;" in said
    assert "http://e/x" in words(said)
    assert 'href="http://e/x' not in said


def test_a_blank_node_has_no_name_and_a_long_line_is_cut(client: FlaskClient) -> None:
    data = f"{PREFIXES}<http://e/{'x' * 3000}> sec:when 1 . [] a sec:Event . # {'y' * 3000}"
    report = section(send(client, "fr", text=data).text, "result")
    assert "un nœud anonyme" in report
    assert "<mark>[]</mark>" in report or "<mark>[</mark>" in report
    assert max(map(len, re.findall(r'class="excerpt">(.*?)</p>', report))) < 400
    assert "_:" not in report


@pytest.mark.parametrize(
    ("text", "status", "title", "detail"),
    [
        ("<http://e/> <http://e/p> 1 .", 422, "Ничего не проверено", "nothing was checked"),
        ("", 400, "Запрос непонятен", "The form has neither a file nor a text."),
    ],
)
def test_what_is_wrong_is_said_in_the_language_and_the_text_stays(
    client: FlaskClient, text: str, status: int, title: str, detail: str
) -> None:
    said = send(client, "ru", text=text)
    assert said.status_code == status
    assert said.headers["Cache-Control"] == "no-store"
    result = section(said.text.replace('<section role="alert"', "<section"), "result")
    assert f'<h2 id="result">{title}</h2>' in result
    assert re.search(rf'<p id="error" class="error" lang="en">[^<]*{detail}', result)
    assert 'aria-invalid="true" aria-describedby="error"' in said.text
    assert text.replace("<", "&lt;").replace(">", "&gt;") + "</textarea>" in said.text


def test_what_cannot_be_read_is_shown_at_its_place(client: FlaskClient) -> None:
    said = send(
        client, "fr", text="<http://e/a> <http://e/b> <http://e/c> .\n<http://e/a> foaf:x </textarea> ."
    )
    assert said.status_code == 400
    assert "Les données ne peuvent pas être lues" in said.text
    (line, column) = re.findall(r"<li>Ligne (\d+), colonne (\d+)\u00a0: <span", said.text)[0]
    assert (line, int(column)) == ("2", 14)
    assert "<mark>foaf:x</mark>" in said.text
    assert said.text.count("</textarea>") == 1


def test_limits_that_are_passed_are_told_in_the_language(client: FlaskClient) -> None:
    with validator_of(client, timeout_s=0.001):
        late = send(client, "kk", text=CONFORMING)
    assert late.status_code == 504
    assert '<h2 id="result">Тексеру тым ұзаққа созылды</h2>' in late.text
    with validator_of(client, results=1):
        full = send(client, "fr", text=FAULTY)
    assert full.status_code == 503
    assert '<h2 id="result">La validation a été arrêtée</h2>' in full.text
    size = services(client.application).validator.limits.file_mb * 1024 * 1024
    # As bytes: the client would put a form of this size into a file and leave that open.
    form = {"Content-Type": "multipart/form-data; boundary=cut"}
    large = client.post("/fr/validate", data=b"#" * (size + 1), headers=form)
    assert large.status_code == 413
    assert "C'est trop à la fois" in large.text.replace("&#39;", "'")
    assert f"{size // 1024**2} MiB" in large.text


def test_who_has_a_validation_under_way_is_told_to_come_again(client: FlaskClient) -> None:
    with validator_of(client) as validator:
        validator._slots.take("127.0.0.1")
        said = send(client, "en", text=CONFORMING)
    assert said.status_code == 503
    assert f"Come again in {said.headers['Retry-After']} seconds." in said.text


def test_the_default_limits_are_those_of_the_settings(client: FlaskClient) -> None:
    limits: Limits = services(client.application).validator.limits
    text = words(section(client.get("/en/validate").text, "limits"))
    assert f"at most {limits.file_mb} MiB" in text
    assert f"at most {limits.timeout_s:g} seconds" in text
