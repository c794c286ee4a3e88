"""Where queries are answered."""

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from sauran.kg.model.errors import QueryError
from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS
from sauran.server.http.executor import Rows, ask_rows, open_reply, read_rows, run
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import Question

JSON = RESULT_FORMATS[0]
NOBODY = NamedNode("http://e/nobody")


def test_rows_are_read_with_their_gaps(served_release: ServedRelease) -> None:
    data = run(served_release, Question("SELECT ?x ?y { BIND('o' AS ?x) }", JSON))
    assert read_rows(data) == Rows(("x", "y"), ((Literal("o"), None),))


@pytest.mark.parametrize(
    ("query", "truth"), [("ASK { ?s ?p ?o }", True), ("ASK { ?s <http://e/p> 1 }", False)]
)
def test_a_truth_value_is_read(served_release: ServedRelease, query: str, truth: bool) -> None:
    assert read_rows(run(served_release, Question(query, JSON))) is truth


def test_values_are_bound_not_pasted(served_release: ServedRelease) -> None:
    query = "SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o } GROUP BY ?s"
    known = NamedNode("https://w3id.org/sauran/id/kazakhstan")
    rows = read_rows(run(served_release, Question(query, JSON, bindings={"s": known})))
    assert isinstance(rows, Rows)
    assert [row[0] for row in rows.rows] == [known]


def test_triples_are_written_sorted_with_prefixes(served_release: ServedRelease) -> None:
    query = "CONSTRUCT { ?s a ?o , 'a' } { VALUES (?s ?o) { (<https://w3id.org/sauran/id/x> 'o') } }"
    data = run(served_release, Question(query, RDF_FORMATS[0]))
    prologue, body = data.decode().split("\n\n")
    assert body == 'id:x a "a" , "o" .\n'
    assert prologue.splitlines() == sorted(prologue.splitlines())
    assert (
        len(list(parse(run(served_release, Question(query, RDF_FORMATS[1])), format=RdfFormat.N_TRIPLES)))
        == 2
    )


def test_a_format_that_cannot_hold_the_answer_is_refused(served_release: ServedRelease) -> None:
    with pytest.raises(QueryError):
        run(served_release, Question("SELECT * { ?s ?p ?o }", RDF_FORMATS[0]))


def test_own_questions_are_asked_by_name(served_release: ServedRelease) -> None:
    assert ask_rows(served_release, "claims-of-thing", thing=NOBODY).rows == ()


def test_an_answer_says_how_much_it_is(served_release: ServedRelease) -> None:
    reply = open_reply(served_release, Question("SELECT ?s { ?s a ?state }", JSON, bindings={}))
    assert reply.whole is not None
    assert (reply.tally.size, reply.tally.stopped_by) == (len(reply.whole), "")
    reply.close()
