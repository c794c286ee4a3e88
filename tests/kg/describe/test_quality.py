"""What is measured when a release is built, and how DQV says it."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from sauran.kg.describe.quality import dataset_quality, measure_quality
from sauran.kg.loading.content import load_content
from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.model.namespaces import RDFS, SKOS, XSD, Namespace
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.publication.publication import load_publication
from sauran.kg.release.build import build, check_content
from sauran.kg.release.release import Release

DQV = Namespace("http://www.w3.org/ns/dqv#")


def values(release_manifest: dict, slug: str) -> dict[str, Literal]:
    """The value of each measurement, by the name of its metric."""
    quads = dataset_quality(release_manifest, slug)
    metric = {
        q.subject: q.object.value.partition("#metric-")[2]
        for q in quads
        if q.predicate == DQV.isMeasurementOf
    }
    return {metric[q.subject]: q.object for q in quads if q.predicate == DQV.value}


def test_the_briefing_is_measured(briefing: Release) -> None:
    store = Store()
    store.bulk_load(path=briefing.folder / "dumps/kazakhstan.nt", format=RdfFormat.N_TRIPLES)
    measured = briefing.manifest["quality"]["kazakhstan"]
    (row,) = store.query(
        "PREFIX sec: <https://w3id.org/sauran/ontology#> SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a sec:Claim }"
    )
    assert measured["claims"] == measured["evidence"] == int(row[0].value) > 100
    (row,) = store.query(
        "PREFIX sec: <https://w3id.org/sauran/ontology#> "
        'SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t sec:unreviewedLanguage "kk" }'
    )
    assert measured["unreviewed"] == {"kk": int(row[0].value)}
    for language in ("en", "fr", "ru", "kk"):
        (row,) = store.query(
            f"SELECT (COUNT(DISTINCT ?t) AS ?n) {{ ?t <{SKOS.prefLabel.value}>|<{RDFS.label.value}> ?l "
            f'FILTER(LANG(?l) = "{language}") }}'
        )
        assert measured["labelled"][language] == int(row[0].value)


def test_a_claim_counts_only_when_all_its_passages_can_be_proven(harbour: Path) -> None:
    content = load_content(load_publication(harbour), derive)
    before = measure_quality(content, [])["harbour"]
    assert before["claims"] == before["evidence"] >= 2
    source = harbour.parent / "datasets/harbour/source.ttl"
    text = source.read_text("utf-8")
    first = next(line for line in text.splitlines() if "sec:textDigest" in line and line.startswith("  "))
    passages = [line for line in text.splitlines() if line.strip() == first.strip()]
    assert len(passages) == 1
    # Of the passages, not of the document: take every digest away.
    source.write_text(
        "\n".join(line for line in text.splitlines() if "sec:textDigest" not in line) + "\n", "utf-8"
    )
    after = measure_quality(load_content(load_publication(harbour), derive), [])["harbour"]
    assert (after["claims"], after["evidence"]) == (before["claims"], 0)


def test_findings_belong_to_the_dataset_in_whose_file_they_stand(harbour: Path) -> None:
    content = load_content(load_publication(harbour), derive)
    file = content.publication.datasets[0].files[0]
    inside = Finding("a", Severity.WARNING, place=Place(str(file), 3), message="m")
    outside = Finding("b", Severity.INFO, place=Place(str(harbour.parent / "other.ttl"), 3), message="m")
    measured = measure_quality(content, [inside, outside])
    assert measured["harbour"]["findings"] == {"violation": 0, "warning": 1, "info": 0}
    assert measured["all"]["findings"] == {"violation": 0, "warning": 1, "info": 1}


def test_shares_are_exact_and_only_all_of_them_are_one(briefing: Release) -> None:
    manifest = {
        **briefing.manifest,
        "quality": {"kazakhstan": dict(briefing.manifest["quality"]["kazakhstan"])},
    }
    manifest["quality"]["kazakhstan"] |= {"claims": 148, "evidence": 147, "labelled": {"en": 99999, "fr": 0}}
    manifest["quality"]["kazakhstan"]["things"] = 100000
    said = values(manifest, "kazakhstan")
    assert said["claims-with-evidence"] == Literal("0.9932", datatype=XSD.decimal)
    assert said["labels-en"] == Literal("0.9999", datatype=XSD.decimal)
    assert said["labels-fr"] == Literal("0.0", datatype=XSD.decimal)
    assert values(dict(briefing.manifest), "kazakhstan")["claims-with-evidence"] == Literal(
        "1.0", datatype=XSD.decimal
    )
    assert said["violations"] == Literal("0", datatype=XSD.integer)


def test_nothing_is_said_where_there_is_nothing_to_divide_by(briefing: Release) -> None:
    said = values(dict(briefing.manifest), "reference")
    assert "claims-with-evidence" not in said
    assert said["labels-kk"] == Literal("1.0", datatype=XSD.decimal)


@pytest.mark.parametrize("slug", ["kazakhstan", "all"])
def test_every_metric_is_explained_in_four_languages(briefing: Release, slug: str) -> None:
    quads = dataset_quality(briefing.manifest, slug)
    metrics = {q.object for q in quads if q.predicate == DQV.isMeasurementOf}
    assert len(metrics) >= 9
    for metric in metrics:
        for word in (SKOS.prefLabel, SKOS.definition):
            texts = {
                q.object.language: q.object.value for q in quads if (q.subject, q.predicate) == (metric, word)
            }
            assert set(texts) == {"en", "fr", "ru", "kk"}, metric
            assert not any("{" in text for text in texts.values())
    subjects = {q.subject for q in quads}
    assert NamedNode(f"{briefing.base}dataset/{slug}") in subjects
    assert all(isinstance(subject, NamedNode) for subject in subjects)


def test_a_release_that_was_not_measured_is_said_nothing_of(briefing: Release) -> None:
    manifest = {key: value for key, value in briefing.manifest.items() if key != "quality"}
    assert dataset_quality(manifest, "kazakhstan") == []
    assert dataset_quality(dict(briefing.manifest), "unknown") == []


@pytest.mark.slow
def test_warnings_of_a_build_are_in_its_manifest(harbour: Path, tmp_path: Path) -> None:
    content = load_content(load_publication(harbour), derive)
    _, findings = check_content(content)
    result = build(harbour, tmp_path / "releases")
    assert result.release is not None
    counted = result.release.manifest["quality"]["all"]["findings"]
    assert counted["warning"] == sum(f.severity is Severity.WARNING for f in findings)
    assert counted == result.release.manifest["findings"]
