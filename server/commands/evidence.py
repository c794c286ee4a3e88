"""`sauran evidence`: the passages against the text they point into."""

import sys
from pathlib import Path

import click

from kg.build import check_sources
from kg.content import load_content
from kg.findings import Severity
from kg.placing import Places
from kg.publication import find_publication, load_publication
from server.commands.options import as_json_option, echo_talk, publication_option
from server.commands.outcome import UNUSABLE, exit_code, show_findings

__all__ = ["evidence_command"]


@click.command("evidence")
@click.option(
    "--source",
    "sources",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The text of a source document, UTF-8, byte for byte; may be repeated.",
)
@publication_option
@as_json_option
def evidence_command(sources: tuple[Path, ...], publication: Path | None, as_json: bool) -> None:
    """Prove every passage against the source text.

    The texts of sources are not published; only positions and digests are. Whoever holds a text can re-read
    it here: each passage that moved or changed is named, each stretch of text without a passage, and every
    literal of ours that shares eight words in a row with the text.

    Exit codes: 0 everything holds; 1 something does not; 2 unusable input.
    """
    content = load_content(load_publication(find_publication(publication)))
    if content.syntax_faults:
        show_findings(content.syntax_faults, json=as_json)
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
        echo_talk(
            f"{proof.proved} of {proof.passages} passages of <{proof.document.value}> hold; "
            f"{proof.literals} literals compared with the text"
        )
    sys.exit(exit_code(findings, Severity.VIOLATION))
