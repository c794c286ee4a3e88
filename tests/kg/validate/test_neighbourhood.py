"""What is read for a few nodes is what all of the data say of them, and what decides about them."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple
from small_shapes import triples
from validation_support import EX, PREFIXES, Folder

from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.validate.input_files import find_inputs
from sauran.kg.validate.input_graphs import Data
from sauran.kg.validate.job import Limits
from sauran.kg.validate.neighbourhood import Descriptions, neighbourhood

ONE = (
    "ex:a ex:p [ ex:q ( 1 [ ex:r ex:b ] ) ] ; a ex:C .\n[ ex:p ex:a ] ex:q 2 .\n"
    "ex:b ex:p ex:a .\nex:a ex:q 3 .\nex:z ex:p ex:b .\n"
)
TWO = "PREFIX e: <http://example.org/>\ne:a e:p ( e:b [] ) .\n<x> e:p [ e:q <y> ] .\n"


def read(folder: Folder, *texts: str, suffix: str = "ttl") -> Data:
    files = [folder.write(f"{number}.{suffix}", text) for number, text in enumerate(texts)]
    return Data(find_inputs(files)[0], Limits())


def test_each_node_has_its_triples_under_the_labels_of_findings(folder: Folder) -> None:
    data = read(folder, ONE, TWO)
    described, whole = Descriptions(data), list(data.triples())
    subjects = {triple.subject for triple in whole}
    assert len(subjects) == 12
    for subject in subjects:
        found = described.about([subject])
        assert found is not None
        assert found == [triple for triple in whole if triple.subject == subject]
    together = described.about(subjects)
    assert together is not None
    assert sorted(map(str, together)) == sorted(map(str, whole))
    assert described.about([NamedNode(EX + "nothing")]) == []


@pytest.mark.parametrize(("text", "suffix"), [("_:x ex:p 1 .", "ttl"), ("", "trig")])
def test_labels_and_other_formats_have_no_statements(folder: Folder, text: str, suffix: str) -> None:
    data = read(folder, ONE + text, suffix=suffix)
    assert Descriptions(data).about([NamedNode(EX + "a")]) is None


@pytest.mark.parametrize("path", ["ex:p", "( ex:p ex:p )", "[ sh:inversePath ex:p ]"])
@pytest.mark.parametrize("closed", ["", "; sh:closed true"])
def test_a_neighbourhood_is_the_same_whatever_it_is_taken_from(
    folder: Folder, path: str, closed: str
) -> None:
    data = read(folder, ONE, TWO)
    shapes = TripleIndex(
        read(Folder(sub(folder)), f"ex:S sh:path {path} ; sh:class ex:D {closed} .").triples()
    )
    root, node = NamedNode(EX + "S"), NamedNode(EX + "b")
    part = neighbourhood(Descriptions(data), shapes, [root], [node], 100)
    whole = neighbourhood(data.triples, shapes, [root], [node], 100)
    assert part is not None
    assert whole is not None
    assert set(part) == set(whole)
    assert len(part) > 0
    assert neighbourhood(Descriptions(data), shapes, [root], [node], 0) is None


def sub(folder: Folder) -> Path:
    (folder.path / "shapes").mkdir()
    return folder.path / "shapes"


def some(text: str) -> list[Triple]:
    return triples(PREFIXES + text)


@pytest.mark.parametrize(
    ("shape", "kept"),
    [
        ("sh:path ex:p ; sh:minCount 1", "ex:a ex:p ex:b ."),
        ("sh:path ( ex:p ex:q ) ; sh:minCount 1", "ex:a ex:p ex:b . ex:b ex:q ex:c ."),
        ("sh:path [ sh:inversePath ex:q ] ; sh:minCount 1", "ex:z ex:q ex:a ."),
        ("sh:class ex:C", "ex:a a ex:D . ex:D rdfs:subClassOf ex:C ."),
        (
            "sh:closed true ; sh:property [ sh:path ex:p ]",
            "ex:a ex:p ex:b ; a ex:D . ex:b ex:q ex:c . ex:D rdfs:subClassOf ex:C .",
        ),
        ("sh:path ex:p ; sh:equals ex:q", "ex:a ex:p ex:b . ex:b ex:q ex:c ."),
    ],
)
def test_neighbourhood_is_what_decides(shape: str, kept: str) -> None:
    data = some(
        "ex:a ex:p ex:b ; a ex:D . ex:b ex:q ex:c . ex:c ex:s ex:d . "
        "ex:z ex:q ex:a . ex:y ex:p ex:x . ex:D rdfs:subClassOf ex:C ."
    )
    shapes = TripleIndex(some(f"ex:S {shape} ."))
    (root,) = some("ex:S a ex:S .")[0:1]
    (node,) = some("ex:a a ex:a .")[0:1]
    found = neighbourhood(lambda: data, shapes, [root.subject], [node.subject], 100)
    assert found is not None
    relevant = {
        t for t in found if "rdf-syntax" not in t.predicate.value and "rdf-schema" not in t.predicate.value
    }
    wanted = set(some(kept))
    assert wanted <= set(found)
    assert relevant <= wanted
    assert neighbourhood(lambda: data, shapes, [root.subject], [node.subject], 0) is None


def test_query_has_no_neighbourhood() -> None:
    shapes = TripleIndex(some('ex:S sh:sparql [ sh:select "SELECT $this {}" ] .'))
    (root,) = some("ex:S a ex:S .")
    assert neighbourhood(list, shapes, [root.subject], [], 100) is None
