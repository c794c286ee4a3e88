"""What a dump holds: every number is counted again, from the released file, by another way."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.statistics import count_dump
from sauran.kg.loading.dumps import Dump
from sauran.kg.model.namespaces import OWL, RDF, RDFS, SKOS
from sauran.kg.release.build import build
from sauran.kg.release.release import Release

BASE = "https://example.org/"
DUMPS = ["reference", "kazakhstan", "kazakhstan-derived", "ontology", "shapes", "alignments", "all"]


OTHERS = (
    "http://eurovoc.europa.eu/",
    "http://id.loc.gov/authorities/subjects/",
    "http://www.wikidata.org/entity/",
)
Lines = list[tuple[str, str, str]]


def lines_of(release: Release, name: str) -> Lines:
    """The triples of a dump as text: no store, which would take some literals for others."""
    text = (release.folder / f"dumps/{name}.nt").read_text("utf-8")
    triples = [tuple(line.removesuffix(" .").split(" ", 2)) for line in text.split("\n") if line]
    assert len(triples) == len(set(triples)) > 50
    return triples


def of_iris(terms: Iterable[str], space: str = "") -> set[str]:
    return {term for term in terms if term.startswith(f"<{space}")}


@pytest.fixture(scope="module", params=DUMPS)
def counted(request: pytest.FixtureRequest, briefing: Release) -> tuple[dict, Lines]:
    """The numbers of a dump, and what its N-Triples say."""
    return briefing.manifest["statistics"][request.param], lines_of(briefing, request.param)


def test_all_dumps_are_counted(briefing: Release) -> None:
    assert sorted(briefing.manifest["statistics"]) == sorted(DUMPS)


def test_totals_are_those_of_the_file(counted: tuple[dict, Lines]) -> None:
    said, lines = counted
    subjects = {subject for subject, _, _ in lines}
    assert said["triples"] == len(lines)
    assert said["subjects"] == len(subjects)
    assert said["objects"] == len({value for _, _, value in lines})
    assert said["entities"] == len(of_iris(subjects, said["space"]))


def test_partitions_are_those_of_the_file(counted: tuple[dict, Lines]) -> None:
    said, lines = counted
    properties: dict[str, Lines] = {}
    classes: dict[str, set[str]] = {}
    for subject, predicate, value in lines:
        properties.setdefault(predicate[1:-1], []).append((subject, predicate, value))
        if predicate == f"<{RDF.type.value}>" and value.startswith("<"):
            classes.setdefault(value[1:-1], set()).add(subject)
    assert said["classes"] == {name: len(things) for name, things in classes.items()}
    assert said["properties"] == {
        name: [len(triples), len({s for s, _, _ in triples}), len({o for _, _, o in triples})]
        for name, triples in properties.items()
    }


def test_examples_and_vocabularies_are_in_the_file(counted: tuple[dict, Lines]) -> None:
    said, lines = counted
    subjects = {subject for subject, _, _ in lines}
    assert said["examples"] or said["space"].endswith("/id/")
    assert {f"<{iri}>" for iri in said["examples"]} <= subjects
    used = of_iris(p for _, p, _ in lines) | of_iris(o for _, p, o in lines if p == f"<{RDF.type.value}>")
    namespaces = {iri[1 : max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    assert {name.rstrip("#") for name in said["vocabularies"]} == {name.rstrip("#") for name in namespaces}


def test_links_to_other_datasets_are_counted_for_each_target_and_property(briefing: Release) -> None:
    own, reference = lines_of(briefing, "kazakhstan"), lines_of(briefing, "reference")
    here, there = ({subject for subject, _, _ in lines} for lines in (own, reference))
    expected: Counter[tuple[str, str]] = Counter()
    for _, predicate, value in own:
        if value in there - here:
            expected[f"{briefing.base}dataset/reference", predicate[1:-1]] += 1
        for space in OTHERS:
            expected[space, predicate[1:-1]] += value.startswith(f"<{space}")
    links = briefing.manifest["statistics"]["kazakhstan"]["links"]
    assert len({target for target, _, _ in links}) == 4
    assert {(target, name): triples for target, name, triples in links} == +expected


def quads() -> Iterator[Quad]:
    one, two = NamedNode(f"{BASE}id/one"), NamedNode(f"{BASE}id/two")
    first, second = NamedNode(f"{BASE}graph/a"), NamedNode(f"{BASE}graph/b")
    yield Quad(one, RDF.type, OWL.Thing, first)
    yield Quad(one, RDF.type, OWL.Thing, second)
    yield Quad(one, RDFS.label, Literal("one", language="en"), first)
    yield Quad(one, SKOS.exactMatch, NamedNode("https://sws.geonames.org/1522867/"), first)
    yield Quad(one, SKOS.related, two, first)
    yield Quad(NamedNode("https://elsewhere.example/x"), OWL.sameAs, one, first)


def test_a_triple_in_two_graphs_counts_once() -> None:
    said = count_dump(Dump("all", list(quads())), f"{BASE}id/", BASE)
    assert (said["triples"], said["subjects"], said["entities"], said["objects"]) == (5, 2, 1, 5)
    assert said["properties"][RDF.type.value] == [1, 1, 1]


def test_the_namespace_of_an_iri_that_ends_with_a_slash_is_before_its_last_part() -> None:
    said = count_dump(Dump("a", list(quads())), f"{BASE}id/", BASE)
    assert said["links"] == [["https://sws.geonames.org/", SKOS.exactMatch.value, 1]]


def test_iris_without_slashes_have_namespaces_too() -> None:
    one, thing = NamedNode(f"{BASE}id/one"), NamedNode("urn:isbn:0451450523")
    graph = NamedNode(f"{BASE}graph/a")
    dump = [Quad(one, OWL.sameAs, thing, graph), Quad(one, NamedNode("urn:x:property"), thing, graph)]
    said = count_dump(Dump("a", dump), f"{BASE}id/", BASE)
    assert said["links"] == [["urn:isbn:", OWL.sameAs.value, 1]]
    assert said["vocabularies"] == ["http://www.w3.org/2002/07/owl", "urn:x:"]


def test_a_thing_that_several_datasets_describe_is_linked_with_each() -> None:
    homes = {f"{BASE}id/two": frozenset({"b", "c"}), f"{BASE}id/one": frozenset({"a"})}
    said = count_dump(Dump("a", list(quads())), f"{BASE}id/", BASE, homes)
    assert [link for link in said["links"] if link[0].startswith(BASE)] == [
        [f"{BASE}dataset/b", SKOS.related.value, 1],
        [f"{BASE}dataset/c", SKOS.related.value, 1],
    ]


@pytest.mark.slow
def test_two_builds_count_the_same(harbour: Path, tmp_path: Path) -> None:
    first, second = (build(harbour, tmp_path / name).release for name in ("one", "two"))
    assert first is not None
    assert second is not None
    assert (first.folder / "manifest.json").read_bytes() == (second.folder / "manifest.json").read_bytes()
    assert first.manifest["statistics"]["harbour"]["triples"] > 20
