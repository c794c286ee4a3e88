"""`sauran validate`: check the content, or RDF files, with SHACL."""

import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from sauran.kg.model.findings import Severity
from sauran.kg.model.formats import RDF_FORMATS
from sauran.kg.reports import FORMATS
from sauran.kg.validate.engines import ENGINES
from sauran.kg.validate.job import AUTO, Limits
from sauran.server.cli.configuration import config_option
from sauran.server.cli.ending import end_on_signals
from sauran.server.cli.options import (
    LANGUAGE_TAG,
    LOCAL_COPY,
    NumberInRange,
    as_json_option,
    fail_on_option,
    publication_option,
)
from sauran.server.cli.validation_of_files import ValidateOptions, validate_files

__all__ = ["validate_command"]

_FILE = click.Path(path_type=Path)
_ENGINES = (AUTO, *ENGINES)
_CHOICES = {
    "engine": _ENGINES,
    "format": tuple(FORMATS),
    "fail-on": tuple(severity.label for severity in sorted(Severity, reverse=True)),
    "input-format": tuple(known.name for known in RDF_FORMATS),
}
_NUMBERS = {
    "max-results": NumberInRange(0, whole=True),
    "timeout": NumberInRange(0.1, 1_000_000, whole=False),
    "memory": NumberInRange(64, 1 << 24, whole=True),
}
_DEFAULTS = Limits()


@click.command("validate")
@click.argument("files", nargs=-1)
@click.option(
    "--shapes",
    multiple=True,
    metavar="FILE",
    help="Shapes to use instead of Sauran's own. May be repeated.",
)
@click.option(
    "--ontology",
    multiple=True,
    metavar="FILE",
    help="RDF that declares classes of the data. It is not checked itself. May be repeated.",
)
@click.option(
    "--import",
    "imports",
    type=LOCAL_COPY,
    multiple=True,
    metavar="IRI=FILE",
    help="The local copy of a document that shapes import. May be repeated. Nothing is ever fetched.",
)
@click.option(
    "--input-format",
    type=click.Choice(_CHOICES["input-format"]),
    help="The format of all FILES, regardless of their suffix. Required for standard input.",
)
@click.option(
    "--engine", type=click.Choice(_ENGINES), default=AUTO, show_default=True, help="The validation engine."
)
@click.option(
    "--cross-check/--no-cross-check",
    help="Also run a second engine. If the results differ, the exit code is 4.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_CHOICES["format"]),
    default="text",
    show_default=True,
    help="The format of the report.",
)
@as_json_option
@click.option(
    "--output", type=_FILE, metavar="FILE", help="Write the report to this file. The summary is still shown."
)
@fail_on_option
@click.option("--baseline", type=_FILE, metavar="FILE", help="Leave out the findings listed in this file.")
@click.option(
    "--write-baseline", is_flag=True, help="Write all findings to the --baseline file and exit with 0."
)
@click.option(
    "--changed-since",
    metavar="REV",
    help="Report only findings that changes since a git revision touched or caused. Everything is validated.",
)
@click.option(
    "--max-results",
    type=_NUMBERS["max-results"],
    metavar="N",
    help="Report at most N findings, and the number of further ones.",
)
@click.option(
    "--summary/--no-summary", help="Report one line for each shape, with coverage, instead of findings."
)
@click.option(
    "--language",
    type=LANGUAGE_TAG,
    default="en",
    show_default=True,
    metavar="TAG",
    help="The language of messages, where available.",
)
@click.option(
    "--timeout",
    type=_NUMBERS["timeout"],
    default=_DEFAULTS.timeout_s,
    show_default=True,
    metavar="SECONDS",
    help="The longest time that validation may take.",
)
@click.option(
    "--memory",
    type=_NUMBERS["memory"],
    default=_DEFAULTS.memory_mb,
    show_default=True,
    metavar="MIB",
    help="The most memory that validation may use.",
)
@config_option(_CHOICES, _NUMBERS)
@publication_option
@click.pass_context
def validate_command(
    context: click.Context, /, files: tuple[str, ...], publication: Path | None, as_json: bool, **given: Any
) -> None:
    """Check RDF with SHACL; every finding names file, line and column.

    FILES are files, folders, patterns such as 'data/**/*.ttl', or - for standard input; they are checked
    together, with Sauran's shapes and ontology unless --shapes names others. Without FILES the publication's
    content is checked, each dataset with what it requires.

    Exit codes: 0 clean; 1 findings at or above --fail-on; 2 unusable input or usage error; 3 nothing
    was checked; 4 could not be decided.
    """
    given.pop("config")
    end_on_signals()
    if given["write_baseline"] and not given["baseline"]:
        raise click.UsageError("--write-baseline needs --baseline FILE.")
    if given["write_baseline"] and given["changed_since"] is not None:
        if context.get_parameter_source("changed_since") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--write-baseline writes all findings: leave --changed-since out.")
        given["changed_since"] = None
    if as_json:
        given["form"] = "json"
    options = ValidateOptions(files=files, **given)
    if files:
        sys.exit(validate_files(options))
    if options.shapes or options.ontology or options.imports or options.input_format:
        raise click.UsageError(
            "--shapes, --ontology, --import and --input-format go with FILES: "
            "a publication is checked with Sauran's own shapes."
        )
    from sauran.server.cli.validation_of_content import (  # noqa: PLC0415 (takes half a second to import)
        validate_publication,
    )

    sys.exit(validate_publication(options, publication))
