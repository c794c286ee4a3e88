"""Standard streams as commands use them: some are closed, readers go away, discs are full."""

import os
import sys
from typing import Any

import click

from sauran.kg.model.errors import UsageError

__all__ = ["echo_message", "echo_result", "open_missing_streams", "silence"]

_NAMES = {1: "standard output", 2: "standard error"}


def open_missing_streams() -> None:
    """Let streams that are closed lead nowhere: another file would get their number, and what is said."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 (for good)


def echo_result(text: str) -> None:
    """Write a result on standard output; a reader that stops early changes nothing about the outcome.

    Raises: UsageError when it cannot be written, on a full disc for one.
    """
    # Whatever the locale: the forms for programs are UTF-8.
    _write(1, text.encode("utf-8", "backslashreplace"), nl=False)


def echo_message(message: Any, **how: Any) -> None:
    """Say something to the person; results go to standard output, talk to standard error."""
    _write(2, message, **how)


def silence() -> None:
    """Let what is still to be written on standard streams lead nowhere."""
    for number in _NAMES:
        _lead_nowhere(number)


def _write(stream: int, message: Any, **how: Any) -> None:
    try:
        click.secho(message, err=stream == 2, **how)
    except BrokenPipeError:
        _lead_nowhere(stream)
    except OSError as error:
        _lead_nowhere(stream)
        raise UsageError(_NAMES[stream], f"cannot be written: {error.strerror}.") from error


def _lead_nowhere(stream: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream)
    os.close(nowhere)
