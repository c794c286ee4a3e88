"""The SPARQL page: the query, its answer in the language of the reader, its faults, its examples."""

import contextlib
import gzip
import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from sauran.kg.release.release import Release
from sauran.server.http.assets import NO_ASSETS, Asset, Assets
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.services import services
from sauran.server.site.sparql.query_answer import ROWS

BASE = "https://w3id.org/sauran/"
PREFIX = f"PREFIX id: <{BASE}id/> PREFIX sec: <{BASE}ontology#> "
TYPES = (
    f"{PREFIX} SELECT ?type (COUNT(*) AS ?n) {{ ?c sec:claimType ?type }} GROUP BY ?type ORDER BY DESC(?n)"
)
EDITOR = Assets({"sparql-editor.js": Asset("static/dist/sparql-editor-0.js", "sha384-x", 1, 1)})


def page(client: FlaskClient, query: str, language: str = "en", **more: str) -> str:
    response = client.get(f"/{language}/sparql", query_string={"query": query, **more})
    assert response.status_code == 200, response.text
    return response.text


def answer(client: FlaskClient, query: str, language: str = "en", **more: str) -> str:
    """The part of the page that shows the answer."""
    return page(client, query, language, **more).partition('id="result"')[2].partition("</section>")[0]


@contextlib.contextmanager
def assets_of(client: FlaskClient, assets: Assets) -> Iterator[None]:
    """Let the application have been installed with these assets; ask for what no other test asks for."""
    made = services(client.application)
    before, made.assets = made.assets, assets
    try:
        yield
    finally:
        made.assets = before


class Links(HTMLParser):
    """The addresses of all links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "Kazakhstan"), ("fr", "Kazakhstan"), ("ru", "Казахстан"), ("kk", "Қазақстан")],
)
def test_things_are_shown_by_their_label_in_the_language(
    client: FlaskClient, language: str, label: str
) -> None:
    text = answer(client, f"{PREFIX} SELECT * {{ VALUES ?thing {{ id:kazakhstan }} }}", language)
    assert f'<a href="/{language}/doc/kazakhstan" lang="{language}" dir="auto">{label}</a>' in text


def test_what_is_hostile_in_values_is_text(client: FlaskClient) -> None:
    values = "<javascript:alert(1)> '<script>alert(1)</script>'@en '</textarea>\u202ex' 1.50"
    text = page(client, f"SELECT * {{ VALUES (?a ?b ?c ?d) {{ ({values}) }} }}")
    assert "javascript:alert" in text
    assert 'href="javascript' not in text
    assert '<bdi lang="en">&lt;script&gt;alert(1)&lt;/script&gt;</bdi>' in text
    assert "<bdi>&lt;/textarea&gt;\u202ex</bdi>" in text
    assert "<script>" not in text
    assert text.count("</textarea>") == 1


def test_a_value_of_a_million_letters_is_shortened(client: FlaskClient) -> None:
    steps = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(16))
    text = answer(client, f"SELECT (?v16 AS ?long) {{ BIND('{'x' * 16}' AS ?v0) {steps} }}")
    assert "x" * 2000 + "…</bdi>" in text
    assert len(text) < 10_000


def test_rows_are_paged_and_counted(client: FlaskClient, briefing: Release) -> None:
    total = sum(graph["triples"] for graph in briefing.manifest["graphs"])
    everything = "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"
    first, last = answer(client, everything), -(-total // ROWS)
    assert f"{total:,} rows." in first
    assert first.count("<tr>") == ROWS + 1
    assert f"1–{ROWS} of {total:,}" in first
    end = answer(client, everything, page=str(last))
    assert end.count("<tr>") == total - (last - 1) * ROWS + 1
    assert f"page={last - 1}" in end
    assert f"page={last + 1}" not in end
    beyond = answer(client, everything, page=str(last + 1))
    assert "<tr>" not in beyond


def test_a_full_page_is_small_to_send(client: FlaskClient) -> None:
    query = {"query": f"{PREFIX} SELECT * {{ ?claim a sec:Claim ; ?p ?o }}"}
    response = client.get("/ru/sparql", query_string=query, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(response.data)) > 100_000
    assert len(response.data) < 60_000


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", "٣", "1000001"])
def test_a_page_that_is_no_number_is_400(client: FlaskClient, number: str) -> None:
    response = client.get("/en/sparql", query_string={"query": TYPES, "page": number})
    assert response.status_code == 400
    assert "page takes a whole number from 1" in response.text


def test_a_column_of_numbers_is_drawn(client: FlaskClient) -> None:
    text = page(client, TYPES, "ru")
    rows = re.findall(r'dir="auto">([^<]+)</a></td><td class="num"><bdi>(\d+)</bdi>', text)
    drawn = re.findall(r"<text [^>]*>([^<]+)</text>", text)
    assert len(rows) == 9
    assert list(zip(drawn[::2], drawn[1::2], strict=True)) == rows
    assert len(re.findall(r"<rect ", text)) == 9


def test_of_several_columns_of_numbers_one_is_chosen(client: FlaskClient) -> None:
    query = "SELECT ?a ?b ?c ?d { VALUES (?a ?b ?c ?d) { (1 2.5 'x' 'y') (2 1.5 'y' 'z') } }"
    text = page(client, query)
    assert "<svg" not in text
    links = [link for link in Links(text).found if "&chart=" in link]
    assert [parse_qs(urlsplit(link).query)["chart"] for link in links] == [["a"], ["b"]]
    drawn = client.get(links[1]).text
    assert re.findall(r"<text [^>]*>([^<]+)</text>", drawn) == ["x", "2.5", "y", "1.5"]
    assert "<svg" not in page(client, query, chart="c")


def test_a_truth_value_is_said(client: FlaskClient) -> None:
    text = page(client, "ASK { ?s ?p ?o }")
    assert "<strong>true</strong>" in text
    assert ">SPARQL XML</a>" in text
    assert ">CSV</a>" not in text


def test_nothing_is_said_to_be_nothing(client: FlaskClient) -> None:
    assert "Nothing fits this query." in answer(client, "SELECT * { ?s ?p 'no such text' }")


@pytest.mark.parametrize("form", [f"DESCRIBE <{BASE}id/kazakhstan>", "CONSTRUCT { <urn:a> <urn:b> 'é<' } {}"])
def test_triples_are_shown_as_a_table_and_in_turtle(client: FlaskClient, form: str) -> None:
    text = page(client, form)
    heads = re.findall(r'<th scope="col"[^>]*>(\w+)</th>', text)
    assert heads == ["subject", "predicate", "object"]
    turtle = html.unescape(text.partition('aria-labelledby="turtle">')[2])
    assert ('<urn:a> <urn:b> "é<"' in turtle) is form.startswith("CONSTRUCT")
    assert ("id:kazakhstan a " in turtle or "id:kazakhstan\n" in turtle) is form.startswith("DESCRIBE")
    assert ">Turtle</a>" in text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT * {\n  ?s ?p ?o ; <b>\n}", 400, "query: line 3, column 1"),
        ("INSERT DATA {}", 400, "read-only"),
        ("SELECT * { SERVICE <http://e/> {} }", 400, "SERVICE is refused"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 504, "the limit of time"),
    ],
)
def test_what_is_wrong_stands_beside_the_query(
    client: FlaskClient, query: str, status: int, said: str
) -> None:
    response = client.get("/fr/sparql", query_string={"query": query, "timeout": "0.3"})
    assert response.status_code == status
    assert f"{html.escape(query)}</textarea>" in response.text
    found = re.search(r'<p id="error" class="error" lang="en">(.*?)</p>', response.text)
    assert found
    assert said in html.unescape(found[1])
    assert 'aria-describedby="error"' in response.text
    assert "Cache-Control" in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_the_place_of_a_fault_is_shown_with_a_caret_and_told_to_the_editor(client: FlaskClient) -> None:
    with assets_of(client, EDITOR):
        text = client.get("/en/sparql", query_string={"query": "SELECT * {\n  ?s foaf:name ?o }"}).text
    assert re.search(r"<pre[^>]*>  \?s foaf:name \?o \}\n     \^</pre>", text)
    assert 'data-line="2" data-column="6" data-message="query: line 2, column 6: the prefix foaf:' in text


def test_without_the_editor_the_form_is_whole(client: FlaskClient) -> None:
    with assets_of(client, NO_ASSETS):
        text = client.get("/en/sparql?without=editor").text
    assert text.count("<script") == 1  # that of the search box
    assert "<sparql-editor" not in text
    assert '<label for="text">Query</label>' in text
    assert '<button type="submit">Run</button>' in text


def test_the_request_is_kept_in_form_and_links(client: FlaskClient) -> None:
    graph = f"{BASE}graph/reference"
    text = page(client, TYPES, **{"default-graph-uri": graph, "timeout": "2.5"})
    assert f'<input type="hidden" name="default-graph-uri" value="{graph}">' in text
    assert '<input type="hidden" name="timeout" value="2.5">' in text
    (csv,) = [link for link in Links(text).found if link.endswith("&format=csv")]
    assert parse_qs(urlsplit(csv).query) == {
        "query": [TYPES],
        "default-graph-uri": [graph],
        "timeout": ["2.5"],
        "format": ["csv"],
    }


def test_a_query_too_long_for_a_link_is_taken_away_by_a_form(client: FlaskClient) -> None:
    query = f"# {'x' * 9000}\nASK {{}}"
    response = client.post("/en/sparql", data={"query": query})
    assert response.status_code == 200
    assert "<strong>true</strong>" in response.text
    assert [link for link in Links(response.text).found if "xxx" in link] == []
    assert '<button name="format" value="json">SPARQL JSON</button>' in response.text


def test_answers_of_chance_are_not_kept(client: FlaskClient) -> None:
    kept = client.get("/en/sparql", query_string={"query": TYPES})
    chance = client.get("/en/sparql", query_string={"query": "SELECT (RAND() AS ?r) {}"})
    assert (kept.headers["Cache-Control"], chance.headers["Cache-Control"]) == ("no-cache", "no-store")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_runs_and_stands_under_a_topic_in_the_language(
    client: FlaskClient, briefing: Release, language: str
) -> None:
    text = client.get(f"/{language}/sparql").text
    part = text.partition('id="examples"')[2].partition("</section>")[0]
    known = json.loads((briefing.folder / "queries.json").read_bytes())
    links = Links(part).found
    assert len(links) == len(known) == 30
    questions = re.findall(r'<a href="[^"]+" lang="(\w\w)" dir="auto">([^<]+)</a>', part)
    assert sorted(html.unescape(words) for _, words in questions) == sorted(
        query["questions"][language] for query in known
    )
    assert {tag for tag, _ in questions} == {language}
    topics = re.findall(r'<summary><bdi lang="(\w\w)">', part)
    assert len(topics) > 5
    assert set(topics) == {language}


def test_examples_have_answers(client: FlaskClient) -> None:
    links = [link for link in Links(client.get("/en/sparql").text).found if "/sparql?query=" in link]
    empty = []
    for link in links:
        response = client.get(link)
        assert response.status_code == 200, response.text
        if "Nothing fits" in response.text:
            empty.append(link)
    assert len(empty) == 1  # what the article does not say


@pytest.mark.parametrize(
    ("language", "label"), [("ru", "утверждение"), ("kk", "тұжырым"), ("fr", "affirmation")]
)
def test_words_for_completion_have_labels_in_the_language(
    client: FlaskClient, language: str, label: str
) -> None:
    response = client.get(f"/{language}/sparql/words.json")
    assert response.content_type == "application/json"
    said = json.loads(response.data)
    assert said["prefixes"]["sec"] == f"{BASE}ontology#"
    terms = {term["name"]: term for term in said["terms"]}
    assert terms["sec:Claim"]["kind"] == "class"
    assert terms["sec:Claim"]["label"] == label
    assert terms["sec:Claim"]["about"]
    assert (terms["sec:statedIn"]["kind"], terms["rdf:subject"]["kind"]) == ("property", "property")
    assert terms["event-type:independence"]["kind"] == "kind"
    assert terms["id:kazakhstan"]["kind"] == "thing"
    assert len(terms) == len(said["terms"]) > 300


def test_words_are_sent_once(client: FlaskClient) -> None:
    first = client.get("/en/sparql/words.json")
    again = client.get("/en/sparql/words.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_word_is_one_that_a_query_may_use(client: FlaskClient) -> None:
    said = json.loads(client.get("/en/sparql/words.json").data)
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in said["prefixes"].items())
    names = " ".join(term["name"] for term in said["terms"])
    query = f"{prefixes} SELECT (COUNT(*) AS ?n) {{ VALUES ?word {{ {names} }} }}"
    answer = client.post("/sparql", data={"query": query})
    assert answer.json is not None, answer.text
    assert int(answer.json["results"]["bindings"][0]["n"]["value"]) == len(said["terms"])
