"""A query to take away: addresses that answer in every format, a line that a shell runs; over real HTTP."""

import csv
import html
import io
import json
import re
import subprocess
import urllib.request
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pytest
from pyoxigraph import parse
from web_support import Site

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS, Format
from sauran.server.api.sparql_protocol import ProtocolRequest
from sauran.server.http.links import Links
from sauran.server.site.sparql.query_links import query_links

LINKS = Links("https://e.org/", "http://127.0.0.1:1/")
AWKWARD = 'it\'s "quoted" \\ back `id` $(touch pwned) $HOME !x @file %41 é қ\n# - ; | & > < *'
FORMS = {
    "SELECT": ("SELECT ?x { VALUES ?x { 'é' } }", RESULT_FORMATS),
    "ASK": ("ASK {}", RESULT_FORMATS[:2]),
    "CONSTRUCT": ("CONSTRUCT { <urn:a> <urn:b> 'é' } {}", RDF_FORMATS),
}


def page(site: Site, query: str) -> str:
    address = f"{site.address}en/sparql?{urlencode({'query': query})}"
    with urllib.request.urlopen(address, timeout=20) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize("form", FORMS)
def test_the_page_links_to_the_answer_in_every_format(harbour_site: Site, form: str) -> None:
    query, formats = FORMS[form]
    text = page(harbour_site, query)
    links = re.findall(r'<a href="([^"]+)" download="answer\.(\w+)" type="([^"]+)">', text)
    assert [suffix for _, suffix, _ in links] == [known.suffix for known in formats]
    for known, (address, _, _) in zip(formats, links, strict=True):
        whole = urljoin(harbour_site.address, html.unescape(address))
        with urllib.request.urlopen(whole, timeout=20) as answer:
            assert answer.headers["Content-Type"] == known.content_type
            check(known, answer.read(), form)


def check(known: Format, data: bytes, form: str) -> None:
    if known.rdf is not None:
        assert [quad.object.value for quad in parse(data, format=known.rdf)] == ["é"]
    elif known.name == "json":
        said = json.loads(data)
        assert said["boolean"] if form == "ASK" else said["results"]["bindings"][0]["x"]["value"] == "é"
    else:
        assert ("true" if form == "ASK" else "é").encode() in data


def shell_line(text: str) -> str:
    found = re.search(r'aria-labelledby="curl">(.*?)</pre>', text, re.DOTALL)
    assert found
    return html.unescape(found[1])


@pytest.mark.needs("curl")
@pytest.mark.parametrize(
    "value", [AWKWARD, "tab\tand\x1b[201~ escape", "turn \u202e around", "\u2028", "''", "'\n'"], ids=ascii
)
def test_a_shell_runs_the_line_and_nothing_else(harbour_site: Site, value: str, tmp_path: Path) -> None:
    literal = json.dumps(value, ensure_ascii=False)
    line = shell_line(page(harbour_site, f"SELECT ?x {{ VALUES ?x {{ {literal} }} }}"))
    done = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["results"]["bindings"][0]["x"]["value"] == value
    assert list(tmp_path.iterdir()) == []


@pytest.mark.needs("curl")
def test_the_line_of_triples_gives_turtle(harbour_site: Site) -> None:
    line = shell_line(page(harbour_site, FORMS["CONSTRUCT"][0]))
    done = subprocess.run(["sh", "-c", line], capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout.strip().endswith('<urn:a> <urn:b> "é" .')


def test_what_cannot_be_seen_stands_as_codes_in_the_line() -> None:
    line = query_links(ProtocolRequest("ASK {} # \x1b[2J\u202e\t"), "ASK", LINKS, "en").curl
    assert line.isprintable()
    assert line.endswith("--data query=ASK%20%7B%7D%20%23%20%1B%5B2J%E2%80%AE%09")


def test_the_whole_request_is_in_every_way_out() -> None:
    asked = ProtocolRequest("ASK {}", ("http://e/g",), ("http://e/n", "http://e/m"), 2.5, partial=True)
    found = query_links(asked, "ASK", LINKS, "kk")
    said = urlencode(found.fields)
    assert said == (
        "query=ASK+%7B%7D&default-graph-uri=http%3A%2F%2Fe%2Fg&named-graph-uri=http%3A%2F%2Fe%2Fn"
        "&named-graph-uri=http%3A%2F%2Fe%2Fm&timeout=2.5&partial=true"
    )
    assert found.link is not None
    assert found.link.startswith("http://127.0.0.1:1/kk/sparql?query=ASK%20%7B%7D&default-graph-uri=")
    assert found.link.partition("?")[2] == said.replace("+", "%20")
    assert [file.address for file in found.downloads] == [
        f"/sparql?{said.replace('+', '%20')}&format={name}" for name in ("json", "xml")
    ]
    assert "timeout=2.5" in found.curl


@pytest.mark.parametrize(
    ("letters", "link", "line"), [(100, True, True), (9000, False, True), (200_000, False, False)]
)
def test_a_long_query_has_no_link_and_a_very_long_one_no_line(letters: int, link: bool, line: bool) -> None:
    found = query_links(ProtocolRequest("x" * letters), "SELECT", LINKS, "en")
    assert (found.link is not None, bool(found.curl)) == (link, line)
    assert all((file.address is not None) is link for file in found.downloads)


def test_csv_of_the_page_is_that_of_the_endpoint(harbour_site: Site) -> None:
    query = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s ?p ?o LIMIT 5"
    (address,) = [
        a for a in re.findall(r'<a href="([^"]+)" download', page(harbour_site, query)) if "format=csv" in a
    ]
    with urllib.request.urlopen(urljoin(harbour_site.address, html.unescape(address)), timeout=20) as answer:
        rows = list(csv.reader(io.StringIO(answer.read().decode())))
    assert (rows[0], len(rows)) == (["s", "p", "o"], 6)
