"""Response cache with request coalescing: WSGI middleware that keeps the responses of one release."""

import contextlib
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sauran.server.http.conditional_requests import is_unchanged
from sauran.server.http.middleware import take_body
from sauran.server.http.request_context import context_of
from sauran.server.http.served_release import CurrentRelease

__all__ = ["CachedResponse", "PendingAnswer", "ResponseCache", "ResponseCacheMiddleware", "send_uncached"]

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_SHARE = 8  # one response takes at most an eighth of the cache
_OVERHEAD = 1024  # bytes of memory for a response in addition to its body
_MOST_PASSED = 4096
_MOST_WAITING = 128  # threads; the others stay free for other requests
_PATIENCE_S = 120.0  # far longer than any query may take
_ENDPOINT = "/sparql"
_NEVER = ("/dumps/", "/release/", "/health", "/metrics", "/static/")
# Requests with these headers are passed to the application.
_SPECIAL = ("HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
_MOST_BODY = 1024 * 1024
_MOST_SHARED = 1024 * 1024
_LONG = 256
# Errors that depend only on the request; a 503 with Retry-After is temporary and not shared.
_SHARED_ERRORS = ("400", "404", "406", "413", "503", "504")


class CachedResponse:
    """A response in the form in which it is sent, with headers for 200 and 304 prepared."""

    __slots__ = ("body", "changed", "headers", "no_body", "size", "status", "tag", "unchanged")

    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes, key: Hashable) -> None:
        # The server adds the Date header when it sends the response.
        headers = [(name, value) for name, value in headers if name.lower() != "date"]
        self.status, self.headers, self.body = status, headers, [body]
        self.no_body: list[bytes] = []
        self.tag: str = next((value for name, value in headers if name.lower() == "etag"), "")
        self.changed: str = next((value for name, value in headers if name.lower() == "last-modified"), "")
        entity = ("content-type", "content-length", "content-encoding")
        self.unchanged: list[tuple[str, str]] = [
            (name, value) for name, value in headers if name.lower() not in entity
        ]
        self.size: int = (
            len(body) + sum(len(name) + len(value) for name, value in headers) + len(repr(key)) + _OVERHEAD
        )


@dataclass(slots=True)
class PendingAnswer:
    """A response that one request computes for all that wait; `answer` is None when it cannot be shared."""

    finished: threading.Event = field(default_factory=threading.Event)
    answer: CachedResponse | None = None


class ResponseCache:
    """A thread-safe cache with a size limit; the least recently used responses are dropped.

    `hits`, `misses` and `joined` count requests answered from the cache, computed, and waited for.
    """

    most_bytes: int
    most_each: int
    hits: int
    misses: int
    joined: int

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.most_each = most_bytes, most_bytes // _SHARE
        self.bytes: int = 0
        self.hits = self.misses = self.joined = self._waiting = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, CachedResponse] = OrderedDict()
        self._pending: dict[Hashable, PendingAnswer] = {}
        self._passed: OrderedDict[Hashable, None] = OrderedDict()
        self._release: object = None

    @property
    def entries(self) -> int:
        """The number of cached responses."""
        return len(self._answers)

    def switch_to(self, release: object) -> None:
        """Drop the responses of other releases, and cache those of this one."""
        with self._lock:
            if release is not self._release:
                self._release = release
                self._answers.clear()
                self._passed.clear()
                # Requests that wait go on waiting; new requests must not join them.
                self._pending = {}
                self.bytes = 0

    def is_of(self, release: object) -> bool:
        """Whether the cache holds the responses of a release."""
        return release is self._release

    def find(self, key: Hashable) -> CachedResponse | None:
        """The cached response of a key, or None."""
        answer = self._answers.get(key)
        if answer is not None:
            with contextlib.suppress(KeyError):  # another thread may have dropped it
                self._answers.move_to_end(key)
            self.hits += 1
        return answer

    def join(self, key: Hashable) -> tuple[PendingAnswer | None, bool]:
        """Join the request that computes the response, or become that request.

        Shape: the pending answer and whether it is new; None when the response is known not to be shareable,
        or when too many requests wait already.
        """
        with self._lock:
            pending = self._pending.get(key)
            if pending is not None and self._waiting < _MOST_WAITING:
                self.joined += 1
                self._waiting += 1
                return pending, False
            self.misses += 1
            if pending is not None or key in self._passed:
                return None, True
            pending = self._pending[key] = PendingAnswer()
            return pending, True

    def wait(self, pending: PendingAnswer) -> CachedResponse | None:
        """Wait until a joined pending answer is finished."""
        try:
            pending.finished.wait(_PATIENCE_S)
            return pending.answer
        finally:
            with self._lock:
                self._waiting -= 1

    def finish(self, key: Hashable, pending: PendingAnswer | None, answer: CachedResponse | None) -> None:
        """Finish a pending answer with the response for all that wait."""
        if pending is None:
            return
        with self._lock:
            if self._pending.get(key) is pending:
                del self._pending[key]
        pending.answer = answer
        pending.finished.set()

    def keep(self, key: Hashable, answer: CachedResponse, release: object) -> None:
        """Cache a response, if it belongs to the current release and is not too large."""
        with self._lock:
            if release is not self._release or answer.size > self.most_each:
                return
            last = self._answers.pop(key, None)
            self.bytes += answer.size - (last.size if last else 0)
            self._answers[key] = answer
            while self.bytes > self.most_bytes:
                _, dropped = self._answers.popitem(last=False)
                self.bytes -= dropped.size

    def mark_uncacheable(self, key: Hashable, release: object) -> None:
        """Remember that the responses of a key are not shareable, so that no request waits for them."""
        with self._lock:
            if release is self._release:
                self._passed[key] = None
                if len(self._passed) > _MOST_PASSED:
                    self._passed.popitem(last=False)


class ResponseCacheMiddleware:
    """Answers from the cache, else by the application: once for all simultaneous equal requests."""

    def __init__(self, inner: Application, current: CurrentRelease, cache: ResponseCache) -> None:
        self._inner, self._current, self._cache = inner, current, cache

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """CachedResponse one request."""
        served_release = self._current.served_release()
        context = context_of(environ)
        context.served_release = served_release
        key = _key(environ)
        if key is None or not self._cache.most_bytes:
            return self._inner(environ, start)
        if not self._cache.is_of(served_release):
            self._cache.switch_to(served_release)
        answer = self._cache.find(key)
        if answer is not None:
            context.cache = "hit"
            return _send(answer, environ, start)
        pending, own = self._cache.join(key)
        if pending is not None and not own:
            answer = self._cache.wait(pending)
            if answer is not None:
                context.cache = "joined"
                return _send(answer, environ, start)
        context.cache = "miss"
        return self._compute(key, pending if own else None, served_release, environ, start)

    def _compute(
        self,
        key: Hashable,
        pending: PendingAnswer | None,
        served_release: object,
        environ: Environ,
        start: StartResponse,
    ) -> Iterable[bytes]:
        """Let the application answer the request without its conditions and with the whole body."""
        asked = dict(environ)
        for name in _CONDITIONS:
            asked.pop(name, None)
        if asked["REQUEST_METHOD"] == "HEAD":
            asked["REQUEST_METHOD"] = "GET"
        shared: CachedResponse | None = None
        given: list[Any] = []
        try:
            body = self._inner(asked, lambda *arguments: given.extend(arguments[:2]))
            status, headers = given
            known = {name.lower(): value for name, value in headers}
            length = int(known.get("content-length", _MOST_SHARED + 1))
            if _may_be_kept(status, known) and length <= self._cache.most_each:
                shared = CachedResponse(status, headers, _joined(body), key)
                self._cache.keep(key, shared, served_release)
            elif status.startswith(_SHARED_ERRORS) and "retry-after" not in known and length <= _MOST_SHARED:
                shared = CachedResponse(status, headers, _joined(body), key)
            elif status.startswith("200"):
                self._cache.mark_uncacheable(key, served_release)
        finally:
            self._cache.finish(key, pending, shared)
        if shared is not None:
            return _send(shared, environ, start)
        return send_uncached(status, headers, body, environ, start)


def send_uncached(
    status: str, headers: Headers, body: Iterable[bytes], environ: Environ, start: StartResponse
) -> Iterable[bytes]:
    """Send a response without caching it: only its headers for HEAD, 304 to a client that has it already.

    `body` may be a stream; it is closed where it is not sent.
    """
    if environ["REQUEST_METHOD"] != "HEAD" and not any(name in environ for name in _CONDITIONS):
        start(status, headers)
        return body
    bare = CachedResponse(status, headers, b"", None)
    if environ["REQUEST_METHOD"] != "HEAD" and not _client_has(bare, environ):
        start(status, headers)
        return body
    _close(body)
    return _send(bare, environ, start)


def _key(environ: Environ) -> Hashable | None:
    """Everything that a response depends on within a release; None when it must not be cached."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    accept = environ.get("HTTP_ACCEPT", "")
    body: Hashable = None
    if method == "POST" and path == _ENDPOINT:
        data = take_body(environ, _MOST_BODY)
        if data is None:
            return None
        body = (environ.get("CONTENT_TYPE", ""), _short(data))
    elif method not in ("GET", "HEAD"):
        return None
    if path.startswith(_NEVER) or any(name in environ for name in _SPECIAL):
        return None
    # Only HTML depends on Accept-Language.
    language = environ.get("HTTP_ACCEPT_LANGUAGE", "") if "html" in accept.lower() else ""
    asked: Hashable = environ.get("QUERY_STRING", "")
    if len(environ.get("QUERY_STRING", "")) > _LONG:
        asked = _short(environ["QUERY_STRING"].encode("utf-8", "surrogateescape"))
    profile = environ.get("HTTP_ACCEPT_PROFILE", "")
    return path, asked, accept, environ.get("HTTP_ACCEPT_ENCODING", ""), language, profile, body


def _short(data: bytes) -> bytes:
    """Data as a part of a key: long data by its hash."""
    return data if len(data) <= _LONG else hashlib.sha256(data).digest()


def _send(answer: CachedResponse, environ: Environ, start: StartResponse) -> list[bytes]:
    if _client_has(answer, environ):
        start("304 NOT MODIFIED", answer.unchanged)
        return answer.no_body
    start(answer.status, answer.headers)
    return answer.no_body if environ["REQUEST_METHOD"] == "HEAD" else answer.body


def _client_has(answer: CachedResponse, environ: Environ) -> bool:
    """Whether the client already has this response."""
    condition, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
    return environ["REQUEST_METHOD"] != "POST" and is_unchanged(answer.tag, answer.changed, condition, since)


def _may_be_kept(status: str, known: dict[str, str]) -> bool:
    return (
        status.startswith("200")
        and known.get("etag", "").startswith('"')
        and known.get("cache-control") == "no-cache"
    )


def _joined(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        _close(body)


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
