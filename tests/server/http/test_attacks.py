"""Queries that want to hang, crash or fill the server: each is refused or ended, unnoticed by others."""

import contextlib
from collections.abc import Iterator

import pytest
from attack_support import Attacked, serve_attacked
from support import wait_for

from sauran.kg.release.release import Release

pytestmark = pytest.mark.slow

CHEAP = "SELECT ?s { ?s ?p ?o } LIMIT 1"
CHEAP_S = 0.5  # within which a cheap query of somebody else is answered, whatever goes on
TIMEOUT_S, MEMORY_MB, PROCESSES = 1, 256, 4
MOST_MB = PROCESSES * MEMORY_MB + 700  # all that the processes together may ever hold

VALUES = {
    "time": "1 s",
    "memory": "256 MiB",
    "rows": "1000000 rows or triples",
    "bytes": "64 MiB of answer",
}

TRIPLES = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
DOUBLING = 'BIND("abcdefghijklmnop" AS ?a0) ' + " ".join(
    f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(40)
)
TOWER = "?s ?p0 ?o0 " + " ".join(f"OPTIONAL {{ ?s{n} ?p{n} ?o{n - 1} }}" for n in range(1, 60))
LETTERS = "a" * 60
# Heavy work: by its deadline it is ended, or by what it takes.
HEAVY = {
    "cartesian product": f"SELECT * {{ {TRIPLES} }}",
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} }}",
    "product sorted": f"SELECT * {{ {TRIPLES} }} ORDER BY ?c ?f ?i",
    "product made distinct": f"SELECT DISTINCT * {{ {TRIPLES} }}",
    "product grouped": f"SELECT ?a ?d (COUNT(*) AS ?n) {{ {TRIPLES} }} GROUP BY ?a ?d",
    "product joined into one text": f"SELECT (GROUP_CONCAT(STR(?a)) AS ?all) {{ {TRIPLES} }}",
    "product constructed": f"CONSTRUCT {{ ?a ?e ?i }} {{ {TRIPLES} }}",
    "product described": f"DESCRIBE ?a ?d ?g {{ {TRIPLES} }}",
    "product within a subquery": f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT * {{ {TRIPLES} }} }} ?j ?k ?l }}",
    "product within EXISTS": f"ASK {{ FILTER NOT EXISTS {{ {TRIPLES} FILTER(STR(?a) = ?e && ?i = 7) }} }}",
    "text doubled": f"SELECT (STRLEN(?a40) AS ?n) {{ {DOUBLING} }}",
    "quadratic filter": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(CONTAINS(STR(?c), STR(?f)) && ?b != ?e) }"
    ),
    "tower of OPTIONAL": f"SELECT * {{ {TOWER} }}",
    "union of products": f"SELECT (COUNT(*) AS ?n) {{ {{ {TRIPLES} }} UNION {{ {TRIPLES} }} }}",
    "minus of products": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} MINUS {{ ?x ?y ?z . ?d ?v ?w }} }}",
    "any path there is": "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)* ?b . ?c (!<x:x>)+ ?d }",
    "long path": "SELECT (COUNT(*) AS ?n) { ?a " + "/".join(["(!<x:x>|^!<x:x>)"] * 100) + " ?b }",
    "hashes of a product": f"SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?f)))) AS ?m) {{ {TRIPLES} }}",
    "regex of a product": (
        f'SELECT (COUNT(*) AS ?n) {{ {TRIPLES} FILTER(REGEX(?c, "(a+)+(b+)+$") || REGEX(?f, STR(?i))) }}'
    ),
    "replaced again and again": (
        f'SELECT ?r {{ {TRIPLES} BIND(REPLACE(REPLACE(STR(?a), "", "{LETTERS}"), "a", "{LETTERS}") AS ?r) }}'
    ),
}
# What is refused before anything parses it, or answered because it is harmless.
REFUSED = {
    "5,000 groups": ("SELECT * { " + "{" * 5000 + "}" * 5000 + " }", 400),
    "20,000 parentheses": ("SELECT * { FILTER" + "(" * 20_000 + "1" + ")" * 20_000 + " }", 400),
    "20,000 collections": ("SELECT * { ?s ?p " + "(" * 20_000 + ")" * 20_000 + " }", 400),
    "20,000 blank nodes": ("SELECT * { ?s ?p " + "[ ?p " * 20_000 + "]" * 20_000 + " }", 400),
    "20,000 quoted triples": ("SELECT * { " + "<< " * 20_000 + " }", 400),
    "20,000 brackets never closed": ("SELECT * { " + "(" * 20_000, 400),
    "50,000 times not": ("SELECT * { FILTER(" + "!" * 50_000 + "true) }", 400),
    "50,000 times plus": ("SELECT * { FILTER(1 = " + "+" * 50_000 + "1) }", 400),
    "50,000 times inverse": ("SELECT * { ?s " + "^" * 50_000 + "<p:p> ?o }", 400),
    "or of 20,000": ("SELECT * { FILTER(" + "||".join(["?s=1"] * 20_000) + ") }", 400),
    "sum of 50,000": ("SELECT * { FILTER(0 = " + "+".join(["1"] * 50_000) + ") }", 400),
    "path of 5,000 steps": ("SELECT * { ?s " + "/".join(["<p:p>"] * 5000) + " ?o }", 400),
    "path of 5,000 ways": ("SELECT * { ?s " + "|".join(["<p:p>"] * 5000) + " ?o }", 400),
    "5,000 times UNION": ("SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 5000) + " }", 400),
    "5,000 times OPTIONAL": ("SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 5000 + "}", 400),
    "IRI of 100,000 letters": (f"SELECT * {{ <http://e/{'a' * 100_000}> ?p ?o }}", 400),
    "query of 1 MB": ("SELECT * { ?s ?p ?o } #" + "x" * 1_000_000, 413),
    "string that never ends": ('SELECT * { ?s ?p "' + "\\\\" * 100_000, 400),
    "regex bomb": (f'ASK {{ FILTER(REGEX("{"a" * 5000}b", "{"(a?)" * 5000}{"a" * 5000}$")) }}', (200, 400)),
    "repeated regex": ('ASK { FILTER(REGEX("aaaa", "((a{1,1000}){1,1000}){1,1000}")) }', (200, 400)),
    "large VALUES": ("SELECT * { VALUES ?x { " + "1 " * 100_000 + "} }", (200, 400)),
    "large VALUES of pairs": ("SELECT * { VALUES (?x ?y) { " + "(1 2) " * 40_000 + "} }", (200, 400)),
    "large IN": ("SELECT * { ?s ?p ?o FILTER(?o IN (" + "1," * 50_000 + "1)) }", (200, 400, 504)),
    "all described": ("DESCRIBE *", (200, 400)),
    "everything described": ("DESCRIBE * { ?s ?p ?o }", (200, 503, 504)),
    "no text": ("", 400),
    "NUL and controls": ("SELECT * { ?s ?p \x00\x01\x02 }", 400),
}


@pytest.fixture(scope="module")
def server(briefing: Release) -> Iterator[Attacked]:
    """The briefing, with the limits above."""
    with serve_attacked(
        briefing.folder.parent,
        query_timeout_s=str(TIMEOUT_S),
        query_memory_mb=str(MEMORY_MB),
        query_processes=str(PROCESSES),
        query_max_mb="64",
    ) as opened:
        yield opened


def assert_well(server: Attacked) -> None:
    """A cheap query of somebody else is answered, no process is left over, memory is bounded."""
    quickest = 20.0
    for host in (99, 98, 97):
        cheap = server.ask(CHEAP + f" OFFSET {host}", source=f"127.0.0.{host}")
        assert cheap.status == 200, cheap.body
        quickest = min(quickest, cheap.seconds)
    assert quickest < CHEAP_S
    # The server, its helper, the web process, the fork server; query processes die and are born.
    wait_for(lambda: len(server.tree) <= 4 + PROCESSES, seconds=2)
    assert server.memory_mb < MOST_MB


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_work_ends_at_a_limit_and_says_which(server: Attacked, name: str) -> None:
    with server.spending_at_most(TIMEOUT_S + 0.6):
        said = server.ask(HEAVY[name])
    assert said.status in (503, 504), said.body[:300]
    problem = said.problem
    limit = str(problem["limit"])
    assert said.status == (504 if limit == "time" else 503)
    assert problem["value"] == VALUES[limit]
    assert str(problem["type"]).endswith(f"/limit-{limit}")
    assert VALUES[limit] in str(problem["detail"])
    assert "Ask for less" in str(problem["detail"])
    assert_well(server)


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_break_a_parser_is_refused_and_the_harmless_answered(server: Attacked, name: str) -> None:
    query, status = REFUSED[name]
    with server.spending_at_most(TIMEOUT_S + 0.6):
        said = server.ask(query)
    assert said.status in (status if isinstance(status, tuple) else (status,)), said.body[:300]
    if said.status != 200:
        assert str(said.problem["detail"])
    assert_well(server)


def test_nobody_reads_a_body_of_16_mb(server: Attacked) -> None:
    """The answer comes before the body has been sent; whoever sends on regardless may find the line cut."""
    with server.connect() as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: e\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 16000000\r\n\r\n" + b"#" * 1000
        )
        connection.settimeout(5)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
    with server.spending_at_most(CHEAP_S), contextlib.suppress(ConnectionError):
        assert server.ask("#" * 16_000_000).status == 413
    assert_well(server)


def test_a_client_may_ask_for_less_time(server: Attacked) -> None:
    with server.spending_at_most(0.9):
        said = server.ask(HEAVY["count of a product"], timeout="0.3")
    assert (said.status, said.problem["value"]) == (504, "0.3 s")


def test_a_client_may_not_ask_for_more_time(server: Attacked) -> None:
    with server.spending_at_most(TIMEOUT_S + 0.6):
        said = server.ask(HEAVY["count of a product"], timeout="3600")
    assert said.status in (400, 504)


def test_what_there_is_comes_only_to_who_asks_for_it(server: Attacked) -> None:
    said = server.ask(HEAVY["cartesian product"], partial="true")
    assert said.status == 200
    assert said.headers["sauran-partial"] in ("time", "rows", "bytes")
    assert said.headers["cache-control"] == "no-store"
    assert "etag" not in said.headers
    assert said.body.startswith(b'{"head"')
    assert said.body.endswith(b"]}}")
    assert_well(server)
