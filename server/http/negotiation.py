"""Content negotiation: the format, profile and language that a client wants. Pure; Werkzeug parses."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from sauran.kg.model.formats import HTML, RDF_FORMATS, Format

__all__ = ["LANGUAGES", "VARY", "choose_format", "choose_language", "choose_profile", "split_suffix"]

LANGUAGES = ("en", "fr", "ru", "kk")  # of pages and texts; the first is for whoever understands none
_EXACTLY = 2
_SHORT = 256
VARY = "Accept, Accept-Language"


def choose_format(accept: str, offered: Sequence[Format]) -> Format | None:
    """Choose what the client prefers among what is offered, or None where nothing suits.

    Shape: of equal wishes the one named more exactly wins, then the first of `offered`, as without a header.
    Source: RFC 9110, section 12.5.1.
    """
    if not accept.strip():
        return offered[0]
    return (_choose_known if len(accept) <= _SHORT else _choose)(accept, tuple(offered))


def _choose(accept: str, offered: tuple[Format, ...]) -> Format | None:
    # Parameters would hinder the match: "text/turtle;charset=utf-8", JSON-LD with a profile.
    wishes = MIMEAccept(
        [(value.partition(";")[0].strip(), q) for value, q in parse_accept_header(accept, MIMEAccept)]
    )

    def rank(known: Format) -> tuple[float, int]:
        # Another name of a type counts when it is named, not when a range covers it.
        named = [found for kind in known.aliases if (found := _rank(wishes, kind))[1] == _EXACTLY]
        return max([_rank(wishes, known.media_type), *named])

    best = max(offered, key=rank)
    return best if rank(best)[0] > 0 else None


# Programs say the same again and again.
_choose_known = lru_cache(maxsize=1024)(_choose)


def choose_language(accept_language: str, offered: Sequence[str] = LANGUAGES) -> str:
    """Choose a language of pages; the first offered where nothing suits."""
    # Regions are dropped first: Werkzeug alone would answer "kk-KZ, ru;q=0.7" in Russian.
    wishes = LanguageAccept(
        [(tag.partition("-")[0], q) for tag, q in parse_accept_header(accept_language, LanguageAccept)]
    )
    return wishes.best_match(offered, default=offered[0]) or offered[0]


def split_suffix(path: str) -> tuple[str, Format | None]:
    """Split `doc/kazakhstan.ttl` into `doc/kazakhstan` and Turtle; without a known suffix it stays whole."""
    stem, dot, suffix = path.rpartition(".")
    known = {wanted.suffix: wanted for wanted in (*RDF_FORMATS, HTML)}
    if not dot or stem.endswith("/") or suffix not in known:
        return path, None
    return stem, known[suffix]


def _rank(wishes: MIMEAccept, media_type: str) -> tuple[float, int]:
    """How much a type is wanted, and how exactly it was named."""
    # Werkzeug keeps the most exact wishes first, so that "text/turtle;q=0, */*" refuses Turtle.
    for value, quality in wishes:
        main, _, minor = value.lower().partition("/")
        if value.lower() == media_type:
            return quality, _EXACTLY
        if minor == "*" and main == media_type.partition("/")[0]:
            return quality, 1
        if value == "*/*":
            return quality, 0
    return 0, 0


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
