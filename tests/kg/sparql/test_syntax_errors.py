"""A query that does not parse: the place, what stands there, what may, for people and programs."""

import re

import pytest
from pyoxigraph import Store

from sauran.kg.sparql.syntax_errors import find_fault


def message(query: str) -> str:
    with pytest.raises(SyntaxError) as caught:
        Store().query(query)
    return str(caught.value)


@pytest.mark.parametrize(
    ("query", "place", "detail", "expected"),
    [
        (
            "SELECT * {\n  ?s ex:p ?o }",
            (2, 6),
            "the prefix ex: is not declared; write PREFIX ex: <…> first.",
            ("PREFIX ex: <…>",),
        ),
        (
            "SELECT * { FILTR(?x) }",
            (1, 12),
            "FILTR is not a keyword or function of SPARQL queries; did you mean FILTER?",
            None,
        ),
        ("SELECT * { ?s ?p 'Қ' ", (1, 10), "{ is not closed.", None),
        ("SELECT * { ?s ?p ?o } }", (1, 23), "} closes a bracket that is not open.", None),
        ("SELECT * { ?s ?p ?o ) }", (1, 21), ") stands where } has to close {.", None),
        (
            "SELECT * { FILTER(1 = ) }",
            (1, 23),
            ") cannot stand here; expected: a variable, an IRI, a string, a number, true or false, "
            'a function, "(", "<<(" and 5 more.',
            None,
        ),
        (
            "SELECT * {\r\n ?s ?p }",
            (2, 8),
            "} cannot stand here; expected: a variable, an IRI, a string, a number, true or false, "
            'a blank node, "(", "[" and 2 more.',
            None,
        ),
        (
            "SELECT * { ?s }",
            (1, 15),
            '} cannot stand here; expected: a variable, an IRI, "(", "a", "!" or "^".',
            ("a variable", "an IRI", "(", "a", "!", "^"),
        ),
        (
            "SELECT * { GRAPH 'g' {} }",
            (1, 18),
            "'g' cannot stand here; expected: a variable or an IRI.",
            ("a variable", "an IRI"),
        ),
        (
            "SELECT * WHERE",
            (1, 15),
            'the query ends before it is complete; expected: "{".',
            ("{",),
        ),
        (
            "SELECT * { ?s <p>/<q> ?o ~ <r> }",
            (1, 26),
            "~ cannot follow a property path: only a triple has reifiers and annotations.",
            None,
        ),
        ("ASK { FILTER(True) }", (1, 14), "True has to be written true.", None),
        ("ASK { ?s A ?o }", (1, 10), "A has to be written a.", None),
        (
            "SELECT * {} LIMIT ten",
            (1, 19),
            "ten is not a keyword or function of SPARQL queries; expected: a whole number.",
            ("a whole number",),
        ),
        (
            "ASK { FILTER(STRLENGTH(?x) > 1) }",
            (1, 14),
            "STRLENGTH is not a keyword or function of SPARQL queries; did you mean STRLEN?",
            None,
        ),
        ("ASK { ?s ?p 'x }", (1, 13), "the string 'x } has no end.", None),
        (
            "ASK { ?s a:b ?o . . }",
            (1, 10),
            "the prefix a: is not declared; write PREFIX a: <…> first.",
            ("PREFIX a: <…>",),
        ),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", (1, 24), "?x is named twice in SELECT.", ()),
        (
            "SELECT ?s, ?p { ?s ?p ?o }",
            (1, 10),
            "a comma stands between brackets only; write spaces between variables.",
            None,
        ),
        ("DESCRIBE * { ?x ?y ?z } GROUP BY ?y", (1, 36), "SELECT * is not authorized with GROUP BY.", ()),
    ],
)
def test_a_fault_has_a_place_and_a_cause(
    query: str, place: tuple[int, int], detail: str, expected: tuple[str, ...] | None
) -> None:
    fault = find_fault(query, message(query))
    assert fault is not None
    assert (fault.line, fault.column) == place
    assert fault.detail == f"line {place[0]}, column {place[1]}: {detail}"
    assert expected is None or fault.expected == expected


@pytest.mark.parametrize(("place", "shown"), [("1:2", (1, 2)), ("2:3", (2, 3)), ("9:9", (2, 3))])
def test_the_engine_has_the_last_word(place: str, shown: tuple[int, int]) -> None:
    fault = find_fault(
        "ASK\n{}", f"error at {place}: expected one of \"{{\", FROM, ['a'..='z'\n| '0'], \"\\\"\""
    )
    assert fault is not None
    assert (fault.line, fault.column, fault.expected) == (*shown, ())
    assert fault.detail.endswith(": the query is refused here, and no cause is known.")


@pytest.mark.parametrize(
    "query", ["SELECT ?s { ?s ?p }", "ASK { FILTER(1 +) }", "SELECT", "ASK { ?s ?p ?o ?x }"]
)
def test_programs_are_told_all_that_may_stand_there(query: str) -> None:
    fault = find_fault(query, message(query))
    assert fault is not None
    told = re.search(r"expected: (.*)\.$", fault.detail)
    assert told is not None
    more = re.search(r" and (\d+) more$", told[1])
    assert len(fault.expected) == (8 + int(more[1]) if more else len(re.split(", | or (?!false)", told[1])))


def test_a_long_line_is_cut_around_the_place() -> None:
    query = "SELECT * { " + "?s ?p ?o . " * 20 + "ex:a ?p ?o . " + "?s ?p ?o . " * 20 + "}"
    fault = find_fault(query, message(query))
    assert fault is not None
    line, caret = fault.excerpt.split("\n")
    assert len(line) == 76
    assert line[caret.index("^") :].startswith("ex:a")


def test_other_messages_are_left_alone() -> None:
    assert find_fault("SELECT * {}", "The custom function <http://e/f> is not supported") is None
