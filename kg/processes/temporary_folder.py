"""A temporary folder that a signal does not leave behind."""

import contextlib
import shutil
import signal
import tempfile
from collections.abc import Iterator

__all__ = ["temporary_folder"]

_ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


@contextlib.contextmanager
def temporary_folder() -> Iterator[str]:
    """A new folder, removed at the end of the block.

    `tempfile.TemporaryDirectory` leaves it behind when a signal handler raises while it is created.
    """
    folder = ""
    try:
        with _signals_held():
            folder = tempfile.mkdtemp(prefix="sauran-")
        yield folder
    finally:
        if folder:
            with _signals_held():
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Deliver signals that end a program after the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
