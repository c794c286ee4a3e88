"""The findings of files with their places: as the files are, and as they were at a revision."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode

from kg.changed import Changes, changes_since, concerned_by, file_then
from kg.errors import SauranError
from kg.findings import Finding, Term, sort_findings
from kg.placed_file import DataFile
from kg.placing import Places
from kg.validation import Job, Verdict, run
from kg.validation.inputs import find_inputs
from server.commands.standard_input import STDIN_NAME, read_standard_input

__all__ = ["concerned", "place"]


def place(job: Job, verdict: Verdict) -> list[Finding]:
    """Give the findings of a verdict their places, in the data and in the shapes."""
    inputs, _ = find_inputs(job.data, job.input_format)
    files = [
        DataFile(
            STDIN_NAME if source.is_stdin else source.name,
            source.format,
            read_standard_input if source.is_stdin else Path(source.name).read_bytes,
            source.base(job.base),
        )
        for source in inputs
    ]
    lint = Places([Path(file) for file in verdict.shapes_files]).place(verdict.lint)
    return sort_findings([*Places(files, numbered=True).place(verdict.findings), *lint])


def concerned(revision: str, job: Job, verdict: Verdict, findings: Sequence[Finding]) -> list[Finding]:
    """Keep the findings that the changes since a revision touched or broke."""
    changes = changes_since(revision, [Path(file) for file in verdict.data_files])
    return concerned_by(changes, findings, _findings_then(revision, job, verdict, changes))


def _findings_then(revision: str, job: Job, now: Verdict, changes: Changes) -> list[Finding]:
    """Validate the files as they were, with the shapes as they were.

    Shape: files and IRIs are named as they are now; nothing where the files could not be validated then.
    """
    if not changes.then:
        return []
    with tempfile.TemporaryDirectory(prefix="sauran-") as folder:
        root = Path(folder).resolve()
        data = _write(root, changes.then)
        shapes = {file: file_then(revision, Path(file)) for file in now.shapes_files}
        there = _write(root, {file: text for file, text in shapes.items() if text is not None})
        then = replace(
            job,
            data=tuple(data.values()),
            shapes=tuple(there.get(file, file) for file in now.shapes_files),
        )
        try:
            verdict = run(then)
        except SauranError:
            return []
        if verdict.faults:
            return []
        names = {was: name for name, was in (data | there).items()}
        placed = place(then, verdict)
        return [_renamed(finding, root.as_uri(), names) for finding in placed]


def _write(root: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write files below a folder, each under its whole path; give their names there."""
    names = {}
    for name, text in files.items():
        path = Path(name).absolute()
        there = root / path.relative_to(path.anchor)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(text)
        names[name] = str(there)
    return names


def _renamed(finding: Finding, root_iri: str, names: Mapping[str, str]) -> Finding:
    place = finding.place
    if place is not None:
        place = replace(place, file=names.get(place.file, place.file))
    return replace(
        finding,
        place=place,
        focus=_moved(finding.focus, root_iri),
        value=_moved(finding.value, root_iri),
    )


def _moved(term: Term | None, root_iri: str) -> Term | None:
    """A term whose relative IRI was resolved in the folder, as it is outside."""
    if isinstance(term, NamedNode) and term.value.startswith(root_iri):
        return NamedNode("file://" + term.value.removeprefix(root_iri))
    return term
