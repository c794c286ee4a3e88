"""A report as a SHACL validation report in RDF: the same findings give the same triples in the same order."""

import itertools

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.findings import Finding, Severity
from kg.shacl_paths import path_triples
from kg.shacl_result import Report
from kg.vocabulary import RDF, SH, XSD

__all__ = ["report_graph"]

_SEVERITIES = {Severity.INFO: SH.Info, Severity.WARNING: SH.Warning, Severity.VIOLATION: SH.Violation}


def report_graph(report: Report) -> list[Triple]:
    """Write the report as RDF.

    Shape: blank nodes `report`, `r1`, `r2` and `p1`, `p2` for paths, numbered in the order of the findings.
    Source: SHACL, section 3.6.
    """
    node = BlankNode("report")
    triples = [
        Triple(node, RDF.type, SH.ValidationReport),
        Triple(node, SH.conforms, Literal(str(report.conforms).lower(), datatype=XSD.boolean)),
    ]
    labels = (f"p{number}" for number in itertools.count(1))
    paths: dict[str, NamedNode | BlankNode] = {}
    for number, finding in enumerate(report.findings, start=1):
        if finding.path and finding.path not in paths:
            paths[finding.path], steps = path_triples(finding.path, labels)
            triples += steps
        result = BlankNode(f"r{number}")
        triples.append(Triple(node, SH.result, result))
        triples += _result(result, finding, paths, report.language)
    return triples


def _result(
    node: BlankNode, finding: Finding, paths: dict[str, NamedNode | BlankNode], language: str
) -> list[Triple]:
    shape = None if finding.source_shape is None else NamedNode(finding.source_shape)
    component = None
    if finding.component is not None:
        component = NamedNode(finding.component) if ":" in finding.component else SH[finding.component]
    severity = NamedNode(finding.severity_iri) if finding.severity_iri else _SEVERITIES[finding.severity]
    rows = (
        (RDF.type, SH.ValidationResult),
        (SH.resultSeverity, severity),
        (SH.focusNode, finding.focus),
        (SH.resultPath, paths[finding.path] if finding.path else None),
        (SH.value, finding.value),
        (SH.sourceShape, shape),
        (SH.sourceConstraintComponent, component),
        (SH.resultMessage, Literal(finding.message, language=language)),
    )
    return [Triple(node, predicate, term) for predicate, term in rows if term is not None]
