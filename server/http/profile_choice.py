"""Which profile of an answer a client wants, by IRI in Accept-Profile. Pure."""

import re
from collections.abc import Collection, Iterator

__all__ = ["choose_profile"]

_TOKENS = re.compile(r'<[^<>]*>|"[^"]*"|[^\s,;<>"]+|[,;]')
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def choose_profile(accept_profile: str, offered: Collection[str]) -> str | None:
    """Choose the IRI that the client prefers among those offered, or None where it wants others only.

    Shape: of equal wishes the first of the header; without a header the first of `offered`.
    Source: Content Negotiation by Profile (W3C Working Draft), section 7.
    """
    if not accept_profile.strip():
        return next(iter(offered))
    best, best_quality = None, 0.0
    for wish, quality in _wishes(accept_profile):
        iri = next(iter(offered)) if wish == "*" else wish
        if iri in offered and quality > best_quality:
            best, best_quality = iri, quality
    return best


def _wishes(header: str) -> Iterator[tuple[str, float]]:
    """Each IRI of the header and how much it is wanted, in one pass."""
    part: list[str] = []
    for piece in [*_TOKENS.findall(header), ","]:
        if piece != ",":
            part.append(piece)
        elif part:
            said = "".join(part[1:]).split(";")
            found = next(filter(None, map(_QUALITY.fullmatch, said)), None)
            yield part[0].strip('<>"'), float(found[1]) if found else 1.0
            part = []
