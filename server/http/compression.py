"""Content codings: which one a client wants, and bytes in it. Pure."""

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

import deflate
from werkzeug.http import parse_accept_header

__all__ = ["GZIP", "IDENTITY", "choose_coding", "compress", "compress_pieces"]

GZIP, IDENTITY = "gzip", "identity"
_LEVEL, _STREAM_LEVEL = 6, 1
_UNNAMED = 0.0005  # identity that nobody mentions is worth less than any coding that somebody does
_SHORT = 256
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


def choose_coding(accept_encoding: str, *, small: bool = False) -> str | None:
    """Choose gzip or identity; None where the client takes neither.

    Shape: of equal wishes gzip wins, unless the answer is too small to gain; what is not named, and no `*`
    covers, is not wanted, but identity is always good unless it is refused.
    Source: RFC 9110, section 12.5.3.
    """
    if not accept_encoding:
        return IDENTITY
    gzip, identity = (_weigh_known if len(accept_encoding) <= _SHORT else _weigh)(accept_encoding)
    if max(gzip, identity) <= 0:
        return None
    return GZIP if gzip >= identity and not (small and identity > 0) else IDENTITY


def _weigh(accept_encoding: str) -> tuple[float, float]:
    """How much gzip and identity are wanted."""
    wishes: dict[str, float] = {}
    for name, quality in parse_accept_header(accept_encoding):
        wishes.setdefault("gzip" if name.lower() == "x-gzip" else name.lower(), quality)
    others = wishes.get("*")
    gzip = wishes.get(GZIP, others or 0.0)
    return gzip, wishes.get(IDENTITY, _UNNAMED if others is None else others)


# Programs say the same again and again.
_weigh_known = lru_cache(maxsize=256)(_weigh)


def compress(data: bytes) -> bytes:
    """The same bytes in gzip: always the same for the same."""
    return bytes(deflate.gzip_compress(data, _LEVEL))


def compress_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of a stream as pieces of a gzip stream; fast rather than small."""
    packer = zlib.compressobj(_STREAM_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    for piece in pieces:
        packed = packer.compress(piece)
        if packed:
            yield packed
    yield packer.flush()
