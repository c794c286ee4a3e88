"""`sauran build`: content to a release."""

import os
import sys
from pathlib import Path

import click

from sauran import BuildOptions, BuildResult, Severity, build
from sauran.kg.publication.publication import find_publication
from sauran.kg.reports import in_words
from sauran.kg.reports.results import ERROR
from sauran.server.cli.options import as_json_option, publication_option, releases_option, setting_option
from sauran.server.cli.outcome import FINDINGS, FINE, UNUSABLE, show_findings
from sauran.server.cli.progress import steps
from sauran.server.cli.streams import echo_message
from sauran.server.http.settings import read_build_settings

__all__ = ["build_command"]


@click.command("build")
@publication_option
@releases_option
@click.option("--release", "final", is_flag=True, help="Make the declared version itself, not a draft of it.")
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
    """Turn content into a checked release.

    Loads the Turtle of all datasets, derives the plain triples, validates with SHACL, writes every dump with
    its checksum, and moves the whole into place by one rename: DIR/<version>/, with DIR/current pointing at
    it. If there are violations, nothing is published, and all findings are shown with file and line.

    Exit codes: 0 published (or nothing had changed); 1 violations; 2 unusable input.
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
    with steps() as progress:
        result = build(find_publication(publication), releases, options, progress)
    report_build(result, as_json=as_json)
    sys.exit(build_exit_code(result))


def report_build(result: BuildResult, *, as_json: bool) -> None:
    """Say what a build gave."""
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
    """What to do after a build without a release."""
    if result.unreadable:
        counts = {ERROR: len(result.findings)}
    else:
        violations = [one for one in result.findings if one.severity is Severity.VIOLATION]
        counts = {Severity.VIOLATION.label: len(violations)}
    them = "it" if sum(counts.values()) == 1 else "them"
    return f"Not published: {in_words(counts)}. Fix {them} and run `sauran build` again."


def build_exit_code(result: BuildResult) -> int:
    """0 where there is a release, 2 where files could not be parsed, 1 where findings forbade it."""
    if result.unreadable:
        return UNUSABLE
    forbidden = any(f.severity is Severity.VIOLATION for f in result.findings)
    return FINDINGS if forbidden else FINE
