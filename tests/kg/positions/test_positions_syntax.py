"""What the position parser refuses, and in which words."""

import time

import pytest
from pyoxigraph import NamedNode

from sauran.kg.model.errors import ContentError, UsageError
from sauran.kg.positions import TurtleSyntaxError, parse_turtle

_STRING_FIX = "Close the string (a line break needs three quotes) and write \\\\ for a backslash."
_REFUSED = {
    "<a> <b> <c>": "1:12 Expected one of , ; ., found the end of the text.",
    "<a> <b> <c>\n<d> <e> <f> .": "2:1 Expected one of , ; ., found `<d>`.",
    "<a> <b> [\n <c> <d> .": ("2:10 Expected one of , ; or the ] for the [ of line 1, column 9, found `.`."),
    "<a> <b> ( 1": "1:12 Expected an object, found the end of the text.",
    "<a> <b> ( 1 , 2 ) .": "1:13 Expected an object, found `,`.",
    "<a> <b> ] .": "1:9 Expected an object, found `]`.",
    "<a> <b> 1 ] .": "1:11 Expected one of , ; ., found `]`.",
    "<a> <b> 1 ) .": "1:11 Expected one of , ; ., found `)`.",
    "<a> _:b <c> .": "1:5 Expected a predicate, found `_:b`.",
    "<a> A <c> .": "1:5 Expected a predicate, found `A`.",
    "<a> <b> TRUE .": "1:9 Expected an object, found `TRUE`.",
    "'a' <b> <c> .": "1:1 Expected a subject or a directive, found `'a'`.",
    "[] .": "1:4 Expected a predicate, found `.`.",
    "(1) .": "1:5 Expected a predicate, found `.`.",
    "@Prefix : <x:> .": "1:1 Expected a subject or a directive, found `@Prefix`.",
    "@prefix : <x:>\n<a> <b> <c> .": "2:1 Expected the dot that ends @prefix or @base, found `<a>`.",
    "PREFIX : <x:> .": "1:15 Expected a subject or a directive, found `.`.",
    "PREFIX a:b <x:>": "1:8 Expected a prefix, as in ex:, found `a:b`.",
    "PREFIX a: b": "1:11 Expected an IRI in <>, found `b`.",
    "BASE a:": "1:6 Expected an IRI in <>, found `a:`.",
    "<a> <b> c:d .": "1:9 The prefix c: is not declared. Add @prefix c: <…> .",
    '<a> <b> "c\n" .': '1:9 Expected an object, found `"`. ' + _STRING_FIX,
    "<a> <b> '\\q' .": "1:9 Expected an object, found `'`. " + _STRING_FIX,
    "<a> <b> <c d> .": (
        '1:9 Expected an object, found `<`. Close the IRI with >; inside it write spaces and <>"{}|^`\\ as '
        "%20 and so on."
    ),
    "<a> <b> '\\uD800' .": "1:9 \\uD800 is not a Unicode character.",
    "<a> <b> '\\U00110000' .": "1:9 \\U00110000 is not a Unicode character.",
    "<a> <b> '1'^^2 .": "1:14 Expected the IRI of a datatype, found `2`.",
    "<a> <b> '1'^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .": (
        "1:14 A literal of type <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> needs a language tag."
    ),
    "<a> <b> 'c'@abcdefghi .": (
        "1:12 @abcdefghi is not a valid language tag: A subtag may be eight characters in length at maximum."
    ),
    "<a>\n 'b\ud83d' .": "2:4 U+D83D is half of a surrogate pair, no character. Save the text as UTF-8.",
    "<a> <b> <x:%zz> .": "1:9 <x:%zz> is not a valid absolute IRI: Invalid IRI percent encoding '%zz'.",
    "<a> <b> <%zz> .": (
        "1:9 <%zz> cannot be resolved against <http://example.org/>: Invalid IRI percent encoding '%zz'."
    ),
    "<g> { <a> <b> <c> }": "1:5 Expected a predicate, found `{`. Named graphs are TriG, not Turtle.",
    "<a> = <c> .": "1:5 Expected a predicate, found `=`. Write owl:sameAs; = is Notation3.",
    "<a> <b> " + "c" * 50: "1:9 Expected an object, found `" + "c" * 40 + "…`.",
    "<a> 'x\\n\\n  y' .": "1:5 Expected a predicate, found `'x\\n\\n y'`.",
    "<<<a> <b> <c>>> <d> <e> .": "1:1 `<<` is RDF 1.2 syntax. Write RDF 1.1 Turtle.",
    "<a> <b> <<( <c> <d> <e> )>> .": "1:9 `<<(` is RDF 1.2 syntax. Write RDF 1.1 Turtle.",
    "<a> <b> <c> {| <d> <e> |} .": "1:13 `{|` is RDF 1.2 syntax. Write RDF 1.1 Turtle.",
    "<a> <b> <c> ~ .": "1:13 `~` is RDF 1.2 syntax. In the local part of a name write \\~.",
    "<a> <b> 'c'@en--ltr .": "1:12 `@en--ltr` is RDF 1.2 syntax. Write RDF 1.1 Turtle.",
    "VERSION '1.2'": "1:1 `VERSION` is RDF 1.2 syntax. Write RDF 1.1 Turtle.",
    "@version '1.2' .": "1:1 `@version` is RDF 1.2 syntax. Write RDF 1.1 Turtle.",
}


@pytest.mark.parametrize(("text", "expected"), _REFUSED.items(), ids=list(_REFUSED))
def test_a_fault_is_named_with_its_place(text: str, expected: str) -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        list(parse_turtle(text, "http://example.org/"))
    error = caught.value
    assert f"{error.line}:{error.column} {error.message}" == expected


def test_a_fault_is_a_content_error_that_says_where() -> None:
    with pytest.raises(ContentError, match=r"^line 2, column 3: Expected a predicate, found `\.`\.$"):
        list(parse_turtle("\n[].", None))


def test_a_relative_iri_needs_a_base() -> None:
    with pytest.raises(TurtleSyntaxError, match="<a> is not a valid absolute IRI: No scheme found"):
        list(parse_turtle("<a> <x:b> <x:c> ."))


def test_a_relative_base_is_wrong_use() -> None:
    with pytest.raises(
        UsageError, match=r"^base IRI: <a/b> is not a valid absolute IRI: .* Give one with a scheme\.$"
    ):
        list(parse_turtle("", "a/b"))


def test_triples_before_a_fault_are_given() -> None:
    triples = parse_turtle("<x:a> <x:b> <x:c> . <x:d> .")
    assert next(triples).subject == NamedNode("x:a")
    with pytest.raises(TurtleSyntaxError):
        next(triples)


@pytest.mark.parametrize(("opening", "closing", "triples"), [("[<x:p> ", "]", 200_001), ("(", ")", 400_001)])
def test_deep_nesting_neither_overflows_nor_slows(opening: str, closing: str, triples: int) -> None:
    text = "<x:a> <x:b> " + opening * 200_000 + "1" + closing * 200_000 + " ."
    assert sum(1 for _ in parse_turtle(text)) == triples


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"' + "a\\" * 300_000, id="backslashes"),
        pytest.param('"""' + '"a' * 300_000, id="quotes"),
        pytest.param("a." * 300_000, id="dots"),
        pytest.param("<" + "a" * 600_000, id="open IRI"),
        pytest.param("@a" + "-a" * 300_000, id="subtags"),
        pytest.param("# \n" * 200_000 + "\\", id="comments"),
        pytest.param("_:anon" + "_" * 600_000, id="labels"),
    ],
)
def test_a_hostile_text_is_refused_at_once(text: str) -> None:
    """Some hundredths of a second; what backtracks or is quadratic takes minutes."""
    start = time.perf_counter()
    with pytest.raises(TurtleSyntaxError):
        list(parse_turtle(text))
    assert time.perf_counter() - start < 5


# RFC 3986, sections 5.4.1 and 5.4.2, base http://a/b/c/d;p?q, strict.
_RESOLVED = {
    "g:h": "g:h", "g": "http://a/b/c/g", "./g": "http://a/b/c/g", "g/": "http://a/b/c/g/", "/g": "http://a/g",
    "//g": "http://g", "?y": "http://a/b/c/d;p?y", "g?y": "http://a/b/c/g?y", "#s": "http://a/b/c/d;p?q#s",
    "g#s": "http://a/b/c/g#s", "g?y#s": "http://a/b/c/g?y#s", ";x": "http://a/b/c/;x", "g;x": "http://a/b/c/g;x",
    "g;x?y#s": "http://a/b/c/g;x?y#s", "": "http://a/b/c/d;p?q", ".": "http://a/b/c/", "./": "http://a/b/c/",
    "..": "http://a/b/", "../": "http://a/b/", "../g": "http://a/b/g", "../..": "http://a/", "../../": "http://a/",
    "../../g": "http://a/g", "../../../g": "http://a/g", "../../../../g": "http://a/g", "/./g": "http://a/g",
    "/../g": "http://a/g", "g.": "http://a/b/c/g.", ".g": "http://a/b/c/.g", "g..": "http://a/b/c/g..",
    "..g": "http://a/b/c/..g", "./../g": "http://a/b/g", "./g/.": "http://a/b/c/g/", "g/./h": "http://a/b/c/g/h",
    "g/../h": "http://a/b/c/h", "g;x=1/./y": "http://a/b/c/g;x=1/y", "g;x=1/../y": "http://a/b/c/y",
    "g?y/./x": "http://a/b/c/g?y/./x", "g?y/../x": "http://a/b/c/g?y/../x", "g#s/./x": "http://a/b/c/g#s/./x",
    "g#s/../x": "http://a/b/c/g#s/../x", "http:g": "http:g",
}  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), _RESOLVED.items())
def test_iris_are_resolved_as_the_rfc_shows(written: str, expected: str) -> None:
    (triple,) = parse_turtle(f"<x:a> <x:b> <{written}> .", "http://a/b/c/d;p?q")
    assert triple.object == NamedNode(expected)


def test_each_base_is_resolved_against_the_one_before() -> None:
    text = "@base <d/> . <x:a> <x:b> <e> . @prefix p: <../> . base <f/> <x:a> <x:b> <e>, p:e ."
    assert [triple.object for triple in parse_turtle(text, "http://a/b/c")] == [
        NamedNode("http://a/b/d/e"),
        NamedNode("http://a/b/d/f/e"),
        NamedNode("http://a/b/e"),
    ]


def test_a_prefix_may_be_declared_anew() -> None:
    text = "PREFIX : <x:> :a :b :c . PREFIX : <y:> :a :b :c ."
    assert [triple.object for triple in parse_turtle(text)] == [NamedNode("x:c"), NamedNode("y:c")]
