"""`sauran validate`: content or RDF files against the shapes."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from pyoxigraph import NamedNode, Quad

from kg.build import check_content
from kg.content import load_content
from kg.findings import Finding
from kg.load import load_files
from kg.places import ontology_folder, shapes_folder
from kg.placing import Places
from kg.publication import find_publication, load_publication
from kg.shacl import Report, validate
from server.commands.options import (
    as_json_option,
    echo_talk,
    fail_on_option,
    publication_option,
    severity_named,
)
from server.commands.outcome import NOTHING_CHECKED, UNUSABLE, exit_code, show_findings

__all__ = ["validate_command"]

_ANY_GRAPH = NamedNode("urn:sauran:files")


@click.command("validate")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--shapes",
    "shape_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Shapes to use instead of Sauran's own; may be repeated.",
)
@publication_option
@fail_on_option
@as_json_option
def validate_command(
    files: tuple[Path, ...],
    shape_files: tuple[Path, ...],
    publication: Path | None,
    fail_on: str,
    as_json: bool,
) -> None:
    """Check RDF with SHACL; every finding names file, line and column.

    Without FILES the publication's content is checked, each dataset with what it requires. With FILES these
    are checked together, with Sauran's shapes and ontology unless --shapes names others.

    Exit codes: 0 clean; 1 findings at or above --fail-on; 2 unusable input; 3 nothing was checked.
    """
    if files:
        _validate_files(files, shape_files, fail_on, as_json=as_json)
    if shape_files:
        raise click.UsageError("--shapes goes with FILES: a publication is checked with Sauran's own shapes.")
    content = load_content(load_publication(find_publication(publication)))
    if content.syntax_faults:
        show_findings(content.syntax_faults, json=as_json)
        sys.exit(UNUSABLE)
    report, findings = check_content(content)
    _finish(findings, dict(report.focus_nodes), fail_on, as_json=as_json)


def _validate_files(
    files: tuple[Path, ...], shape_files: tuple[Path, ...], fail_on: str, *, as_json: bool
) -> None:
    own = not shape_files
    shapes = load_files(shape_files or sorted(shapes_folder().glob("*.ttl")), _ANY_GRAPH)
    data = load_files(files, _ANY_GRAPH)
    ontology = load_files(sorted(ontology_folder().glob("*.ttl")) if own else (), _ANY_GRAPH)
    faults = (*shapes.findings, *data.findings, *ontology.findings)
    if faults:
        show_findings(faults, json=as_json)
        sys.exit(UNUSABLE)
    report = _validate((*data.quads, *ontology.quads), shapes.quads)
    # What the ontology alone gives is no news about these files, and its nodes are not theirs.
    alone = _validate(ontology.quads, shapes.quads) if own else None
    known = set(alone.findings) if alone else set()
    met = {s: n - (alone.focus_nodes.get(s, 0) if alone else 0) for s, n in report.focus_nodes.items()}
    findings = Places(files).place(f for f in report.findings if f not in known)
    _finish(findings, met, fail_on, as_json=as_json)


def _finish(findings: Sequence[Finding], met: dict[str, int], fail_on: str, *, as_json: bool) -> NoReturn:
    """Show findings and what was checked; end with the exit code they make."""
    show_findings(findings, json=as_json, checked=met)
    shapes = sum(1 for count in met.values() if count)
    if not shapes:
        echo_talk("nothing was checked: no shape met any node", fg="red")
        sys.exit(NOTHING_CHECKED)
    echo_talk(f"checked: {shapes} of {len(met)} shapes met {sum(met.values())} nodes")
    sys.exit(exit_code(findings, severity_named(fail_on)))


def _validate(data: Sequence[Quad], shapes: Sequence[Quad]) -> Report:
    return validate([quad.triple for quad in data], [quad.triple for quad in shapes])
