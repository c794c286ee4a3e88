"""What a query is: every way out is found, and no query of the standard is refused."""

import tarfile
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from sauran.kg.sparql import query_checks
from sauran.kg.sparql.query_checks import MAX_TERMS, QueryFacts, RefusedQuery, check_query

OUT = "<http://127.0.0.1:9/>"
ALLOWED = frozenset({"http://127.0.0.1:9/"})


def refusal(query: str, allowed: Collection[str] = ()) -> str:
    """The rule that a query breaks, or ""."""
    try:
        check_query(query, allowed)
    except RefusedQuery as refused:
        return refused.rule
    return ""


def parses(query: str) -> bool:
    try:
        Store().query(query, base_iri="http://e/")
    except SyntaxError:
        return False
    except (RuntimeError, ValueError, OSError):
        return True
    return True


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ("SELECT * {}", QueryFacts("SELECT", False)),
        ("PREFIX ask: <http://e/ask#> # ASK\nconstruct { ?s ?p ?o } {}", QueryFacts("CONSTRUCT", False)),
        ("BASE <http://e/SELECT> DESCRIBE <x>", QueryFacts("DESCRIBE", False)),
        ("ASK { ?s ?p 'SELECT' }", QueryFacts("ASK", False)),
        ("ASKWHERE{ ?s ?p ?o }", QueryFacts("ASK", False)),
        ("SELECT * { ?s ?p 'INSERT' }", QueryFacts("SELECT", False)),
        ("nonsense", QueryFacts("SELECT", False)),
        ("", QueryFacts("SELECT", False)),
        ("SELECT (now() AS ?x) {}", QueryFacts("SELECT", True)),
        ("SELECT * { ?now ?rand 'UUID()' } ORDER BYRAND()", QueryFacts("SELECT", True)),
        ("SELECT * { BIND(STRUUID() AS ?x) }", QueryFacts("SELECT", True)),
        ("SELECT * { BIND(BNODE() AS ?x) }", QueryFacts("SELECT", True)),
        ("SELECT ?now { ?now ?p 'RAND()' . # UUID()\n}", QueryFacts("SELECT", False)),
    ],
)
def test_a_query_is_known_by_its_words(query: str, facts: QueryFacts) -> None:
    assert check_query(query) == facts


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA {}",
        "prefix e: <http://e/> delete where {}",
        "LOAD <http://e/>",
        "WITH <http://e/> INSERT {} WHERE {}",
    ],
)
def test_an_update_sent_as_a_query_is_refused(update: str) -> None:
    assert refusal(update) == "update"


# Each reaches out when the engine alone decides: it reads keywords without spaces, and < as it fits.
WAYS_OUT = [
    f"SELECT * {{ SERVICE {OUT} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ sErViCe {OUT} {{ ?s ?p ?o }} }}",
    f"SELECT*{{{{}}SERVICE{OUT}{{}}}}",
    f"SELECT * {{ OPTIONAL {{ SERVICE {OUT} {{}} }} }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE {OUT} {{}} }} }} }}",
    "BASE <http://127.0.0.1:9/> SELECT * { SERVICE <x> {} }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICE ex:foo {} }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT*{SERVICEex:foo{}}",
    "PREFIX : <http://127.0.0.1:9/> SELECT*{SERVICE:foo{}}",
    "PREFIX SERVICEex: <a:> PREFIX ex: <http://127.0.0.1:9/> SELECT*{SERVICEex:foo{}}",
    f"SELECT*{{FILTER(1<2&&'>'='x')SERVICE{OUT}{{}}FILTER('a'='a')}}",
    f"SELECT*{{FILTER(true)SERVICE{OUT}{{}}}}",
    f"SELECT*{{VALUES ?x{{true}}SERVICE{OUT}{{}}}}",
    f"SELECT*{{# <\nSERVICE{OUT}{{}}}}",
    f"SELECT*{{#'''\nSERVICE{OUT}{{}}#'''\n}}",
]


@pytest.mark.parametrize("query", WAYS_OUT)
def test_every_way_out_is_refused(query: str) -> None:
    with pytest.raises(OSError, match="port 9"):
        list(Store().query(query))
    assert refusal(query) in ("service", "ambiguous")


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ ?s ?p ?o SERVICE SILENT {OUT} {{}} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE {OUT} {{}} }} }}",
        f"SELECT*{{GRAPH ?g{{}}SERVICE{OUT}{{}}}}",
        f"SELECT * {{ OPTIONAL {{}} SERVICESILENT{OUT}{{}} }}",
        "SELECT * { ?s ?p ?o SERVICE ?s {} }",
        f"SELECT*{{?s <http://e/\\u0070'> ?o . SERVICE {OUT}{{}} ?s <http://e/'> ?o}}",
        f"PREFIX x: <http://e/> SELECT * {{ ?s ?p x:.SERVICE {OUT} {{}} }}",
        f"SELECT * {{ ?s ?p true.SERVICE {OUT} {{}} }}",
        f"SELECT * {{ ?s ?p trueSERVICE{OUT}{{}} }}",
        f'SELECT * {{ ?s ?p "a"@en.SERVICE {OUT} {{}} }}',
        f'SELECT * {{ VALUES ?x {{"""abc"}} SERVICE {OUT} {{}} }}',
        f"SELECT*{{BIND(1 AS ?b)FILTER(1<?b#>'''\n)SERVICE{OUT}{{}}#'''\n}}",
    ],
)
def test_ways_out_that_say_nothing_are_refused_too(query: str) -> None:
    assert refusal(query) in ("service", "ambiguous", "string")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s <http://e/SERVICE> 'SERVICE <x> {}' }",
        "SELECT ?service { ?service ?p ?o }",
        "PREFIX service: <http://e/> SELECT * { ?s service:x ?o } # SERVICE <http://e/>",
        "PREFIX service: <http://e/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
        "PREFIX dcat: <http://e/dcat#> SELECT * { ?s a dcat:DataService ; dcat:accessService ?x }",
        "PREFIX : <http://e/> SELECT * { ?s :SERVICE ?o }",
        "SELECT * { ?s ?p '''SERVICE ' '' <http://e/> {''' }",
        'SELECT * { ?s ?p "a\\" SERVICE <http://e/> {}" }',
        "SELECT * { ?s ?p _:service }",
        "SELECT * { ?s ?p 'x'@service }",
        "SELECT * { VALUES (?a ?b) { (<urn:a'b> <urn:c#d>) (-1 -2) } }",
        "SELECT * { ?s <http://e/O'Neill> ?o FILTER(?o < 3 && ?o > 1) FILTER(?o<5) }",
    ],
)
def test_the_word_elsewhere_does_no_harm(query: str) -> None:
    assert parses(query)
    assert refusal(query) == ""


PIECES = (
    f" SERVICE{OUT}{{}}",
    f"SERVICE SILENT{OUT}{{}}",
    "FILTER(1<2)",
    "FILTER(?a<?b&&?c>?d)",
    "FILTER(?a<?b&&'>'='x')",
    "FILTER(?a<?b#>\n)",
    "FILTER('a'='''b''')",
    'FILTER("\'"="#")',
    "?s <http://e/'> ?o .",
    "?s <http://e/#'''> ?o .",
    "?s <http://e/\\u0023> '#' .",
    "#'\n",
    '#"""\n',
    "OPTIONAL{?s ?p '''a'b''c'''}",
    'BIND("""x""" AS ?v%d)',
    "VALUES ?x{'' \"\" true}",
    "{?s ?p true}",
    "?s ?p 1 .",
    "?s ?p 'a'@en .",
    "?s ?p _:b .",
    "MINUS{?s a ?o}",
)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7))
def test_no_mixture_hides_a_way_out(pieces: list[str]) -> None:
    query = "SELECT*{" + "".join(p.replace("%d", str(n)) for n, p in enumerate(pieces)) + "}"
    sees_service = parses(query) and not parses(query.replace("SERVICE", "SERVICX"))
    if sees_service:
        assert refusal(query) in ("service", "ambiguous")
    elif parses(query):
        assert refusal(query) in ("", "ambiguous")


LONGER = " " * MAX_TERMS


@given(
    st.lists(
        st.sampled_from((*PIECES, "(", "[", "{", "}", "<<", "<a!b>", "<a>", "1+", "'", "LOAD")), max_size=9
    )
)
def test_a_short_query_is_judged_as_a_long_one(pieces: list[str]) -> None:
    query = "SELECT*{" + "".join(pieces)
    if len(query) * 2 < MAX_TERMS:  # so short that nothing in it needs to be counted
        assert refusal(query) == refusal(LONGER + query)


@pytest.mark.parametrize("name", ["nesting", "operators", "parts", "terms", "iri"])
def test_a_limit_that_is_small_holds_for_short_queries_too(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT * { ?a <http://e/> (1 2), 3 OPTIONAL { ?a ?b ?c FILTER((1 + 2) * 3 - 4 > 5) } }"
    assert refusal(query) == ""
    monkeypatch.setattr(query_checks, f"MAX_{name.upper()}", 2)
    assert refusal(query) == name


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        (f"SELECT * {{ SERVICE {OUT} {{ ?s ?p ?o }} }}", True),
        (f"SELECT * {{ SERVICE SILENT {OUT} {{}} SERVICE {OUT} {{}} }}", True),
        ("SELECT * { SERVICE ?x {} }", False),
        ("SELECT * { SERVICE <http://127.0.0.1:9/x> {} }", False),
        ("SELECT * { SERVICE <http://127.0.0.1:\\u0039/> {} }", False),
        ("PREFIX a: <http://127.0.0.1:9/> SELECT * { SERVICE a: {} }", False),
        (f"SELECT * {{ SERVICESILENT{OUT} {{}} }}", False),
    ],
)
def test_only_endpoints_on_the_list_may_be_named(query: str, allowed: bool) -> None:
    assert (refusal(query, ALLOWED) == "") is allowed
    if allowed:
        assert check_query(query, ALLOWED).volatile


@pytest.mark.needs("shared")
@pytest.mark.slow
def test_no_query_of_the_w3c_is_refused_unless_it_reaches_out(shared: Path) -> None:
    seen = federated = 0
    with tarfile.open(shared / "data/w3c/sparql-tests.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".rq") else None
            if file is None:
                continue
            query = file.read().decode("utf-8", "replace")
            if not parses(query):
                continue
            seen += 1
            renamed = query.replace("SERVICE", "SERVICX").replace("service", "servicx")
            reaches_out = not parses(renamed)
            federated += reaches_out
            assert refusal(query) == ("service" if reaches_out else ""), member.name
    assert seen > 700
    assert federated > 5
