"""`sauran evidence`: check passages against the texts of their source documents."""

import json
import sys
from pathlib import Path

import click

from sauran.kg.loading.content import load_content
from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import Severity
from sauran.kg.positions.places import Places
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.profiles.briefing.evidence import locate as find_words
from sauran.kg.profiles.briefing.evidence import read_source
from sauran.kg.publication.publication import find_publication, load_publication
from sauran.kg.release.build import check_sources
from sauran.server.cli.options import as_json_option, publication_option
from sauran.server.cli.outcome import UNUSABLE, exit_code, show_findings
from sauran.server.cli.streams import echo_message

__all__ = ["evidence_command"]


@click.command("evidence")
@click.option(
    "--source",
    "sources",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The text of a source document, in UTF-8, unchanged. May be repeated.",
)
@click.option(
    "--locate",
    metavar="WORDS",
    help="Print the position of WORDS in the text as the Turtle of a passage, instead of checking passages.",
)
@publication_option
@as_json_option
def evidence_command(
    sources: tuple[Path, ...], locate: str | None, publication: Path | None, as_json: bool
) -> None:
    """Check all passages against the source texts.

    The texts of sources are not published, only positions and digests. Anyone who has a text can check it:
    the findings name each passage that has moved or changed, each part of the text without a passage, and
    each literal of the content that shares eight consecutive words with the text.

    Exit codes: 0 everything is correct; 1 findings; 2 unusable input.
    """
    if locate is not None:
        _show_places(sources, locate, as_json=as_json)
        return
    content = load_content(load_publication(find_publication(publication)), derive)
    if content.syntax_faults:
        show_findings(content.syntax_faults, json=as_json, unusable=True)
        sys.exit(UNUSABLE)
    proofs = check_sources(content, sources)
    findings = Places(content.files).place(finding for proof in proofs for finding in proof.findings)
    show_findings(
        findings,
        json=as_json,
        evidence=[
            {"document": p.document.value, "passages": p.passages, "proved": p.proved, "literals": p.literals}
            for p in proofs
        ],
    )
    for proof in proofs:
        echo_message(
            f"{proof.proved} of {proof.passages} passages of <{proof.document.value}> hold; "
            f"{proof.literals} literals compared with the text"
        )
    sys.exit(exit_code(findings, Severity.VIOLATION))


def _show_places(sources: tuple[Path, ...], words: str, *, as_json: bool) -> None:
    places = [(file, *place) for file in sources for place in find_words(read_source(file), words)]
    if not places:
        raise UsageError(
            "--locate", "these words are not in any of the given texts.", "Copy them from the text itself."
        )
    if as_json:
        names = ("file", "start", "end", "digest")
        click.echo(
            json.dumps([dict(zip(names, (str(f), *rest), strict=True)) for f, *rest in places], indent=1)
        )
        return
    for file, start, end, digest in places:
        click.echo(f"# {file}: {start}-{end}")
        click.echo(f'  sec:textDigest "{digest}" ;')
        click.echo(f'  oa:start "{start}"^^xsd:nonNegativeInteger ;')
        click.echo(f'  oa:end "{end}"^^xsd:nonNegativeInteger ;')
