"""The command `sauran`: only here a program ends, and only here errors are shown."""

import os
import sys

import click

from kg.errors import SauranError
from server.commands.build import build_command
from server.commands.evidence import evidence_command
from server.commands.query import query_command
from server.commands.serve import serve_command
from server.commands.validate import validate_command
from server.settings import refuse_unknown

__all__ = ["main"]


class _Group(click.Group):
    """A group that turns our errors into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            refuse_unknown(os.environ)
            return super().invoke(ctx)
        except SauranError as error:
            click.secho(f"error: {error}", fg="red", err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            # Whoever reads our output has seen enough.
            sys.stderr.close()
            sys.exit(0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="sauran", message="%(prog)s %(version)s")
def main() -> None:
    """Publish security knowledge as linked data: check it, release it, serve it.

    \b
    sauran build       content to a checked release
    sauran serve       the release on the web, with a SPARQL endpoint
    sauran validate    content or any RDF file against the shapes
    sauran evidence    every passage against the source text
    sauran query       a SPARQL query on the command line

    Results go to standard output, talk to standard error. Exit codes: 0 fine, 1 findings, 2 unusable input or
    wrong use, 3 nothing was checked, 4 no verdict.
    """  # noqa: D301 (click wants the character)


for _command in (build_command, serve_command, validate_command, evidence_command, query_command):
    main.add_command(_command)

if __name__ == "__main__":
    main()
