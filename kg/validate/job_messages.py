"""Jobs, verdicts and errors as plain data, for messages between a validation and its process."""

import dataclasses
from typing import Any

from pyoxigraph import Triple

from sauran.kg.model.errors import ContentError, EngineError, SauranError, UsageError
from sauran.kg.model.findings import Finding, Place, Severity, Term
from sauran.kg.processes.plain_terms import plain_term, term_of
from sauran.kg.shacl.result import Report
from sauran.kg.validate.job import Job, Limits, Verdict

__all__ = ["error_of", "job_of", "plain_error", "plain_job", "plain_verdict", "verdict_of"]

_ERRORS = {kind.__name__: kind for kind in (ContentError, EngineError, UsageError)}


def plain_job(job: Job) -> dict[str, Any]:
    """A job as plain data."""
    return dataclasses.asdict(job)


def job_of(plain: dict[str, Any]) -> Job:
    """The job of plain data."""
    lists = {name: tuple(plain[name]) for name in ("data", "shapes", "ontology")}
    imports = tuple((iri, file) for iri, file in plain["imports"])
    return Job(**{**plain, **lists, "imports": imports, "limits": Limits(**plain["limits"])})


def plain_error(error: SauranError) -> dict[str, Any]:
    """An error as plain data."""
    kind = next((name for name, known in _ERRORS.items() if isinstance(error, known)), "ContentError")
    limit = {"limit": error.limit} if isinstance(error, EngineError) else {}
    return {"error": kind, "text": [error.where, error.what, error.fix], **limit}


def error_of(plain: dict[str, Any]) -> SauranError:
    """The error of plain data."""
    if "limit" in plain:
        return EngineError(*plain["text"], limit=plain["limit"])
    return _ERRORS[plain["error"]](*plain["text"])


def _plain_term(term: Term | None) -> list[str | None] | None:
    if isinstance(term, Triple):
        raise EngineError("validation", f"gave {term}, which is RDF 1.2")
    return None if term is None else plain_term(term)


def _term_of(plain: list[Any] | None) -> Term | None:
    return None if plain is None else term_of(plain)


def _plain_finding(finding: Finding) -> list[Any]:
    place = finding.place
    return [
        finding.rule,
        int(finding.severity),
        finding.message,
        _plain_term(finding.focus),
        finding.path,
        _plain_term(finding.value),
        None if place is None else [place.file, place.line, place.column, place.exact, place.around],
        finding.component,
        finding.source_shape,
        [_plain_finding(reason) for reason in finding.because],
        finding.severity_iri,
        finding.language,
    ]


def _finding_of(plain: list[Any]) -> Finding:
    rule, severity, message, focus, path, value, place, component, shape, because, severity_iri, language = (
        plain
    )
    return Finding(
        rule=rule,
        severity=Severity(severity),
        message=message,
        focus=_term_of(focus),
        path=path,
        value=_term_of(value),
        place=None if place is None else Place(*place),
        component=component,
        source_shape=shape,
        because=tuple(map(_finding_of, because)),
        severity_iri=severity_iri,
        language=language,
    )


def plain_verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data."""
    report = verdict.report
    return {
        "report": None
        if report is None
        else {
            "findings": list(map(_plain_finding, report.findings)),
            "conforms": report.conforms,
            "focus_nodes": dict(report.focus_nodes),
            "language": report.language,
        },
        "faults": list(map(_plain_finding, verdict.faults)),
        "lint": list(map(_plain_finding, verdict.lint)),
        "notes": verdict.notes,
        "engines": verdict.engines,
        "data_files": verdict.data_files,
        "shapes_files": verdict.shapes_files,
        "triples": verdict.triples,
        "seconds": verdict.seconds,
        "text": verdict.text,
        "left_out": verdict.left_out,
    }


def verdict_of(plain: dict[str, Any]) -> Verdict:
    """The verdict of plain data."""
    of = plain["report"]
    report = of and Report(
        tuple(map(_finding_of, of["findings"])), of["conforms"], of["focus_nodes"], of["language"]
    )
    return Verdict(
        report,
        findings=report.findings if report else (),
        faults=tuple(map(_finding_of, plain["faults"])),
        lint=tuple(map(_finding_of, plain["lint"])),
        notes=tuple(plain["notes"]),
        engines=tuple(plain["engines"]),
        data_files=tuple(plain["data_files"]),
        shapes_files=tuple(plain["shapes_files"]),
        triples=plain["triples"],
        seconds=plain["seconds"],
        text=plain["text"],
        left_out=tuple((shape, word, number) for shape, word, number in plain["left_out"]),
    )
