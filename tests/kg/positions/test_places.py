"""Findings to places: the most exact one that the file's format gives."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.loading.load import load_files
from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Finding, Place, Severity, Term
from sauran.kg.model.formats import format_of_suffix
from sauran.kg.positions.places import DataFile, Places

EX = "http://example.org/"
ANY = NamedNode("urn:any")
TURTLE = """\
@prefix ex: <http://example.org/> .

ex:ann a ex:Person ;
  ex:age 1 , "forty" ;
  ex:home [
    ex:zip 1 ;
    ex:town [ ex:name "A" ]
  ] .
ex:bob ex:knows ex:ann .
"""


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def placed(  # noqa: PLR0917 (the parts of a finding)
    files: dict[str, str],
    folder: Path,
    focus: Term | None,
    path: str | None = None,
    value: Term | None = None,
    component: str | None = None,
) -> str:
    """The place of a finding in some files, by the name of the file; ~ stands for one that is not exact."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    paths = [folder / name for name in files]
    finding = Finding("r", Severity.VIOLATION, "m", focus, path, value, component=component)
    (found,) = Places(paths, numbered=True).place([finding])
    if found.place is None:
        return "nowhere"
    return str(found.place).removeprefix(f"{folder}/") + ("" if found.place.exact else "~")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param((ex("ann"), EX + "age", Literal("forty")), "a.ttl:4:14", id="value"),
        pytest.param((ex("ann"), EX + "age"), "a.ttl:4:3", id="too many: the predicate"),
        pytest.param((ex("ann"), EX + "name"), "a.ttl:3:1", id="missing value: the subject"),
        pytest.param(
            (ex("ann"), EX + "age", Literal("forty"), "ClosedConstraintComponent"),
            "a.ttl:4:3", id="closed",
        ),
        pytest.param(
            (ex("ann"), f"<{EX}home>/<{EX}zip>", Literal("x")),
            "a.ttl:5:3", id="path: its first step",
        ),
        pytest.param((ex("ann"), f"^<{EX}knows>", ex("bob")), "a.ttl:9:17", id="backwards"),
        pytest.param((ex("ann"), f"<{EX}no>|(<{EX}home>/<{EX}age>)"), "a.ttl:5:3", id="alternatives"),
        pytest.param(
            (ex("ann"), f"<{EX}no>/(<{EX}age>|<{EX}home>)"),
            "a.ttl:3:1", id="later steps count for nothing",
        ),
        pytest.param((ex("Person"), None), "a.ttl:3:10", id="a node that is only an object"),
        pytest.param((Literal("forty"), None), "a.ttl:4:14", id="a literal"),
        pytest.param(
            (ex("ann"), None, ex("bob"), "SPARQLConstraintComponent"),
            "a.ttl:9:1", id="value of a query",
        ),
        pytest.param((BlankNode("f0n0"), EX + "street"), "a.ttl:5:11", id="blank node"),
        pytest.param(
            (BlankNode("f0n1"), EX + "name", Literal("A")),
            "a.ttl:7:23", id="blank node in a blank node",
        ),
        pytest.param((BlankNode("f1n0"), None), "nowhere", id="blank node of another file"),
        pytest.param((ex("nobody"), None), "nowhere", id="unknown"),
        pytest.param((None, None), "nowhere", id="about no node"),
    ],
)  # fmt: skip
def test_the_best_place_in_turtle_is_found(
    asked: tuple[Term | None, ...], expected: str, tmp_path: Path
) -> None:
    assert placed({"a.ttl": TURTLE}, tmp_path, *asked) == expected  # type: ignore[arg-type]


def test_blank_nodes_are_numbered_as_places_find_them(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE, "utf-8")
    quads = load_files([tmp_path / "a.ttl"], ANY).quads
    assert Quad(BlankNode("f0n1"), ex("name"), Literal("A"), ANY) in quads
    assert Quad(ex("ann"), ex("home"), BlankNode("f0n0"), ANY) in quads


FORMATS = {
    "a.trig": ("<x:g> { <x:s> <x:p> 1 ,\n 2 }", "a.trig:2:2"),
    "a.nt": ('<x:s> <x:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .', "a.nt:1:13"),
    "a.nq": ('\n<x:s> <x:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <x:g> .', "a.nq:2:13"),
    "a.jsonld": ('[\n {"@id": "x:s",\n "x:p": 2}]', "a.jsonld:2:2~"),
    "a.rdf": (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">\n'
        '<r:Description r:about="x:s">\n<x:p>2</x:p></r:Description></r:RDF>',
        "a.rdf:2:1~",
    ),
}


@pytest.mark.parametrize(
    ("name", "text", "expected"), [(n, *e) for n, e in FORMATS.items()], ids=list(FORMATS)
)
def test_every_format_has_places(name: str, text: str, expected: str, tmp_path: Path) -> None:
    value = Literal("2", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert placed({name: text}, tmp_path, NamedNode("x:s"), "x:p", value) == expected


def test_a_blank_node_that_cannot_have_a_name_stands_where_its_owner_is_described(tmp_path: Path) -> None:
    text = '[{"@id": "x:o", "x:p": 1},\n {"@id": "x:s", "x:q": {"@list": [1, 2]}}]'
    assert placed({"a.jsonld": text}, tmp_path, BlankNode("f0n1"), "x:u") == "a.jsonld:2:2~"
    labelled = '[\n{"@id": "_:b", "x:p": 1}]'
    assert placed({"a.jsonld": labelled}, tmp_path, BlankNode("f0n0"), "x:u") == "a.jsonld:2:1~"
    alone = '[\n{"x:p": 1, "@graph": []}]'
    assert placed({"a.jsonld": alone}, tmp_path, BlankNode("f0n0"), "x:u") == "a.jsonld~"


def test_the_most_exact_file_wins(tmp_path: Path) -> None:
    files = {"a.jsonld": '{"@id": "x:s", "x:p": 1}', "b.ttl": "<x:s> <x:p> <x:o> ."}
    assert placed(files, tmp_path, NamedNode("x:s"), "x:p", NamedNode("x:o")) == "b.ttl:1:13"
    assert placed(files, tmp_path, NamedNode("x:s"), "x:q") == "a.jsonld:1:1~"


def test_reasons_inside_get_places_too(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE, "utf-8")
    reason = Finding("r", Severity.VIOLATION, "m", BlankNode("f0n0"), EX + "zip")
    outer = Finding("r", Severity.VIOLATION, "m", ex("ann"), place=Place("x", 1, 1), because=(reason,))
    (found,) = Places([tmp_path / "a.ttl"], numbered=True).place([outer])
    assert found.place == Place("x", 1, 1)
    assert found.because[0].place == Place(str(tmp_path / "a.ttl"), 6, 5)


def test_a_green_run_reads_nothing() -> None:
    assert Places([Path("nowhere.ttl")]).place([]) == []
    done = Finding("r", Severity.VIOLATION, "m", ex("ann"), place=Place("x"))
    assert Places([Path("nowhere.ttl")]).place([done]) == [done]


def test_a_file_that_changed_meanwhile_is_said() -> None:
    turtle = format_of_suffix("ttl")
    assert turtle is not None
    source = DataFile("a.ttl", turtle, lambda: b"broken")
    finding = Finding("r", Severity.VIOLATION, "m", ex("ann"))
    with pytest.raises(ContentError, match=r"^a\.ttl: changed while it was being read\. Try again\.$"):
        Places([source]).place([finding])
