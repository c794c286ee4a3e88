"""What is read out of the queries of shapes by their tokens."""

import pytest

from sauran.kg.validate.lint.queries import forbidden_in, is_about_order, patterns_in


@pytest.mark.parametrize(
    ("query", "fine"),
    [
        ("SELECT $this { $this ?p ?o }", True),
        ("SELECT $this { $this <http://e/VALUES> 'MINUS' } # FROM", True),
        ("SELECT $this { $this ex:from ?o }", True),
        ("SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }", False),
        ("SELECT $this { values ?x { 1 } }", False),
        ("SELECT $this { BIND (1 AS $this) }", False),
        ("SELECT $this { { SELECT ?o { $this ?p ?o } } }", False),
        ("SELECT $this { { SELECT $this ?o WHERE { $this ?p ?o } } }", True),
    ],
)
def test_what_a_query_may_say(query: str, fine: bool) -> None:
    assert (forbidden_in(query) == "") == fine


def test_order_in_a_query_is_seen() -> None:
    assert is_about_order("SELECT $this { FILTER (?a >= ?b) }")
    assert is_about_order("SELECT $this { FILTER (year(?a) = 2) }")
    assert not is_about_order("SELECT $this { $this <http://e/p> ?a FILTER (?a = 1) }")


@pytest.mark.parametrize(
    ("comparison", "ordered"),
    [
        ("STR(?a) > str($b)", False),
        ("STR(?a) <= STR(?b)", False),
        ("STR(?a) > ?b", True),
        ("?a > STR(?b)", True),
        ("STR(?a) > STR(?b) + 1", False),  # an error wherever it is asked
        ("STR(?a) > STRDT(?b, ?c)", True),
        ("?a < ?b && STR(?a) > STR(?b)", True),
    ],
)
def test_order_of_texts_is_no_doubt(comparison: str, ordered: bool) -> None:
    assert is_about_order(f"SELECT $this {{ FILTER ({comparison}) }}") is ordered


def test_patterns_of_a_query_are_found() -> None:
    query = """SELECT * { FILTER(REGEX(STR(?a, ","), "\\\\d\\u0041", 'i') || regex(?a, ?b)
      || REPLACE(?a, '''x''', "y")) }"""
    assert list(patterns_in(query)) == [("\\dA", "i"), (None, ""), ("x", "")]
    assert list(patterns_in("SELECT * { ?REGEX ?p 'REGEX(a, b)' } # REGEX(?a, ?b)")) == []
