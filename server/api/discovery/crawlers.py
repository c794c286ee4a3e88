"""/robots.txt, /sitemap.xml and /llms.txt: what crawlers may fetch, and where everything is."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice

from flask import Blueprint, Response, current_app

from sauran.server.api.discovery.overview import write_overview
from sauran.server.api.discovery.site_map import Mapped, write_index, write_urlset
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.problems import Problem
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release

__all__ = ["crawlers"]

crawlers = Blueprint("crawlers", __name__)
_XML, _TEXT = "application/xml", "text/plain; charset=utf-8"
# What costs much and leads to nothing that is not found otherwise; of some only what is asked there.
_COSTLY = ("sparql?*", "search", "claims?*", "notes?*", "timeline?*", "map?*", "neighbourhood")
_COSTLY_FOR_PROGRAMS = ("graphs?*", "validate", "metrics")
_MOST_IN_ONE = 5000  # pages; each stands in the map once for each language
_PIECE = 15 * 16 * 1024  # bytes of quads, of which no 12,500 things can be


@dataclass(frozen=True, slots=True)
class _Part:
    """A map of its own: pages that are known, or the things of a piece of a graph."""

    changed: str
    pages: tuple[Mapped, ...] = ()
    start: int = 0
    end: int = 0


@crawlers.get("/robots.txt")
def robots() -> Response:
    """Let everybody in; keep crawlers off what costs much.

    Source: RFC 9309.
    """
    here = served_release().links.here
    paths = [*_COSTLY_FOR_PROGRAMS, *(f"{prefix}{path}" for prefix in _prefixes() for path in _COSTLY)]
    lines = ["User-agent: *"]
    for path in paths:
        name, mark, rest = path.partition("?")
        lines.append(f"Disallow: {here(name)}{mark}{rest}")
    # Lists of what leads to a thing, page by page.
    lines += [f"Disallow: {here('')}*?{direction}=" for direction in ("in", "out")]
    lines += ["", f"Sitemap: {served_release().links.absolute('sitemap.xml')}", ""]
    return Response("\n".join(lines), content_type=_TEXT)


@crawlers.get("/sitemap.xml")
def whole_map() -> Response:
    """All pages; where they are too many, the maps of them.

    Source: Sitemaps 0.9.
    """
    now = served_release()
    parts = _parts(now)
    known = [page for part in parts for page in part.pages]
    pages = list(islice(_all_pages(now, parts, known), _MOST_IN_ONE + 1))
    if len(pages) <= _MOST_IN_ONE:
        return Response(write_urlset(pages, now.links), content_type=_XML)
    maps = [Mapped(f"sitemap-{number}.xml", part.changed) for number, part in enumerate(parts, start=1)]
    return Response(write_index(maps, now.links), content_type=_XML)


@crawlers.get("/sitemap-<int:number>.xml")
def part_of_map(number: int) -> Response:
    """One of the maps that the map of maps names."""
    now = served_release()
    parts = _parts(now)
    if not 1 <= number <= len(parts):
        raise Problem(HTTPStatus.NOT_FOUND, f"There are {len(parts)} sitemaps; there is none {number}.")
    part = parts[number - 1]
    pages = part.pages or tuple(_things(now, part)) or (Mapped("", part.changed),)
    return Response(write_urlset(pages, now.links), content_type=_XML)


@crawlers.get("/llms.txt")
def overview() -> Response:
    """An overview of the site and its addresses as plain text."""
    return Response(write_overview(served_release()), content_type="text/markdown; charset=utf-8")


def _prefixes() -> list[str]:
    return ["", *(f"{language}/" for language in LANGUAGES)]


def _parts(now: ServedRelease) -> list[_Part]:
    """How the pages are divided: first those that are known, then the things of each graph."""
    said = now.publication
    newest = max([said["issued"], *(dataset["modified"] for dataset in said["datasets"])])
    known = [Mapped(path, newest) for path in _single_pages()]
    known += [Mapped(f"dataset/{dataset['slug']}", dataset["modified"]) for dataset in said["datasets"]]
    parts = [
        _Part(newest, tuple(known[start : start + _MOST_IN_ONE]))
        for start in range(0, len(known), _MOST_IN_ONE)
    ]
    graphs = [(dataset["graph"], dataset["modified"]) for dataset in said["datasets"]]
    for graph, changed in [*graphs, (f"{now.links.base}graph/ontology", said["issued"])]:
        parts += [_Part(changed, start=start, end=end) for start, end in now.quads.pieces(graph, _PIECE)]
    return parts


def _all_pages(now: ServedRelease, parts: list[_Part], known: list[Mapped]) -> Iterator[Mapped]:
    yield from known
    seen: set[str] = set()
    for part in parts:
        for page in () if part.pages else _things(now, part):
            if page.path not in seen:
                seen.add(page.path)
                yield page


def _things(now: ServedRelease, part: _Part) -> Iterator[Mapped]:
    """The pages of the things that a piece of a graph describes."""
    for iri in now.quads.subjects(part.start, part.end):
        path = now.links.document(iri) or ""
        if path.startswith("doc/") and "#" not in path:
            yield Mapped(path, part.changed)


def _single_pages() -> list[str]:
    """The paths of pages that exist once in each language, as the blueprints register them."""
    paths = {
        rule.rule.partition(":language>/")[2]
        for rule in current_app.url_map.iter_rules()
        if rule.arguments == {"language"} and "GET" in (rule.methods or ())
    }
    # A file for scripts has a suffix.
    return sorted(path for path in paths.difference(_COSTLY) if "." not in path)
