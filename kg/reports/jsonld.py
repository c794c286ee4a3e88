"""Findings as a SHACL validation report in JSON-LD."""

from sauran.kg.model.formats import JSON_LD
from sauran.kg.reports.results import Results
from sauran.kg.reports.turtle import write_report

__all__ = ["write_jsonld"]


def write_jsonld(results: Results) -> str:
    """Write what the report in Turtle says, with the context inlined."""
    return write_report(results, JSON_LD)
