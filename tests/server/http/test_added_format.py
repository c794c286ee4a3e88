"""What a new row of the table of formats does: all that read or write data know it, from the table alone.

The rows are written into the source of the table, before anything has read it, in every process.
"""

import html
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlencode, urljoin

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from support import free_port
from web_support import CHECKOUT, Site, publication_at, start_server

from sauran.kg.model.formats import FORMATS, RESULT_FORMATS, Format
from sauran.kg.model.namespaces import PREFIXES

ROWS = """
    Format(
        "markdown", "Markdown", "text/markdown", "md", tail=b"",
        write_rows=lambda names, rows: "".join(
            f"| {' | '.join(line)} |\\n"
            for line in (
                names,
                ("---",) * len(names),
                *(tuple(getattr(term, "value", "") for term in row) for row in rows),
            )
        ).encode(),
    ),
    Format(
        "number", "Number of rows", "text/x-number", "num",
        write_rows=lambda names, rows: f"{len([*rows])} rows\\n".encode(),
    ),
    Format("broken", "Broken", "text/x-broken", "bro", write_rows=lambda names, rows: {}[names]),
    Format("nothing", "Nothing", "application/x-nothing", "non"),
    Format(
        "n3", "Notation3", "text/n3", "n3", rdf=RdfFormat.N3,
        w3c=f"{_W3C}N3", file_type="N3", joins=True,
    ),
"""
# Python runs it before anything else.
START = f"""
import importlib.util
import sys
spec = importlib.util.find_spec({Format.__module__!r})
before, start, after = spec.loader.get_source(spec.name).partition("\\nFORMATS = (\\n")
end = after.index("\\n)\\n") + 1
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
exec(compile(before + start + after[:end] + {ROWS!r} + after[end:], spec.origin, "exec"), module.__dict__)
"""
SELECT = "SELECT ?x { VALUES ?x { 'a' 'b' } }"
CONSTRUCT = "CONSTRUCT { <urn:a> <urn:b> ?x } { VALUES ?x { 'a' 'b' } }"
TABLE = b"| x |\n| --- |\n| a |\n| b |\n"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("start")
    (folder / "sitecustomize.py").write_text(START, "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(CHECKOUT)])}


@pytest.fixture(scope="module")
def site(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, port = tmp_path_factory.mktemp("added"), free_port()
    publication = publication_at(folder / "harbour", port)
    command("build", "--publication", str(publication), "--releases", str(folder / "releases"), **environment)
    process = start_server(folder / "releases", port, **environment)
    yield Site(f"http://127.0.0.1:{port}/", folder / "releases", publication, process)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    assert process.stderr is not None
    process.stderr.close()


def command(*arguments: str, **environment: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "sauran", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fetch(site: Site, path: str, accept: str = "*/*", body: bytes | None = None) -> tuple[int, str, bytes]:
    request = urllib.request.Request(urljoin(site.address, path), body, {"Accept": accept})
    if body is not None:
        request.add_header("Content-Type", "text/n3")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def ask(site: Site, query: str, accept: str = "*/*", **more: str) -> tuple[int, str, bytes]:
    return fetch(site, f"sparql?{urlencode({'query': query, **more})}", accept)


def both_ways(site: Site, query: str, name: str, media_type: str, **more: str) -> tuple[int, str, bytes]:
    """Ask by Accept and by the parameter, which must not differ but in what an error says."""
    by_header, by_parameter = ask(site, query, media_type, **more), ask(site, query, format=name, **more)
    assert by_header[:2] == by_parameter[:2]
    assert by_header[0] != 200 or by_header[2] == by_parameter[2]
    return by_parameter


def triples(data: bytes, known: RdfFormat) -> set[object]:
    return {(q.subject, q.predicate, q.object) for q in parse(data, format=known)}


@pytest.mark.parametrize("partial", [{}, {"partial": "true"}], ids=["whole", "partial"])
def test_the_endpoint_answers_in_it(site: Site, partial: dict[str, str]) -> None:
    told = both_ways(site, SELECT, "markdown", "text/markdown", **partial)
    assert told == (200, "text/markdown; charset=utf-8", TABLE)
    status, kind, data = both_ways(site, CONSTRUCT, "n3", "text/n3", **partial)
    assert (status, kind) == (200, "text/n3; charset=utf-8")
    assert len(triples(data, RdfFormat.N3)) == 2


def test_a_table_that_cannot_be_cut_has_no_partial_answer(site: Site) -> None:
    assert both_ways(site, SELECT, "number", "text/x-number")[2] == b"2 rows\n"
    status, _, problem = both_ways(site, SELECT, "number", "text/x-number", partial="true")
    assert status == 406
    names = [known.name for known in RESULT_FORMATS if known.can_end_early]
    assert json.loads(problem)["detail"] == (
        f"format=number cannot hold a part of this answer. There is: {', '.join(names)}, markdown."
    )


@pytest.mark.parametrize(
    ("query", "name", "media_type"),
    [
        (SELECT, "nothing", "application/x-nothing"),
        (SELECT, "n3", "text/n3"),
        ("ASK {}", "markdown", "text/markdown"),
        ("ASK {}", "nothing", "application/x-nothing"),
        (CONSTRUCT, "markdown", "text/markdown"),
        (CONSTRUCT, "nothing", "application/x-nothing"),
    ],
)
@pytest.mark.parametrize("partial", [{}, {"partial": "true"}], ids=["whole", "partial"])
def test_what_cannot_hold_an_answer_is_406(
    site: Site, query: str, name: str, media_type: str, partial: dict[str, str]
) -> None:
    status, kind, problem = both_ways(site, query, name, media_type, **partial)
    assert (status, kind) == (406, "application/problem+json")
    assert json.loads(problem)["detail"].startswith(f"format={name} cannot hold this answer. There is: ")


def test_a_fault_of_our_own_is_500_and_the_next_query_is_answered(site: Site) -> None:
    status, _, problem = both_ways(site, SELECT, "broken", "text/x-broken")
    assert status == 500
    assert json.loads(problem)["type"].endswith("/broken")
    assert ask(site, SELECT, "text/markdown")[2] == TABLE


def test_the_service_description_names_it_and_comes_in_it(site: Site) -> None:
    status, _, data = fetch(site, "sparql", "text/n3")
    found = triples(data, RdfFormat.N3)
    assert (status, found) == (200, triples(fetch(site, "sparql", "text/turtle")[2], RdfFormat.TURTLE))
    formats = {term for _, name, term in found if name == NamedNode(f"{PREFIXES['sd']}resultFormat")}  # type: ignore[misc]
    assert NamedNode("http://www.w3.org/ns/formats/N3") in formats
    assert len(formats) == len([known for known in FORMATS if known.w3c]) + 1


@pytest.mark.parametrize(
    ("query", "partial", "added"),
    [
        (SELECT, "", ["md", "num", "bro"]),
        (SELECT, "true", ["md"]),
        ("ASK {}", "", []),
        (CONSTRUCT, "", ["n3"]),
        (CONSTRUCT, "true", ["n3"]),
    ],
)
def test_the_page_offers_what_answers(site: Site, query: str, partial: str, added: list[str]) -> None:
    fields = {"query": query} | ({"partial": partial} if partial else {})
    page = fetch(site, f"en/sparql?{urlencode(fields)}", "text/html")[2].decode()
    links = dict(re.findall(r'<a href="([^"]+)" download="answer\.(\w+)"', page))
    suffixes = [*links.values()]
    assert [suffix for suffix in suffixes if suffix in ("md", "num", "bro", "non", "n3")] == added
    assert len(suffixes) > len(added)
    for address, suffix in links.items():
        assert fetch(site, html.unescape(address))[0] == (500 if suffix == "bro" else 200)


def test_the_release_has_dumps_in_it_and_tells_of_them(site: Site) -> None:
    dump = fetch(site, "dumps/harbour.n3")
    assert dump[:2] == (200, "text/n3; charset=utf-8")
    assert triples(dump[2], RdfFormat.N3) == triples(fetch(site, "dumps/harbour.ttl")[2], RdfFormat.TURTLE)
    catalogue = fetch(site, "catalogue.n3")[2].decode()
    assert "/harbour-n3>" in catalogue
    assert "https://www.iana.org/assignments/media-types/text/n3" in catalogue
    assert "authority/file-type/N3" in catalogue
    assert "http://www.w3.org/ns/formats/N3" in fetch(site, ".well-known/void", "text/turtle")[2].decode()
    assert "Notation3" in fetch(site, "en/downloads", "text/html")[2].decode()


@pytest.mark.parametrize("path", ["catalogue", "graphs?default", "ontology", "dataset/harbour"])
def test_documents_and_graphs_come_in_it(site: Site, path: str) -> None:
    status, _, data = fetch(site, path, "text/n3")
    assert status == 200
    assert len(triples(data, RdfFormat.N3)) == len(
        triples(fetch(site, path, "text/turtle")[2], RdfFormat.TURTLE)
    )
    for other in ("text/markdown", "application/x-nothing"):
        assert fetch(site, path, other)[0] == 406


def test_a_release_made_before_has_no_dump_in_it_and_says_so(
    environment: dict[str, str], harbour_site: Site
) -> None:
    port = free_port()
    process = start_server(harbour_site.releases, port, **environment)
    before = Site(f"http://127.0.0.1:{port}/", harbour_site.releases, harbour_site.publication, process)
    try:
        status, _, problem = fetch(before, "ontology", "text/n3")
        assert (status, "Available: text/turtle, " in json.loads(problem)["detail"]) == (406, True)
        assert fetch(before, "dumps/harbour.n3")[0] == 404
        page = fetch(before, "en/ontology", "text/html")[2].decode()
        assert ("ontology.ttl" in page, "ontology.n3" in page) == (True, False)
        assert fetch(before, "catalogue", "text/n3")[0] == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        assert process.stderr is not None
        process.stderr.close()


def test_data_in_it_is_validated(site: Site) -> None:
    status, _, report = fetch(
        site, "validate", "application/json", b"<urn:a> a <https://w3id.org/sauran/ontology#Claim> .\n"
    )
    assert (status, json.loads(report)["conforms"]) == (200, False)


def test_the_command_writes_it(site: Site, environment: dict[str, str]) -> None:
    options = ["--releases", str(site.releases), "--format"]
    assert command("query", SELECT, *options, "markdown", **environment) == TABLE
    assert b"<urn:a>" in command("query", CONSTRUCT, *options, "n3", **environment)
