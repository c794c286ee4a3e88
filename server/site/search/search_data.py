"""What a search finds as plain data for programs, and as suggestions for a box that people type into."""

from typing import Any
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.namespaces import OA, RDF, SEC
from sauran.kg.search.search_index import NAMES
from sauran.kg.search.search_query import How, as_matching, read_query
from sauran.kg.search.searcher import Matching
from sauran.server.profiles.briefing.statement_data import claim_data
from sauran.server.site.lookup import Lookup
from sauran.server.site.search.search_facets import address_of
from sauran.server.site.search.search_results import Outcome, best_text, texts_of

__all__ = ["COLUMNS", "result_data", "suggest"]

COLUMNS = ("iri", "text", "classes", "match", "match_language", "match_property", "passages", "notes")
_MOST_CLASSES, _MOST_SUGGESTED = 50, 8
_SHORTEST = 2  # characters before anything is suggested
_TECHNICAL = frozenset({RDF.Statement, OA.Annotation})


def result_data(lookup: Lookup, outcome: Outcome) -> list[dict[str, Any]]:
    """The things found, with their names, classes and the text that matched; claims with their evidence."""
    return [_row(lookup, NamedNode(iri), outcome) for iri in outcome.found.things]


def suggest(lookup: Lookup, typed: str) -> tuple[list[str], list[str], list[str]]:
    """Names of things that have the words typed so far, what each is, and where it is read about."""
    wanted, now = read_query(typed), lookup.served_release
    if len(typed) < _SHORTEST or not wanted.parts:
        return [], [], []
    matching = as_matching(wanted, How.BEGINNINGS)
    iris = now.search.first(
        Matching(matching.named, matching.named, matching.folded, matching.sound), _MOST_SUGGESTED
    )
    for iri in iris:
        lookup.read_values(NamedNode(iri), RDF["type"], _MOST_CLASSES)
    reader = lookup.reader()
    found: dict[str, tuple[str, str]] = {}
    for iri in iris:
        name = reader.name(NamedNode(iri)).text
        kinds = [k for k in lookup.values(NamedNode(iri), RDF["type"]) if k not in _TECHNICAL]
        own = now.links.document(iri) is not None
        page = now.links.page(iri, lookup.language) if own else None
        address = page or address_of(now.links.here(f"{lookup.language}/search"), name, {})
        kind = reader.name(kinds[0]).text if kinds else ""
        found.setdefault(name, (kind, urljoin(now.links.site, address)))
    return list(found), [kind for kind, _ in found.values()], [address for _, address in found.values()]


def _row(lookup: Lookup, thing: NamedNode, outcome: Outcome) -> dict[str, Any]:
    best = best_text(lookup, thing, outcome)
    lookup.read_values(thing, RDF["type"], _MOST_CLASSES)
    classes = lookup.values(thing, RDF["type"])
    names: dict[str, str] = {}
    for word, literal in texts_of(lookup.served_release, thing):
        if word in NAMES:
            names.setdefault(literal.language or "", literal.value)
    claim = claim_data(lookup, [thing])[0] if SEC.Claim in classes else {"passages": [], "notes": []}
    return {
        "iri": thing.value,
        "text": names,
        "classes": [known.value for known in classes if isinstance(known, NamedNode | Literal)],
        "match": best[1].value if best else None,
        "match_language": best[1].language if best else None,
        "match_property": best[0].value if best else None,
        "passages": claim["passages"],
        "notes": claim["notes"],
    }
