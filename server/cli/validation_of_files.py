"""`sauran validate` with files: run the validation, filter the findings, write the report."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sauran.kg.model.errors import EngineError, UsageError
from sauran.kg.model.findings import Finding, sort_findings
from sauran.kg.processes.sandbox import bound_memory
from sauran.kg.reports import Results, say_count
from sauran.kg.reports.baseline import read_baseline, split_by_baseline, write_baseline
from sauran.kg.reports.fingerprints import root_of
from sauran.kg.validate import Job, Limits, Verdict, run
from sauran.kg.validate.files import results_of, shapes_and_ontology
from sauran.kg.validate.job import STDIN
from sauran.server.cli.options import severity_named
from sauran.server.cli.outcome import NOTHING_CHECKED, SUCCESS, UNUSABLE, exit_code, show_results
from sauran.server.cli.streams import echo_message, keep_standard_input

if TYPE_CHECKING:
    from sauran.kg.reports.git_history import History
    from sauran.server.cli.changed_findings import ChangedFindings

__all__ = ["ValidateOptions", "finish", "show_unusable", "validate_files"]


@dataclass(frozen=True)
class ValidateOptions:
    """The options of the command, by their names; `form` is the format of the report."""

    files: tuple[str, ...]
    shapes: tuple[str, ...]
    ontology: tuple[str, ...]
    imports: tuple[tuple[str, str], ...]
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


def validate_files(options: ValidateOptions) -> int:
    """Check files together, in bounded memory, and return the exit code.

    Raises: UsageError, ContentError and EngineError as `sauran.kg.validate.run` does.
    """
    if sys.platform == "linux":
        bound_memory(options.memory)
    try:
        return _validate_files(options)
    except MemoryError as error:
        what = f"reporting needs more than {options.memory} MiB of memory."
        raise EngineError("validate", what, "Set --max-results, or raise --memory.") from error


def _validate_files(options: ValidateOptions) -> int:
    job = _job(options)
    history = None
    if options.changed_since is not None:
        if STDIN in job.data:
            raise UsageError("--changed-since", "standard input has no history.", "Give files.")
        from sauran.server.cli.changed_findings import check_revision  # noqa: PLC0415 (slow to import)

        history = check_revision(options.changed_since, job)
    if STDIN in (*job.data, *job.shapes, *job.ontology):
        keep_standard_input(job.limits.file_mb)
    verdict = run(job, forked=True)
    results = results_of(job, verdict)
    if results.conforms is None:
        return show_unusable(options, results.findings, results.files, results.notes)
    changed = _changed_findings(job, verdict, history) if history is not None and results.findings else None
    return finish(options, results, changed)


def _changed_findings(job: Job, verdict: Verdict, history: "History") -> "ChangedFindings":
    """The findings that changes touched or caused."""
    from sauran.server.cli.changed_findings import find_changed  # noqa: PLC0415 (slow to import)

    return find_changed(history, job, verdict, verdict.findings)


def finish(options: ValidateOptions, results: Results, changed: "ChangedFindings | None" = None) -> int:
    """Leave out findings of the baseline and those that no change concerns; show the rest.

    Shape: the exit code.
    """
    root = root_of(Path.cwd())
    fail_on = severity_named(options.fail_on)
    if options.baseline and options.write_baseline:
        write_baseline(options.baseline, results.findings, root)
        echo_message(f"{say_count(len(results.findings), 'finding')} written to {options.baseline}")
        return SUCCESS if results.checked else NOTHING_CHECKED
    if options.baseline:
        known = read_baseline(options.baseline)
        new, old = split_by_baseline(results.findings, known, root)
        results = replace(results, findings=tuple(new), known=len(old), stale=len(known) - len(old))
    if changed:
        kept = set(map(id, changed.findings))
        findings = tuple(finding for finding in results.findings if id(finding) in kept)
        untouched = len(results.findings) - len(findings)
        results = replace(results, findings=findings, untouched=untouched, then_unknown=changed.then_unknown)
    _show(options, replace(results, fail_on=fail_on), foreign=bool(options.shapes))
    return exit_code(results.findings, fail_on) if results.checked else NOTHING_CHECKED


def show_unusable(
    options: ValidateOptions, faults: Sequence[Finding], files: tuple[str, ...], notes: tuple[str, ...] = ()
) -> int:
    """Show the errors of the input and return the exit code."""
    results = Results(tuple(sort_findings(faults)), conforms=None, files=files, notes=notes)
    _show(options, results, foreign=False)
    return UNUSABLE


def _show(options: ValidateOptions, results: Results, *, foreign: bool) -> None:
    results = replace(
        results,
        language=options.language,
        max_results=options.max_results,
        only_summary=options.summary and results.conforms is not None,
        root=Path.cwd(),
        source=_text_of,
    )
    show_results(results, options.form, options.output, foreign=foreign)


def _text_of(file: str) -> str | None:
    """The text of a file for excerpts, if it can still be read."""
    try:
        return Path(file).read_text("utf-8")
    except (OSError, ValueError):
        return None


def _job(options: ValidateOptions) -> Job:
    shapes, ontology = shapes_and_ontology(options.shapes, options.ontology)
    return Job(
        data=options.files,
        shapes=shapes,
        ontology=ontology,
        imports=options.imports,
        engine=options.engine,
        cross_check="auto" if options.cross_check else None,
        input_format=options.input_format,
        language=options.language,
        # A baseline and a list of changes are compared with all findings; the limit applies after that.
        max_results=None if options.baseline or options.changed_since else options.max_results,
        places=True,
        limits=replace(Limits(), timeout_s=options.timeout, memory_mb=options.memory),
    )
