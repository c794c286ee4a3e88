"""Queries whose tokens stand in order and that mean nothing: the token, and why."""

import pytest
from pyoxigraph import Store

from sauran.kg.sparql.misuse import find_misuse
from sauran.kg.sparql.syntax_errors import first_fault

LOST = "{} is neither grouped nor aggregated; name it in GROUP BY."


def is_refused(query: str) -> bool:
    try:
        Store().query(query, base_iri="http://e/")
    except SyntaxError:
        return True
    return False


@pytest.mark.parametrize(
    ("query", "rest", "why"),
    [
        (
            "ASK { _:a ?p 1 . { _:a ?q 2 } }",
            "_:a ?q",
            "_:a is a blank node of another pattern; write a variable to join the two.",
        ),
        (
            "ASK { VALUES (?a ?b) { (1 2) ('x'^^<t> 'y'@en -1) } }",
            "('x'",
            "this row of VALUES has length 3, but the variables are 2.",
        ),
        ("ASK { VALUES (?a ?a) { (1 2) } }", "?a) {", "?a is already a variable of this VALUES."),
        ("ASK { ?a ?b ?c BIND (1 AS ?b) }", "?b) }", "?b is already bound before this BIND; name another."),
        (
            "ASK { { SELECT ?x (1 AS ?y) { ?x ?z 1 } } BIND (1 AS ?y) }",
            "?y) }",
            "?y is already bound before this BIND; name another.",
        ),
        (
            "ASK { FILTER (COUNT(?a) > 1) }",
            "COUNT",
            "COUNT cannot stand in FILTER; aggregates belong in SELECT, HAVING and ORDER BY.",
        ),
        ("ASK { ?a ?b 'c'@en--up }", "@en", "the base direction up is neither ltr nor rtl."),
        ("ASK { FILTER (CONCAT ('a') = 'a') }", "('a'", "the engine wants CONCAT( without a space."),
        ("ASK { BIND (BNODE () AS ?x) }", "()", "the engine wants BNODE( without a space."),
        ("SELECT ?x ?x {}", "?x {", "?x is named twice in SELECT."),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", "?x) {", "?x is named twice in SELECT."),
        ("SELECT (1 AS ?x) { ?x ?p 1 }", "?x) {", "?x is bound by the query already; name another after AS."),
        (
            "SELECT (1 AS ?k) {} GROUP BY (2 AS ?k)",
            "?k) {",
            "?k is bound by the query already; name another after AS.",
        ),
        (
            "SELECT * { ?x ?p 1 } GROUP BY ?x",
            "* {",
            "SELECT * gives no groups; name what they are grouped by.",
        ),
        (
            "SELECT * {} HAVING (COUNT(*) > 1)",
            "* {",
            "SELECT * gives no groups; name what they are grouped by.",
        ),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x ?p 1 }", "?x (", LOST.format("?x")),
        ("SELECT ?x { ?x ?p 1 } ORDER BY COUNT(*)", "?x {", LOST.format("?x")),
        ("ASK { { SELECT ((?x + ?y) AS ?z) { ?x ?p ?y } GROUP BY ?x } }", "?y) AS", LOST.format("?y")),
        ("ASK { ?s ?p '\\uD800' }", "\\uD800", "\\uD800 stands for no character."),
        ("ASK { ?s ?p <http://e/\\U00110000> }", "\\U00110000", "\\U00110000 stands for no character."),
        (
            "ASK { ?s ?p '\\u12' }",
            "\\u12",
            "an escape has four hexadecimal digits after \\u, eight after \\U.",
        ),
        ("ASK { ?s ?p '\\q' }", "\\q", "\\q is not a valid escape; a backslash itself is written \\\\."),
    ],
)
def test_what_tokens_in_order_mean_wrongly_is_named(query: str, rest: str, why: str) -> None:
    assert is_refused(query)
    assert first_fault(query) is None
    misuse = find_misuse(query)
    assert misuse is not None
    assert misuse.why == why
    assert query[misuse.offset :].startswith(rest)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p ?o MINUS { ?s ?p ?x } BIND (1 AS ?x) }",
        "ASK { ?s ?p ?o FILTER (?x) FILTER NOT EXISTS { ?x ?p 1 } BIND (1 AS ?x) }",
        "ASK { { SELECT ?o { ?o ?p ?x } } BIND (1 AS ?x) }",
        "ASK { ?s ?p ?x { BIND (1 AS ?x) } }",
        "ASK { _:a ?p ?x VALUES ?y { 1 } BIND (1 AS ?z) FILTER (?x > 1) _:a ?q ?y }",
        "CONSTRUCT { _:a ?p ?x } { _:a ?p ?x }",
        "ASK { FILTER EXISTS { SELECT (COUNT(*) AS ?n) {} } VALUES () { () } }",
        "ASK { FILTER (EXISTS { SELECT (COUNT(*) AS ?n) {} }) ?s ?p '\\\\uD800\\n\\u0041' }",
        "SELECT ?k (?x AS ?y) (SUM(?z) AS ?n) { ?x ?p ?z } GROUP BY (STR(?z) AS ?k) (?x) HAVING (?n > 1)",
        "ASK { FILTER (CONCAT('a', STR (1)) = 'a') BIND (BNODE ('b') AS ?x) BIND (BNODE() AS ?y) }",
        "ASK { VALUES (?a ?b) { (<<( <a> <b> <<( <a> <b> 'c'@en )>> )>> UNDEF) } }",
        "SELECT (COUNT(?x) AS ?x) { ?x ?p 1 }",
        "ASK { BIND (EXISTS { ?x ?p 1 BIND (1 AS ?z) } AS ?x) }",
        "SELECT (1 AS ?x) (?x + 1 AS ?y) { FILTER (?x) FILTER NOT EXISTS { ?x ?p ?y } }",
        "SELECT ?x (EXISTS { ?y ?p ?z } AS ?b) { ?x ?p ?y } GROUP BY ?x ORDER BY ?y",
    ],
)
def test_what_is_bound_elsewhere_is_left_alone(query: str) -> None:
    assert not is_refused(query)
    assert first_fault(query) is None
    assert find_misuse(query) is None
