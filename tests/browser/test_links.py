"""Every link of the site leads somewhere: all English pages, and some of each kind in each language."""

import gzip
import http.client
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest

from sauran.server.http.negotiation import LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.needs("editor")]
# What a browser asks for when a link is followed.
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/svg+xml,*/*;q=0.8",
    "Accept-Encoding": "gzip",
}
LARGEST_PAGE = 60 * 1024  # bytes as they are sent, without the editor
OF_A_KIND = 8  # addresses that differ only in a name or in the values of a query
MOST = 4000  # addresses, lest a page that links to ever more of itself keep us for ever
ADDRESSES = re.compile(r'<[a-z][^>]*?\s(?:href|src|action)="([^"]*)"')
IDS = re.compile(r'<[a-z][^>]*?\sid="([^"]*)"')


@dataclass
class Visit:
    """What one address answered."""

    status: int
    size: int = 0
    html: bool = False
    ids: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()


@dataclass
class Walk:
    """Where the crawl has been, and where links came from."""

    visits: dict[str, Visit] = field(default_factory=dict)
    came_from: dict[str, str] = field(default_factory=dict)
    fragments: set[tuple[str, str]] = field(default_factory=set)


def kind(address: str) -> tuple[object, ...]:
    """What an address has in common with those that differ in a name alone."""
    parts = urlsplit(address)
    language, *steps = parts.path.split("/")[1:]
    if language not in LANGUAGES:
        language, steps = "", [language, *steps]
    suffix = re.search(r"(\.\w+)+$", parts.path)
    keys = frozenset(key for key, _value in parse_qsl(parts.query))
    # doc/source/<source>/claim/<claim> is of the kind of its neighbours, and so is doc/<thing>.
    folders = (steps[0], steps[1:2] if len(steps) > 2 else [], steps[3:4] if len(steps) > 4 else [])
    return (language, *map(tuple, folders), len(steps), suffix and suffix[0], keys)


def visit(site: str, address: str) -> Visit:
    """Ask for one address, as a browser does."""
    parts = urlsplit(site)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request("GET", address, headers=HEADERS)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    target = answer.headers["Location"]
    if target:
        return Visit(answer.status, links=(urljoin(site + address[1:], target),))
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return Visit(answer.status, len(body))
    text = (gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body).decode()
    links = tuple(urljoin(site + address[1:], unescape(link)) for link in ADDRESSES.findall(text))
    return Visit(answer.status, len(body), True, frozenset(map(unescape, IDS.findall(text))), links)


def walk_through(site: str) -> Walk:
    """Follow links from the front page, level by level."""
    found, seen = Walk(), Counter[tuple[object, ...]]()
    level = ["/", *(f"/{language}/" for language in LANGUAGES)]
    with ThreadPoolExecutor(4) as workers:
        while level and len(found.visits) < MOST:
            answers = list(workers.map(lambda address: visit(site, address), level))
            found.visits.update(zip(level, answers, strict=True))
            following = []
            for address, answer in zip(level, answers, strict=True):
                for link in answer.links:
                    target, fragment = urldefrag(link)
                    if not target.startswith(site):
                        continue
                    target = "/" + target.removeprefix(site)
                    if fragment:
                        found.fragments.add((target, fragment))
                    if target in found.came_from or target in found.visits:
                        continue
                    found.came_from[target] = address
                    seen[kind(target)] += 1
                    whole = target.startswith("/en/") and "?" not in target
                    if whole or seen[kind(target)] <= OF_A_KIND:
                        following.append(target)
            level = following
    return found


@pytest.fixture(scope="module")
def walk(site: str) -> Walk:
    """The whole crawl, done once."""
    found = walk_through(site)
    assert 1000 < len(found.visits) < MOST
    assert {f"/{language}/claims" for language in LANGUAGES} < set(found.visits)
    return found


def test_every_address_answers(walk: Walk) -> None:
    broken = {
        f"{address} from {walk.came_from.get(address)}: {answer.status}"
        for address, answer in walk.visits.items()
        if answer.status not in (200, 303)
    }
    assert sorted(broken) == []


def test_every_fragment_is_there(walk: Walk) -> None:
    checked = [
        (target, fragment, walk.visits[target])
        for target, fragment in walk.fragments
        if target in walk.visits and walk.visits[target].html
    ]
    assert len(checked) > 500
    assert sorted(f"{t}#{fragment}" for t, fragment, page in checked if fragment not in page.ids) == []


def test_every_page_is_small(walk: Walk) -> None:
    pages = {address: answer.size for address, answer in walk.visits.items() if answer.html}
    assert len(pages) > 500
    assert {address: size for address, size in pages.items() if size > LARGEST_PAGE} == {}
