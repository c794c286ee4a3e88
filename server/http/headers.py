"""What answers say beside their content: who may read it, how long it holds, its tag and coding. Pure."""

import hashlib
from types import MappingProxyType
from typing import NamedTuple

from sauran.server.http.compression import GZIP, choose_coding, compress

__all__ = ["KEPT", "NOT_KEPT", "READABLE", "SECURE", "VERSIONED", "Packed", "pack"]

KEPT, VERSIONED, NOT_KEPT = "no-cache", "public, max-age=31536000, immutable", "no-store"
# Scripts of any site may read everything.
READABLE = MappingProxyType(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Accept-Post, Accept-Ranges, Allow, Content-Encoding, "
        "Content-Profile, Content-Range, ETag, Link, Retry-After, Sauran-Partial, Vary",
    }
)
SECURE = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
)
_SMALLEST = 512  # bytes: below, gzip gains nothing


class Packed(NamedTuple):
    """The bytes of an answer in the coding that was chosen, and their tag without its quotes."""

    data: bytes
    coding: str | None
    tag: str


def pack(data: bytes, content_type: str, accept_encoding: str) -> Packed:
    """Put a whole answer into the coding that the client wants.

    Shape: the tag is strong: other bytes, another type or another coding, another tag.
    Source: RFC 9110, sections 8.8.3 and 12.5.3.
    """
    tag = hashlib.sha256(content_type.encode() + b"\n" + data).hexdigest()[:32]
    if choose_coding(accept_encoding, small=len(data) < _SMALLEST) == GZIP:
        return Packed(compress(data), GZIP, f"{tag}-{GZIP}")
    return Packed(data, None, tag)
