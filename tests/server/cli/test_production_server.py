"""The server as processes on a real port, and the clients that people use."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from support import change, free_port, sauran, wait_for
from web_support import Site, start_server

from sauran.kg.model.errors import ReleaseError
from sauran.kg.release.build import build
from sauran.kg.release.release import current_release
from sauran.server.cli.production_server import application, serve
from sauran.server.http.settings import read_settings

QUERY = (
    "PREFIX sec: <https://w3id.org/sauran/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "SELECT ?claim ?text { ?claim a sec:Claim ; rdfs:label ?text FILTER(LANG(?text) = 'kk') } ORDER BY ?claim"
)
CLAIM = "id/source/harbour-log/claim/c1"


def read(address: str, accept: str = "*/*") -> bytes:
    with urlopen(Request(address, headers={"Accept": accept}), timeout=20) as answer:
        data: bytes = answer.read()
        return data


def test_an_identifier_leads_rdflib_to_its_description(harbour_site: Site) -> None:
    """The publication's identifiers point to this server: Graph().parse(iri) is all that a client does."""
    iri = harbour_site.address + CLAIM
    graph = Graph().parse(iri)
    assert (URIRef(iri), RDF.type, URIRef("https://w3id.org/sauran/ontology#Claim")) in graph
    labels = {str(label) for label in graph.objects(URIRef(iri), RDFS.label)}
    assert "Велдон айлағы 2024 жылғы мамырда жабылды." in labels
    fragment = f"{harbour_site.address}id/time/2024-05#beginning"
    assert (URIRef(fragment), RDF.type, None) in Graph().parse(fragment)


def test_sparqlwrapper_reads_every_format(harbour_site: Site) -> None:
    client = SPARQLWrapper(f"{harbour_site.address}sparql")
    client.setQuery(QUERY)
    for method in ("GET", POST):
        client.setMethod(method)
        client.setReturnFormat(JSON)
        rows = client.query().convert()["results"]["bindings"]
        assert [row["claim"]["value"] for row in rows] == [
            f"{harbour_site.address}{CLAIM[:-1]}{n}" for n in (1, 2)
        ]
    client.setReturnFormat(XML)
    assert len(client.query().convert().getElementsByTagName("result")) == 2
    client.setReturnFormat(CSV)
    assert client.query().convert().decode().startswith("claim,text\r\n")
    client.setQuery(f"DESCRIBE <{harbour_site.address}{CLAIM}>")
    client.setReturnFormat(TURTLE)
    assert b"c1 a " in client.query().convert()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("returned", ["json", "xml", "csv", "tsv"])
def test_rdflib_asks_as_a_store(harbour_site: Site, method: str, returned: str) -> None:
    store = SPARQLStore(f"{harbour_site.address}sparql", method=method, returnFormat=returned)
    graph = Graph(store)
    assert len(list(graph.query(QUERY))) == 2
    iri = URIRef(harbour_site.address + CLAIM)
    assert {str(o) for o in graph.objects(iri, RDFS.label)} >= {"The port of Veldon was shut in May 2024."}


def curl(*arguments: str) -> str:
    return subprocess.run(
        ["curl", "-sS", *arguments], capture_output=True, text=True, check=True, timeout=30
    ).stdout


@pytest.mark.needs("curl")
def test_curl_follows_an_identifier_to_each_format(harbour_site: Site) -> None:
    address = harbour_site.address + CLAIM
    what = "%{http_code} %{num_redirects} %{content_type} %{url_effective}"
    seen = {
        accept: curl("-L", "-o", os.devnull, "-w", what, "-H", f"Accept: {accept}", address)
        for accept in ("*/*", "application/ld+json", "text/html")
    }
    document = address.replace("/id/", "/doc/")
    assert seen == {
        "*/*": f"200 1 text/turtle; charset=utf-8 {document}",
        "application/ld+json": f"200 1 application/ld+json {document}",
        "text/html": f"200 2 text/html; charset=utf-8 {document.replace('/doc/', '/en/doc/')}",
    }


@pytest.mark.needs("curl")
def test_curl_asks_by_all_three_bindings(harbour_site: Site, tmp_path: Path) -> None:
    endpoint = f"{harbour_site.address}sparql"
    file = tmp_path / "q.rq"
    file.write_text(QUERY)
    answers = {
        curl("-G", "--data-urlencode", f"query@{file}", endpoint),
        curl("--data-urlencode", f"query@{file}", endpoint),
        curl("--data-binary", f"@{file}", "-H", "Content-Type: application/sparql-query", endpoint),
    }
    assert len(answers) == 1
    assert len(json.loads(answers.pop())["results"]["bindings"]) == 2


@pytest.mark.needs("curl")
def test_curl_takes_up_a_broken_download(harbour_site: Site, tmp_path: Path) -> None:
    whole = read(f"{harbour_site.address}dumps/all.nq")
    part = tmp_path / "all.nq"
    part.write_bytes(whole[:1000])
    curl("-L", "-C", "-", "-o", str(part), f"{harbour_site.address}dumps/all.nq")
    assert part.read_bytes() == whole


def test_hard_headers_and_paths_do_not_break_it(harbour_site: Site) -> None:
    parts = urlsplit(harbour_site.address)
    for path in (
        "/id/%ff",
        "/id/%00",
        "/id/" + "a" * 4000,
        "/doc/%2e%2e/%2e%2e/x",
        "/sparql?query=%ff",
        "//evil.test/id/x",
    ):
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        connection.request(
            "GET", path, headers={"Accept": ";;;q=x,,/", "Accept-Language": ";;q=é".encode("latin-1")}
        )
        answer = connection.getresponse()
        assert answer.status in (400, 404), (path, answer.status)
        assert answer.getheader("Content-Type", "").startswith("application/problem+json"), path
        connection.close()


def test_a_new_release_is_taken_up_without_a_dropped_request(harbour_site: Site) -> None:
    stop, outcomes = threading.Event(), []

    def ask_on() -> None:
        while not stop.is_set():
            outcomes.append(json.loads(read(f"{harbour_site.address}health"))["status"])

    asking = [threading.Thread(target=ask_on) for _ in range(4)]
    for thread in asking:
        thread.start()
    before = json.loads(read(f"{harbour_site.address}health"))["release"]
    entities = harbour_site.publication.parent / "datasets/harbour/entities.ttl"
    change(entities, '"harbour master of Veldon"@en', '"master of the harbour of Veldon"@en')
    made = build(harbour_site.publication, harbour_site.releases).release
    assert made is not None
    document = f"{harbour_site.address}doc/harbour-master"
    wait_for(lambda: b"master of the harbour" in read(document), seconds=20)
    stop.set()
    for thread in asking:
        thread.join(20)
    assert set(outcomes) == {"ok"}
    assert json.loads(read(f"{harbour_site.address}health"))["release"] == made.version != before
    assert list(parse(read(f"{harbour_site.address}release/{before}/dumps/all.nq"), format=RdfFormat.N_QUADS))


def test_a_port_in_use_is_one_line_and_exit_code_2(harbour_site: Site) -> None:
    port = str(urlsplit(harbour_site.address).port)
    result = sauran("serve", "--releases", harbour_site.releases, "--port", port)
    assert result.returncode == 2
    assert (
        result.stderr
        == f"error: 127.0.0.1:{port}: Address already in use. Choose another with --host or --port.\n"
    )


def test_a_host_is_an_address_or_a_name(harbour_site: Site) -> None:
    port = free_port()
    process = start_server(harbour_site.releases, port, "--host", "localhost")
    assert json.loads(read(f"http://localhost:{port}/health"))["status"] == "ok"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    process.stderr.close()
    result = sauran("serve", "--releases", harbour_site.releases, "--host", "nowhere.invalid")
    assert result.returncode == 2
    assert result.stderr.startswith("error: nowhere.invalid:8000: ")


def test_no_release_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    result = sauran("serve", "--releases", tmp_path, "--port", str(free_port()))
    assert result.returncode == 2
    assert result.stderr == f"error: {tmp_path}: holds no release yet. Run: sauran build\n"
    with pytest.raises(ReleaseError):
        serve(read_settings({}), tmp_path)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_even_while_a_query_runs(harbour_site: Site, sent: signal.Signals) -> None:
    port = free_port()
    process = start_server(harbour_site.releases, port, "--workers", "2")
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        query = "SELECT%20(COUNT(*)%20AS%20?n)%20{?a%20?b%20?c.?d%20?e%20?f.?g%20?h%20?i}"
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        read(f"http://127.0.0.1:{port}/health")
        process.send_signal(sent)
        assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    wait_for(lambda: _refused(port), seconds=5)


def _refused(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_killed_worker_is_replaced(harbour_site: Site) -> None:
    port = free_port()
    process = start_server(harbour_site.releases, port)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    workers = [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(workers) == 1
    os.kill(int(workers[0]), signal.SIGKILL)
    wait_for(lambda: json.loads(read(f"http://127.0.0.1:{port}/health"))["status"] == "ok", seconds=20)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    process.stderr.close()


def test_any_wsgi_server_can_take_the_application(
    harbour_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAURAN_RELEASES", str(harbour_site.releases))
    release = current_release(harbour_site.releases)
    assert release is not None
    assert application().test_client().get("/health").json["release"] == release.version  # type: ignore[index]
