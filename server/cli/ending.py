"""Signals that end a command: what is temporary is removed first."""

import signal
from types import FrameType
from typing import NoReturn

__all__ = ["SIGNALLED", "end_on_signals"]

SIGNALLED = 128  # shells and CI services add the number of the signal


def end_on_signals() -> None:
    """Let SIGTERM and SIGHUP end the work as an exception does; one that is ignored already stays so."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(SIGNALLED + number)
