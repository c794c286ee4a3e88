"""Data quality: measured when a release is built, described with DQV and the metrics that explain it."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.loading.content import Content
from sauran.kg.model.findings import Finding, Term
from sauran.kg.model.namespaces import LABEL_PROPERTIES, OA, RDF, SEC, SKOS, XSD, Namespace
from sauran.kg.publication.distributions import WHOLE
from sauran.kg.publication.eu_vocabularies import SPOKEN, tables
from sauran.kg.reports import count_by_severity

__all__ = ["DQV_IRI", "dataset_quality", "measure_quality"]

DQV_IRI = "http://www.w3.org/ns/dqv#"
_DQV, _LDQD = Namespace(DQV_IRI), Namespace("http://www.w3.org/2016/05/ldqd#")
_A = RDF["type"]
_EXACTLY = Decimal("0.0001")


@dataclass(frozen=True)
class _Metric:
    """How something is measured; `{language}` in a text stands for the language it is measured of."""

    name: str
    dimension: str
    datatype: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]


def measure_quality(content: Content, findings: Sequence[Finding]) -> dict[str, dict[str, Any]]:
    """Measure each dataset by its slug, and all that is asserted as `all`; plain data for the manifest.

    Shape: `evidence` counts the claims all whose passages can be proven: each has a position and a digest;
    `things` are those with a label, `labelled` says how many of them have one in a language.
    """
    provable = _provable(quad for quads in content.datasets.values() for quad in quads)
    languages = content.publication.languages
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(_name(Path(finding.place.file)) if finding.place else "", []).append(finding)
    measured = {}
    for dataset in content.publication.datasets:
        own = [finding for file in dataset.files for finding in by_file.get(_name(file), ())]
        numbers = _measure(content.datasets[dataset.slug], provable, languages)
        measured[dataset.slug] = {**numbers, "findings": count_by_severity(own)}
    numbers = _measure(content.asserted, provable, languages)
    measured[WHOLE] = {**numbers, "findings": count_by_severity(findings)}
    return measured


def _provable(quads: Iterable[Quad]) -> set[Term]:
    """The passages with a position and a digest, which anyone with the text can verify."""
    selectors: dict[Term, Term] = {}
    found: dict[NamedNode, set[Term]] = {OA.start: set(), OA.end: set(), SEC.textDigest: set()}
    for quad in quads:
        if quad.predicate == OA.hasSelector:
            selectors[quad.subject] = quad.object
        elif quad.predicate in found:
            found[quad.predicate].add(quad.subject)
    placed = found[OA.start] & found[OA.end]
    return {passage for passage in found[SEC.textDigest] if selectors.get(passage) in placed}


def _measure(quads: Iterable[Quad], provable: set[Term], languages: Sequence[str]) -> dict[str, Any]:
    claims: set[Term] = set()
    passages: dict[Term, list[Term]] = {}
    labelled: dict[Term, set[str]] = {}
    unreviewed: dict[str, set[Term]] = {}
    for quad in quads:
        predicate, value = quad.predicate, quad.object
        if predicate == _A and value == SEC.Claim:
            claims.add(quad.subject)
        elif predicate == SEC.statedIn:
            passages.setdefault(quad.subject, []).append(value)
        elif predicate in LABEL_PROPERTIES and isinstance(value, Literal):
            labelled.setdefault(quad.subject, set()).add(value.language or "")
        elif predicate == SEC.unreviewedLanguage and isinstance(value, Literal):
            unreviewed.setdefault(value.value, set()).add(quad.subject)
    proven = sum(1 for claim in claims if passages.get(claim) and provable.issuperset(passages[claim]))
    return {
        "claims": len(claims),
        "evidence": proven,
        "things": len(labelled),
        "labelled": {tag: sum(1 for tags in labelled.values() if tag in tags) for tag in languages},
        "unreviewed": {tag: len(things) for tag, things in sorted(unreviewed.items())},
    }


def _name(file: Path) -> str:
    return str(file.resolve())


def dataset_quality(manifest: Mapping[str, Any], slug: str) -> list[Quad]:
    """Describe the measurements of one dataset, or of all; nothing if the release has none.

    Source: Data Quality Vocabulary, section 4; dimensions of "Linked Data Quality", W3C 2016.
    """
    measured = manifest.get("quality", {}).get(slug)
    if measured is None:
        return []
    datasets = f"{manifest['publication']['base']}dataset/"
    dataset = NamedNode(datasets + slug)
    quads = []
    for metric, value in _values(measured):
        measurement = NamedNode(f"{dataset.value}#quality-{metric.name}")
        metric_iri = NamedNode(f"{datasets}{WHOLE}#metric-{metric.name}")
        quads += [
            Quad(dataset, _DQV.hasQualityMeasurement, measurement),
            Quad(measurement, _A, _DQV.QualityMeasurement),
            Quad(measurement, _DQV.computedOn, dataset),
            Quad(measurement, _DQV.isMeasurementOf, metric_iri),
            Quad(measurement, _DQV.value, Literal(value, datatype=XSD[metric.datatype])),
            *_explained(metric_iri, metric),
        ]
    return quads


def _explained(iri: NamedNode, metric: _Metric) -> Iterator[Quad]:
    yield Quad(iri, _A, _DQV.Metric)
    yield Quad(iri, _DQV.expectedDataType, XSD[metric.datatype])
    yield Quad(iri, _DQV.inDimension, _LDQD[metric.dimension])
    for word, texts in ((SKOS.prefLabel, metric.labels), (SKOS.definition, metric.definitions)):
        yield from (Quad(iri, word, Literal(text, language=tag)) for tag, text in texts.items())


def _values(measured: Mapping[str, Any]) -> Iterator[tuple[_Metric, str]]:
    metrics = _metrics()
    if measured["claims"]:
        yield metrics["claims-with-evidence"], _share(measured["evidence"], measured["claims"])
    if measured["things"]:
        for tag, number in measured["labelled"].items():
            yield _in_language(metrics["labels"], tag), _share(number, measured["things"])
    for tag, number in measured["unreviewed"].items():
        yield _in_language(metrics["unreviewed"], tag), str(number)
    for severity, number in measured["findings"].items():
        yield metrics[f"{severity}s"], str(number)


@cache
def _metrics() -> dict[str, _Metric]:
    """The table of metrics, by name."""
    with (Path(__file__).parent / "metrics.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: _metric(row) for row in csv.DictReader(file)}


def _metric(row: Mapping[str, str]) -> _Metric:
    labels, definitions = (
        {key.removeprefix(word): text for key, text in row.items() if key.startswith(word)}
        for word in ("label_", "definition_")
    )
    return _Metric(row["name"], row["dimension"], row["datatype"], labels, definitions)


def _in_language(metric: _Metric, tag: str) -> _Metric:
    code = SPOKEN.get(tag)
    names = tables()["language"].concepts[code].labels if code else {}
    labels, definitions = (
        {own: text.format(language=names.get(own, tag)) for own, text in texts.items()}
        for texts in (metric.labels, metric.definitions)
    )
    return _Metric(f"{metric.name}-{tag}", metric.dimension, metric.datatype, labels, definitions)


def _share(part: int, whole: int) -> str:
    """A share as xsd:decimal in its canonical form, rounded down: only all of them are 1.0."""
    text = format((Decimal(part) / whole).quantize(_EXACTLY, ROUND_FLOOR), "f").rstrip("0")
    return f"{text}0" if text.endswith(".") else text
