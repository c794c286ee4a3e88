"""VoID: every number of it is one that was counted, every name stays, nothing is made up."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.describe.void import dataset_void, void_quads
from sauran.kg.model.namespaces import DCTERMS, PREFIXES, RDF, XSD, Namespace
from sauran.kg.release.release import Release

VOID = Namespace(PREFIXES["void"])
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SITE = "https://example.org/kg/"
DATASETS = "https://w3id.org/sauran/dataset/"


@pytest.fixture(scope="module")
def quads(briefing: Release) -> list[Quad]:
    return void_quads(briefing.manifest, SITE)


def values(quads: list[Quad], subject: str, predicate: NamedNode) -> list[str]:
    node = NamedNode(subject)
    return [q.object.value for q in quads if q.subject == node and q.predicate == predicate]


def test_the_document_names_what_it_describes(quads: list[Quad]) -> None:
    document = f"{SITE}.well-known/void"
    assert values(quads, document, RDF.type) == [VOID.DatasetDescription.value]
    assert values(quads, document, FOAF.primaryTopic) == [f"{DATASETS}all"]
    assert values(quads, document, FOAF.topic) == [f"{DATASETS}reference", f"{DATASETS}kazakhstan"]


@pytest.mark.parametrize(
    ("dataset", "dump"),
    [
        ("kazakhstan", "kazakhstan"),
        ("all", "all"),
        ("kazakhstan#derived", "kazakhstan-derived"),
        ("all#shapes", "shapes"),
    ],
)
def test_totals_are_those_of_the_manifest(
    briefing: Release, quads: list[Quad], dataset: str, dump: str
) -> None:
    counts = briefing.manifest["statistics"][dump]
    for word, number in (
        ("triples", counts["triples"]),
        ("entities", counts["entities"]),
        ("distinctSubjects", counts["subjects"]),
        ("distinctObjects", counts["objects"]),
        ("properties", len(counts["properties"])),
        ("classes", len(counts["classes"])),
    ):
        assert values(quads, DATASETS + dataset, VOID[word]) == [str(number)], word
    assert values(quads, DATASETS + dataset, VOID.uriSpace) == [counts["space"]]
    assert values(quads, DATASETS + dataset, VOID.vocabulary) == counts["vocabularies"]
    assert values(quads, DATASETS + dataset, VOID.exampleResource) == counts["examples"]


def test_partitions_have_names_of_their_own_and_the_numbers_of_the_manifest(
    briefing: Release, quads: list[Quad]
) -> None:
    counts = briefing.manifest["statistics"]["kazakhstan"]
    classes = values(quads, f"{DATASETS}kazakhstan", VOID.classPartition)
    found = {values(quads, p, VOID["class"])[0]: int(values(quads, p, VOID.entities)[0]) for p in classes}
    assert found == counts["classes"]
    properties = values(quads, f"{DATASETS}kazakhstan", VOID.propertyPartition)
    numbers = ("triples", "distinctSubjects", "distinctObjects")
    assert counts["properties"] == {
        values(quads, p, VOID.property)[0]: [int(values(quads, p, VOID[word])[0]) for word in numbers]
        for p in properties
    }
    assert f"{DATASETS}kazakhstan#class-sec:Claim" in classes
    assert len(set(classes + properties)) == len(classes) + len(properties)


def test_links_are_told_by_target_and_property(briefing: Release, quads: list[Quad]) -> None:
    own = f"{DATASETS}kazakhstan"
    found = []
    for links in values(quads, own, VOID.subset):
        assert values(quads, links, RDF.type) == [VOID.Linkset.value]
        assert values(quads, links, VOID.subjectsTarget) == [own]
        (target,) = values(quads, links, VOID.objectsTarget)
        assert VOID.Dataset.value in values(quads, target, RDF.type)
        space = target if target == f"{DATASETS}reference" else values(quads, target, VOID.uriSpace)[0]
        (predicate,), (triples,) = (values(quads, links, VOID[word]) for word in ("linkPredicate", "triples"))
        found.append([space, predicate, int(triples)])
    assert sorted(found) == briefing.manifest["statistics"]["kazakhstan"]["links"] != []


def test_only_files_that_hold_what_was_counted_are_its_dumps(briefing: Release, quads: list[Quad]) -> None:
    start = f"{SITE}release/{briefing.version}/dumps/"
    own = values(quads, f"{DATASETS}kazakhstan", VOID.dataDump)
    assert len(own) == 12
    assert {address.removeprefix(start).partition(".")[0] for address in own} == {"kazakhstan"}
    # With graphs, the dump of everything holds the derived triples too.
    everything = values(quads, f"{DATASETS}all", VOID.dataDump)
    wanted = {f"{start}all.{name}{packed}" for name in ("ttl", "nt", "rdf") for packed in ("", ".gz")}
    assert set(everything) == wanted


def test_derived_triples_and_alignments_are_no_part_of_another_dataset(quads: list[Quad]) -> None:
    parts = values(quads, f"{DATASETS}all", VOID.subset)
    assert {
        f"{DATASETS}reference",
        f"{DATASETS}kazakhstan",
        f"{DATASETS}all#ontology",
        f"{DATASETS}all#shapes",
    } <= set(parts)
    assert f"{DATASETS}all#alignments" not in parts
    assert f"{DATASETS}kazakhstan#derived" not in values(quads, f"{DATASETS}kazakhstan", VOID.subset)
    assert values(quads, f"{DATASETS}kazakhstan#derived", DCTERMS.source) == [f"{DATASETS}kazakhstan"]


def test_there_are_no_blank_nodes_and_no_triple_twice(quads: list[Quad]) -> None:
    assert not any(isinstance(term, BlankNode) for q in quads for term in (q.subject, q.object))
    assert len(quads) == len(set(quads)) > 500


def test_a_release_without_counts_is_described_without_numbers(briefing: Release) -> None:
    manifest = {key: value for key, value in briefing.manifest.items() if key != "statistics"}
    quads = void_quads(manifest, SITE)
    assert not any(isinstance(q.object, Literal) and q.object.datatype == XSD.integer for q in quads)
    assert len(values(quads, f"{DATASETS}kazakhstan", VOID.dataDump)) == 12
    assert values(quads, f"{DATASETS}kazakhstan", VOID.sparqlEndpoint) == [f"{SITE}sparql"]


def test_of_many_datasets_the_document_has_totals_and_each_iri_the_rest(briefing: Release) -> None:
    manifest = dict(briefing.manifest)
    publication = dict(manifest["publication"])
    more = [{**publication["datasets"][0], "slug": f"x{n}", "iri": f"{DATASETS}x{n}"} for n in range(100)]
    publication["datasets"] = [*publication["datasets"], *more]
    manifest["publication"] = publication
    quads = void_quads(manifest, SITE)
    details = (VOID.classPartition, VOID.propertyPartition, VOID.dataDump, VOID.vocabulary)
    whole = {q.subject.value.partition("#")[0] for q in quads if q.predicate in details}
    assert whole == {f"{DATASETS}all"}
    assert values(quads, f"{DATASETS}kazakhstan", VOID.triples) != []
    assert values(dataset_void(manifest, "kazakhstan", SITE), f"{DATASETS}kazakhstan", VOID.classPartition)


def test_a_term_without_a_short_name_is_named_by_its_digest(briefing: Release) -> None:
    counts = {
        **briefing.manifest["statistics"]["reference"],
        "classes": {"urn:x:Thing": 3, "http://x.example/a%20b": 1},
    }
    manifest = {**briefing.manifest, "statistics": {"reference": counts}}
    parts = values(dataset_void(manifest, "reference", SITE), f"{DATASETS}reference", VOID.classPartition)
    assert len(set(parts)) == 2
    assert all(
        part.startswith(f"{DATASETS}reference#class-") and len(part.partition("#class-")[2]) == 12
        for part in parts
    )
