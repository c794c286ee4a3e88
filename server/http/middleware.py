"""The outermost layer of the application: who asks, how much, how slowly; and what became of it.

A slow client must not hold the threads that others need: only a limited number of bodies are read and large
answers sent at a time; small answers are handed to granian whole. Granian ends a stream that breaks as if it
were whole: an answer of unknown length is gathered before its first byte is sent.
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
TRANSFER_SLOTS = 96  # 64 slow downloads at once, and room for slow requests beside them
_SLOTS_EACH = 8
_RETRY_S = 5
# So much beyond what may be sent is read and dropped, so that the client comes to read why.
_DRAINED_BYTES = 8 * 1024 * 1024
_CELLS = cells_of()
_LIMITED = _CELLS["sauran_rate_limited_total"]
_SLOW = _CELLS["sauran_slow_transfers"]
_SLOW_REFUSED = _CELLS["sauran_slow_transfers_refused_total"]
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "DELETE", "TRACE"})


def take_body(environ: Environ, most_bytes: int) -> bytes | None:
    """The body of a request, which stays to be read; None where it is unknown or too large."""
    said = environ.get("CONTENT_LENGTH") or ""
    if not (said.isascii() and said.isdigit() and int(said) <= most_bytes):
        return None
    data: bytes = environ["wsgi.input"].read(int(said))
    environ["wsgi.input"] = io.BytesIO(data)
    return data


class BufferedBody:
    """A body read to its end into a file that has no name and is in memory while it is small.

    Raises: whatever breaks the body.
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
    """What an application answers: kept until it is known how it is sent."""

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
        """How long the body is, where the headers say it."""
        return next((int(value) for name, value in self.headers if name.lower() == "content-length"), None)

    def is_small(self, method: str) -> bool:
        """Whether the body may be held in memory."""
        if method == "HEAD" or self.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            return True
        return self.length is not None and self.length <= _JOINED_BYTES

    def read(self) -> list[bytes]:
        """The body, whole."""
        try:
            return [b"".join(self.body)]
        finally:
            self.close()

    def gather(self) -> "BufferedResponse":
        """The same reply with its body buffered, so that its length is known.

        Raises: whatever breaks the body.
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
        """Tell the application that nothing more is wanted."""
        close = getattr(self.body, "close", None)
        if close is not None:
            close()

    def _start(self, status: str, headers: Headers, _exc_info: object = None) -> None:
        self.status_line, self.headers = status, headers


class TransferBody:
    """A large body on its way; its place and its record end with it."""

    def __init__(
        self, reply: BufferedResponse, answer: StartResponse, record: RequestRecord, leave: Callable[[], None]
    ) -> None:
        answer(reply.status_line, reply.headers)
        record.status = reply.status
        self._reply, self._record, self._leave = reply, record, leave
        self._pieces = iter(reply.body)
        self._open = True

    def __iter__(self) -> "TransferBody":
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        self._record.sent += len(piece)
        return piece

    def close(self) -> None:
        """End it, once."""
        if self._open:
            self._open = False
            self._leave()
            try:
                self._reply.close()
            finally:
                self._record.end()


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What clients are held to; a rate of 0 is none; `larger_bodies` has the bytes of some paths."""

    rate_per_minute: int
    rate_burst: int
    rate_loopback: bool
    most_body_bytes: int
    trusted_proxies: tuple[Network, ...]
    log_queries: bool
    larger_bodies: Mapping[str, int] = field(default_factory=dict)

    def most_body(self, path: str) -> int:
        """How many bytes may be sent to a path."""
        return self.larger_bodies.get(path.rstrip("/"), self.most_body_bytes)


class RequestMiddleware:
    """WSGI around WSGI. `plain` is the application that makes an answer of the error in the context."""

    def __init__(
        self,
        inner: Application,
        plain: Application,
        limits: RequestLimits,
        row: ProcessCounters,
        log: AccessLog | None,
    ) -> None:
        self._inner, self._plain, self._rules, self._row, self._log = inner, plain, limits, row, log
        self._buckets = (
            TokenBuckets(limits.rate_per_minute, limits.rate_burst) if limits.rate_per_minute else None
        )
        self._slots = ConcurrencyLimit(TRANSFER_SLOTS, _SLOTS_EACH)

    def __call__(self, environ: Environ, answer: StartResponse) -> Iterable[bytes]:
        """Let one request through, or refuse it."""
        address = find_client(
            environ.get("REMOTE_ADDR", ""),
            environ.get("HTTP_X_FORWARDED_FOR", ""),
            self._rules.trusted_proxies,
        )
        begin_context(environ, address)
        record = RequestRecord(environ, self._row, self._log)
        try:
            try:
                self._check_rate(environ)
                self._take_body(environ, record)
                return self._hand_over(BufferedResponse(self._inner, environ), environ, answer, record)
            except Problem as problem:
                return self._refuse(problem, environ, answer, record)
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
            self._row.add((_LIMITED, 1))
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"More than {self._rules.rate_per_minute} requests a minute came from your address. "
                f"Go on in {wait_s} s, and more slowly.",
                {"Retry-After": str(wait_s)},
            )

    def _take_body(self, environ: Environ, record: RequestRecord) -> None:
        """Put the whole body in the place of the stream; the application refuses one that is too large."""
        body = b""
        path = environ.get("PATH_INFO", "")
        most = self._rules.most_body(path)
        said = environ.get("CONTENT_LENGTH", "")
        wanted = int(said) if said.isascii() and said.isdigit() else None
        has_body = bool(wanted) or "HTTP_TRANSFER_ENCODING" in environ
        # Whoever waits to be told to send is told at once that it is too much.
        readable = most if "HTTP_EXPECT" in environ else most + _DRAINED_BYTES
        if environ["REQUEST_METHOD"] not in _WITHOUT_BODY and has_body and (wanted or 0) <= readable:
            body = self._read_body(environ, most)
            if wanted is not None and len(body) < min(wanted, most + 1):
                raise Problem(HTTPStatus.BAD_REQUEST, "The body ended before its Content-Length.")
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
            # By chunks Werkzeug would take the beginning of what is too large for the whole.
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        if self._log and self._rules.log_queries:
            # What is sent to be validated is written down nowhere.
            asked = b"" if family_of(path) == "validate" else body
            record.query = lambda: query_text(environ, asked)

    def _read_body(self, environ: Environ, most: int) -> bytes:
        # A read from granian cannot be told to stop: who sends slowly holds a place for as long.
        self._enter(environ)
        stream, left, pieces = environ["wsgi.input"], most + 1, []
        try:
            while left > 0 and (piece := stream.read(left)):
                pieces.append(piece)
                left -= len(piece)
            # A client that is cut off while it sends does not see the answer.
            left += _DRAINED_BYTES
            while left > 0 and (piece := stream.read(min(left, _PIECE))):
                left -= len(piece)
        finally:
            self._leave(environ)
        return b"".join(pieces)

    def _hand_over(
        self, reply: BufferedResponse, environ: Environ, answer: StartResponse, record: RequestRecord
    ) -> Iterable[bytes]:
        if isinstance(reply.body, list):
            return _send_whole(reply, reply.body, answer, record)
        if reply.is_small(environ["REQUEST_METHOD"]):
            return _send_whole(reply, reply.read(), answer, record)
        if reply.length is None:
            try:
                reply = reply.gather()
            except Exception as error:  # whatever breaks an answer becomes a status
                return self._refuse(error, environ, answer, record)
        try:
            self._enter(environ)
        except Problem:
            reply.close()
            raise
        return TransferBody(reply, answer, record, lambda: self._leave(environ))

    def _refuse(
        self, error: Exception, environ: Environ, answer: StartResponse, record: RequestRecord
    ) -> Iterable[bytes]:
        context_of(environ).error = error
        reply = BufferedResponse(self._plain, environ)
        return _send_whole(reply, reply.read(), answer, record)

    def _enter(self, environ: Environ) -> None:
        if not self._slots.take(context_of(environ).client):
            self._row.add((_SLOW_REFUSED, 1))
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"Too many slow transfers are under way: {_SLOTS_EACH} a client, {TRANSFER_SLOTS} together. "
                f"Try again in {_RETRY_S} s.",
                {"Retry-After": str(_RETRY_S)},
            )
        self._row.add((_SLOW, 1))

    def _leave(self, environ: Environ) -> None:
        self._slots.give_back(context_of(environ).client)
        self._row.add((_SLOW, -1))


def _send_whole(
    reply: BufferedResponse, pieces: list[bytes], answer: StartResponse, record: RequestRecord
) -> list[bytes]:
    answer(reply.status_line, reply.headers)
    record.status, record.sent = reply.status, sum(map(len, pieces))
    record.end()
    return pieces
