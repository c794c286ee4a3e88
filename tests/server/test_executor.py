"""Where queries are answered."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.errors import QueryError
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.store import Store
from server.executor import Question, Rows, ask_rows, read_rows, run

JSON = RESULT_FORMATS[0]
EX = "http://e/"
STORE = Store.of_quads([Quad(NamedNode(f"{EX}s"), NamedNode(f"{EX}p"), Literal("o"), NamedNode(f"{EX}g"))])


def test_rows_are_read_with_their_gaps() -> None:
    data = run(STORE, Question("SELECT ?x ?y { ?s ?p ?x }", JSON))
    assert read_rows(data) == Rows(("x", "y"), ((Literal("o"), None),))


@pytest.mark.parametrize(("query", "truth"), [("ASK { ?s ?p ?o }", True), ("ASK { ?s ?p 1 }", False)])
def test_a_truth_value_is_read(query: str, truth: bool) -> None:
    assert read_rows(run(STORE, Question(query, JSON))) is truth


def test_values_are_bound_not_pasted() -> None:
    query = Question("SELECT ?s ?o { ?s ?p ?o }", JSON, bindings={"s": NamedNode(f"{EX}s")})
    assert read_rows(run(STORE, query)) == Rows(("s", "o"), ((NamedNode(f"{EX}s"), Literal("o")),))
    other = Question("SELECT ?s ?o { ?s ?p ?o }", JSON, bindings={"s": NamedNode(f"{EX}other")})
    assert read_rows(run(STORE, other)) == Rows(("s", "o"), ())


def test_triples_are_written_sorted_with_prefixes() -> None:
    query = "CONSTRUCT { ?s ?p ?o , 'a' } { ?s ?p ?o }"
    data = run(STORE, Question(query, RDF_FORMATS[0], prefixes={"e": EX}))
    assert data.decode() == '@prefix e: <http://e/> .\n\ne:s e:p "a" , "o" .\n'
    assert len(list(parse(run(STORE, Question(query, RDF_FORMATS[1])), format=RdfFormat.N_TRIPLES))) == 2


def test_a_format_that_cannot_hold_the_answer_is_refused() -> None:
    with pytest.raises(QueryError):
        run(STORE, Question("SELECT * { ?s ?p ?o }", RDF_FORMATS[0]))


def test_own_questions_are_asked_by_name() -> None:
    assert ask_rows(STORE, "claims-of-thing", thing=NamedNode(f"{EX}s")).rows == ()
