"""The order of tokens in a query: where it goes wrong first, and what may stand there."""

import re
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from sauran.kg.sparql.grammar import grammar, read_grammar
from sauran.kg.sparql.misuse import find_misuse
from sauran.kg.sparql.syntax_errors import UnexpectedToken, first_fault
from sauran.kg.sparql.tokens import joined, tokens

GOOD = (
    "SELECT * { ?s ?p ?o }",
    "PREFIX ex: <http://e/> BASE <http://f/> SELECT DISTINCT ?s (COUNT(*) AS ?n) FROM <g> FROM NAMED ex: "
    "WHERE { ?s a ex:b , ?c ; ex:d 'e'@en-GB , 'f'^^ex:g . OPTIONAL { ?s ex:h -1.5 } } "
    "GROUP BY ?s HAVING ( COUNT(*) > 2 ) ORDER BY DESC( ?n ) ?s LIMIT 5 OFFSET 6",
    "ASK { { ?a ?b ( 1 [ ?c true ] ) } UNION { [] ?d () } MINUS { GRAPH ?g { [ ?x ?y ] } } "
    "FILTER ( ?a NOT IN ( 1 , 2 ) && ! BOUND( ?b ) || - ?c * 2 <= 3 ) FILTER NOT EXISTS { } }",
    "CONSTRUCT { _:a ?p ?o . ?s ?p ( 1 ) } WHERE { ?s ( <a> / ^ <b> | ! ( <c> | ^ a ) ) + / <d> ? ?o } "
    "LIMIT 1",
    "CONSTRUCT WHERE { ?s ?p ?o ; a ?c }",
    "DESCRIBE <a> ?b { BIND ( IF( ?x , STR( 1 ) , REPLACE( 'a' , 'b' , 'c' ) ) AS ?b ) }",
    "VERSION '1.2' SELECT ?s { << ?s ?p ?o ~ ?r >> ?q <<( ?a ?b 1 )>> . ?s ?p ?o ~ <r> {| ?a ?b |} "
    "LATERAL { SELECT ?o { ?o ?p 'x'@ar--rtl } } }",
    "SELECT ?x { VALUES ( ?x ?y ) { ( 1 UNDEF ) ( <<( <a> <b> 'c' )>> 'd'@en ) } VALUES ?z { true } } "
    "VALUES ?x { <a> }",
    "SELECT ( GROUP_CONCAT( DISTINCT ?o ; SEPARATOR = ', ' ) AS ?all ) { ?s ?p ?o }",
)
MORE = ("?v", "<i>", "'s'", "1", "-1", "a", "true", "_:b", "@en", *"{}()[].,;|/^!*+?=<~", "^^", "<<", ">>")
WORDS = (
    "SELECT",
    "WHERE",
    "FILTER",
    "OPTIONAL",
    "UNION",
    "AS",
    "BIND",
    "VALUES",
    "GROUP",
    "LIMIT",
    "EXISTS",
    "STR",
)


# In the standard a sign and its number are one token ([148]); the engine also takes a space between them.
_SIGN_APART = re.compile(r"[+-]\s+[.\d]")


def is_refused(query: str) -> bool:
    try:
        Store().query(query, base_iri="http://e/")
    except SyntaxError:
        return True
    except (RuntimeError, ValueError):
        return False  # it parses, and means something that the engine has not
    return False


@pytest.mark.parametrize("query", GOOD)
def test_a_good_query_has_no_fault(query: str) -> None:
    assert not is_refused(query)
    assert first_fault(query) is None
    assert find_misuse(query) is None


@pytest.mark.parametrize(
    ("query", "rest", "expected"),
    [
        ("", "", ("ASK", "BASE", "CONSTRUCT", "DESCRIBE", "PREFIX", "SELECT", "VERSION")),
        ("PREFIX a:b <c> ASK {}", "a:b <c> ASK {}", ("a prefix with its colon",)),
        ("PREFIX a: b:c ASK {}", "b:c ASK {}", ("an IRI in angle brackets",)),
        ("SELECT ?s { GRAPH 1 {} }", "1 {} }", ("a variable", "an IRI")),
        ("SELECT * {} LIMIT 1.5", "1.5", ("a whole number",)),
        (
            "SELECT (1 ?x) {}",
            "?x) {}",
            ("AS", "IN", "NOT", "!=", "&&", "*", "+", "-", "/", *"<", "<=", *"=>", ">=", "||"),
        ),
        ("ASK { ?s <p>/ }", "}", ("an IRI", "(", "a", "!", "^")),
        ("ASK { ?s ?p 'x'^^ }", "}", ("an IRI",)),
        (
            "ASK {} ASK {}",
            "ASK {}",
            ("the end of the query", "GROUP", "HAVING", "LIMIT", "OFFSET", "ORDER", "VALUES"),
        ),
        (
            "ASK { FILTER STR(1, 2) }",
            ", 2) }",
            (")", "IN", "NOT", "!=", "&&", *"*+-/<", "<=", *"=>", ">=", "||"),
        ),
        ("CONSTRUCT { ?s ^<p> ?o } {}", "^<p> ?o } {}", ("a variable", "an IRI", "a")),
    ],
)
def test_all_that_may_stand_at_a_fault_is_named(query: str, rest: str, expected: tuple[str, ...]) -> None:
    fault = first_fault(query)
    assert fault is not None
    assert (query[fault.offset :], fault.expected) == (rest, expected)
    assert is_refused(query)


@pytest.mark.parametrize("function", sorted(grammar().functions))
def test_functions_take_what_the_engine_gives_them(function: str) -> None:
    for arguments in ("", "1", "?x", "1, 2", "1, 2, 3", "1, 2, 3, 4", "*"):
        query = f"SELECT ({function}({arguments}) AS ?z) {{}}"
        assert (first_fault(query) is not None) is is_refused(query), query


def test_a_service_is_a_part_like_others() -> None:
    assert first_fault("SELECT * { SERVICE SILENT ?s { ?a ?b ?c } SERVICE <e> { } }") is None
    fault = first_fault("SELECT * { SERVICE 'e' { } }")
    assert fault is not None
    assert fault.expected == ("a variable", "an IRI", "SILENT")


def test_rules_between_which_no_terminal_decides_are_refused() -> None:
    with pytest.raises(ValueError, match="Query has two alternatives that begin with AS"):
        read_grammar("Query = One / AS\nOne = Two? IN\nTwo = AS\n")
    assert read_grammar("Query = One / BY\nOne = Two? IN\nTwo = AS\n").first("Query") == {"AS", "IN", "BY"}


def test_every_rule_is_used() -> None:
    rules = grammar()
    reached, todo = set(), ["Query"]
    while todo:
        name = todo.pop()
        if name in rules.table and name not in reached:
            reached.add(name)
            todo += [symbol for body in rules.table[name].values() for symbol in body]
    assert reached == set(rules.table)
    symbols = {symbol for row in rules.table.values() for body in row.values() for symbol in body}
    kinds = {"iri", "name", "prefix", "string", "long", "variable", "blank", "language", "integer", "number"}
    unknown = symbols - set(rules.table) - rules.keywords - kinds - {"signed", "end", "a", "true", "false"}
    assert {symbol for symbol in unknown if symbol.isalnum()} == set()


def test_no_depth_is_too_deep() -> None:
    for query in (
        "ASK { FILTER (" + "(" * 50_000,
        "ASK " + "{" * 50_000,
        "ASK { ?s ?p " + "(" * 50_000,
        "ASK { FILTER (" + "!" * 50_000,
        "ASK { " + "<< " * 20_000,
    ):
        fault = first_fault(query)
        assert fault is not None
        assert fault.token is None


@given(st.sampled_from(GOOD), st.floats(0, 1, exclude_max=True), st.sampled_from((None, *MORE, *WORDS)))
def test_one_token_too_few_or_too_many_is_no_fault_before_it(
    good: str, where: float, more: str | None
) -> None:
    texts = [token.text for token in joined(tokens(good))]
    at = int(where * len(texts))
    before, after = texts[:at], texts[at + 1 :] if more is None else texts[at:]
    query = " ".join([*before, *([more] if more else []), *after])
    fault = first_fault(query)
    assert fault is None or fault.offset >= len(" ".join(before))
    assert fault is None or fault.expected
    assert fault is None or is_refused(query) or _SIGN_APART.search(query)
    if fault is None:
        assert find_misuse(query) is None or is_refused(query)


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert first_fault(text) is None or isinstance(first_fault(text), UnexpectedToken)


@pytest.mark.needs("shared")
@pytest.mark.slow
def test_the_suite_of_the_w3c_is_told_apart(shared: Path) -> None:
    taken, places, causes, unknown = 0, 0, 0, []
    with tarfile.open(shared / "data/w3c/sparql-tests.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".rq") else None
            if file is None or member.name.endswith("syntax-sparql3/syn-bad-26.rq"):
                continue  # <?a&&?b> is an IRI by the standard; the endpoint refuses it as ambiguous
            query = file.read().decode("utf-8", "replace")
            if "SERVICE" in query.upper():
                continue  # the engine might ask it
            fault = first_fault(query)
            misuse = None if fault else find_misuse(query)
            if not is_refused(query):
                taken += 1
                assert (fault, misuse) == (None, None), member.name
            elif fault:
                places += 1
                assert fault.expected, member.name
            elif misuse:
                causes += 1
            else:
                unknown.append(member.name.rpartition("/")[2])
    assert taken > 900
    assert places >= 140
    assert causes >= 17
    assert sorted(unknown) == []
