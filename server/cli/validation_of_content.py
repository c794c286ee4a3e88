"""`sauran validate` without files: check the content of a publication."""

from pathlib import Path

from sauran.kg.loading.content import load_content
from sauran.kg.model.errors import SauranError
from sauran.kg.model.findings import Finding, sort_findings
from sauran.kg.processes.temporary_folder import temporary_folder
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.publication.publication import find_publication, load_publication
from sauran.kg.release.build import check_content
from sauran.kg.reports import Results
from sauran.kg.reports.fingerprints import root_of
from sauran.kg.reports.git_history import History, changes_since, concerned_by
from sauran.server.cli.changed_findings import ChangedFindings
from sauran.server.cli.validation_of_files import ValidateOptions, finish, show_unusable

__all__ = ["validate_publication"]


def validate_publication(options: ValidateOptions, publication: Path | None) -> int:
    """Check the content of a publication and return the exit code."""
    file = find_publication(publication)
    content = load_content(load_publication(file), derive)
    files = tuple(str(file) for file in content.files)
    if content.syntax_faults:
        return show_unusable(options, content.syntax_faults, files)
    history = None
    if options.changed_since is not None:
        history = History(options.changed_since)
        changes = changes_since(history, content.files)
    report, found = check_content(content)
    findings = sort_findings(found)
    changed = None
    if history is not None:
        then, why = _content_then(history, file)
        changed = ChangedFindings(concerned_by(changes, findings, then, root_of(Path.cwd())), why)
    results = Results(
        tuple(findings),
        conforms=report.conforms,
        focus_nodes=report.focus_nodes,
        files=files,
    )
    return finish(options, results, changed)


def _content_then(history: History, file: Path) -> tuple[list[Finding], str]:
    """The findings of a publication's content at a revision, or the reason why they are unknown."""
    with temporary_folder() as folder:
        old = history.repository(file).export(file.parent, Path(folder))
        if old is None or not (old / file.name).exists():
            return [], ""
        try:
            content = load_content(load_publication(old / file.name), derive)
            if content.syntax_faults:
                return [], content.syntax_faults[0].message
            return check_content(content)[1], ""
        except SauranError as error:
            return [], error.what
