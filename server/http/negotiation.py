"""Content negotiation: the format, language, content coding and profile that a client prefers. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from sauran.kg.model.formats import HTML, RDF_FORMATS, Format

__all__ = [
    "GZIP",
    "IDENTITY",
    "LANGUAGES",
    "PAGE_PREFIX",
    "VARY",
    "choose_coding",
    "choose_format",
    "choose_language",
    "choose_profile",
    "split_suffix",
]

LANGUAGES = ("en", "fr", "ru", "kk")  # of pages and texts; the first is the default
PAGE_PREFIX = f"<any({', '.join(LANGUAGES)}):language>"  # what the route of a page begins with
GZIP, IDENTITY = "gzip", "identity"
_EXACTLY = 2
_SHORT = 256  # headers up to this length are cached: most clients always send the same
_IMPLIED = 0.0005  # the weight of identity where the header does not name it: below any coding it names
VARY = "Accept, Accept-Language"


def choose_format(accept: str, offered: Sequence[Format]) -> Format | None:
    """Choose the offered format that the client prefers, or None when it accepts none.

    Shape: with equal weights the more specific media range wins, then the first of `offered`, which is also
    the choice without a header.
    Source: RFC 9110, section 12.5.1.
    """
    if not accept.strip():
        return offered[0]
    return (_choose_cached if len(accept) <= _SHORT else _choose)(accept, tuple(offered))


def _choose(accept: str, offered: tuple[Format, ...]) -> Format | None:
    # Werkzeug would not match types with parameters: "text/turtle;charset=utf-8", JSON-LD with a profile.
    accepted = MIMEAccept(
        [(value.partition(";")[0].strip(), q) for value, q in parse_accept_header(accept, MIMEAccept)]
    )

    def rank(known: Format) -> tuple[float, int]:
        # An alias of a media type counts only when it is named, not when a range covers it.
        named = [found for kind in known.aliases if (found := _rank(accepted, kind))[1] == _EXACTLY]
        return max([_rank(accepted, known.media_type), *named])

    best = max(offered, key=rank)
    return best if rank(best)[0] > 0 else None


_choose_cached = lru_cache(maxsize=1024)(_choose)


def choose_language(accept_language: str, offered: Sequence[str] = LANGUAGES) -> str:
    """Choose the language that the client prefers; the first offered when it accepts none."""
    # Regions are dropped first: Werkzeug alone would answer "kk-KZ, ru;q=0.7" in Russian.
    accepted = LanguageAccept(
        [(tag.partition("-")[0], q) for tag, q in parse_accept_header(accept_language, LanguageAccept)]
    )
    return accepted.best_match(offered, default=offered[0]) or offered[0]


def choose_coding(accept_encoding: str, *, small: bool = False) -> str | None:
    """Choose gzip or identity; None where the client takes neither.

    Shape: with equal weights gzip wins, unless the answer is too small to gain from it. A coding that neither
    a name nor `*` covers is not accepted; identity is accepted unless it is refused.
    Source: RFC 9110, section 12.5.3.
    """
    if not accept_encoding:
        return IDENTITY
    gzip, identity = (_weigh_codings_cached if len(accept_encoding) <= _SHORT else _weigh_codings)(
        accept_encoding
    )
    if max(gzip, identity) <= 0:
        return None
    return GZIP if gzip >= identity and not (small and identity > 0) else IDENTITY


def _weigh_codings(accept_encoding: str) -> tuple[float, float]:
    """The weights of gzip and identity."""
    weights: dict[str, float] = {}
    for name, quality in parse_accept_header(accept_encoding):
        weights.setdefault("gzip" if name.lower() == "x-gzip" else name.lower(), quality)
    others = weights.get("*")
    gzip = weights.get(GZIP, others or 0.0)
    return gzip, weights.get(IDENTITY, _IMPLIED if others is None else others)


_weigh_codings_cached = lru_cache(maxsize=256)(_weigh_codings)


def split_suffix(path: str) -> tuple[str, Format | None]:
    """Split `doc/kazakhstan.ttl` into `doc/kazakhstan` and Turtle; a path without a known suffix stays."""
    stem, dot, suffix = path.rpartition(".")
    known = {wanted.suffix: wanted for wanted in (*RDF_FORMATS, HTML)}
    if not dot or stem.endswith("/") or suffix not in known:
        return path, None
    return stem, known[suffix]


def _rank(accepted: MIMEAccept, media_type: str) -> tuple[float, int]:
    """The weight of a media type, and how specific the range that gives it is."""
    # Werkzeug sorts the most specific ranges first, so that "text/turtle;q=0, */*" refuses Turtle.
    for value, quality in accepted:
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
    """Choose the offered profile, an IRI, that the client prefers, or None when it accepts none.

    Shape: with equal weights the first in the header; without a header the first of `offered`.
    Source: Content Negotiation by Profile (W3C Working Draft), section 7.
    """
    if not accept_profile.strip():
        return next(iter(offered))
    best, best_quality = None, 0.0
    for named, quality in _weights(accept_profile):
        iri = next(iter(offered)) if named == "*" else named
        if iri in offered and quality > best_quality:
            best, best_quality = iri, quality
    return best


def _weights(header: str) -> Iterator[tuple[str, float]]:
    """Each IRI of the header with its weight, in one pass."""
    part: list[str] = []
    for piece in [*_TOKENS.findall(header), ","]:
        if piece != ",":
            part.append(piece)
        elif part:
            parameters = "".join(part[1:]).split(";")
            found = next(filter(None, map(_QUALITY.fullmatch, parameters)), None)
            yield part[0].strip('<>"'), float(found[1]) if found else 1.0
            part = []
