"""How much a query may be: limits are named, long lists are none, and what is admitted crashes nothing."""

import subprocess
import sys
import time

import pytest

from sauran.kg.sparql import query_checks
from sauran.kg.sparql.query_checks import RefusedQuery, check_query


def refusal(query: str) -> str:
    """The rule that a query breaks, or ""."""
    try:
        check_query(query)
    except RefusedQuery as refused:
        return refused.rule
    return ""


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "#" * 262_145,
            "query: it has 262145 bytes; the limit is 262144 bytes. Ask in several queries.",
        ),
        (
            "SELECT * " + "{" * 65 + "}" * 65,
            "query: its brackets are nested too deep; the limit is 64 brackets within each other. Nest less.",
        ),
        (
            "ASK { FILTER(" + "!" * 501 + "true) }",
            "query: it chains too many operators; the limit is 500 operators in one expression or path. "
            "Use IN or VALUES for long lists.",
        ),
        (
            "ASK { ?s " + "/".join(["a"] * 502) + " ?o }",
            "query: it chains too many operators; the limit is 500 operators in one expression or path. "
            "Use IN or VALUES for long lists.",
        ),
        (
            "SELECT * {" + "OPTIONAL{}" * 201 + "}",
            "query: it has too many parts; the limit is 200 of OPTIONAL, UNION, FILTER, BIND and the like. "
            "Use VALUES for long lists.",
        ),
        (
            "SELECT * {" + "?s ?p ?o." * 334 + "}",
            "query: its triples have too many terms; the limit is 1000 terms. Use VALUES for long lists.",
        ),
        (
            f"ASK {{ ?s <http://e/{'a' * 4096}> ?o }}",
            "query: an IRI in it is too long; the limit is 4096 characters in one IRI. Use shorter IRIs.",
        ),
        ("ASK { ?s ?p 'a }", "query: the string 'a } has no end. Close it."),
    ],
)
def test_what_is_too_much_is_named_with_its_limit(query: str, message: str) -> None:
    with pytest.raises(RefusedQuery) as caught:
        check_query(query)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES (?x ?y) {" + "(-1.5 <http://e/a>)" * 5000 + "} ?s ?p ?x }",
        "SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(["<http://e/a>"] * 5000) + ")) }",
        "SELECT * {" + "FILTER(?a+1=2||?b=3)" * 150 + "}",
        "SELECT * {" + "?s a/a/a ?o ." * 300 + "}",
    ],
    ids=["values", "in", "filters", "paths"],
)
def test_long_lists_are_no_chains(query: str) -> None:
    assert refusal(query) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["?a?b?c.", "a.", "\\'", "'''", "\"'", "<a", "#\n", "1.", "e:\\'", ">>", "service:a "]
)
def test_time_grows_with_length_only(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_checks, "MAX_TERMS", 10**9)

    def seconds(size: int) -> float:
        began = time.process_time()
        refusal(unit * (size // len(unit)))
        return time.process_time() - began

    seconds(1000)
    assert seconds(256 * 1024) < 20 * max(seconds(32 * 1024), 0.01)


WORST = {
    "groups": "SELECT * {" + "{" * 62 + "}" * 62 + "}",
    "exists": "SELECT * {" + "FILTER EXISTS{" * 62 + "?a ?b ?c" + "}" * 62 + "}",
    "functions": "SELECT (sum(" + "abs(" * 60 + "1" + ")" * 60 + ") AS ?x) {}",
    "signs": "ASK { FILTER(" + "!" * 499 + "true) }",
    "or": "ASK { ?s ?p ?o FILTER(" + "||".join(["?o"] * 500) + ") }",
    "minus": "SELECT * {" + "MINUS{}" * 197 + "}",
    "columns": "SELECT " + "".join(f"(1 AS ?x{n})" for n in range(198)) + "{}",
    "list": "SELECT * { ?s ?p (" + "1 " * 498 + ") }",
    "all": "SELECT * {"
    + "{MINUS{} " * 60
    + "FILTER("
    + "-1" * 400
    + "+1)"
    + "}" * 60
    + "MINUS{}" * 60
    + ",".join(["?s ?p ?o"] + ["?o"] * 900)
    + "}",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WORST)
def test_what_is_admitted_does_not_crash_the_engine(name: str) -> None:
    """A process with a stack of 8 MiB bears it; being slow is no crash."""
    check_query(WORST[name])
    code = (
        "import sys, resource, pyoxigraph\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        "answer = pyoxigraph.Store().query(sys.stdin.read())\n"
        "[None for _ in answer] if hasattr(answer, '__iter__') else bool(answer)\n"
    )
    command = ["bash", "-c", 'ulimit -s 8192; exec "$0" -c "$1"', sys.executable, code]
    try:
        done = subprocess.run(
            command, input=WORST[name].encode(), timeout=3, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return
    assert done.returncode in (0, 1), done.stderr
