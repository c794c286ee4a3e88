"""The command `sauran`: loads its commands, shows errors and turns them into exit codes."""

import errno
import importlib
import os
import re
import signal
import sys
from typing import NoReturn

import click

from sauran.kg.model.errors import SauranError
from sauran.server.cli.ending import SIGNALLED
from sauran.server.cli.streams import echo_message, open_missing_streams, silence
from sauran.server.http.settings import refuse_unknown

__all__ = ["main"]


# Each command is imported when it is called: validating a small file must not wait for a web server.
_COMMANDS = ("build", "serve", "validate", "evidence", "query")
_UNDECIDED = 4
_DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


class _Group(click.Group):
    """A group that shows each error as one line and ends with its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"sauran.server.cli.{cmd_name}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        open_missing_streams()
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            refuse_unknown(os.environ)
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except SauranError as error:
            echo_message(f"error: {error}", fg="red")
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            sys.exit(SIGNALLED + signal.SIGINT)
        except BrokenPipeError:
            # The reader closed the pipe: the exit code of a program that SIGPIPE ends.
            silence()
            sys.exit(SIGNALLED + signal.SIGPIPE)
        except OSError as error:
            # Oxigraph gives the error number only in the text of its message.
            written = re.search(r"\(os error (\d+)\)", str(error))
            number = int(written[1]) if written else error.errno
            if number not in _DISK_ERRORS:
                return _report_crash()
            echo_message(f"error: {error.filename or 'disk'}: {os.strerror(number)}. Make room.", fg="red")
            sys.exit(_UNDECIDED)
        except MemoryError:
            echo_message("error: out of memory.", fg="red")
            sys.exit(_UNDECIDED)
        except Exception:  # a bug must not look like findings, which are exit code 1
            return _report_crash()


def _report_crash() -> NoReturn:
    """Show the traceback of a bug."""
    import traceback  # noqa: PLC0415 (takes 4 ms)

    echo_message(traceback.format_exc(), nl=False)
    sys.exit(_UNDECIDED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="sauran", message="%(prog)s %(version)s")
def main() -> None:
    """Publish knowledge as linked data.

    Curated RDF is checked with SHACL, released as reproducible dumps, and served with SPARQL, pages and a
    catalogue.

    \b
    sauran build       check the content and publish it as a release
    sauran serve       serve the release on the web, with pages and a SPARQL endpoint
    sauran validate    check the content, or any RDF files, with SHACL
    sauran evidence    check all passages against the source texts
    sauran query       query the release with SPARQL

    Results go to standard output, messages to standard error. Exit codes: 0 fine, 1 findings, 2 unusable
    input or usage error, 3 nothing was checked, 4 could not be decided.
    """  # noqa: D301 (click wants the character)


if __name__ == "__main__":
    main()
