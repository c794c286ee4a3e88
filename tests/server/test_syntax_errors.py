"""A query that does not parse: the place, what stands there, what may, for people and programs."""

import tarfile
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.sparql_tokens import tokens
from server.syntax_errors import _causes, find_fault


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
            "FILTR is no keyword or function of SPARQL queries; did you mean FILTER?",
            ("FILTER",),
        ),
        ("SELECT * { ?s ?p 'Қ' ", (1, 10), "{ is not closed.", ("}",)),
        ("SELECT * { ?s ?p ?o } }", (1, 23), "} closes a bracket that is not open.", ()),
        ("SELECT * { ?s ?p ?o ) }", (1, 21), ") stands where } has to close {.", ("}",)),
        ("SELECT * { FILTER(1 = ) }", (1, 23), ") stands where a value is expected.", ("a value",)),
        ("SELECT * { ?s ?p ?o . . }", (1, 23), ". stands where a term is expected.", ("a term",)),
        (
            "SELECT * {\r\n ?s ?p }",
            (2, 8),
            "} stands where the triple still needs an object.",
            ("an object",),
        ),
        (
            "SELECT * { ?s }",
            (1, 15),
            "} stands where the triple still needs a predicate and an object.",
            None,
        ),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", (1, 30), "Duplicated variable name in SELECT.", ()),
        (
            "SELECT ?s, ?p { ?s ?p ?o }",
            (1, 10),
            "a comma stands between brackets only; write spaces between variables.",
            (),
        ),
        ("", (1, 1), "the query ends before it is complete, or a part of it does not fit.", ()),
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


def test_the_grammar_is_not_dumped() -> None:
    fault = find_fault(
        "q", "error at 1:2: expected one of \"{\", FROM, WHERE, ['a'..='z'\n| '0'], \"\\\"\", <unreported>"
    )
    assert fault is not None
    assert fault.expected == ()  # the cause was found: q is no keyword
    fault = find_fault(
        "SELECT ?q", "error at 1:8: expected one of \"{\", FROM, WHERE, ['a'..='z'\n| '0'], \"\\\"\""
    )
    assert fault is not None
    assert fault.expected == ("FROM", "WHERE", '"', "{")


def test_a_long_line_is_cut_around_the_place() -> None:
    query = "SELECT * { " + "?s ?p ?o . " * 20 + "ex:a ?p ?o . " + "?s ?p ?o . " * 20 + "}"
    fault = find_fault(query, message(query))
    assert fault is not None
    line, caret = fault.excerpt.split("\n")
    assert len(line) == 76
    assert line[caret.index("^") :].startswith("ex:a")


def test_other_messages_are_left_alone() -> None:
    assert find_fault("SELECT * {}", "The custom function <http://e/f> is not supported") is None


@pytest.mark.needs("shared")
@pytest.mark.slow
def test_no_cause_is_found_in_a_query_that_parses(shared: Path) -> None:
    seen = 0
    with tarfile.open(shared / "data/w3c/sparql-tests.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".rq") else None
            query = file.read().decode("utf-8", "replace") if file else "SERVICE"
            if "SERVICE" in query.upper():
                continue
            try:
                Store().query(query, base_iri="http://e/")
            except SyntaxError:
                continue
            except (RuntimeError, ValueError):
                pass
            seen += 1
            assert list(_causes(list(tokens(query)))) == [], member.name
    assert seen > 700
