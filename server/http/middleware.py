"""The outermost middleware: rate limits, body limits, slow transfers, access log.

A slow client must not hold the threads that others need: the numbers of request bodies being read and of
large responses being sent are limited; small responses are passed to granian whole. Granian ends a stream
that fails as if it were complete: a response of unknown length is completed before its first byte is sent.
"""

import io
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, Any, cast

from sauran.server.http.access_log import AccessLog, RequestRecord, query_text
from sauran.server.http.clients import ConcurrencyLimit, Network, TokenBuckets, find_client
from sauran.server.http.metrics import ProcessCounters, cells_of, family_of
from sauran.server.http.problems import Problem
from sauran.server.http.request_context import begin_context, context_of

__all__ = [
    "TRANSFER_SLOTS",
    "Application",
    "BufferedBody",
    "BufferedResponse",
    "Environ",
    "Headers",
    "RequestLimits",
    "RequestMiddleware",
    "StartResponse",
    "TransferBody",
    "take_body",
]

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[[str, Headers], object]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_JOINED_BYTES = 1024 * 1024
_PIECE = 256 * 1024
TRANSFER_SLOTS = 96  # 64 slow downloads, and slow uploads in addition
_SLOTS_EACH = 8
_RETRY_S = 5
# Bytes above the limit that are still read and dropped, so that the client gets to read the error.
_DRAINED_BYTES = 8 * 1024 * 1024
_CELLS = cells_of()
_LIMITED = _CELLS["sauran_rate_limited_total"]
_SLOW = _CELLS["sauran_slow_transfers"]
_SLOW_REFUSED = _CELLS["sauran_slow_transfers_refused_total"]
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "DELETE", "TRACE"})


def take_body(environ: Environ, most_bytes: int) -> bytes | None:
    """Read the body of a request and keep it readable; None when its length is unknown or too large."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit() and int(length) <= most_bytes):
        return None
    data: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(data)
    return data


class BufferedBody:
    """A body read to its end, into memory or, when it is large, into an unnamed file.

    Raises: any error that the body raises.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._file = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=_JOINED_BYTES))  # noqa: SIM115 (it outlives this call)
        try:
            for piece in pieces:
                self._file.write(piece)
        except BaseException:
            self._file.close()
            raise
        self.length = self._file.tell()
        self._file.seek(0)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(_PIECE), b"")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class BufferedResponse:
    """The response of an application, held back until it is decided how to send it."""

    status_line: str
    headers: Headers

    def __init__(self, application: Application, environ: Environ) -> None:
        self.status_line, self.headers = "500 Internal Server Error", Headers()
        self.body: Iterable[bytes] = application(environ, self._start)

    @property
    def status(self) -> int:
        """The status as a number."""
        return int(self.status_line[:3])

    @property
    def length(self) -> int | None:
        """The length of the body, if the headers have it."""
        return next((int(value) for name, value in self.headers if name.lower() == "content-length"), None)

    def is_small(self, method: str) -> bool:
        """Whether the body may be held in memory."""
        if method == "HEAD" or self.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            return True
        return self.length is not None and self.length <= _JOINED_BYTES

    def read(self) -> list[bytes]:
        """The complete body."""
        try:
            return [b"".join(self.body)]
        finally:
            self.close()

    def gather(self) -> "BufferedResponse":
        """The same response with its body buffered, so that its length is known.

        Raises: any error that the body raises.
        """
        try:
            body = BufferedBody(self.body)
        finally:
            self.close()
        headers = [*self.headers, ("Content-Length", str(body.length))]

        def application(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
            start(self.status_line, headers)
            return body

        return BufferedResponse(application, {})

    def close(self) -> None:
        """Close the body."""
        close = getattr(self.body, "close", None)
        if close is not None:
            close()

    def _start(self, status: str, headers: Headers, _exc_info: object = None) -> None:
        self.status_line, self.headers = status, headers


class TransferBody:
    """A large body being sent; when it ends, its slot is released and the request is logged."""

    def __init__(
        self,
        reply: BufferedResponse,
        start_response: StartResponse,
        record: RequestRecord,
        release: Callable[[], None],
    ) -> None:
        start_response(reply.status_line, reply.headers)
        record.status = reply.status
        self._reply, self._record, self._release = reply, record, release
        self._pieces = iter(reply.body)
        self._open = True

    def __iter__(self) -> "TransferBody":
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        self._record.sent += len(piece)
        return piece

    def close(self) -> None:
        """End the transfer; later calls do nothing."""
        if self._open:
            self._open = False
            self._release()
            try:
                self._reply.close()
            finally:
                self._record.end()


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Limits for clients; a rate of 0 means no limit; `larger_bodies` has limits of some paths in bytes."""

    rate_per_minute: int
    rate_burst: int
    rate_loopback: bool
    most_body_bytes: int
    trusted_proxies: tuple[Network, ...]
    log_queries: bool
    larger_bodies: Mapping[str, int] = field(default_factory=dict)

    def most_body(self, path: str) -> int:
        """The limit of a body sent to a path, in bytes."""
        return self.larger_bodies.get(path.rstrip("/"), self.most_body_bytes)


class RequestMiddleware:
    """WSGI middleware; `plain` is the application that turns the error in the context into a response."""

    def __init__(
        self,
        inner: Application,
        plain: Application,
        limits: RequestLimits,
        counters: ProcessCounters,
        log: AccessLog | None,
    ) -> None:
        self._inner, self._plain, self._rules, self._counters, self._log = inner, plain, limits, counters, log
        self._buckets = (
            TokenBuckets(limits.rate_per_minute, limits.rate_burst) if limits.rate_per_minute else None
        )
        self._slots = ConcurrencyLimit(TRANSFER_SLOTS, _SLOTS_EACH)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, or refuse it."""
        address = find_client(
            environ.get("REMOTE_ADDR", ""),
            environ.get("HTTP_X_FORWARDED_FOR", ""),
            self._rules.trusted_proxies,
        )
        begin_context(environ, address)
        record = RequestRecord(environ, self._counters, self._log)
        try:
            try:
                self._check_rate(environ)
                self._take_body(environ, record)
                return self._hand_over(
                    BufferedResponse(self._inner, environ), environ, start_response, record
                )
            except Problem as problem:
                return self._refuse(problem, environ, start_response, record)
        except BaseException:
            record.end()
            raise

    def _check_rate(self, environ: Environ) -> None:
        context = context_of(environ)
        address = context.address
        if (
            self._buckets is None
            or environ.get("PATH_INFO", "").startswith("/health")
            or (not self._rules.rate_loopback and address is not None and address.is_loopback)
        ):
            return
        wait_s = math.ceil(self._buckets.take(context.client))
        if wait_s:
            self._counters.add((_LIMITED, 1))
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"More than {self._rules.rate_per_minute} requests a minute came from your address. "
                f"Try again in {wait_s} s, and send fewer requests.",
                {"Retry-After": str(wait_s)},
            )

    def _take_body(self, environ: Environ, record: RequestRecord) -> None:
        """Read the body into memory; the application refuses one that is too large."""
        body = b""
        path = environ.get("PATH_INFO", "")
        most = self._rules.most_body(path)
        length = environ.get("CONTENT_LENGTH", "")
        wanted = int(length) if length.isascii() and length.isdigit() else None
        has_body = bool(wanted) or "HTTP_TRANSFER_ENCODING" in environ
        # With Expect: 100-continue the client has not sent the body yet, so that it can be refused at once.
        readable = most if "HTTP_EXPECT" in environ else most + _DRAINED_BYTES
        if environ["REQUEST_METHOD"] not in _WITHOUT_BODY and has_body and (wanted or 0) <= readable:
            body = self._read_body(environ, most)
            if wanted is not None and len(body) < min(wanted, most + 1):
                raise Problem(HTTPStatus.BAD_REQUEST, "The body ended before its Content-Length.")
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
            # With chunked encoding, Werkzeug would take the beginning of a too large body for the whole.
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        if self._log and self._rules.log_queries:
            # Data sent for validation is never logged.
            asked = b"" if family_of(path) == "validate" else body
            record.query = lambda: query_text(environ, asked)

    def _read_body(self, environ: Environ, most: int) -> bytes:
        # A read from granian cannot be interrupted: a slow upload holds its slot until it ends.
        self._take_slot(environ)
        stream, left, pieces = environ["wsgi.input"], most + 1, []
        try:
            while left > 0 and (piece := stream.read(left)):
                pieces.append(piece)
                left -= len(piece)
            # A client whose connection is closed while it sends does not see the response.
            left += _DRAINED_BYTES
            while left > 0 and (piece := stream.read(min(left, _PIECE))):
                left -= len(piece)
        finally:
            self._release_slot(environ)
        return b"".join(pieces)

    def _hand_over(
        self, reply: BufferedResponse, environ: Environ, start_response: StartResponse, record: RequestRecord
    ) -> Iterable[bytes]:
        if isinstance(reply.body, list):
            return _send(reply, reply.body, start_response, record)
        if reply.is_small(environ["REQUEST_METHOD"]):
            return _send(reply, reply.read(), start_response, record)
        if reply.length is None:
            try:
                reply = reply.gather()
            except Exception as error:  # any error in the body becomes an error response
                return self._refuse(error, environ, start_response, record)
        try:
            self._take_slot(environ)
        except Problem:
            reply.close()
            raise
        return TransferBody(reply, start_response, record, lambda: self._release_slot(environ))

    def _refuse(
        self, error: Exception, environ: Environ, start_response: StartResponse, record: RequestRecord
    ) -> Iterable[bytes]:
        context_of(environ).error = error
        reply = BufferedResponse(self._plain, environ)
        return _send(reply, reply.read(), start_response, record)

    def _take_slot(self, environ: Environ) -> None:
        if not self._slots.take(context_of(environ).client):
            self._counters.add((_SLOW_REFUSED, 1))
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"Too many slow transfers: at most {_SLOTS_EACH} a client, {TRANSFER_SLOTS} in all. "
                f"Try again in {_RETRY_S} s.",
                {"Retry-After": str(_RETRY_S)},
            )
        self._counters.add((_SLOW, 1))

    def _release_slot(self, environ: Environ) -> None:
        self._slots.give_back(context_of(environ).client)
        self._counters.add((_SLOW, -1))


def _send(
    reply: BufferedResponse, pieces: list[bytes], start_response: StartResponse, record: RequestRecord
) -> list[bytes]:
    start_response(reply.status_line, reply.headers)
    record.status, record.sent = reply.status, sum(map(len, pieces))
    record.end()
    return pieces
