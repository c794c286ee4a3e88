"""The document of an IRI, defined once."""

from pyoxigraph import NamedNode

from sauran.kg.model.namespaces import OA, RDF, SEC
from sauran.server.api.documents import find_document, is_described
from sauran.server.http.served_release import ServedRelease

BASE = "https://w3id.org/sauran/"
CLAIMS = f"{BASE}id/source/kazakhstan-security/claim/"


def test_what_nothing_is_said_about_has_no_document(served_release: ServedRelease) -> None:
    assert find_document(served_release, f"{BASE}id/nothing") is None
    assert not is_described(served_release, f"{BASE}id/nothing")


def test_a_fragment_is_described_in_its_document_and_has_none_of_its_own_parts(
    served_release: ServedRelease,
) -> None:
    document = find_document(served_release, f"{BASE}id/time/1991")
    assert document is not None
    subjects = {quad.subject.value for quad in document.quads}
    assert {f"{BASE}id/time/1991{part}" for part in ("", "#beginning", "#end")} <= subjects


def test_in_every_document_each_claim_has_all_its_passages_and_all_its_notes(
    served_release: ServedRelease,
) -> None:
    """The rule of the design, checked over every subject of the briefing's own dataset."""
    graph = next(name for name in served_release.graphs if name.endswith("graph/kazakhstan"))
    quads = list(
        served_release.release.store()
        .query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        .triples()
    )
    passages = {(q.subject, q.object) for q in quads if q.predicate == SEC.statedIn}
    notes = {(q.object, q.subject) for q in quads if q.predicate == OA.hasTarget}
    shown = 0
    for iri in sorted({q.subject.value for q in quads if "#" not in q.subject.value})[::7]:
        document = find_document(served_release, iri)
        assert document is not None, iri
        described = {q.subject for q in document.quads}
        claims = {q.subject for q in document.quads if q.predicate == RDF["type"] and q.object == SEC.Claim}
        shown += len(claims)
        for claim, needed in passages | notes:
            if claim in claims:
                assert needed in described, (iri, claim, needed)
    assert shown > 50


def test_a_note_brings_the_claims_it_targets(served_release: ServedRelease) -> None:
    document = find_document(served_release, f"{BASE}id/source/kazakhstan-security/note/n03")
    assert document is not None
    described = {quad.subject for quad in document.quads}
    assert {NamedNode(f"{CLAIMS}c046"), NamedNode(f"{CLAIMS}c047")} <= described


def test_labels_are_those_of_things_not_of_properties(served_release: ServedRelease) -> None:
    document = find_document(served_release, f"{CLAIMS}c047")
    assert document is not None
    assert f"{BASE}id/kazakhstan" in {quad.subject.value for quad in document.labels}
    assert f"{BASE}ontology#modality" not in {quad.subject.value for quad in document.labels}


def test_a_dataset_is_described_from_the_manifest(served_release: ServedRelease) -> None:
    document = find_document(served_release, f"{BASE}dataset/reference")
    assert document is not None
    addresses = {quad.object.value for quad in document.quads if "release/" in quad.object.value}
    assert all(address.startswith("https://example.org/kg/release/") for address in addresses)
    # Six formats and the table of entities, each plain and packed.
    assert len(addresses) == 14
