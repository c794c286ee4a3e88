"""Findings that changes since a git revision touched or caused: files are validated as they were then."""

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import NamedNode

from sauran.kg.model.errors import SauranError
from sauran.kg.model.findings import Finding, Term
from sauran.kg.processes.temporary_folder import temporary_folder
from sauran.kg.publication.package_paths import absolute
from sauran.kg.reports.fingerprints import root_of
from sauran.kg.reports.git_history import History, Repository, changes_since, concerned_by
from sauran.kg.validate import Job, Verdict, run
from sauran.kg.validate.input_files import find_inputs
from sauran.kg.validate.job import STDIN

__all__ = ["ChangedFindings", "check_revision", "find_changed"]


@dataclass(frozen=True)
class ChangedFindings:
    """The findings that changes touched or caused.

    `then_unknown` says why the findings at the revision are unknown; it is empty when they are known.
    """

    findings: list[Finding]
    then_unknown: str = ""


def check_revision(revision: str, job: Job) -> History:
    """Find the revision in the repositories of all files, before validation starts.

    Raises: UsageError as `History.repository` does.
    """
    history = History(revision)
    for source in find_inputs(job.data, job.input_format)[0]:
        history.repository(Path(source.name))
    return history


def find_changed(
    history: History, job: Job, verdict: Verdict, findings: Sequence[Finding]
) -> ChangedFindings:
    """Keep the findings that changes since a revision touched or caused."""
    files = [Path(file) for file in verdict.data_files]
    changes = changes_since(history, files)
    then, why = _findings_then(history, job, files)
    return ChangedFindings(concerned_by(changes, findings, then, root_of(Path.cwd())), why)


def _findings_then(history: History, job: Job, files: Sequence[Path]) -> tuple[list[Finding], str]:
    """Validate the files that the arguments named at the revision, with the shapes and ontology of then.

    Shape: the findings, with files and IRIs named as they are now; or the reason why they are unknown. Files
    outside the repositories of the data are taken as they are now.
    """
    with temporary_folder() as folder:
        past = _OldFiles(history, Path(folder).resolve())
        then = replace(
            job,
            data=past.paths_of(job.data, job.input_format, files),
            shapes=past.paths_of(job.shapes),
            ontology=past.paths_of(job.ontology),
            imports=tuple((iri, name) for iri, file in job.imports for name in past.paths_of((file,))),
        )
        if not then.data or not then.shapes:
            return [], ""
        if STDIN in then.shapes + then.ontology:
            os.lseek(0, 0, os.SEEK_SET)
        try:
            verdict = run(then, forked=True)
            if verdict.faults:
                return [], str(verdict.faults[0].message)
            return [past.as_now(finding) for finding in verdict.findings], ""
        except SauranError as error:
            return [], error.what


class _OldFiles:
    """A temporary folder with files as they were at the revision, each under its absolute path."""

    def __init__(self, history: History, folder: Path) -> None:
        self._history = history
        self._names, self._files = folder / "names", folder / "files"
        self._laid_out: set[str] = set()

    def paths_of(
        self, arguments: Sequence[str], input_format: str | None = None, now: Sequence[Path] = ()
    ) -> tuple[str, ...]:
        """The arguments as they were; `now` are present files, which may have been renamed since."""
        found: dict[str, None] = {}
        for file in now:
            repository = self._history.repository(file)
            name = repository.name_of(file)
            before = repository.renames.get(name, name)
            if before in repository.blobs:
                found[self._write(repository, before, absolute(file))] = None
        gone = {before for file in now for before in self._old_names(file)}
        for argument in arguments:
            start, pattern = _split_pattern(argument)
            around = None if argument == STDIN else self._history.known(start)
            if around is None and argument != STDIN:
                start = start.resolve()
                around = self._history.known(start)
            if around is None:
                found[argument] = None
                continue
            self._lay_out(around, start)
            inputs, _ = find_inputs([str(_below(self._names, start / pattern))], input_format)
            for source in inputs:
                named = Path("/", Path(source.name).relative_to(self._names))
                real = Path("/", Path(source.name).resolve().relative_to(self._names))
                if real not in gone:
                    name = real.relative_to(around.root).as_posix()
                    found[self._write(around, name, named)] = None
        return tuple(found)

    def _old_names(self, file: Path) -> list[Path]:
        repository = self._history.repository(file)
        name = repository.name_of(file)
        return [repository.root / repository.renames[name]] if name in repository.renames else []

    def _lay_out(self, repository: Repository, start: Path) -> None:
        below = start.relative_to(repository.root).as_posix()
        everywhere = below == "." or repository.has_links
        names = {n for n in repository.blobs if everywhere or n == below or n.startswith(f"{below}/")}
        repository.lay_out(names - self._laid_out, _below(self._names, repository.root))
        self._laid_out |= names

    def _write(self, repository: Repository, name: str, path: Path) -> str:
        file = _below(self._files, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(repository.read(name))
        return str(file)

    def as_now(self, finding: Finding) -> Finding:
        """A finding about these files, with their names outside of the folder."""
        place = finding.place
        if place is not None:
            place = replace(place, file=place.file.removeprefix(str(self._files)))
        return replace(
            finding,
            place=place,
            focus=self._term(finding.focus),
            value=self._term(finding.value),
            path=self._text(finding.path),
            message=self._text(finding.message) or "",
            component=self._text(finding.component),
            source_shape=self._text(finding.source_shape),
        )

    def _text(self, text: str | None) -> str | None:
        return None if text is None else text.replace(self._files.as_uri(), "file://")

    def _term(self, term: Term | None) -> Term | None:
        return NamedNode(self._text(term.value) or "") if isinstance(term, NamedNode) else term


def _split_pattern(argument: str) -> tuple[Path, str]:
    """Split an argument into the folder or file where it begins, and its pattern, if it has one."""
    path = Path(argument)
    if os.path.lexists(path) or not glob.has_magic(argument):
        return absolute(path), ""
    first = next(n for n, part in enumerate(path.parts) if glob.has_magic(part))
    return absolute(Path(*path.parts[:first])), str(Path(*path.parts[first:]))


def _below(folder: Path, path: Path) -> Path:
    return folder / path.relative_to(path.anchor)
