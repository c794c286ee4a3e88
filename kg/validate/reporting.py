"""What a job asks for beside its verdict: places, a report, or only the worst findings."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sauran.kg.model.findings import Finding, sort_findings
from sauran.kg.positions.places import DataFile, Places
from sauran.kg.reports import FORMATS, Results, in_words
from sauran.kg.reports.counting import shape_of
from sauran.kg.reports.results import worst_of
from sauran.kg.validate.input_files import Input, find_inputs
from sauran.kg.validate.job import Job, Verdict
from sauran.kg.validate.neighbourhood import Descriptions

__all__ = ["capped", "place", "place_faults", "read_standard_input", "with_places", "with_report"]


def read_standard_input() -> bytes:
    """Read again the file that stands for standard input, also where it was read before."""
    return os.pread(0, os.fstat(0).st_size, 0)


def place(job: Job, verdict: Verdict, described: Descriptions | None = None) -> list[Finding]:
    """Give the findings of a verdict their places, in the data and in the shapes.

    Shape: `described` is what was read for the verdict; without it files are read again.
    """
    if described is None:
        inputs = find_inputs(job.data, job.input_format)[0]
    else:
        inputs = list(described.data.inputs[: len(verdict.data_files)])
    files = [_data_file(job, source, number, described) for number, source in enumerate(inputs)]
    lint = _in_shapes(job, verdict, verdict.lint)
    return sort_findings([*Places(files, numbered=True).place(verdict.findings), *lint])


def _data_file(job: Job, source: Input, number: int, described: Descriptions | None) -> DataFile:
    name, base = job.stdin_name if source.is_stdin else source.name, source.base(job.base)
    if described is None:
        read = read_standard_input if source.is_stdin else Path(source.name).read_bytes
        return DataFile(name, source.format, read, base)
    statements = partial(described.statements, number) if described.has_statements(number) else None
    return DataFile(name, source.format, lambda: described.bytes_of(number), base, statements)


def with_places(job: Job, verdict: Verdict, described: Descriptions | None) -> Verdict:
    """Give all findings of a verdict their places, those about the shapes too."""
    if verdict.report is None or not (verdict.findings or verdict.lint):
        return verdict
    placed = tuple(place(job, verdict, described))
    return replace(verdict, report=replace(verdict.report, findings=placed), findings=placed, lint=())


def place_faults(job: Job, verdict: Verdict) -> list[Finding]:
    """Give the faults of a verdict their places; those that are about files have theirs."""
    return _in_shapes(job, verdict, verdict.faults)


def _in_shapes(job: Job, verdict: Verdict, findings: Sequence[Finding]) -> list[Finding]:
    if all(finding.focus is None for finding in findings):
        return list(findings)
    before = [find_inputs(names, job.input_format)[0] for names in (job.data, job.ontology)]
    files = [Path(file) for file in verdict.shapes_files]
    return Places(files, numbered=True, first=sum(map(len, before))).place(findings)


def with_report(job: Job, verdict: Verdict, described: Descriptions | None = None) -> Verdict:
    """Write the report that a job asks for into its verdict, in the place of the findings.

    Shape: `text` ends with what people read beside the findings: how many there are, what was checked.
    """
    if verdict.report is None:
        return verdict
    report = verdict.report
    results = Results(
        tuple(place(job, verdict, described)),
        conforms=report.conforms,
        focus_nodes=report.focus_nodes,
        files=(job.stdin_name,),
        engines=verdict.engines,
        notes=verdict.notes,
        duration_s=verdict.seconds,
        language=job.language,
        max_results=job.max_results,
    )
    text = FORMATS[job.report].write(results)
    if job.report == "text":
        text += f"{in_words(results.counts)}\nchecked: {results.coverage}\n"
    return replace(verdict, report=replace(report, findings=()), findings=(), lint=(), text=text)


def capped(verdict: Verdict, most: int) -> Verdict:
    """Leave out all but the worst findings.

    Shape: one stays at least, so that what is left tells how bad it is.
    """
    if verdict.report is None or len(verdict.findings) <= max(most, 1):
        return verdict
    kept = worst_of(verdict.findings, max(most, 1))
    others = Counter((shape_of(f), f.severity.label) for f in verdict.findings)
    others.subtract((shape_of(f), f.severity.label) for f in kept)
    return replace(
        verdict,
        report=replace(verdict.report, findings=kept),
        findings=kept,
        left_out=tuple((shape, word, n) for (shape, word), n in others.items() if n),
    )
