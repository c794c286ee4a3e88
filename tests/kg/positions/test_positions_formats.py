"""Places in TriG, N-Triples, N-Quads, JSON-LD and RDF/XML, and generated input in each of them."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from sauran.kg.model.errors import ContentError
from sauran.kg.positions import (
    TurtleSyntaxError,
    find_subjects_of_jsonld,
    find_subjects_of_rdfxml,
    index_text,
    match_blanks,
    parse_exactly,
)

_EX = "http://example.org/"


def _places(text: str, language: str) -> list[str]:
    return [
        f"{t.subject_at.line}:{t.subject_at.column} {t.predicate_at.line}:{t.predicate_at.column} "
        f"{t.object_at.line}:{t.object_at.column} {t.graph.value.removeprefix(_EX) if t.graph else '-'}"
        for t in parse_exactly(text, language, _EX)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a> <b> <c> .", ["1:1 1:5 1:9 -"]),
        ("{ <a> <b> <c> }", ["1:3 1:7 1:11 -"]),
        ("<g> {\n <a> <b> <c> ; <d> <e> .\n} <a> <b> <c> .", [
            "2:2 2:6 2:10 g", "2:2 2:16 2:20 g", "3:3 3:7 3:11 -",
        ]),
        ("GRAPH <g> { <a> a <c> . }\ngraph _:h {}", ["1:13 1:17 1:19 g"]),
        ("<g>{[ <b> 1 ]}", ["1:5 1:7 1:11 g"]),
        ("<g>{<a> <b> [ <c> (1) ] }<h>{}", [
            "1:5 1:9 1:13 g", "1:13 1:15 1:19 g", "1:19 1:20 1:20 g", "1:19 1:21 1:21 g",
        ]),
        ("@prefix e: <http://example.org/> . e:g { e:a e:b 1 ; } e:x e:y 2 .", [
            "1:42 1:46 1:50 g", "1:56 1:60 1:64 -",
        ]),
    ],
)  # fmt: skip
def test_trig_is_turtle_in_graphs(text: str, expected: list[str]) -> None:
    assert _places(text, "trig") == expected


def test_a_graph_named_by_brackets_has_a_blank_name() -> None:
    for text in ("[] { <a> <b> <c> }", "GRAPH [ ] { <a> <b> <c> }"):
        (triple,) = parse_exactly(text, "trig", _EX)
        assert isinstance(triple.graph, BlankNode)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<g> { <a> <b> <c>", "Expected one of , ; ., found the end of the text."),
        ("<g> { <a> <b> <c> .", "Expected a subject or the } of the graph, found the end of the text."),
        ("<g> { @prefix e: <x:> . }", "Expected a subject or the } of the graph, found `@prefix`."),
        ("<g> { <h> { } }", "Expected a predicate, found `{`."),
        ("GRAPH ( ) { }", "Expected the name of a graph, found `(`."),
        ("GRAPH <g> <a> <b> <c> .", "Expected the { of a graph, found `<a>`."),
        ("GRAPH [ <a> <b> ] { }", "Expected the ] of [], found `<a>`."),
        ("<a> <b> <c> }", "Expected one of , ; ., found `}`."),
        ("[ <a> <b> ] { }", "Expected a predicate, found `{`."),
    ],
)
def test_what_is_no_trig_is_refused_with_its_reason(text: str, message: str) -> None:
    with pytest.raises(TurtleSyntaxError) as error:
        list(parse_exactly(text, "trig", _EX))
    assert error.value.message == message


def test_lines_are_statements() -> None:
    text = '\ufeff<x:a> <x:b> <x:c> .\r\n# 🏰\n \t<x:a><x:b>"🏰"@EN<x:g>. # d\r_:a <x:b> "1"^^<x:t>.'
    assert _places(text, "nquads") == ["1:1 1:7 1:13 -", "3:3 3:8 3:13 x:g", "4:1 4:5 4:11 -"]
    assert [t.object for t in parse_exactly(text, "nquads")] == [
        NamedNode("x:c"),
        Literal("🏰", language="en"),
        Literal("1", datatype=NamedNode("x:t")),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<x:a> <x:b> <x:c> .\n<x:a> <x:b> .", 2),
        ("<x:a> <x:b> <x:c> <x:g> .", 1),
        ("<a> <x:b> <x:c> .", 1),
        ('<x:a> <x:b> "\\uD800" .', 1),
        ('<x:a> <x:b> "a"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .', 1),
        ("<x:a> <x:b> <x:c> . <x:a> <x:b> <x:d> .", 1),
    ],
)
def test_a_line_that_is_no_n_triples_is_named(text: str, line: int) -> None:
    with pytest.raises(TurtleSyntaxError) as error:
        list(parse_exactly(text, "ntriples"))
    assert error.value.line == line


_named = st.sampled_from(["a", "b/c#d", "é", "%41~"]).map(lambda name: NamedNode(_EX + name))
_nodes = _named | st.sampled_from(["x", "y1"]).map(BlankNode)
_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
_literals = (
    _texts.map(Literal)
    | st.builds(lambda t: Literal(t, language="kk-Cyrl"), _texts)
    | st.floats().map(Literal)
)
_quads = st.lists(st.builds(Quad, _nodes, _named, _nodes | _literals, _nodes), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("language", "form"),
    [("trig", RdfFormat.TRIG), ("nquads", RdfFormat.N_QUADS), ("ntriples", RdfFormat.N_TRIPLES)],
)
@given(quads=_quads)
def test_what_pyoxigraph_writes_is_read_back(language: str, form: RdfFormat, quads: list[Quad]) -> None:
    plain = language == "ntriples"
    text = (serialize((q.triple for q in quads) if plain else quads, format=form) or b"").decode()
    theirs = [
        (q.subject, q.predicate, q.object, None if plain else q.graph_name) for q in parse(text, format=form)
    ]
    ours = [(t.subject, t.predicate, t.object, t.graph) for t in parse_exactly(text, language)]
    assert ours == theirs
    index = index_text(text, language)
    assert all(index.find_exact(q.subject, q.predicate, q.object) for q in quads)


_blank = st.deferred(lambda: st.lists(_pair, max_size=3).map(lambda pairs: f"[ {' ; '.join(pairs)} ]"))
_list = st.deferred(lambda: st.lists(_object, max_size=3).map(lambda items: f"( {' '.join(items)} )"))
_object = st.sampled_from(["<a>", "1", "_:x", "[]", "()"]) | _blank | _list
_pair = st.builds(
    lambda p, os: f"{p} {' , '.join(os)}",
    st.sampled_from(["<p>", "<q>"]),
    st.lists(_object, min_size=1, max_size=3),
)
_statement = st.builds(
    lambda s, p: f"{s} {p} .", st.sampled_from(["<s>", "_:x", "_:y"]) | _list | _blank, _pair
)


@given(st.lists(_statement, min_size=1, max_size=4))
@example(["<s> <p> <a> .", "_:x <p> [ <p> <a> , _:x ] ."])
def test_blank_nodes_are_matched_however_they_nest(statements: list[str]) -> None:
    text = "\n".join(statements)
    ours = list(parse_exactly(text, "turtle", _EX))
    theirs = list(parse(text, format=RdfFormat.TURTLE, base_iri=_EX))
    known = match_blanks(ours, theirs)
    assert {(t.subject, t.predicate, t.object) for t in ours} == {
        (known.get(q.subject, q.subject), q.predicate, known.get(q.object, q.object)) for q in theirs
    }


def test_only_what_is_wanted_is_kept() -> None:
    wanted = {NamedNode(_EX + "a"), Literal("1")}
    index = index_text('<a> <b> 1 .\n<c> <b> 2 .\n<d> <e> "1" .', base_iri=_EX, wanted=wanted)
    assert len(index) == 1
    assert index.find_exact(NamedNode(_EX + "c")) is None
    found = index.find_value(Literal("1"))
    assert found is not None
    assert (found.line, found.column) == (3, 9)


_JSON_LD = {
    "prefix, alias and graph": (
        '{"@context": {"ex": "http://example.org/", "id": "@id"},\n "@graph": [\n'
        '  {"id": "ex:a", "ex:p": {"@id": "ex:b"}},\n  {"@type": "ex:T", "@id": "ex:b"}]}',
        {"a": 3, "b": 4},
    ),
    "context after the id": (
        '{"@id": "e:a", "e:p": 1,\n "@context": {"e": {"@id": "http://example.org/", "@prefix": true}}}',
        {"a": 1},
    ),
    "base": (
        '{"@context": {"@base": "http://example.org/x/"}, "@id": "../a",\n "x:p": [{"@id": "b", "x:q": 1}]}',
        {"a": 1, "x/b": 2},
    ),
    "base of the file": ('[\n{"@id": "a", "x:p": {"@id": "#f"}}]', {"a": 2, "#f": 2}),
    "map by id": (
        '{"@context": {"by": {"@id": "x:by", "@container": "@id"}}, "@id": "a", "by": {\n'
        ' "http://example.org/b": {"x:p": 1},\n "http://example.org/c": {"x:p": 1}}}',
        {"a": 1, "b": 2, "c": 3},
    ),
    "scoped contexts": (
        '{"@context": {"T": {"@id": "x:T", "@context": {"ex": "http://example.org/t/"}},\n'
        ' "p": {"@id": "x:p", "@context": {"ex": "http://example.org/p/"}}},\n'
        ' "@graph": [{"@type": "T", "@id": "ex:a"},\n {"@id": "urn:b", "p": {"@id": "ex:c", "x:q": 1}}]}',
        {"t/a": 3, "urn:b": 4, "p/c": 4},
    ),
    "described after it was referred to": ('[{"@id": "a", "x:p": {"@id": "b"}},\n{"@id": "b", "x:q": 2}]', {
        "a": 1, "b": 2,
    }),
    "context lists and null": (
        '[{"@context": [{"ex": "http://example.org/"}, {"k": "ex:k/"}], "@id": "ex:a", "x:p": 1,\n'
        ' "x:q": {"@context": null, "@id": "ex:b", "x:r": 1}}]',
        {"a": 1, "ex:b": 2},
    ),
    "JSON inside is no node": (
        '{"@context": {"j": {"@id": "x:j", "@type": "@json"}}, "@id": "a", "j": {"@id": "b"}}', {"a": 1}
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), _JSON_LD.values(), ids=list(_JSON_LD))
def test_subjects_of_json_ld_are_those_of_pyoxigraph(text: str, expected: dict[str, int]) -> None:
    first: dict[str, int] = {}
    for node, place in find_subjects_of_jsonld(text, _EX):
        first.setdefault(node.value.removeprefix(_EX), place.line)
    assert first == expected
    subjects = {
        quad.subject.value.removeprefix(_EX) for quad in parse(text, format=RdfFormat.JSON_LD, base_iri=_EX)
    }
    assert subjects <= set(first)


@pytest.mark.parametrize("text", ['{"@id": "x:a"', "[1, 2}", '{"@id": \x01}', '{"@id": "\\x"}', "]"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(TurtleSyntaxError):
        list(find_subjects_of_jsonld(text))


def test_deep_nesting_is_no_danger() -> None:
    depth = 200_000
    assert list(find_subjects_of_jsonld("[" * depth + '{"@id": "x:a", "x:p": 1}' + "]" * depth))
    inner = "<a:b>" * 20_000 + "</a:b>" * 20_000
    assert list(find_subjects_of_rdfxml(f'<a:b xmlns:a="x:" xmlns:r="{_RDF}" r:about="x:s">{inner}</a:b>'))


_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def test_subjects_of_rdf_xml_are_found_where_they_are_described() -> None:
    text = f"""\
<rdf:RDF xmlns:rdf="{_RDF}" xmlns:e="http://example.org/"
    xml:base="http://example.org/doc">
  <e:T rdf:about="a" e:x="1">
    <e:knows><e:T rdf:ID="b"/></e:knows>
    <e:knows rdf:resource="c"/>
    <e:knows rdf:resource="d" e:name="D"/>
    <e:knows rdf:nodeID="n"/>
    <e:says rdf:ID="s">text</e:says>
    <e:markup rdf:parseType="Literal"><e:T rdf:about="no"/></e:markup>
    <e:home rdf:parseType="Resource"><e:street><e:T rdf:about="f"/></e:street></e:home>
    <e:list rdf:parseType="Collection"><e:T rdf:about="g"/></e:list>
  </e:T>
  <rdf:Description rdf:nodeID="n" e:name="N"/>
</rdf:RDF>
"""
    found = {node.value.removeprefix(_EX): place.line for node, place in find_subjects_of_rdfxml(text)}
    assert found == {"a": 3, "doc#b": 4, "d": 6, "doc#s": 8, "f": 10, "g": 11, "n": 13}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!DOCTYPE a><a/>", "A DOCTYPE is refused. Write IRIs in full, without entities."),
        ("<a><b></a>", "This is not XML: mismatched tag."),
    ],
)
def test_xml_that_is_broken_or_has_a_document_type_is_refused(text: str, message: str) -> None:
    with pytest.raises(ContentError, match=re.escape(message)):
        find_subjects_of_rdfxml(text)


@given(_quads)
def test_every_subject_that_pyoxigraph_writes_is_found(quads: list[Quad]) -> None:
    subjects = {q.subject for q in quads}
    json_ld = (serialize(quads, format=RdfFormat.JSON_LD) or b"").decode()
    assert subjects <= {node for node, _ in find_subjects_of_jsonld(json_ld)}
    # Oxigraph writes XML that is none for some predicates and characters.
    odd = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff~]")
    kept = [q.triple for q in quads if not odd.search(q.object.value + q.predicate.value)]
    if kept:
        xml = (serialize(kept, format=RdfFormat.RDF_XML) or b"").decode()
        assert {t.subject for t in kept} <= {node for node, _ in find_subjects_of_rdfxml(xml)}
