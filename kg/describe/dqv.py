"""DQV: quality measurements of a release, with the metrics that explain them."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.namespaces import RDF, SKOS, XSD, Namespace
from sauran.kg.publication.distributions import WHOLE
from sauran.kg.publication.eu_vocabularies import SPOKEN, tables

__all__ = ["DQV_IRI", "dataset_quality"]

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
