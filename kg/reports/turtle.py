"""Findings as a SHACL validation report in Turtle."""

from pyoxigraph import Quad

from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import TURTLE, Format
from sauran.kg.reports.report_graph import report_graph
from sauran.kg.reports.results import Results
from sauran.kg.shacl.result import Report

__all__ = ["write_report", "write_turtle"]

_PREFIXES = {"sh": "http://www.w3.org/ns/shacl#", "xsd": "http://www.w3.org/2001/XMLSchema#"}


def write_turtle(results: Results) -> str:
    """Write a sh:ValidationReport; `sh:conforms` is that of SHACL, whatever was asked to fail on.

    Nothing where the input was unusable: a report would say something about data that nobody read.
    """
    return write_report(results, TURTLE)


def write_report(results: Results, wanted: Format) -> str:
    """Write a sh:ValidationReport in a format of RDF; nothing where the input was unusable."""
    if results.conforms is None:
        return ""
    report = Report(results.shown, results.conforms, results.focus_nodes, results.language)
    quads = [Quad(t.subject, t.predicate, t.object) for t in report_graph(report)]
    return write_rdf(sort_quads(quads), wanted, _PREFIXES, _PREFIXES).decode("utf-8")
