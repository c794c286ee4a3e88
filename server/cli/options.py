"""Options that several commands share, declared once."""

from pathlib import Path

import click

from sauran.kg.model.findings import Severity

__all__ = [
    "as_json_option",
    "fail_on_option",
    "publication_option",
    "releases_option",
    "severity_named",
]

_FILE = click.Path(path_type=Path)

publication_option = click.option(
    "--publication",
    type=_FILE,
    metavar="FILE",
    envvar="SAURAN_PUBLICATION",
    help="The publication.toml to use.  [default: ./publication.toml, else the packaged one]",
)

releases_option = click.option(
    "--releases",
    type=_FILE,
    metavar="DIR",
    envvar="SAURAN_RELEASES",
    default=Path("releases"),
    show_default=True,
    help="The folder of releases.",
)

as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object on standard output, for programs."
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([severity.label for severity in sorted(Severity, reverse=True)]),
    default=Severity.VIOLATION.label,
    show_default=True,
    help="The lowest severity that makes the exit code 1.",
)


def severity_named(label: str) -> Severity:
    """The severity of a word that `--fail-on` took."""
    return Severity[label.upper()]
