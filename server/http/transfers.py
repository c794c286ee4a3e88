"""An answer of a WSGI application: kept until it is known how it is sent, then whole or as a transfer."""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import IO, Any, cast

from sauran.server.http.access_log import Visit

__all__ = ["Answer", "Application", "Environ", "Headers", "Reply", "Transfer", "take_body"]

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Answer = Callable[[str, Headers], object]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_JOINED_BYTES = 1024 * 1024
_PIECE = 256 * 1024


def take_body(environ: Environ, most_bytes: int) -> bytes | None:
    """The body of a request, which stays to be read; None where it is unknown or too large."""
    said = environ.get("CONTENT_LENGTH") or ""
    if not (said.isascii() and said.isdigit() and int(said) <= most_bytes):
        return None
    data: bytes = environ["wsgi.input"].read(int(said))
    environ["wsgi.input"] = io.BytesIO(data)
    return data


class Reply:
    """What an application answers: kept until it is known how it is sent."""

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

    def gather(self) -> "Reply":
        """The same reply, its body in a file that has no name and is in memory while it is small.

        Raises: whatever breaks the body.
        """
        file = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=_JOINED_BYTES))  # noqa: SIM115 (it outlives this call)
        try:
            for piece in self.body:
                file.write(piece)
        except BaseException:
            file.close()
            raise
        finally:
            self.close()
        length = file.tell()
        file.seek(0)
        headers = [*self.headers, ("Content-Length", str(length))]

        def application(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
            start(self.status_line, headers)
            return _FileBody(file)

        return Reply(application, {})

    def close(self) -> None:
        """Tell the application that nothing more is wanted."""
        close = getattr(self.body, "close", None)
        if close is not None:
            close()

    def _start(self, status: str, headers: Headers, _exc_info: object = None) -> None:
        self.status_line, self.headers = status, headers


class _FileBody:
    """A file as a body."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(_PIECE), b"")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Transfer:
    """A large body on its way; its place and its visit end with it."""

    def __init__(self, reply: Reply, answer: Answer, visit: Visit, leave: Callable[[], None]) -> None:
        answer(reply.status_line, reply.headers)
        visit.status = reply.status
        self._reply, self._visit, self._leave = reply, visit, leave
        self._pieces = iter(reply.body)
        self._open = True

    def __iter__(self) -> "Transfer":
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        self._visit.sent += len(piece)
        return piece

    def close(self) -> None:
        """End it, once."""
        if self._open:
            self._open = False
            self._leave()
            try:
                self._reply.close()
            finally:
                self._visit.end()
