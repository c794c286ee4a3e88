"""Progress of long work, on a terminal only."""

import contextlib
import sys
from collections.abc import Callable, Iterator

import click

__all__ = ["steps"]


@contextlib.contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Give a function that names the step now under way; on a terminal it is shown, then wiped away."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    # The number of steps depends on the content: a bar without an end, that names what is being done.
    with click.progressbar(
        length=0, label="building", file=sys.stderr, show_eta=False, show_percent=False, item_show_func=_named
    ) as bar:

        def show(step: str) -> None:
            bar.update(0, step)

        yield show


def _named(step: str | None) -> str:
    return step or ""
