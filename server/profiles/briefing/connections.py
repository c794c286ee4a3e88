"""Outgoing and incoming links of a thing: counted by queries, read a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import RDF, SEC
from sauran.server.http.executor import ask_filled
from sauran.server.http.localised_labels import Label
from sauran.server.http.problems import Problem
from sauran.server.profiles.briefing.claim_view import ClaimView, claim_views
from sauran.server.site.faceted_list import PAGE_SIZE, Paging, paging
from sauran.server.site.lookup import Lookup

__all__ = [
    "CLAIM_ROLES",
    "Connection",
    "ListPage",
    "claims_among",
    "count_links",
    "count_properties",
    "list_page",
    "others",
]

# Roles that a thing may have in a claim, the most telling first.
CLAIM_ROLES = (
    SEC.statedIn,
    RDF.subject,
    RDF.object,
    SEC.heldBy,
    SEC.claimInvolves,
    SEC.claimPlace,
    SEC.claimTime,
    SEC.claimType,
    SEC.modality,
    SEC.polarity,
    SEC.wording,
)
_ORDERED = 1000  # up to this number are sorted before the first are shown


@dataclass(frozen=True, slots=True)
class _Queries:
    """The queries of one direction: count by property and graph, count over all graphs, list."""

    counting: str
    distinct: str
    listing: str


_IN = _Queries("links-to-thing", "distinct-others", "others-of-thing")
_OUT = _Queries("properties-of-thing", "distinct-values", "values-of-thing")


@dataclass(frozen=True, slots=True)
class Connection:
    """A property and its number of links; derived ones follow from claims alone."""

    property: NamedNode
    count: int
    derived: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of what one property connects with a thing; claims with their notes and evidence."""

    direction: str
    property: Label
    items: tuple[Label, ...]
    claims: tuple[ClaimView, ...]
    paging: Paging
    whole: str


def count_links(lookup: Lookup, thing: NamedNode) -> list[Connection]:
    """Count the incoming links of a thing by property, the most first."""
    found = _count(lookup, thing, _IN)
    return sorted(found, key=lambda connection: (-connection.count, connection.property.value))


def count_properties(lookup: Lookup, thing: NamedNode) -> list[Connection]:
    """Count the values that a thing has, by property."""
    return _count(lookup, thing, _OUT)


def others(lookup: Lookup, thing: NamedNode, connection: Connection, most: int) -> list[Term]:
    """Some of the subjects that a property links to a thing: the first ones if few enough to sort."""
    slug = "others-of-thing" if connection.count <= _ORDERED else "some-of-thing"
    rows = ask_filled(lookup.served_release, slug, (thing, connection.property), limit=most).rows
    return sorted((other for (other,) in rows if other is not None), key=str)


def list_page(
    lookup: Lookup, thing: NamedNode, address: str, direction: str, asked: Mapping[str, str]
) -> ListPage:
    """One page of what a property, named in the request by `in` or `out`, connects with a thing.

    Raises: Problem 404 when it connects nothing, or there is no such page.
    """
    property_iri, page = asked[direction], asked.get("page", "1")
    queries = _IN if direction == "in" else _OUT
    found = next((c for c in _count(lookup, thing, queries) if c.property.value == property_iri), None)
    if found is None:
        raise Problem(
            HTTPStatus.NOT_FOUND, f"Nothing is connected with <{thing.value}> by <{property_iri[:200]}>."
        )
    part = paging(found.count, page, f"{address}?{direction}={quote(property_iri, safe='')}&page=")
    rows = ask_filled(
        lookup.served_release,
        queries.listing,
        (thing, found.property),
        limit=PAGE_SIZE,
        offset=part.first - 1,
    ).rows
    terms = [term for (term,) in rows if term is not None]
    views = claim_views(lookup, claims_among(lookup, terms)) if direction == "in" else ()
    shown_whole = {view.iri for view in views}
    reader = lookup.reader_of([t.value for t in (*terms, found.property) if isinstance(t, NamedNode)])
    items = [t for t in terms if not (isinstance(t, NamedNode) and t.value in shown_whole)]
    return ListPage(
        direction,
        reader.name(found.property),
        tuple(reader.show(term, thing) for term in items),
        views,
        part,
        address,
    )


def claims_among(lookup: Lookup, terms: Sequence[Term]) -> list[Term]:
    """The claims among some things: these are always shown with evidence and notes."""
    for term in terms:
        lookup.read_values(term, RDF["type"], 5)
    return [term for term in terms if SEC.Claim in lookup.values(term, RDF["type"])]


def _count(lookup: Lookup, thing: NamedNode, queries: _Queries) -> list[Connection]:
    by_property: dict[NamedNode, dict[str, int]] = {}
    for property_, graph, count in ask_filled(lookup.served_release, queries.counting, (thing,)).rows:
        if isinstance(property_, NamedNode) and isinstance(graph, NamedNode) and isinstance(count, Literal):
            by_property.setdefault(property_, {})[graph.value] = int(count.value)
    return [
        Connection(
            property_,
            # What several graphs say counts once.
            next(iter(counts.values())) if len(counts) == 1 else _distinct(lookup, thing, property_, queries),
            derived=all(graph.endswith("/derived") for graph in counts),
        )
        for property_, counts in by_property.items()
    ]


def _distinct(lookup: Lookup, thing: NamedNode, property_: NamedNode, queries: _Queries) -> int:
    ((count,),) = ask_filled(lookup.served_release, queries.distinct, (thing, property_)).rows
    return int(count.value) if isinstance(count, Literal) else 0
