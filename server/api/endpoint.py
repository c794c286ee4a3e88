"""Queries that programs send to /sparql, answered in front of Flask: WSGI around WSGI."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from sauran.kg.model.formats import HTML, Format
from sauran.server.api.query_answers import ask, check, choose, keeping
from sauran.server.api.sparql_protocol import parse_request
from sauran.server.http.compression import GZIP, choose_coding, compress_pieces
from sauran.server.http.middleware import Application, Environ, Headers, take_body
from sauran.server.http.request_context import context_of
from sauran.server.http.response_headers import CORS_HEADERS, NO_STORE, SECURITY_HEADERS, encode_body
from sauran.server.query.question import Reply

__all__ = ["Endpoint"]

_PATH = "/sparql"
_VARY = ("Vary", "Accept, Accept-Encoding")


class Endpoint:
    """Answers a query in the format of a program; all else is for the application, errors first of all.

    What it sends is what the application would send, to the letter: a test compares them.
    """

    def __init__(self, plain: Application, allowed: Collection[str], most_body_bytes: int) -> None:
        self._plain, self._allowed, self._most_body_bytes = plain, allowed, most_body_bytes

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") != _PATH:
            return self._plain(environ, start)
        try:
            answer = self._answer(environ)
        except Exception as error:  # whatever it is, the application gives it its shape
            context_of(environ).error = error
            answer = None
        if answer is None:
            return self._plain(environ, start)
        headers, body = answer
        start("200 OK", headers)
        return body

    def _answer(self, environ: Environ) -> tuple[Headers, Iterable[bytes]] | None:
        """Headers and body; None for what is not a whole answer in a format of programs.

        Raises: Problem, and what `open_reply` raises.
        """
        method, codings = environ["REQUEST_METHOD"], environ.get("HTTP_ACCEPT_ENCODING", "")
        if method not in ("GET", "POST") or "HTTP_IF_NONE_MATCH" in environ or choose_coding(codings) is None:
            return None
        body = take_body(environ, self._most_body_bytes) if method == "POST" else b""
        if body is None:
            return None
        query_string = environ.get("QUERY_STRING", "").encode("latin-1")
        asked = parse_request(method, query_string, environ.get("CONTENT_TYPE", ""), body)
        if asked is None or asked.partial:
            return None
        facts = check(asked, self._allowed)
        wanted = choose(asked, facts, environ.get("HTTP_ACCEPT", ""))
        if wanted is HTML:
            return None
        context = context_of(environ)
        if context.served_release is None:
            raise LookupError("no layer outside has looked up the release")
        reply = ask(context.served_release, asked, wanted, context.client)
        return _sent(reply, wanted, keeping(asked, facts), codings)


def _sent(reply: Reply, wanted: Format, keep: str, codings: str) -> tuple[Headers, Iterable[bytes]]:
    """A reply as it is sent: whole, or as a stream that raises where it breaks off."""
    kind = ("Content-Type", wanted.content_type)
    around = [("Cache-Control", keep), _VARY, *CORS_HEADERS.items()]
    if reply.whole is None:
        coded = choose_coding(codings) == GZIP
        pieces = compress_pieces(reply.pieces) if coded else reply.pieces
        coding = [("Content-Encoding", GZIP)] if coded else []
        return [kind, *around, *coding, *SECURITY_HEADERS.items()], _Stream(pieces, reply)
    reply.close()
    packed = encode_body(reply.whole, wanted.content_type, codings)
    said = [("Content-Encoding", packed.coding)] if packed.coding else []
    if keep != NO_STORE:
        said.append(("ETag", f'"{packed.tag}"'))
    length = ("Content-Length", str(len(packed.data)))
    return [kind, length, *around, *said, *SECURITY_HEADERS.items()], [packed.data]


class _Stream:
    """Pieces of a reply, which is closed with them."""

    def __init__(self, pieces: Iterable[bytes], reply: Reply) -> None:
        self._pieces, self.close = pieces, reply.close

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)
