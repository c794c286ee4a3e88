"""What is read of a Turtle text when only a few subjects are of interest."""

import pytest
from pyoxigraph import NamedNode

from kg.positions import TurtleSyntaxError, parse_excerpt, parse_turtle

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
        part = list(parse_excerpt(bom + _PREFIX + text, {subject}, _EX))
        expected = [t for t in whole if t.subject == subject]
        assert [(t.predicate, t[3:6]) for t in part if t.subject == subject] == [
            (t.predicate, t[3:6]) for t in expected
        ]
        assert {t.subject for t in part if isinstance(t.subject, NamedNode)} == {subject}


def test_what_is_not_wanted_is_not_read() -> None:
    text = _PREFIX + ":a :p 1 .\n:b :p 'x'^^:dt ; :p [ :q 2 ] .\n"
    assert list(parse_excerpt(text, set(), _EX)) == []


@pytest.mark.parametrize("text", [":a :p .", ":a :p 'x' ; :b :p 2 .", "x:a :p 1 .", ":a :p 1 . :b :p"])
def test_faults_in_what_is_read_are_named(text: str) -> None:
    with pytest.raises(TurtleSyntaxError) as whole:
        list(parse_turtle(_PREFIX + text, _EX))
    with pytest.raises(TurtleSyntaxError) as part:
        list(parse_excerpt(_PREFIX + text, {NamedNode(_EX + name) for name in "ab"}, _EX))
    assert str(part.value) == str(whole.value)
