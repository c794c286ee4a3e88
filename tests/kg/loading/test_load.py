"""Content files to quads: faults of all files at once, and what SHACL cannot see."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.loading.load import check_published, load_files
from sauran.kg.model.errors import ContentError

GRAPH = NamedNode("http://example.org/graph")
BASE = "http://example.org/"
S, P = NamedNode(BASE + "s"), NamedNode(BASE + "p")
XSD = "http://www.w3.org/2001/XMLSchema#"


def test_syntax_faults_of_all_files_are_found_at_once_with_line_and_column(tmp_path: Path) -> None:
    good, first, second = (tmp_path / name for name in ("good.ttl", "first.ttl", "second.ttl"))
    good.write_text("<http://e/s> <http://e/p> 1 .\n")
    first.write_text("@prefix e: <http://e/> .\ne:s e:p\n  x:y .\n")
    second.write_text("<http://e/s> <http://e/p> .\n")
    loaded = load_files([good, first, second], GRAPH)
    assert len(loaded.quads) == 1
    assert [(f.place.file, f.place.line, f.place.column) for f in loaded.findings if f.place] == [
        (str(first), 3, 3),
        (str(second), 1, 27),
    ]
    assert loaded.findings[0].message == (
        "The prefix x: has not been declared. Fix the syntax here or just before."
    )


def test_a_file_that_is_not_utf8_is_a_syntax_fault(tmp_path: Path) -> None:
    file = tmp_path / "latin.ttl"
    file.write_bytes(b'<http://e/s> <http://e/p> "caf\xe9" .\n')
    (finding,) = load_files([file], GRAPH).findings
    assert finding.place is not None
    assert finding.place.line == 1


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text("_:x <http://e/p> 1 .\n")
    assert len(load_files([tmp_path / "a.ttl", tmp_path / "b.ttl"], GRAPH).quads) == 2


def test_lexical_forms_stay_as_written(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("<http://e/s> <http://e/p> 01, 1.50 .\n")
    assert [quad.object.value for quad in load_files([file], GRAPH).quads] == ["01", "1.50"]


def test_a_suffix_without_an_rdf_format_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("")
    with pytest.raises(ContentError, match=r"no RDF format ends with '\.txt'\. Known: \.ttl, \.nt"):
        load_files([file], GRAPH)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read: No such file or directory"):
        load_files([tmp_path / "nowhere.ttl"], GRAPH)


@pytest.mark.parametrize(
    ("subject", "value", "rule"),
    [
        (BlankNode("b"), Literal("x"), "no-blank-node"),
        (S, BlankNode("b"), "no-blank-node"),
        (NamedNode("http://elsewhere.example/s"), Literal("x"), "subject-below-base"),
        (S, Literal("01", datatype=NamedNode(XSD + "integer")), "canonical-literal"),
        (S, Literal("1.50", datatype=NamedNode(XSD + "decimal")), "canonical-literal"),
        (S, Literal("1", datatype=NamedNode(XSD + "boolean")), "canonical-literal"),
        (S, Literal("a\x01"), "fits-every-format"),
        (S, Literal("a\ufffe", language="en"), "fits-every-format"),
    ],
)
def test_what_shacl_cannot_see_is_found(subject: NamedNode | BlankNode, value: Literal, rule: str) -> None:
    (finding,) = check_published([Quad(subject, P, value, GRAPH)], BASE, canonical_literals=True)
    assert finding.rule == rule


@pytest.mark.parametrize(
    "iri", ["http://a.example/123", "http://a.example/", "http://a.example/p(1)", "urn:a:1"]
)
def test_a_property_that_rdf_xml_cannot_write_is_found(iri: str) -> None:
    quad = Quad(S, NamedNode(iri), Literal("x"), GRAPH)
    (finding,) = check_published([quad], BASE, canonical_literals=True)
    assert (finding.rule, finding.path) == ("fits-every-format", iri)
    assert finding.message == (
        f"RDF/XML cannot write the property <{iri}>. "
        "Use one whose IRI ends with a letter or _, or with a name that begins so."
    )


@pytest.mark.parametrize("value", ["a\tb", "a\nb", "a\rb", "\x7f", "\x85", "😀", "]]>", "&amp;", " "])
def test_every_other_character_is_fine(value: str) -> None:
    assert check_published([Quad(S, P, Literal(value), GRAPH)], BASE, canonical_literals=True) == []


def test_the_repair_of_a_literal_is_its_canonical_form() -> None:
    quad = Quad(S, P, Literal("01", datatype=NamedNode(XSD + "integer")), GRAPH)
    (finding,) = check_published([quad], BASE, canonical_literals=True)
    assert finding.message == 'Stores rewrite "01". Write "1".'
    assert check_published([quad], BASE, canonical_literals=False) == []


def test_canonical_literals_of_all_kinds_are_fine() -> None:
    literals = [
        Literal("1", datatype=NamedNode(XSD + "integer")),
        Literal("7", datatype=NamedNode(XSD + "nonNegativeInteger")),
        Literal("71.12", datatype=NamedNode(XSD + "decimal")),
        Literal("true", datatype=NamedNode(XSD + "boolean")),
        Literal("2022-01-31", datatype=NamedNode(XSD + "date")),
        Literal("Тұрақтылық", language="kk"),
    ]
    assert check_published([Quad(S, P, v, GRAPH) for v in literals], BASE, canonical_literals=True) == []
