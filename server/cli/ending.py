"""Signals that end a command: what is temporary is removed first."""

import signal
from types import FrameType
from typing import NoReturn

__all__ = ["SIGNALLED", "end_on_signals"]

SIGNALLED = 128  # shells and CI services add the number of the signal


def end_on_signals() -> None:
    """Let SIGINT, SIGTERM and SIGHUP end the work with an exception; an ignored one stays ignored.

    SIGINT too: Python ends with the signal itself, not with our exit code, after a KeyboardInterrupt that
    was raised within `exec`, as it is in the import of a dataclass.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(SIGNALLED + number)
