"""How often the data use the terms of the ontology; each count links to its query."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.server.http.executor import ask_rows
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import LimitReached
from sauran.server.site.pages.example_queries import query_address

__all__ = ["LinkedCount", "Usage", "count_focus_nodes", "count_uses"]

_THINGS = """SELECT DISTINCT ?thing
WHERE {{ GRAPH ?kinds {{ ?thing a <{0}> }} }}
ORDER BY ?thing
"""
_BELOW = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing
WHERE {{
  GRAPH ?hierarchy {{ ?class rdfs:subClassOf* <{0}> }}
  GRAPH ?kinds {{ ?thing a ?class }}
}}
ORDER BY ?thing
"""
_TRIPLES = """SELECT DISTINCT ?subject ?object
WHERE {{ GRAPH ?uses {{ ?subject <{0}> ?object }} }}
ORDER BY ?subject ?object
"""
_CLAIMS = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sec: <https://w3id.org/sauran/ontology#>
SELECT DISTINCT ?claim
WHERE {{ GRAPH ?claims {{ ?claim rdf:predicate <{0}> ; a sec:Claim }} }}
ORDER BY ?claim
"""
_USERS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?user
WHERE {{
  GRAPH ?uses {{ ?user ?use <{0}> }}
  FILTER(?use NOT IN (skos:broader, skos:narrower, skos:related, skos:hasTopConcept))
}}
ORDER BY ?user
"""


@dataclass(frozen=True, slots=True)
class LinkedCount:
    """A count, and the address of the page that lists what was counted."""

    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Numbers by term: things of a class, also with those below; triples and claims; users of concepts."""

    things: dict[Term, LinkedCount] = field(default_factory=dict)
    below: dict[Term, LinkedCount] = field(default_factory=dict)
    triples: dict[Term, LinkedCount] = field(default_factory=dict)
    claims: dict[Term, LinkedCount] = field(default_factory=dict)
    concepts: dict[Term, LinkedCount] = field(default_factory=dict)


def count_uses(served_release: ServedRelease, language: str) -> Usage | None:
    """Count all uses; None if counting takes too long."""
    try:
        classes = ask_rows(served_release, "uses-of-classes").rows
        properties = ask_rows(served_release, "uses-of-properties").rows
        concepts = ask_rows(served_release, "uses-of-concepts").rows
    except LimitReached:
        return None

    def numbers(rows: Iterable[tuple[Term | None, ...]], column: int, query: str) -> dict[Term, LinkedCount]:
        return {
            row[0]: LinkedCount(
                int(count.value), query_address(served_release, language, query.format(row[0].value))
            )
            for row in rows
            if isinstance(row[0], NamedNode) and isinstance(count := row[column], Literal)
        }

    return Usage(
        things=numbers(classes, 1, _THINGS),
        below=numbers(classes, 2, _BELOW),
        triples=numbers(properties, 1, _TRIPLES),
        claims=numbers(properties, 2, _CLAIMS),
        concepts=numbers(concepts, 1, _USERS),
    )


def count_focus_nodes(served_release: ServedRelease) -> dict[Term, int] | None:
    """Count the focus nodes of each shape; None if counting takes too long.

    Shape: a shape that looks at none is left out.
    """
    try:
        rows = ask_rows(served_release, "focus-nodes").rows
    except LimitReached:
        return None
    return {shape: int(count.value) for shape, count in rows if shape and isinstance(count, Literal)}
