"""Standard streams: results on standard output, messages and progress on standard error, input kept."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import click

from sauran.kg.model.errors import UsageError

__all__ = [
    "echo_message",
    "echo_result",
    "keep_standard_input",
    "open_missing_streams",
    "show_progress",
    "silence",
]

_NAMES = {1: "standard output", 2: "standard error"}
_READ_BYTES = 1 << 20


def open_missing_streams() -> None:
    """Connect closed standard streams to /dev/null.

    Otherwise the next file that is opened would get the number of the stream, and its output.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            os.set_inheritable(number, True)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 (for good)


def echo_result(text: str) -> None:
    """Write a result to standard output; a reader that stops early does not change the exit code.

    Raises: UsageError when it cannot be written, for example because the disk is full.
    """
    # UTF-8 regardless of the locale, as the formats for programs require.
    _write(1, text.encode("utf-8", "backslashreplace"), nl=False)


def echo_message(message: Any, **style: Any) -> None:
    """Write a message for people to standard error.

    Raises: UsageError when it cannot be written.
    """
    _write(2, message, **style)


@contextlib.contextmanager
def show_progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows the current step of long work; it does nothing unless on a terminal."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    # The number of steps depends on the content: the bar has no length, only the name of the step.
    with click.progressbar(
        length=0,
        label="building",
        file=sys.stderr,
        show_eta=False,
        show_percent=False,
        item_show_func=lambda step: step or "",
    ) as bar:
        yield lambda step: bar.update(0, step)


def keep_standard_input(most_mb: int) -> None:
    """Replace standard input by an unnamed file with its content, which can be read more than once.

    Shape: at most one byte more than the limit is kept, so that too much input can be recognised.
    """
    left = (most_mb << 20) + 1
    kept = tempfile.TemporaryFile(prefix="sauran-")  # noqa: SIM115 (it lives as long as its descriptor)
    while left > 0 and (read := os.read(0, min(_READ_BYTES, left))):
        kept.write(read)
        left -= len(read)
    kept.seek(0)
    os.dup2(kept.fileno(), 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (a descriptor, for good)


def silence() -> None:
    """Discard everything that is still to be written to the standard streams."""
    for number in _NAMES:
        _discard(number)


def _write(stream: int, message: Any, **style: Any) -> None:
    try:
        click.secho(message, err=stream == 2, **style)
    except BrokenPipeError:
        _discard(stream)
    except OSError as error:
        _discard(stream)
        raise UsageError(_NAMES[stream], f"cannot be written: {error.strerror}.") from error


def _discard(stream: int) -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream)
    os.close(null)
