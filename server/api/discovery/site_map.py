"""The map of a site for crawlers: addresses with the day of their last change, in every language. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from sauran.server.http.links import Links
from sauran.server.http.negotiation import LANGUAGES

__all__ = ["Mapped", "write_index", "write_urlset"]

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A page by its path below that of its language, and the day of its last change."""

    path: str
    changed: str


def write_urlset(pages: Iterable[Mapped], links: Links) -> str:
    """Write a map of pages: each in every language, and with the others beside it.

    Source: Sitemaps 0.9; hreflang as search engines read it in sitemaps.
    """
    lines = [f'{_HEAD}<urlset xmlns="{_NAMESPACE}" xmlns:xhtml="{_XHTML}">\n']
    for page in pages:
        addresses = [links.absolute(f"{language}/{page.path}") for language in LANGUAGES]
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(address)}/>'
            for language, address in zip(LANGUAGES, addresses, strict=True)
        )
        lines += [f"{_located('url', address, page.changed, others)}\n" for address in addresses]
    return "".join([*lines, "</urlset>\n"])


def write_index(maps: Sequence[Mapped], links: Links) -> str:
    """Write the map of maps; each by its own path."""
    lines = [f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n']
    lines += [f"{_located('sitemap', links.absolute(part.path), part.changed)}\n" for part in maps]
    return "".join([*lines, "</sitemapindex>\n"])


def _located(name: str, address: str, changed: str, more: str = "") -> str:
    return f"<{name}><loc>{escape(address)}</loc><lastmod>{changed}</lastmod>{more}</{name}>"
