"""/sparql: the SPARQL 1.1 Protocol for programs, as WSGI in front of Flask."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge

from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import HTML, Format
from sauran.server.api.service_description import describe_service
from sauran.server.api.sparql_protocol import (
    cache_control_of,
    check_request,
    choose_answer_format,
    open_answer,
    parse_request,
)
from sauran.server.http.middleware import Application, BufferedBody, Environ, Headers, take_body
from sauran.server.http.negotiation import GZIP, choose_coding
from sauran.server.http.request_context import context_of
from sauran.server.http.response_cache import send_uncached
from sauran.server.http.response_headers import (
    CORS_HEADERS,
    NO_STORE,
    REVALIDATE,
    SECURITY_HEADERS,
    compress_pieces,
    encode_body,
)
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import Reply

__all__ = ["SparqlEndpoint"]

_PATHS = ("sparql", "sparql/")  # Flask takes any number of slashes before and one behind
_METHODS = ("GET", "HEAD", "POST")
_PARTIAL = "Sauran-Partial"
_VARY = ("Vary", "Accept, Accept-Encoding")


class SparqlEndpoint:
    """Answers queries, and requests for the service description, in the formats of programs.

    Flask answers the rest: it sends browsers to the page, knows which methods are allowed, and gives errors
    the shape that they have everywhere on the site.
    """

    def __init__(self, application: Application, allowed: Collection[str], most_body_bytes: int) -> None:
        """`allowed` are the endpoints that SERVICE may name."""
        self._application, self._allowed, self._most_body_bytes = application, allowed, most_body_bytes

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO", "").lstrip("/") not in _PATHS:
            return self._application(environ, start)
        try:
            answer = self._answer(environ)
        except Exception as error:  # Flask turns any error into a response
            context_of(environ).error = error
            answer = None
        if answer is None:
            return self._application(environ, start)
        headers, body = answer
        return send_uncached("200 OK", headers, body, environ, start)

    def _answer(self, environ: Environ) -> tuple[Headers, Iterable[bytes]] | None:
        """Headers and body, the same for GET and HEAD; None leaves the request to Flask.

        Raises: Problem, RequestEntityTooLarge, and what `open_answer` raises.
        """
        method, codings = environ["REQUEST_METHOD"].upper(), environ.get("HTTP_ACCEPT_ENCODING", "")
        if method not in _METHODS or choose_coding(codings) is None:
            return None
        body = self._read_body(environ) if method == "POST" else b""
        query_string = environ.get("QUERY_STRING", "").encode("latin-1")
        asked = parse_request(method, query_string, environ.get("CONTENT_TYPE", ""), body)
        facts = check_request(asked, self._allowed) if asked else None
        wanted = choose_answer_format(asked, facts, environ.get("HTTP_ACCEPT", ""))
        if wanted is HTML:
            return None
        context = context_of(environ)
        now = context.served_release
        if now is None:
            raise LookupError("the response cache has not set the release of this request")
        if asked is None or facts is None:
            return _whole(self._describe(now, wanted), wanted, REVALIDATE, codings)
        reply = open_answer(now, asked, wanted, context.client)
        return _answer_of(reply, wanted, cache_control_of(asked, facts), codings, partial=asked.partial)

    def _read_body(self, environ: Environ) -> bytes:
        body = take_body(environ, self._most_body_bytes)
        if body is None and environ.get("CONTENT_LENGTH"):
            raise RequestEntityTooLarge
        return body or b""

    def _describe(self, now: ServedRelease, wanted: Format) -> bytes:
        quads = describe_service(now, federated=bool(self._allowed))
        return write_rdf(sort_quads(quads), wanted, now.prefixes, now.context)


class _Body:
    """Pieces of a body, and what to close after them."""

    def __init__(self, pieces: Iterable[bytes], close: Callable[[], None]) -> None:
        self._pieces, self.close = pieces, close

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)


def _answer_of(
    reply: Reply, wanted: Format, cache_control: str, codings: str, *, partial: bool
) -> tuple[Headers, Iterable[bytes]]:
    """A reply as it is sent: whole, or as a stream that raises where it breaks off."""
    if reply.whole is not None:
        reply.close()
        headers, body = _whole(reply.whole, wanted, cache_control, codings)
    elif partial:
        headers, body = _buffered(reply, wanted, cache_control, codings)
    else:
        headers, body = _stream(_Body(reply.pieces, reply.close), wanted, cache_control, codings)
    if partial:
        headers.append((_PARTIAL, reply.tally.stopped_by or "no"))
    return headers, body


def _whole(data: bytes, wanted: Format, cache_control: str, codings: str) -> tuple[Headers, Iterable[bytes]]:
    packed = encode_body(data, wanted.content_type, codings)
    headers = [*_common_headers(wanted, cache_control), ("Content-Length", str(len(packed.data)))]
    if packed.coding:
        headers.append(("Content-Encoding", packed.coding))
    if cache_control != NO_STORE:
        headers.append(("ETag", f'"{packed.tag}"'))
    return headers, [packed.data]


def _buffered(
    reply: Reply, wanted: Format, cache_control: str, codings: str
) -> tuple[Headers, Iterable[bytes]]:
    """A reply read to its end: only then is it known whether it is cut short."""
    try:
        body = BufferedBody(reply.pieces)
    finally:
        reply.close()
    if choose_coding(codings) == GZIP:
        return _stream(_Body(body, body.close), wanted, cache_control, codings)
    return [*_common_headers(wanted, cache_control), ("Content-Length", str(body.length))], body


def _stream(body: _Body, wanted: Format, cache_control: str, codings: str) -> tuple[Headers, Iterable[bytes]]:
    headers = _common_headers(wanted, cache_control)
    if choose_coding(codings) != GZIP:
        return headers, body
    return [*headers, ("Content-Encoding", GZIP)], _Body(compress_pieces(body), body.close)


def _common_headers(wanted: Format, cache_control: str) -> Headers:
    kind = ("Content-Type", wanted.content_type)
    return [kind, ("Cache-Control", cache_control), _VARY, *CORS_HEADERS.items(), *SECURITY_HEADERS.items()]
