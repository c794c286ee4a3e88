"""What is read of a Turtle text when only a few nodes are of interest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from sauran.kg.loading.load import number_blanks
from sauran.kg.positions import Statements, TurtleSyntaxError, numbered_blanks, parse_turtle

_EX = "http://example.org/"
_PREFIX = "@prefix : <http://example.org/> .\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(':a :p "x".:b :p 1 .', id="no space after a string"),
        pytest.param(":a :p <x>.:b :p 1.", id="no space after an IRI"),
        pytest.param(":a :p 1.5.\n:b :p 1.5.:a :p .5.", id="decimals"),
        pytest.param(":a :p 1.\n:b :p 1.E3 .\n:a :p 2 .", id="a dot that ends a number's statement"),
        pytest.param(":a :p :x.y .\n:b :p :x.5.y .\n:a :p :b.", id="dots in names"),
        pytest.param(':a :p "x"@en.:b :p "y"@en.\n:a :q true.\n:b :q false .', id="after a tag, a word"),
        pytest.param(':a :p "one. :b :p 2 ." .\n:b :p """x"\n. :a :p 3 .\n""" .', id="dots in strings"),
        pytest.param(":a :p 1 # end .\n. # :b :p 2 .\n:b :p 2 .", id="dots in comments"),
        pytest.param(":a :p :x\\.y .\n:b :p :it\\'s .\n:a :p :l\\#1 .", id="escapes in names"),
        pytest.param(":a :p <http://x.example/#a.b> .\n:b :p 2 .", id="dots and hashes in IRIs"),
        pytest.param(":a :p [ :q ( 1 2.5 ) ] .\n:b :p [ :a :b ] .", id="brackets"),
        pytest.param("PREFIX a: <http://example.org/>\na:a a:p 1 .\na:b a:p 2 .", id="SPARQL's PREFIX"),
        pytest.param(":a :p 1 .\n@prefix : <http://example.org/b/> .\n:b :p 2 .", id="a prefix twice"),
        pytest.param(
            ":a :p 1 .\n@base <http://example.org/b/> .\n<b> :p 2 .\n<http://example.org/b> :p 3 .",
            id="a base",
        ),
        pytest.param(
            "[] :p 1 .\n[ :p :a ] :q :b .\n( 1 ) :p 2 .\n:a :p 1 .\n_:x :p 1 .\n:b :p 2 .",
            id="others",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "byte order mark"])
def test_statements_end_where_they_do_in_turtle(bom: str, text: str) -> None:
    whole = list(parse_turtle(bom + _PREFIX + text, _EX))
    named = {t.subject for t in whole if isinstance(t.subject, NamedNode)}
    assert NamedNode(_EX + "a") in named
    for subject in named:
        part = list(Statements(bom + _PREFIX + text, _EX).read({subject}))
        expected = [t for t in whole if t.subject == subject]
        assert [(t.predicate, t[3:6]) for t in part if t.subject == subject] == [
            (t.predicate, t[3:6]) for t in expected
        ]
        assert {t.subject for t in part if isinstance(t.subject, NamedNode)} == {subject}


def test_what_is_not_wanted_is_not_read() -> None:
    text = _PREFIX + ":a :p 1 .\n:b :p 'x'^^:dt ; :p [ :q 2 ] .\n"
    assert list(Statements(text, _EX).read(set())) == []


@pytest.mark.parametrize("text", [":a :p .", ":a :p 'x' ; :b :p 2 .", "x:a :p 1 .", ":a :p 1 . :b :p"])
def test_faults_in_what_is_read_are_named(text: str) -> None:
    with pytest.raises(TurtleSyntaxError) as whole:
        list(parse_turtle(_PREFIX + text, _EX))
    with pytest.raises(TurtleSyntaxError) as part:
        list(Statements(_PREFIX + text, _EX).read({NamedNode(_EX + name) for name in "ab"}))
    assert str(part.value) == str(whole.value)


_blank = st.deferred(lambda: st.lists(_pair, max_size=3).map(lambda pairs: f"[ {' ; '.join(pairs)} ]"))
_list = st.deferred(lambda: st.lists(_object, max_size=3).map(lambda items: f"( {' '.join(items)} )"))
_object = (
    st.sampled_from([":a", "<b>", "1", "true", '"[ ("', "'x'@en", '"1"^^:t', '"2" ^^ <t>', "[]", "()"])
    | _blank
    | _list
)
_pair = st.builds(
    lambda p, os: f"{p} {' , '.join(os)}",
    st.sampled_from([":p", ":q", "a"]),
    st.lists(_object, min_size=1, max_size=3),
)
_statement = st.builds(
    lambda s, p: f"{s} {p} .", st.sampled_from([":s", ":t", "<u>", "# [ (\n:v"]) | _list | _blank, _pair
)
_directive = st.sampled_from(
    [
        "@prefix : <http://other.example/> .",
        "PREFIX : <http://example.org/>",
        "@base <http://other.example/x/> .",
    ]
)


@given(st.lists(_statement | _directive, min_size=1, max_size=6))
def test_a_statement_alone_gives_the_triples_that_it_gives_in_its_text(statements: list[str]) -> None:
    text = _PREFIX + "\n".join(statements) + "\n"
    whole = list(number_blanks(parse(text, format=RdfFormat.TURTLE, base_iri=_EX), "f"))
    blanks = {term for quad in whole for term in (quad.subject, quad.object) if isinstance(term, BlankNode)}
    named = {quad.subject for quad in whole if isinstance(quad.subject, NamedNode)}
    found: list[Quad] = []
    for first, quads in Statements(text, _EX).parse(named, range(len(blanks))):
        labels = {node: BlankNode(f"fn{n}") for n, node in enumerate(numbered_blanks(quads), start=first)}
        for quad in quads:
            subject = labels[quad.subject] if isinstance(quad.subject, BlankNode) else quad.subject
            object_ = labels[quad.object] if isinstance(quad.object, BlankNode) else quad.object
            found.append(Quad(subject, quad.predicate, object_))
    # A list without items that begins a statement is a name, and is asked for by none.
    nil = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")
    assert [q for q in found if q.subject != nil] == [q for q in whole if q.subject != nil]
    for blank in blanks:
        number = int(blank.value.removeprefix("fn"))
        ((first, quads),) = Statements(text, _EX).parse([], [number])
        assert first <= number < first + len(numbered_blanks(quads))


def test_a_subject_is_found_in_all_its_statements() -> None:
    text = _PREFIX + "".join(f":a :p {n} .\n:b :p {n} .\n" for n in range(5))
    said = [quad.object for _, quads in Statements(text).parse([NamedNode(_EX + "a")], []) for quad in quads]
    assert [literal.value for literal in said if isinstance(literal, Literal)] == list("01234")


def test_many_brackets_of_one_kind_are_counted_in_one_pass() -> None:
    many = 3000
    text = _PREFIX + "".join(f":s{n} :p [ :q {n} ] , '(' .\n" for n in range(many))
    ((first, quads),) = Statements(text).parse([], [many - 1])
    assert (first, [str(quad.subject) for quad in quads][1:]) == (many - 1, [f"<{_EX}s{many - 1}>"] * 2)
