"""The neighbourhood: what triples and claims connect with a thing, as rows, picture and data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.server.http.executor import ask_filled
from sauran.server.http.localised_labels import LabelReader
from sauran.server.http.served_release import ServedRelease
from sauran.server.profiles.briefing.claim_list import claim_count_text
from sauran.server.site.fact_groups import DESCRIPTION, RELATIONS, TIME_AND_PLACE, group_of
from sauran.server.site.lookup import Lookup
from sauran.server.site.visual.drawings.neighbour_ring import MOST_DRAWN, Neighbour, draw_neighbourhood

__all__ = [
    "MOST_NEIGHBOURS",
    "NeighbourLink",
    "find_links",
    "link_data",
    "neighbour_picture",
    "neighbour_rows",
]

MOST_NEIGHBOURS = 500
# Facts about the world come before names and records.
_TELLING = (RELATIONS, TIME_AND_PLACE, DESCRIPTION)


@dataclass(frozen=True, slots=True)
class NeighbourLink:
    """A connection, `outward` from the thing or towards it; `plain` if a triple says so, not claims alone."""

    property: NamedNode
    other: NamedNode
    outward: bool
    plain: bool
    claims: int
    with_notes: int


def find_links(served_release: ServedRelease, thing: NamedNode) -> tuple[list[NeighbourLink], bool]:
    """Find the connections of a thing, those that tell most first, and whether these are all."""
    rows = ask_filled(served_release, "neighbours", (thing,), limit=MOST_NEIGHBOURS + 1).rows
    links = [
        NeighbourLink(
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


def neighbour_rows(reader: LabelReader, links: Sequence[NeighbourLink]) -> list[Neighbour]:
    """The rows of a neighbourhood, those of one property together, in the order of the links."""
    order = {key: n for n, key in reversed(list(enumerate((link.outward, link.property) for link in links)))}
    return [
        Neighbour(
            reader.name(link.other),
            reader.name(link.property),
            link.outward,
            link.plain,
            link.claims,
            link.with_notes,
            claim_count_text(link.claims, link.with_notes) if link.claims else "",
        )
        for link in sorted(links, key=lambda link: order[link.outward, link.property])
    ]


def neighbour_picture(
    reader: LabelReader, thing: NamedNode, links: Sequence[NeighbourLink], language: str
) -> Markup:
    """The first connections of a thing as a picture."""
    title = _("Neighbourhood of %(name)s", name=reader.name(thing).text)
    return draw_neighbourhood(reader.name(thing), neighbour_rows(reader, links[:MOST_DRAWN]), title, language)


def link_data(lookup: Lookup, links: Sequence[NeighbourLink]) -> list[dict[str, Any]]:
    """Connections of a thing."""
    lookup.reader_of(term.value for link in links for term in (link.property, link.other))
    return [
        {
            "direction": "out" if link.outward else "in",
            "property": link.property.value,
            "property_text": lookup.names(link.property),
            "other": link.other.value,
            "text": lookup.names(link.other),
            "triple": link.plain,
            "claims": link.claims,
            "claims_with_notes": link.with_notes,
        }
        for link in links
    ]


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else "0"
