"""The tokens of a query: keywords are told apart from strings, IRIs, names and comments."""

import pytest

from sauran.kg.sparql.tokens import dataset_clause, has_keyword, tokens


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s { ?s <http://e/service> 'service' }", False),
        ("SELECT ?service { ?service ?p ?o }", False),
        ("SELECT * { ?s service:x ?o } # SERVICE <http://e/>", False),
        ("SELECT * { ?s :SERVICE ?o }", False),
        ("SELECT * { ?s ?p '''SERVICE ' '' <http://e/> {''' }", False),
        ('SELECT * { ?s ?p "a\\" SERVICE <http://e/> {}" }', False),
        ("SELECT * { FILTER(?a<?b) SERVICE<http://e/>{} FILTER(?a>?b) }", True),
        ("SELECT * { service SILENT <http://e/> {} }", True),
        ("SELECT * {SERVICE?x{}}", True),
        ("SELECT * { ?s ?p 'a'SERVICE <http://e/> {} }", True),
        ("SELECT * { ?s ?p _:service }", False),
        ("SELECT * { ?s ?p 'x'@service }", False),
    ],
)
def test_service_is_found_only_as_a_keyword(query: str, expected: bool) -> None:
    assert has_keyword(query, "SERVICE") is expected


def test_from_is_found_in_either_form() -> None:
    assert dataset_clause("SELECT * FROM <http://e/g> { ?s ?p ?o }")
    assert dataset_clause("SELECT * FROM NAMED <http://e/g> { ?s ?p ?o }")
    assert not dataset_clause("SELECT * { ?from ?p 'from' }")


def test_tokens_keep_text_and_place() -> None:
    query = "SELECT ?x { ?x a ex:Thing\\-1 . } # end"
    found = list(tokens(query))
    assert [(t.kind, t.text) for t in found] == [
        ("word", "SELECT"),
        ("variable", "?x"),
        ("sign", "{"),
        ("variable", "?x"),
        ("word", "a"),
        ("name", "ex:Thing\\-1"),
        ("sign", "."),
        ("sign", "}"),
    ]
    assert all(query[t.start :].startswith(t.text) for t in found)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("true.SERVICE", ["word true", "sign .", "word SERVICE"]),
        ("a.b:c.d", ["name a.b:c.d"]),
        ("ex:.a", ["name ex:", "sign .", "word a"]),
        ("ex:a.", ["name ex:a", "sign ."]),
        ("ex:a\u3001b", ["name ex:a\u3001b"]),
        ("?a\u00b7b", ["variable ?a\u00b7b"]),
        ("<http://e/\\u0070'>", ["iri <http://e/\\u0070'>"]),
        ("1.e5x", ["number 1.e5", "word x"]),
        ('"""a"b""c"""', ['string """a"b""c"""']),
        ('"""a', ['unclosed """a']),
        ("'a\nb", ["unclosed 'a", "word b"]),
        ("a||b&&<<", ["word a", "sign ||", "word b", "sign &&", "sign <<"]),
    ],
)
def test_tokens_end_where_the_standard_says(query: str, expected: list[str]) -> None:
    assert [f"{token.kind} {token.text}" for token in tokens(query)] == expected
