"""The tokens of a query: keywords are told apart from strings, IRIs, names and comments."""

import pytest

from kg.sparql_tokens import dataset_clause, has_keyword, tokens


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
