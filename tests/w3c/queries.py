"""Tests of queries: their syntax, and their results in every format that can hold them; holds no test."""

from w3c.answers import Answer, as_stored, is_same, literals_of, read_answer, read_expected
from w3c.client import Client, Reply
from w3c.fixtures import read_quads
from w3c.manifests import BASE, Case, Manifests
from w3c.verdicts import Outcome, Verdict

from sauran.kg.sparql.tokens import tokens

__all__ = ["run_query_case"]

EMPTY = f"{BASE}no-such-graph"
_ROWS = ("application/sparql-results+json", "application/sparql-results+xml")
_TRIPLES = ("text/turtle", "application/n-triples")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_REFUSED = b"SERVICE is refused"


def run_query_case(case: Case, suites: Manifests, client: Client, way: int) -> Verdict:
    """Run a test of a query; `way` chooses how it is sent."""
    text = suites.text(case.query)
    if case.is_of_syntax:
        return _judge_syntax(case, client.ask(text, [("default-graph-uri", EMPTY)], "*/*", way))
    expected = read_expected(suites.file(case.result), case.result)
    # The suite resolves relative IRIs against the address of the query itself.
    query = f"BASE <{case.query}>\n{text}"
    dataset = _dataset(case, suites)
    replies = [client.ask(query, dataset, kind, way + n) for n, kind in enumerate(_accepted(case, text))]
    verdicts = [_judge(case, suites, expected, reply) for reply in replies]
    return max(verdicts, key=lambda verdict: verdict.badness)


def _judge_syntax(case: Case, reply: Reply) -> Verdict:
    if reply.status == (400 if case.kind.startswith("Negative") else 200):
        return Verdict(case, Outcome.PASSED)
    return Verdict(case, Outcome.REFUSED if _REFUSED in reply.body else Outcome.FAILED, reply.seen)


def _judge(case: Case, suites: Manifests, expected: Answer, reply: Reply) -> Verdict:
    if reply.status != 200:
        return Verdict(case, Outcome.REFUSED if _REFUSED in reply.body else Outcome.FAILED, reply.seen)
    given = read_answer(reply.body, reply.media_type)
    ordered = _is_ordered(suites.text(case.query))
    if is_same(expected, given, ordered=ordered, lax=case.lax):
        return Verdict(case, Outcome.PASSED)
    if not is_same(as_stored(expected), as_stored(given), ordered=ordered, lax=case.lax):
        return Verdict(case, Outcome.FAILED, reply.seen)
    rewritten = literals_of(expected) - literals_of(as_stored(expected))
    of_data = rewritten & _written(case, suites)
    return Verdict(case, Outcome.LITERALS if of_data else Outcome.VALUE, reply.seen)


def _written(case: Case, suites: Manifests) -> set[object]:
    """The literals of the data: those of a test's expected results that are none of them were computed."""
    graphs = (*case.data, *case.named, *suites.graphs_in_query(case))
    return {quad.object for graph in graphs for quad in read_quads(suites.file(graph), graph)}


def _dataset(case: Case, suites: Manifests) -> list[tuple[str, str]]:
    """The dataset of a test as parameters of the protocol; none where the query names its own."""
    if suites.graphs_in_query(case):
        return []
    inside = {
        quad.graph_name.value
        for graph in case.data
        if graph.endswith((".trig", ".nq"))
        for quad in read_quads(suites.file(graph), graph)
        if hasattr(quad.graph_name, "value")
    }
    return [("default-graph-uri", graph) for graph in case.data or (EMPTY,)] + [
        ("named-graph-uri", graph) for graph in (*case.named, *sorted(inside))
    ]


def _accepted(case: Case, query: str) -> tuple[str, ...]:
    """The media types to ask for: that of the expected results where the test is of a format."""
    suffix = case.result.rpartition(".")[2]
    if suffix in ("csv", "tsv"):
        return ("text/csv",) if suffix == "csv" else ("text/tab-separated-values",)
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return _ROWS if next(word for word in words if word in _FORMS) in ("SELECT", "ASK") else _TRIPLES


def _is_ordered(query: str) -> bool:
    """Whether the outermost query says ORDER BY."""
    depth = 0
    for token in tokens(query):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0 and token.kind == "word" and token.text.upper() == "ORDER":
            return True
    return False
