"""Places of triples, in layouts where counting is easy to get wrong."""

import dataclasses

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from sauran.kg.positions import Position, index_text, parse_turtle

_EX = "http://example.org/"


def _ex(name: str) -> NamedNode:
    return NamedNode(_EX + name)


def _places(text: str) -> list[str]:
    return [
        " ".join(
            f"{at.line}:{at.column}" for at in (triple.subject_at, triple.predicate_at, triple.object_at)
        )
        for triple in parse_turtle(text, _EX)
    ]


_LAYOUTS = {
    "one line": ("<a> <b> <c> .", ["1:1 1:5 1:9"]),
    "no spaces": ("<a><b><c>.<d>a<e>.", ["1:1 1:4 1:7", "1:11 1:14 1:15"]),
    "nothing": ("", []),
    "comment only": ("# nothing", []),
    "objects over lines": (
        "<a>\n  <b> <c> ,\n    <d>\n    , <e> .",
        ["1:1 2:3 2:7", "1:1 2:3 3:5", "1:1 2:3 4:7"],
    ),
    "predicates over lines, repeated semicolons": (
        "<a> <b> <c> ;\n\n;\n  a <d> ;\n .",
        ["1:1 1:5 1:9", "1:1 4:3 4:5"],
    ),
    "CR LF, lone CR": ("<a>\r\n<b>\r\n<c> .\r<d> <e>\n\r<f> .", ["1:1 2:1 3:1", "4:1 4:5 6:1"]),
    "tab is one column": ("<a>\t<b>\t\t<c> .", ["1:1 1:5 1:10"]),
    "byte order mark has no column": ("\ufeff<a> <b> <c> .\n<d> <e> <f> .", ["1:1 1:5 1:9", "2:1 2:5 2:9"]),
    "astral character is one column": ('<a> <b> "🏰𝄞" , <c> . # 🏰\n<d> <e> <f> .', [
        "1:1 1:5 1:9", "1:1 1:5 1:16", "2:1 2:5 2:9",
    ]),
    "combining character is a column": ('<a> <b> "e\u0301" , 1 .', ["1:1 1:5 1:9", "1:1 1:5 1:16"]),
    "other separators end no line": ('<a> <b> "\u2028\x85\x0b\x0c" , 1 .', ["1:1 1:5 1:9", "1:1 1:5 1:18"]),
    "long string with line breaks": (
        '<a> <b> """1\n2\r\n"3""" ; <c> \'\'\'\n\'\'\'@en , 4 .',
        ["1:1 1:5 1:9", "1:1 3:9 3:13", "1:1 3:9 4:10"],
    ),
    "language and datatype apart from their string": (
        '<a> <b> "1"\n  @en ,\n "2" # two\n ^^ # of\n <c> , 3 .',
        ["1:1 1:5 1:9", "1:1 1:5 3:2", "1:1 1:5 5:8"],
    ),
    "numbers before dots": (
        "<a> <b> 1.\n<a> <b> 1.5.<a> <b> -1.e0.",
        ["1:1 1:5 1:9", "2:1 2:5 2:9", "2:13 2:17 2:21"],
    ),
    "names before dots": (
        "@prefix e: <x:> .\ne:a e:b e:c.d.\ne:i e:j _:k.l.<m> <n> <o> .",
        ["2:1 2:5 2:9", "3:1 3:5 3:9", "3:15 3:19 3:23"],
    ),
    "directives between": (
        "PREFIX e: <x:>\nbase <y:>\n@prefix f: <z:> . @base <y:b> .\ne:a f:b <c> .",
        ["4:1 4:5 4:9"],
    ),
    "nested blank nodes": (
        "<a> <b> [\n  <c> [ <d> 1 ;\n    <e> 2 ] ;\n  <f> 3\n] ; <g> [] .",
        ["1:1 1:5 1:9", "1:9 2:3 2:7", "2:7 2:9 2:13", "2:7 3:5 3:9", "1:9 4:3 4:7", "1:1 5:5 5:9"],
    ),
    "blank node as subject": (
        "[ <a> 1 ] .\n [ <b> 2 ] <c> 3 .\n[\n] <d> 4 .",
        ["1:1 1:3 1:7", "2:2 2:4 2:8", "2:2 2:12 2:16", "3:1 4:3 4:7"],
    ),
    "list as object": (
        "<a> <b> ( 1\n  <c> ) , () .",
        ["1:1 1:5 1:9", "1:9 1:11 1:11", "1:9 2:3 2:3", "2:3 2:3 2:3", "2:3 2:7 2:7", "1:1 1:5 2:11"],
    ),
    "list as subject": (
        "( [ <a> 1 ] )\n <b> 2 .\n() <c> 3 .",
        ["1:1 1:3 1:3", "1:3 1:5 1:9", "1:1 1:13 1:13", "1:1 2:2 2:6", "3:1 3:4 3:8"],
    ),
    "list in a list": (
        '<a> <b> (("x"@en)) .',
        ["1:1 1:5 1:9", "1:9 1:10 1:10", "1:10 1:11 1:11", "1:10 1:17 1:17", "1:9 1:18 1:18"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), _LAYOUTS.values(), ids=list(_LAYOUTS))
def test_each_term_is_placed_where_it_is_written(text: str, expected: list[str]) -> None:
    assert _places(text) == expected


def test_terms_are_those_of_pyoxigraph_with_lexical_forms_as_written() -> None:
    text = '<a> <b> 01 , 1.50 , 1E0 , true , \'\\u0041\\n\' , "x"@EN-Us , "01"^^<c> , _:d .'
    assert [triple.object for triple in parse_turtle(text, _EX)] == [
        quad.object for quad in parse(text, format=RdfFormat.TURTLE, base_iri=_EX)
    ]


def test_positions_are_values() -> None:
    assert Position(1, 2) == Position(1, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        Position(1, 2).line = 3  # type: ignore[misc]


_FILE = """\
@prefix ex: <http://example.org/> .

ex:a
  ex:p "one"@EN , ex:b ;
  ex:q [ ex:r 1.0 ] .

ex:b ex:p ex:a .
ex:a ex:p ex:b , "late" .
_:x ex:p 1 .
"""


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        pytest.param((_ex("a"), _ex("p"), _ex("b")), (4, 19), id="triple, first of two places"),
        pytest.param((_ex("a"), _ex("p"), Literal("one", language="eN")), (4, 8), id="language in any case"),
        pytest.param((_ex("a"), _ex("p"), Literal("late")), (8, 18), id="plain string"),
        pytest.param((_ex("a"), _ex("p"), Literal("absent")), (4, 3), id="absent value: predicate"),
        pytest.param((_ex("a"), _ex("q")), (5, 3), id="predicate"),
        pytest.param((_ex("a"), _ex("absent")), (3, 1), id="absent predicate: subject"),
        pytest.param((_ex("a"), _ex("absent"), _ex("b")), (3, 1), id="absent predicate and value: subject"),
        pytest.param((_ex("a"), None, _ex("b")), (3, 1), id="value without predicate: subject"),
        pytest.param((_ex("b"),), (7, 1), id="subject, not its place as an object"),
        pytest.param((BlankNode("x"), _ex("p"), Literal(1)), (9, 10), id="blank node by its label"),
        pytest.param((BlankNode("anon1"), _ex("r")), (5, 10), id="blank node without label"),
        pytest.param((_ex("absent"),), None, id="absent subject"),
        pytest.param((BlankNode("absent"), _ex("p")), None, id="absent label"),
    ],
)
def test_the_most_exact_place_is_found(
    sought: tuple[NamedNode, NamedNode, Literal], expected: tuple[int, int] | None
) -> None:
    found = index_text(_FILE).find(*sought)
    assert found == (Position(*expected) if expected else None)


def test_an_exact_search_does_not_fall_back() -> None:
    index = index_text(_FILE)
    assert index.find_exact(_ex("a"), _ex("p"), _ex("b")) == Position(4, 19)
    assert index.find_exact(_ex("a"), _ex("p")) == Position(4, 3)
    assert index.find_exact(_ex("a")) == Position(3, 1)
    assert index.find_exact(_ex("a"), _ex("p"), Literal("absent")) is None
    assert index.find_exact(_ex("a"), _ex("absent")) is None
    assert index.find_exact(_ex("absent")) is None


def test_literals_are_found_by_lexical_form_not_by_value() -> None:
    index = index_text("<a> <b> 1.0 , 1.00 .", base_iri=_EX)
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert index.find(_ex("a"), _ex("b"), Literal("1.00", datatype=decimal)) == Position(1, 15)
    assert index.find(_ex("a"), _ex("b"), Literal("1.000", datatype=decimal)) == Position(1, 5)


def test_a_triple_written_twice_counts_once() -> None:
    assert len(index_text("<a> <b> 1 , 1 , 2 .", base_iri=_EX)) == 2


def test_generated_labels_avoid_those_of_the_text() -> None:
    labels = {triple.subject for triple in parse_turtle("_:anon1 <b> 1 . _:anon_1 <b> 2 . [] <b> 3 .", _EX)}
    assert labels == {BlankNode("anon1"), BlankNode("anon_1"), BlankNode("anon__1")}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "byte order mark"])
def test_long_texts_are_counted_as_short_ones(bom: str, end: str) -> None:
    lines = [" " * (n % 7) + "<a>" + " " * (n * n % 90) + " <b> 1 ." for n in range(200)]
    last = f"<a> <b> '''{'x' * 5000}''' . <c> <d> 2 ."
    expected = [(n, line.index("<a>") + 1, line.index("1") + 1) for n, line in enumerate(lines, start=1)]
    found = [
        (t.subject_at.line, t.subject_at.column, t.object_at.column)
        for t in parse_turtle(bom + end.join([*lines, last]), _EX)
    ]
    assert found == [*expected, (201, 1, 9), (201, last.index("<c>") + 1, last.index("2") + 1)]
