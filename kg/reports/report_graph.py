"""Findings as a SHACL validation report in RDF, with a stable order of triples."""

import itertools
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sauran.kg.model.findings import Finding, Severity
from sauran.kg.model.namespaces import RDF, SH, XSD
from sauran.kg.shacl.paths import path_triples
from sauran.kg.shacl.result import Report

__all__ = ["report_graph"]

_SEVERITIES = {Severity.INFO: SH.Info, Severity.WARNING: SH.Warning, Severity.VIOLATION: SH.Violation}


def report_graph(report: Report) -> list[Triple]:
    """Write the report as RDF.

    Shape: blank nodes `report`, `r1`, `r2` and `p1`, `p2` for paths, numbered in the order of the findings;
    `r1d1`, `r1d1d1` for what failed inside, as sh:detail.
    Source: SHACL, section 3.6.
    """
    node = BlankNode("report")
    triples = [
        Triple(node, RDF.type, SH.ValidationReport),
        Triple(node, SH.conforms, Literal(str(report.conforms).lower(), datatype=XSD.boolean)),
    ]
    paths = _Paths()
    for number, finding in enumerate(report.findings, start=1):
        result = BlankNode(f"r{number}")
        triples.append(Triple(node, SH.result, result))
        triples += _result(result, finding, paths)
    return paths.triples + triples


class _Paths:
    """The node of each path, made once, and the triples that say what they are."""

    def __init__(self) -> None:
        self.triples: list[Triple] = []
        self._labels = (f"p{number}" for number in itertools.count(1))
        self._nodes: dict[str, NamedNode | BlankNode] = {}

    def node(self, path: str) -> NamedNode | BlankNode:
        """The node that stands for a path."""
        if path not in self._nodes:
            self._nodes[path], steps = path_triples(path, self._labels)
            self.triples += steps
        return self._nodes[path]


def _result(node: BlankNode, finding: Finding, paths: _Paths) -> list[Triple]:
    shape = None if finding.source_shape is None else NamedNode(finding.source_shape)
    component = None
    if finding.component is not None:
        component = NamedNode(finding.component) if ":" in finding.component else SH[finding.component]
    severity = NamedNode(finding.severity_iri) if finding.severity_iri else _SEVERITIES[finding.severity]
    rows = (
        (RDF.type, SH.ValidationResult),
        (SH.resultSeverity, severity),
        (SH.focusNode, finding.focus),
        (SH.resultPath, paths.node(finding.path) if finding.path else None),
        (SH.value, finding.value),
        (SH.sourceShape, shape),
        (SH.sourceConstraintComponent, component),
        (SH.resultMessage, Literal(finding.message, language=finding.language)),
    )
    triples = [Triple(node, predicate, term) for predicate, term in rows if term is not None]
    for number, detail in enumerate(_details(finding), start=1):
        inner = BlankNode(f"{node.value}d{number}")
        triples.append(Triple(node, SH.detail, inner))
        triples += _result(inner, detail, paths)
    return triples


def _details(finding: Finding) -> Iterable[Finding]:
    """The results inside a result; a sentence of ours is none, but there may be results inside it."""
    for reason in finding.because:
        if reason.component is None:
            yield from _details(reason)
        else:
            yield reason
