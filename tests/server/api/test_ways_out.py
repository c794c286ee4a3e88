"""Queries that want to reach other servers: nobody is ever called."""

from collections.abc import Iterator

import pytest
from attack_support import Attacked, Canary, open_canary, serve_attacked
from pyoxigraph import Store

from sauran.kg.release.release import Release

pytestmark = pytest.mark.slow

REACH = "{ ?s ?p ?o }"


@pytest.fixture(scope="module")
def server(briefing: Release) -> Iterator[Attacked]:
    with serve_attacked(briefing.folder.parent, query_timeout_s="2", query_processes="2") as opened:
        yield opened


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with open_canary() as opened:
        yield opened


# {0} is the canary's address. The status that comes back; nobody is called either way.
WAYS = {
    "plain": ("SELECT * { SERVICE <{0}> %s }", 400),
    "silent": ("SELECT * { SERVICE SILENT <{0}> %s }", 400),
    "lower case": ("SELECT * { service <{0}> %s }", 400),
    "mixed case": ("SELECT * { sErViCe SiLeNt <{0}> %s }", 400),
    "within EXISTS": ("ASK { FILTER EXISTS { SERVICE <{0}> %s } }", 400),
    "within NOT EXISTS": ("ASK { ?s ?p ?o FILTER NOT EXISTS { SERVICE <{0}> %s } }", 400),
    "within OPTIONAL": ("SELECT * { OPTIONAL { SERVICE <{0}> %s } }", 400),
    "within MINUS": ("SELECT * { ?s ?p ?o MINUS { SERVICE <{0}> %s } }", 400),
    "within a subquery": ("SELECT * { { SELECT * { SERVICE <{0}> %s } } }", 400),
    "within a subquery of a subquery": (
        "SELECT * { { SELECT * { { SELECT * { SERVICE <{0}> %s } } } } }",
        400,
    ),
    "within CONSTRUCT": ("CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <{0}> %s }", 400),
    "within DESCRIBE": ("DESCRIBE ?s { SERVICE <{0}> %s }", 400),
    "by BASE": ("BASE <{0}> SELECT * { SERVICE <> %s }", 400),
    "by PREFIX": ("PREFIX c: <{0}> SELECT * { SERVICE c: %s }", 400),
    "by variable": ("SELECT * { VALUES ?e { <{0}> } SERVICE ?e %s }", 400),
    "by variable bound": ("SELECT * { BIND(IRI('{0}') AS ?e) SERVICE ?e %s }", 400),
    "comments between": ("SELECT * { SERVICE # <x>\n SILENT #'\"\n <{0}> %s }", 400),
    "no space": ("SELECT * {SERVICE<{0}>%s}", 400),
    "glued to SILENT": ("SELECT * {SERVICESILENT<{0}>%s}", 400),
    "glued to a name": ("PREFIX c: <{0}> SELECT * { SERVICEc: %s }", 400),
    "glued to a bracket": ("SELECT*{?s ?p ?o.SERVICE<{0}>%s}", 400),
    "after what looks like a string": ("SELECT * { ?s ?p '\\'' . SERVICE <{0}> %s }", 400),
    "after a string in three quotes": ("SELECT * { ?s ?p '''a''b''' . SERVICE <{0}> %s }", 400),
    "after what looks like an IRI": ("SELECT * { ?s ?p ?o FILTER(?o<1) SERVICE <{0}> %s FILTER(?o>1) }", 400),
    "after a comment in an IRI": ("SELECT * { ?s <http://e/#'> ?o . SERVICE <{0}> %s }", 400),
    "after an escaped name": ("PREFIX e: <http://e/> SELECT * { e:a\\# ?p ?o . SERVICE <{0}> %s }", 400),
    "after a carriage return": ("SELECT * { #\rSERVICE <{0}> %s\n }", 400),
    "a letter as \\u": ("SELECT * { \\u0053ERVICE <{0}> %s }", 400),
    "a letter as \\U": ("SELECT * { SERVIC\\U00000045 <{0}> %s }", 400),
    "a bracket as \\u": ("SELECT * \\u007B SERVICE <{0}> %s }", 400),
    "the address as \\u": ("SELECT * { SERVICE <\\u0068ttp{0}> %s }", 400),
    "a quote as \\u": ("SELECT * { ?s ?p '\\u0027 . SERVICE <{0}> %s #' }", (200, 400)),
    "full-width letters": ("SELECT * { \uff33ERVICE <{0}> %s }", 400),
    "dotless letter": ("SELECT * { SERV\u0131CE <{0}> %s }", 400),
    "long s": ("SELECT * { \u017fERVICE <{0}> %s }", 400),
    "LATERAL": ("SELECT * { LATERAL { SERVICE <{0}> %s } }", 400),
    "from": ("SELECT * FROM <{0}> { ?s ?p ?o }", 200),
    "from named": ("SELECT * FROM NAMED <{0}> { GRAPH ?g { ?s ?p ?o } }", 200),
    "graph": ("SELECT * { GRAPH <{0}> { ?s ?p ?o } }", 200),
    "describe": ("DESCRIBE <{0}>", 200),
    "a function": ("SELECT (<{0}>(1) AS ?x) {}", (200, 400)),
    "load": ("LOAD <{0}>", 400),
    "load silent": ("LOAD SILENT <{0}> INTO GRAPH <http://e/>", 400),
    "insert": ("INSERT { ?s ?p ?o } WHERE { SERVICE <{0}> %s }", 400),
    "delete": ("DELETE WHERE { ?s ?p ?o }", 400),
    "query and load": ("SELECT * { ?s ?p ?o } ; LOAD <{0}>", 400),
    "clear": ("CLEAR ALL", 400),
}


@pytest.mark.parametrize("name", WAYS)
def test_nobody_is_called(server: Attacked, canary: Canary, name: str) -> None:
    text, status = WAYS[name]
    query = text.replace("%s", REACH).replace("{0}", canary.address)
    said = server.ask(query, timeout_s=10)
    assert canary.calls == []
    assert said.status in (status if isinstance(status, tuple) else (status,)), said.body[:300]
    if said.status != 200:
        assert said.problem["detail"]


def test_datasets_of_the_protocol_fetch_nothing(server: Attacked, canary: Canary) -> None:
    for parameter in ("default-graph-uri", "named-graph-uri"):
        said = server.ask("SELECT * { ?s ?p ?o }", **{parameter: canary.address})
        assert said.status in (200, 400)
    assert canary.calls == []


def test_graphs_by_their_address_fetch_nothing(server: Attacked, canary: Canary) -> None:
    for path in (f"/sparql?query=LOAD+%3C{canary.address}%3E", f"/rdf-graph-store?graph={canary.address}"):
        assert server.send("GET", path).status in (400, 404)
    assert canary.calls == []


def test_updates_are_refused_by_their_own_parameter(server: Attacked, canary: Canary) -> None:
    body = f"update=LOAD+%3C{canary.address}%3E".encode()
    said = server.send("POST", "/sparql", body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert 400 <= said.status < 500
    update = {"Content-Type": "application/sparql-update"}
    assert server.send("POST", "/sparql", f"LOAD <{canary.address}>".encode(), update).status in (400, 415)
    assert canary.calls == []


def test_the_canary_sings(canary: Canary) -> None:
    """What proves nothing else: whoever calls is noted."""
    with open_canary() as other:
        query = f"SELECT * {{ SERVICE SILENT <{other.address}> {{ ?s ?p ?o }} }}"
        list(Store().query(query))  # type: ignore[arg-type]
        assert len(other.calls) == 1
    assert canary.calls == []


def test_a_query_within_text_is_text(server: Attacked) -> None:
    said = server.ask('SELECT ("SERVICE <http://e/>" AS ?x) { } # SERVICE <http://e/> {}')
    assert said.status == 200
    assert b"SERVICE <http://e/>" in said.body
