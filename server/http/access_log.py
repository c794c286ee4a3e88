"""The access log: one line of JSON for each request, on standard error or in a file."""

import bisect
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from sauran.kg.model.errors import UsageError
from sauran.server.http.metrics import BUCKETS, FAMILIES, METHODS, ProcessCounters, cells_of, family_of
from sauran.server.http.request_context import context_of

__all__ = ["AccessLog", "RequestRecord", "open_access_log", "query_text"]

_LOG = logging.getLogger(__name__)


def open_access_log(target: str) -> "AccessLog | None":
    """Open the log that the setting names; None for `off`.

    Raises: UsageError when the file cannot be opened.
    """
    if target == "off":
        return None
    try:
        return AccessLog(None if target == "stderr" else Path(target))
    except OSError as error:
        fix = "Give off, stderr or a file that can be written."
        raise UsageError("access_log", f"{target}: {error.strerror}.", fix) from error


class AccessLog:
    """Appends each line with one write, so that several processes may share a file.

    When the file was moved away, a new one is opened, so that any tool can rotate the log.
    """

    def __init__(self, file: Path | None) -> None:
        """Open the file; None is standard error.

        Raises: OSError when it cannot be opened.
        """
        self._file = file
        self._opening = Lock()
        self._descriptor = self._open() if file else -1

    def write(self, fields: Mapping[str, object]) -> None:
        """Write a line. A full disk does not make the request fail."""
        line = (json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n").encode(
            "utf-8", "backslashreplace"
        )
        try:
            if self._file is None:
                os.write(sys.stderr.fileno(), line)
            else:
                self._reopen_if_moved()
                os.write(self._descriptor, line)
        except OSError as error:
            _LOG.error("a line of the access log is lost: %s", error)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            os.close(self._descriptor)

    def _open(self) -> int:
        return os.open(str(self._file), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)

    def _reopen_if_moved(self) -> None:
        """Reopen the file if it was moved or removed."""
        try:
            present = self._file.stat() if self._file else None
        except FileNotFoundError:
            present = None
        ours = os.fstat(self._descriptor)
        if present is None or (present.st_ino, present.st_dev) != (ours.st_ino, ours.st_dev):
            with self._opening:
                # Keeps the number of the descriptor, which another thread may be writing to.
                fresh = self._open()
                os.dup2(fresh, self._descriptor, inheritable=False)
                os.close(fresh)


_MOST_PATH, _MOST_AGENT, _MOST_QUERY = 2000, 300, 20_000
_CELLS = cells_of()
_IN_FLIGHT = _CELLS["sauran_requests_in_flight"]
_REQUESTS = {
    (family, method, status): _CELLS[
        f'sauran_requests_total{{family="{family}",method="{method}",status="{status}xx"}}'
    ]
    for family in FAMILIES
    for method in METHODS
    for status in range(2, 6)
}
_BUCKETS = {
    family: tuple(
        _CELLS[f'sauran_request_seconds_bucket{{family="{family}",le="{bound}"}}']
        for bound in (*map(str, BUCKETS), "+Inf")
    )
    for family in FAMILIES
}
_SECONDS = {family: _CELLS[f'sauran_request_seconds_sum{{family="{family}"}}'] for family in FAMILIES}
_BYTES = {family: _CELLS[f'sauran_sent_bytes_total{{family="{family}"}}'] for family in FAMILIES}


class RequestRecord:
    """Status, size and duration of one request, for the access log and the metrics."""

    __slots__ = ("_began", "_counters", "_environ", "_log", "_open", "query", "sent", "status")

    status: int
    sent: int

    def __init__(
        self, environ: MutableMapping[str, Any], counters: ProcessCounters, log: AccessLog | None
    ) -> None:
        self._environ, self._counters, self._log = environ, counters, log
        self._began = time.perf_counter()
        self._open = True
        self.status, self.sent = 500, 0
        self.query: Callable[[], str] | None = None
        counters.add((_IN_FLIGHT, 1))

    def end(self) -> None:
        """Count and log the request; later calls do nothing."""
        if not self._open:
            return
        self._open = False
        seconds = time.perf_counter() - self._began
        method = self._environ["REQUEST_METHOD"]
        family = family_of(self._environ.get("PATH_INFO", ""))
        known = method if method in METHODS else "other"
        self._counters.add(
            (_IN_FLIGHT, -1),
            (_REQUESTS[family, known, min(max(self.status // 100, 2), 5)], 1),
            (_BUCKETS[family][bisect.bisect_left(BUCKETS, seconds)], 1),
            (_SECONDS[family], seconds),
            (_BYTES[family], self.sent),
        )
        if self._log:
            self._log.write(self._fields(method, seconds))

    def _fields(self, method: str, seconds: float) -> dict[str, object]:
        environ, context = self._environ, context_of(self._environ)
        fields: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": os.urandom(8).hex(),
            "client": str(context.address or "unknown"),
            "method": method,
            "path": _readable(environ.get("PATH_INFO", ""))[:_MOST_PATH],
            "status": self.status,
            "bytes": self.sent,
            "duration_ms": round(seconds * 1000, 3),
            "cache": context.cache,
            "release": context.served_release.release.version if context.served_release else None,
            "agent": environ.get("HTTP_USER_AGENT", "")[:_MOST_AGENT],
        }
        if self.query:
            fields["query"] = self.query()[:_MOST_QUERY]
        return fields


def query_text(environ: Mapping[str, Any], body: bytes) -> str:
    """The SPARQL query in a request, as far as it can be found without parsing it."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind == "application/sparql-query":
        return body.decode("utf-8", "replace")
    form = body.decode("utf-8", "replace") if kind == "application/x-www-form-urlencoded" else ""
    try:
        found = parse_qs(f"{environ.get('QUERY_STRING', '')}&{form}", max_num_fields=100)
    except ValueError:
        return ""
    return found.get("query", [""])[0]


def _readable(path: str) -> str:
    """Decode a path, whose bytes WSGI gives as Latin-1."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")
