"""What triples and claims connect a thing with, in either direction: by a query."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.server.http.executor import ask_filled
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.fact_groups import DESCRIPTION, RELATIONS, TIME_AND_PLACE, group_of

__all__ = ["MOST_NEIGHBOURS", "Link", "find_links"]

MOST_NEIGHBOURS = 500
# What tells about the world comes before what is said of names and records.
_TELLING = (RELATIONS, TIME_AND_PLACE, DESCRIPTION)


@dataclass(frozen=True, slots=True)
class Link:
    """A connection, `outward` from the thing or towards it; `plain` if a triple says so, not claims alone."""

    property: NamedNode
    other: NamedNode
    outward: bool
    plain: bool
    claims: int
    with_notes: int


def find_links(served_release: ServedRelease, thing: NamedNode) -> tuple[list[Link], bool]:
    """Find the connections of a thing, those that tell most first, and whether these are all."""
    rows = ask_filled(served_release, "neighbours", (thing,), limit=MOST_NEIGHBOURS + 1).rows
    links = [
        Link(
            property_,
            other,
            _text(direction) == "out",
            _text(triples) != "0",
            int(_text(claims)),
            int(_text(notes)),
        )
        for direction, property_, other, triples, claims, notes in rows[:MOST_NEIGHBOURS]
        if isinstance(property_, NamedNode)
        and isinstance(other, NamedNode)
        # A part of the thing's own document, such as its point on the map, is not a neighbour.
        and not other.value.startswith(f"{thing.value}#")
    ]
    # The order of the query holds among equals: most claims first.
    links.sort(key=lambda link: group_of(link.property.value) not in _TELLING)
    return links, len(rows) <= MOST_NEIGHBOURS


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else "0"
