"""`sauran build`: check the content and publish it as a release."""

import os
import sys
from pathlib import Path

import click

from sauran import BuildOptions, BuildResult, Severity, build
from sauran.kg.publication.publication import find_publication
from sauran.kg.reports import in_words
from sauran.kg.reports.results import ERROR
from sauran.server.cli.options import as_json_option, publication_option, releases_option, setting_option
from sauran.server.cli.outcome import FINDINGS, SUCCESS, UNUSABLE, show_findings
from sauran.server.cli.streams import echo_message, show_progress
from sauran.server.http.settings import read_build_settings

__all__ = ["build_command"]


@click.command("build")
@publication_option
@releases_option
@click.option("--release", "final", is_flag=True, help="Build the declared version, not a draft of it.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The text of a source document to check its passages against. May be repeated.",
)
@setting_option("memory_quads")
@setting_option("cross_check_triples")
@as_json_option
def build_command(
    publication: Path | None,
    releases: Path,
    final: bool,
    sources: tuple[Path, ...],
    memory_quads: str | None,
    cross_check_triples: str | None,
    as_json: bool,
) -> None:
    """Check the content and publish it as a release.

    Loads the Turtle of all datasets, derives the plain triples, validates with SHACL, writes all dumps with
    their checksums, and publishes them with one rename: DIR/<version>/, with DIR/current pointing to it. If
    there are violations, nothing is published, and all findings are shown with file and line.

    Exit codes: 0 published (or nothing has changed); 1 violations; 2 unusable input.
    """
    settings = read_build_settings(
        os.environ, memory_quads=memory_quads, cross_check_triples=cross_check_triples
    )
    options = BuildOptions(
        final=final,
        sources=sources,
        memory_quads=settings.memory_quads,
        cross_check_triples=settings.cross_check_triples,
    )
    with show_progress() as progress:
        result = build(find_publication(publication), releases, options, progress)
    report_build(result, as_json=as_json)
    sys.exit(build_exit_code(result))


def report_build(result: BuildResult, *, as_json: bool) -> None:
    """Show the findings and the result of a build."""
    release = result.release
    show_findings(
        result.findings,
        json=as_json,
        unusable=result.unreadable,
        version=release.version if release else None,
        folder=str(release.folder) if release else None,
        reused=result.reused,
        unreviewed=result.unreviewed,
        evidence=[
            {"document": e.document.value, "passages": e.passages, "proved": e.proved}
            for e in result.evidence
        ],
    )
    for proof in result.evidence:
        echo_message(
            f"evidence: {proof.proved} of {proof.passages} passages of <{proof.document.value}> hold"
        )
    if release is None:
        echo_message(_not_published(result), fg="red")
        return
    waiting = ", ".join(f"{count} in {language}" for language, count in result.unreviewed.items())
    if waiting:
        echo_message(f"texts without review by a competent reader: {waiting}")
    echo_message(
        f"{'unchanged' if result.reused else 'built'} {release.version}: {release.folder}", fg="green"
    )


def _not_published(result: BuildResult) -> str:
    """Why nothing was published, and what to do."""
    if result.unreadable:
        counts = {ERROR: len(result.findings)}
    else:
        violations = [one for one in result.findings if one.severity is Severity.VIOLATION]
        counts = {Severity.VIOLATION.label: len(violations)}
    them = "it" if sum(counts.values()) == 1 else "them"
    return f"Not published: {in_words(counts)}. Fix {them} and run `sauran build` again."


def build_exit_code(result: BuildResult) -> int:
    """0 when there is a release, 2 when files could not be parsed, 1 when there are violations."""
    if result.unreadable:
        return UNUSABLE
    violated = any(f.severity is Severity.VIOLATION for f in result.findings)
    return FINDINGS if violated else SUCCESS
