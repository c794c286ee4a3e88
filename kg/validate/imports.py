"""The shapes with the local copies of what they import; nothing is ever fetched."""

from pyoxigraph import NamedNode

from sauran.kg.model.findings import Finding, Severity
from sauran.kg.model.namespaces import OWL
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.validate.inputs import find_inputs
from sauran.kg.validate.job import Job
from sauran.kg.validate.reading import Data

__all__ = ["with_imports"]

_AFTER_ALL_FILES = 1000


def with_imports(job: Job, shapes: TripleIndex) -> tuple[TripleIndex, list[Finding], list[Finding]]:
    """Add the copies that a job names to its shapes; give faults in them, and warnings of what has none."""
    copies = dict(job.imports)
    index, faults, missing, seen = shapes, list[Finding](), list[Finding](), set[str]()
    number = len(job.data) + len(job.ontology) + len(job.shapes) + _AFTER_ALL_FILES
    while True:
        wanted = {
            term.value
            for owner in index.subjects(OWL.imports.value)
            for term in index.objects(owner, OWL.imports.value)
            if isinstance(term, NamedNode)
        } - seen
        if not wanted:
            return index, faults, missing
        for iri in sorted(wanted):
            seen.add(iri)
            if iri not in copies:
                if NamedNode(iri) not in {t.subject for t in index}:
                    missing.append(_missing(index, iri))
                continue
            inputs, wrong = find_inputs([copies[iri]])
            more = Data(inputs, job.limits, iri, first=number)
            number += len(inputs)
            index = TripleIndex([*index, *more.triples()])
            faults += [*wrong, *more.faults]


def _missing(index: TripleIndex, iri: str) -> Finding:
    imported = NamedNode(iri)
    owner = index.subjects(OWL.imports.value, imported)[0]
    what = f"<{iri}> is imported, but nothing is fetched. Give a local copy: --import {iri}=FILE."
    return Finding("import-missing", Severity.WARNING, what, owner, OWL.imports.value, imported)
