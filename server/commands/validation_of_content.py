"""`sauran validate` without files: the content of a publication."""

import tempfile
from pathlib import Path

from kg.build import check_content
from kg.changed import changes_since, concerned_by, export_folder
from kg.content import load_content
from kg.errors import SauranError
from kg.findings import Finding, sort_findings
from kg.publication import find_publication, load_publication
from kg.reports import Results
from server.commands.validation import Asked, finish, show_unusable

__all__ = ["validate_publication"]


def validate_publication(asked: Asked, publication: Path | None) -> int:
    """Check the content of a publication; give the exit code."""
    file = find_publication(publication)
    content = load_content(load_publication(file))
    files = tuple(str(file) for file in content.files)
    if content.syntax_faults:
        return show_unusable(asked, content.syntax_faults, files)
    report, found = check_content(content)
    findings = sort_findings(found)
    untouched = 0
    if asked.changed_since:
        changes = changes_since(asked.changed_since, content.files)
        then = _content_then(asked.changed_since, file)
        findings = concerned_by(changes, findings, then)
        untouched = len(found) - len(findings)
    results = Results(
        tuple(findings),
        conforms=report.conforms,
        focus_nodes=report.focus_nodes,
        files=files,
        untouched=untouched,
    )
    return finish(asked, results, None)


def _content_then(revision: str, file: Path) -> list[Finding]:
    """What a publication's content at a revision gives; nothing if it could not be checked then."""
    with tempfile.TemporaryDirectory(prefix="sauran-") as folder:
        there = export_folder(revision, file.parent, Path(folder))
        if there is None or not (there / file.name).exists():
            return []
        try:
            content = load_content(load_publication(there / file.name))
            return [] if content.syntax_faults else check_content(content)[1]
        except SauranError:
            return []
