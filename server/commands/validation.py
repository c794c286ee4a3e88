"""What `sauran validate` does: run, place, leave out, report; the outcome is an exit code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.baseline import read_baseline, split_by_baseline, write_baseline
from kg.errors import UsageError
from kg.findings import Finding, sort_findings
from kg.places import ontology_folder, shapes_folder
from kg.reports import Results, say_count
from kg.validation import Job, Limits, Verdict, run
from kg.validation.job import STDIN
from server.commands.options import echo_talk, severity_named
from server.commands.outcome import FINE, NOTHING_CHECKED, UNUSABLE, exit_code
from server.commands.report import show_results
from server.commands.standard_input import STDIN_NAME, keep_standard_input

__all__ = ["Asked", "finish", "show_unusable", "validate_files"]


@dataclass(frozen=True)
class Asked:
    """The options of the command, by their names; `form` is that of the report."""

    files: tuple[str, ...]
    shapes: tuple[str, ...]
    ontology: tuple[str, ...]
    input_format: str | None
    engine: str
    cross_check: bool
    form: str
    output: Path | None
    fail_on: str
    baseline: Path | None
    write_baseline: bool
    changed_since: str | None
    max_results: int | None
    summary: bool
    language: str
    timeout: float
    memory: int


def validate_files(asked: Asked) -> int:
    """Check files together; give the exit code."""
    job = _job(asked)
    if STDIN in job.data:
        keep_standard_input(job.limits.file_mb)
    verdict = run(job)
    if verdict.faults or verdict.report is None:
        return show_unusable(asked, verdict.faults, tuple(map(_name, verdict.data_files)), verdict.notes)
    if asked.changed_since and STDIN in verdict.data_files:
        raise UsageError("--changed-since", "standard input has no history.", "Give files.")
    findings, untouched = _placed(asked, job, verdict)
    results = Results(
        findings,
        conforms=verdict.report.conforms,
        focus_nodes=verdict.report.focus_nodes,
        files=tuple(map(_name, verdict.data_files)),
        engines=verdict.engines,
        notes=verdict.notes,
        duration_s=verdict.seconds,
        untouched=untouched,
    )
    return finish(asked, results, job)


def _placed(asked: Asked, job: Job, verdict: Verdict) -> tuple[tuple[Finding, ...], int]:
    """The findings to report with their places, and how many the change did not touch."""
    if not (verdict.findings or verdict.lint):
        return (), 0
    from server.commands.findings_of_files import concerned, place  # noqa: PLC0415 (a green run pays nothing)

    findings = place(job, verdict)
    kept = concerned(asked.changed_since, job, verdict, findings) if asked.changed_since else findings
    return tuple(kept), len(findings) - len(kept)


def finish(asked: Asked, results: Results, job: Job | None) -> int:
    """Leave out what the baseline knows, show the rest, and give the exit code."""
    fail_on = severity_named(asked.fail_on)
    checked = any(results.focus_nodes.values())
    if asked.baseline and asked.write_baseline:
        write_baseline(asked.baseline, results.findings)
        echo_talk(f"{say_count(len(results.findings), 'finding')} written to {asked.baseline}")
        return FINE if checked else NOTHING_CHECKED
    if asked.baseline:
        new, known = split_by_baseline(results.findings, read_baseline(asked.baseline))
        results = replace(results, findings=tuple(new), known=len(known))
    _show(asked, replace(results, fail_on=fail_on), foreign=bool(asked.shapes))
    return exit_code(results.findings, fail_on) if checked else NOTHING_CHECKED


def show_unusable(
    asked: Asked, faults: Sequence[Finding], files: tuple[str, ...], notes: tuple[str, ...] = ()
) -> int:
    """Show why nothing could be checked."""
    results = Results(tuple(sort_findings(faults)), conforms=None, files=files, notes=notes)
    _show(asked, results, foreign=False)
    return UNUSABLE


def _show(asked: Asked, results: Results, *, foreign: bool) -> None:
    results = replace(
        results,
        language=asked.language,
        max_results=asked.max_results,
        only_summary=asked.summary and results.conforms is not None,
        root=Path.cwd(),
        source=_text_of,
    )
    show_results(results, asked.form, asked.output, foreign=foreign)


def _text_of(file: str) -> str | None:
    """The text of a file for excerpts, if it is still there."""
    try:
        return Path(file).read_text("utf-8")
    except (OSError, ValueError):
        return None


def _name(file: str) -> str:
    return STDIN_NAME if file == STDIN else file


def _job(asked: Asked) -> Job:
    own = not asked.shapes
    return Job(
        data=asked.files,
        shapes=asked.shapes or _turtle_in(shapes_folder()),
        ontology=(*asked.ontology, *(_turtle_in(ontology_folder()) if own else ())),
        engine=asked.engine,
        cross_check="auto" if asked.cross_check else None,
        input_format=asked.input_format,
        language=asked.language,
        limits=replace(Limits(), timeout_s=asked.timeout, memory_mb=asked.memory),
    )


def _turtle_in(folder: Path) -> tuple[str, ...]:
    return tuple(str(file) for file in sorted(folder.glob("*.ttl")))
