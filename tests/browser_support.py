"""The pages of the site, one of each type, and what judges them in a browser; holds no test."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page

from sauran.server.http.negotiation import LANGUAGES

__all__ = ["BROKEN", "EDITOR_PAGES", "EVERY_PAGE", "PAGES", "address", "find_barriers", "only"]

_AXE = Path(__file__).parent / "browser/node_modules/axe-core/axe.min.js"
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
_PREFIXES = (
    "PREFIX sec: <https://w3id.org/sauran/ontology#>\nPREFIX geo: <http://www.opengis.net/ont/geosparql#>\n"
)
_SOURCE = "doc/source/kazakhstan-security"
_SUBJECT = quote("http://www.w3.org/1999/02/22-rdf-syntax-ns#subject", safe="")
_KAZAKHSTAN = quote("https://w3id.org/sauran/id/kazakhstan", safe="")
_TYPE = quote("https://w3id.org/sauran/id/scheme/claim-type/assessment", safe="")


def _asked(query: str, more: str = "") -> str:
    return f"sparql?query={quote(_PREFIXES + query, safe='')}{more}"


# One address of each type of page, without its language.
PAGES = {
    "home": "",
    "state": "doc/kazakhstan",
    "organisation": "doc/nato",
    "event": "doc/unrest-january-2022",
    "figure": "doc/figure-referendum-yes",
    "connections": f"doc/kazakhstan?in={_SUBJECT}",
    "claim": f"{_SOURCE}/claim/c085",
    "note": f"{_SOURCE}/note/n17",
    "passage": f"{_SOURCE}/passage/p66",
    "section": f"{_SOURCE}/section/threats-external",
    "source": _SOURCE,
    "reference": f"{_SOURCE}/reference/wikipedia-belt-and-road",
    "time": "doc/time/kazakhstan-security-writing",
    "scheme": "doc/scheme/modality",
    "concept": "doc/scheme/modality/intended",
    "dataset": "dataset/kazakhstan",
    "claims": "claims",
    "claims-chosen": f"claims?type={_TYPE}",
    "notes": "notes",
    "timeline": "timeline",
    "map": "map",
    "neighbourhood": f"neighbourhood?iri={_KAZAKHSTAN}",
    "ontology": "ontology",
    "shapes": "shapes",
    "search": "search",
    "search-found": "search?q=nato",
    "search-nothing": "search?q=zzzzqqqq",
    "sparql": "sparql",
    "sparql-bars": _asked("SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type", "&chart=n"),
    "sparql-map": _asked(
        'SELECT ?name ?where { BIND("A" AS ?name) BIND("POINT(71 51)"^^geo:wktLiteral AS ?where) }'
    ),
    "sparql-triples": _asked("CONSTRUCT { ?c a sec:Claim } WHERE { ?c a sec:Claim }"),
    "sparql-truth": _asked("ASK { ?c a sec:Claim }"),
    "sparql-nothing": _asked("SELECT * { ?c a sec:None }"),
    "sparql-fault": _asked("SELECT * {\n  ?s foaf:name ?o }"),
    "validate": "validate",
    "validate-example": "validate?example=faulty",
    "about": "about",
    "catalogue": "catalogue",
    "downloads": "downloads",
    "health": "health",
    "conformance": "conformance",
    "lost": "nowhere",
}
# What answers with an error, as a page.
BROKEN = {"sparql-fault": 400, "lost": 404}
# Where a script takes the place of a form's field.
EDITOR_PAGES = frozenset(name for name in PAGES if name.startswith("sparql"))
EVERY_PAGE = [(name, language) for name in PAGES for language in LANGUAGES]


def address(name: str, language: str) -> str:
    """Where a type of page is read in a language."""
    return f"/{language}/{PAGES[name]}"


def only(faults: list[str], status: int) -> list[str]:
    """What pages complained of, without the browser's own word on an answer that is meant to be an error."""
    return [fault for fault in faults if f"the server responded with a status of {status} " not in fault]


def find_barriers(page: Page, *, only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> list[str]:
    """Judge the page by the rules of axe for WCAG 2.0 to 2.2, A and AA, or by some of them."""
    if not page.evaluate("'axe' in window"):
        _load_axe(page)
    run = {"type": "rule", "values": only} if only else {"type": "tag", "values": _WCAG}
    rules = {rule: {"enabled": False} for rule in without}
    options = {"runOnly": run, "rules": rules, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    # A judge that looked at nothing has no word.
    assert len(found["passes"]) >= (1 if only else 10), found["passes"]
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]} {node.get('failureSummary', '')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _load_axe(page: Page) -> None:
    """Put axe-core into the page, past the policy that would not let the page load it."""
    session = page.context.new_cdp_session(page)
    said = session.send("Runtime.evaluate", {"expression": _AXE.read_text("utf-8")})
    assert "exceptionDetails" not in said, said
    session.detach()
