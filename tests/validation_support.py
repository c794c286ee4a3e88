"""Small files for the tests of validation; holds no test."""

from dataclasses import replace
from pathlib import Path

from sauran.kg.shacl.result import component_name
from sauran.kg.validate.job import Job, Verdict
from sauran.kg.validate.job_runner import check

__all__ = ["EX", "PREFIXES", "Folder", "results"]

EX = "http://example.org/"
PREFIXES = """@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


class Folder:
    """A folder to write data and shapes into, and to validate them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, turtle: str) -> str:
        file = self.path / name
        file.write_text(PREFIXES + turtle, "utf-8")
        return str(file)

    def job(self, data: str, shapes: str, **more: object) -> Job:
        job = Job((self.write("data.ttl", data),), (self.write("shapes.ttl", shapes),))
        return replace(job, **more)  # type: ignore[arg-type]

    def check(self, data: str, shapes: str, **more: object) -> Verdict:
        return check(self.job(data, shapes, **more))


def results(verdict: Verdict) -> list[tuple[str, str]]:
    """Component and value of each result, sorted."""
    assert verdict.report is not None, verdict.faults
    return sorted((component_name(f.component or ""), str(f.value)) for f in verdict.report.findings)
