"""Finish every response: CORS and cache headers, ETag, gzip."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from types import MappingProxyType
from typing import NamedTuple

import deflate
from flask import Flask, Response, g, request

from sauran.server.http.conditional_requests import is_unchanged
from sauran.server.http.negotiation import GZIP, choose_coding
from sauran.server.http.problems import Problem
from sauran.server.http.services import services

__all__ = [
    "CORS_HEADERS",
    "IMMUTABLE",
    "NO_STORE",
    "REVALIDATE",
    "SECURITY_HEADERS",
    "EncodedBody",
    "compress",
    "compress_pieces",
    "encode_body",
    "finish_response",
    "register_response_headers",
    "send_as_is",
]

REVALIDATE, IMMUTABLE, NO_STORE = "no-cache", "public, max-age=31536000, immutable", "no-store"
# Scripts of any site may read all responses.
CORS_HEADERS = MappingProxyType(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Accept-Post, Accept-Ranges, Allow, Content-Encoding, "
        "Content-Profile, Content-Range, ETag, Link, Retry-After, Sauran-Partial, Vary",
    }
)
SECURITY_HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
)
_SMALLEST = 512  # bytes: gzip does not make smaller bodies smaller
_LEVEL, _STREAM_LEVEL = 6, 1
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class EncodedBody(NamedTuple):
    """A body in the chosen content coding, and its ETag without quotes."""

    data: bytes
    coding: str | None
    tag: str


def encode_body(data: bytes, content_type: str, accept_encoding: str) -> EncodedBody:
    """Encode a complete body in the content coding that the client prefers.

    Shape: a strong ETag, which differs for other bytes, another type and another coding.
    Source: RFC 9110, sections 8.8.3 and 12.5.3.
    """
    tag = hashlib.sha256(content_type.encode() + b"\n" + data).hexdigest()[:32]
    if choose_coding(accept_encoding, small=len(data) < _SMALLEST) == GZIP:
        return EncodedBody(compress(data), GZIP, f"{tag}-{GZIP}")
    return EncodedBody(data, None, tag)


def compress(data: bytes) -> bytes:
    """Compress bytes with gzip; the same bytes always give the same result."""
    return bytes(deflate.gzip_compress(data, _LEVEL))


def compress_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compress a stream with gzip piece by piece; fast rather than small."""
    packer = zlib.compressobj(_STREAM_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    for piece in pieces:
        packed = packer.compress(piece)
        if packed:
            yield packed
    yield packer.flush()


def register_response_headers(app: Flask) -> None:
    """Finish every response of an application."""
    app.before_request(_refuse_unknown_codings)
    app.after_request(finish_response)


def finish_response(response: Response) -> Response:
    """Add CORS and cache headers and an ETag; compress the body; answer 304 when the client has it already.

    Every 200 is tagged and compressed, except files that are sent in pieces (`direct_passthrough`), which
    bring their own ETag, and responses that `send_as_is` marks. A response with `Cache-Control: no-store` has
    no ETag, nor has a stream, whose bytes are not known before they are sent.

    Source: RFC 9110, sections 8.8.3, 12.5.3 and 13.1.2; Fetch, section 3.3.
    """
    response.headers.update(CORS_HEADERS)
    if request.method == "OPTIONS":
        _answer_preflight(response)
        return response
    response.headers.setdefault("Cache-Control", NO_STORE if response.status_code >= 400 else REVALIDATE)
    if response.status_code != HTTPStatus.OK or "sent_as_is" in g:
        return response
    if request.endpoint == "static":
        response = _load_static_file(response)
    return response if response.direct_passthrough else _encode_response(response)


def send_as_is(response: Response) -> Response:
    """Leave out ETag and compression, for responses that differ each time, such as metrics.

    Shape: a function for `after_request` of a blueprint.
    """
    g.sent_as_is = True
    return response


def _refuse_unknown_codings() -> None:
    if request.method != "OPTIONS" and choose_coding(request.headers.get("Accept-Encoding", "")) is None:
        raise Problem(
            HTTPStatus.NOT_ACCEPTABLE,
            "No coding that Accept-Encoding asks for is available. Available: gzip, identity.",
        )


def _answer_preflight(response: Response) -> None:
    response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
    response.headers["Access-Control-Allow-Headers"] = (
        "*, Accept, Accept-Language, Authorization, Cache-Control, Content-Type, If-Match, "
        "If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Range"
    )
    response.headers["Access-Control-Max-Age"] = "86400"


def _load_static_file(response: Response) -> Response:
    """Read a static file into memory, so that it is tagged and compressed as pages are."""
    response.direct_passthrough = False
    response.get_data()
    if services().assets.is_versioned(request.path.lstrip("/")):
        response.headers["Cache-Control"] = IMMUTABLE
    return response


def _encode_response(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    wanted = request.headers.get("Accept-Encoding", "")
    if not response.is_sequence:
        if choose_coding(wanted) == GZIP:
            response.headers["Content-Encoding"] = GZIP
            response.response = compress_pieces(response.iter_encoded())
        return response
    packed = encode_body(response.get_data(), response.content_type or "", wanted)
    if packed.coding:
        response.set_data(packed.data)
        response.headers["Content-Encoding"] = packed.coding
    if response.headers["Cache-Control"] != NO_STORE:
        response.set_etag(packed.tag)
        if request.method in ("GET", "HEAD") and _client_has(response):
            response.set_data(b"")
            response.status_code = HTTPStatus.NOT_MODIFIED
    return response


def _client_has(response: Response) -> bool:
    sent, asked = response.headers, request.headers
    return is_unchanged(
        sent["ETag"], sent.get("Last-Modified"), asked.get("If-None-Match"), asked.get("If-Modified-Since")
    )
