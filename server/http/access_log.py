"""The access log: a line of JSON for each request, on standard error or in a file."""

import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from sauran.kg.model.errors import UsageError

__all__ = ["AccessLog", "open_access_log"]

_LOG = logging.getLogger(__name__)


def open_access_log(target: str) -> "AccessLog | None":
    """The log that the setting names; None for `off`.

    Raises: UsageError where the file cannot be opened.
    """
    if target == "off":
        return None
    try:
        return AccessLog(None if target == "stderr" else Path(target))
    except OSError as error:
        fix = "Give off, stderr or a file that can be written."
        raise UsageError("access_log", f"{target}: {error.strerror}.", fix) from error


class AccessLog:
    """Writes each line at once, whole, at the end; several processes may write to one file.

    A file that was moved away is begun anew, so that any tool can rotate it.
    """

    def __init__(self, file: Path | None) -> None:
        """Open the file; None is standard error.

        Raises: OSError when it cannot be opened.
        """
        self._file = file
        self._opening = Lock()
        self._descriptor = self._open() if file else -1

    def write(self, fields: Mapping[str, object]) -> None:
        """Write a line. A disk that is full stops no request."""
        line = (json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n").encode(
            "utf-8", "backslashreplace"
        )
        try:
            if self._file is None:
                os.write(sys.stderr.fileno(), line)
            else:
                self._follow()
                os.write(self._descriptor, line)
        except OSError as error:
            _LOG.error("a line of the access log is lost: %s", error)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            os.close(self._descriptor)

    def _open(self) -> int:
        return os.open(str(self._file), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)

    def _follow(self) -> None:
        """Open the file anew where another, or none, stands in its place."""
        try:
            there = self._file.stat() if self._file else None
        except FileNotFoundError:
            there = None
        ours = os.fstat(self._descriptor)
        if there is None or (there.st_ino, there.st_dev) != (ours.st_ino, ours.st_dev):
            with self._opening:
                # In place, so that a thread that is just writing still has a descriptor.
                fresh = self._open()
                os.dup2(fresh, self._descriptor, inheritable=False)
                os.close(fresh)
