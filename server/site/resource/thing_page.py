"""The page of any resource as plain data: its facts, claims about it, incoming links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask_babel import lazy_gettext as _
from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, NAME_PROPERTIES, OA, RDF, RDFS, SEC, SKOS
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.profiles.briefing.claim_view import ClaimView, Row, claim_views
from sauran.server.profiles.briefing.connections import (
    CLAIM_ROLES,
    Connection,
    claims_among,
    count_links,
    count_properties,
    others,
)
from sauran.server.site.fact_groups import (
    DESCRIPTION,
    GROUPS,
    NAMES,
    PROVENANCE,
    RELATIONS,
    TIME_AND_PLACE,
    group_of,
    rank_of,
)
from sauran.server.site.lookup import Lookup

__all__ = ["ClaimGroup", "FactGroup", "Fragment", "LinkGroup", "ThingPage", "list_address", "thing_page"]

_TYPE = RDF["type"]
_MOST_VALUES = 50  # of a property; the others have pages of their own
_MOST_PROPERTIES = 100
_MOST_CLAIMS, _MOST_IN_ALL = 10, 20
_SOME = 5
_MOST_GROUPS = 40
_LEADS = (SKOS.definition, DCTERMS.description, RDFS.comment)
_IN_ALL_LANGUAGES = (*NAME_PROPERTIES, SKOS.altLabel)
_ROLES = {
    SEC.statedIn: _("Claims stated here"),
    RDF.subject: _("Claims with this as their subject"),
    RDF.object: _("Claims with this as their object"),
    SEC.heldBy: _("Claims held by this actor"),
    SEC.claimInvolves: _("Claims that involve this actor"),
    SEC.claimPlace: _("Claims about this place"),
    SEC.claimTime: _("Claims about this time"),
    SEC.claimType: _("Claims of this type"),
    SEC.modality: _("Claims with this modality"),
    SEC.polarity: _("Claims with this polarity"),
    SEC.wording: _("Claims with this wording"),
}
_TITLES = {
    NAMES: _("Names and identifiers"),
    DESCRIPTION: _("Description"),
    RELATIONS: _("Relations"),
    TIME_AND_PLACE: _("Time and place"),
    PROVENANCE: _("Provenance"),
}
# These classes are for programs: the class of the ontology already tells a reader what the thing is.
_TECHNICAL_KINDS = (RDF.Statement, OA.Annotation, OA.SpecificResource)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts of one group."""

    slug: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """The facts of a fragment IRI; `anchor` is its fragment."""

    anchor: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims in which the thing has one role: the first of `total`, all at `href`."""

    slug: str
    title: str
    total: int
    claims: tuple[ClaimView, ...]
    href: str


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """What leads to the thing by one property: the first of `total`, all at `href`."""

    property: Label
    total: int
    derived: bool
    some: tuple[Label, ...]
    href: str


@dataclass(frozen=True, slots=True)
class ThingPage:
    """The page of one IRI."""

    iri: str
    title: Label
    kinds: tuple[Label, ...]
    lead: Label | None
    groups: tuple[FactGroup, ...]
    derived: tuple[Row, ...]
    fragments: tuple[Fragment, ...]
    claims: tuple[ClaimGroup, ...]
    links: tuple[LinkGroup, ...]


def thing_page(lookup: Lookup, thing: NamedNode, address: str) -> ThingPage | None:
    """Read what the page of a thing shows, or None if it has no triples; `address` is that of the page.

    Shape: facts in groups, of each property the first values; claims by the thing's role; links by property.
    """
    properties = count_properties(lookup, thing)[:_MOST_PROPERTIES]
    links = count_links(lookup, thing)[:_MOST_GROUPS]
    facts = {c.property: _first_values(lookup, thing, c) for c in properties}
    fragments = _fragments(lookup, thing)
    if not facts and not fragments:
        return None
    claims = _claims(lookup, thing, links, address)
    some = {c.property: _some(lookup, thing, c) for c in links if c.property not in CLAIM_ROLES}
    reader = lookup.reader_of(_mentioned(facts, fragments, some))
    ordered = sorted(properties, key=lambda c: rank_of(c.property.value))
    rows = [(c, _row(reader, thing, c, facts[c.property], address)) for c in ordered]
    return ThingPage(
        iri=thing.value,
        title=reader.name(thing),
        kinds=_kinds(reader, facts.get(_TYPE, ())),
        lead=next((shown for word in _LEADS if (shown := reader.shown_value(thing, word))), None),
        groups=_grouped(row for row in rows if not row[0].derived),
        derived=tuple(
            row for connection, row in rows if connection.derived and connection.property != SEC.derives
        ),
        fragments=tuple(_fragment(reader, thing, fragment, quads) for fragment, quads in fragments.items()),
        claims=claims,
        links=tuple(_link(reader, c, some.get(c.property, ()), address) for c in links),
    )


def list_address(address: str, direction: str, property_: NamedNode) -> str:
    """The address of the list of what a property connects with a thing."""
    return f"{address}?{direction}={quote(property_.value, safe='')}"


def _first_values(lookup: Lookup, thing: NamedNode, connection: Connection) -> list[Term]:
    """The first values of a property as they were written; of names all languages."""
    lookup.read_values(thing, connection.property, _MOST_VALUES)
    return lookup.values(thing, connection.property)


def _fragments(lookup: Lookup, thing: NamedNode) -> dict[NamedNode, list[Quad]]:
    found: dict[NamedNode, list[Quad]] = {}
    for quad in lookup.served_release.quads.fragments(thing.value, _MOST_VALUES):
        if isinstance(quad.subject, NamedNode):
            found.setdefault(quad.subject, []).append(quad)
    for quads in found.values():
        lookup.keep(quads)
    return found


def _claims(
    lookup: Lookup, thing: NamedNode, links: Sequence[Connection], address: str
) -> tuple[ClaimGroup, ...]:
    """Some claims for each role that the thing has in claims."""
    known = {connection.property: connection for connection in links}
    groups, left = [], _MOST_IN_ALL
    for role in CLAIM_ROLES:
        if role in known and left:
            found = others(lookup, thing, known[role], min(_MOST_CLAIMS, left))
            views = claim_views(lookup, claims_among(lookup, found))
            left -= len(views)
            slug = f"claims-{role.value.rsplit('#', 1)[-1]}"
            groups.append(
                ClaimGroup(
                    slug, str(_ROLES[role]), known[role].count, views, list_address(address, "in", role)
                )
            )
    return tuple(groups)


def _some(lookup: Lookup, thing: NamedNode, connection: Connection) -> list[Term]:
    """Some of what leads to a thing; of claims none, as a name alone would show them without their notes."""
    found = others(lookup, thing, connection, _SOME)
    claims = claims_among(lookup, found)
    return [other for other in found if other not in claims]


def _mentioned(
    facts: dict[NamedNode, list[Term]],
    fragments: dict[NamedNode, list[Quad]],
    some: dict[NamedNode, list[Term]],
) -> Iterable[str]:
    for named in (facts, some):
        for word, values in named.items():
            yield word.value
            for value in values:
                if isinstance(value, NamedNode):
                    yield value.value
                elif isinstance(value, Literal):
                    yield value.datatype.value
    for quads in fragments.values():
        for quad in quads:
            yield quad.predicate.value
            if isinstance(quad.object, NamedNode):
                yield quad.object.value


def _kinds(reader: LabelReader, kinds: Sequence[Term]) -> tuple[Label, ...]:
    own = [kind for kind in kinds if kind not in _TECHNICAL_KINDS] or kinds
    return tuple(reader.show(kind) for kind in own)


def _row(
    reader: LabelReader, thing: NamedNode, connection: Connection, values: Sequence[Term], address: str
) -> Row:
    all_languages = connection.property in _IN_ALL_LANGUAGES
    shown = tuple(reader.show(v, thing) for v in values) if all_languages else reader.show_best(values, thing)
    # A datatype of ours has a name that people understand.
    names = {
        reader.show(value).datatype: reader.name(value.datatype).text
        for value in values
        if isinstance(value, Literal) and not value.language
    }
    more = max(connection.count - len(values), 0)
    return Row(
        reader.name(connection.property),
        tuple(replace(s, datatype=names.get(s.datatype, s.datatype)) if s.datatype else s for s in shown),
        more,
        list_address(address, "out", connection.property) if more else None,
    )


def _grouped(rows: Iterable[tuple[Connection, Row]]) -> tuple[FactGroup, ...]:
    by_group: dict[str, list[Row]] = {}
    for connection, row in rows:
        if connection.property != _TYPE or len(row.values) > 1:
            by_group.setdefault(group_of(connection.property.value), []).append(row)
    return tuple(
        FactGroup(slug, str(_TITLES[slug]), tuple(by_group[slug])) for slug in GROUPS if slug in by_group
    )


def _fragment(reader: LabelReader, thing: NamedNode, fragment: NamedNode, quads: Sequence[Quad]) -> Fragment:
    words = dict.fromkeys(quad.predicate for quad in quads)
    return Fragment(
        fragment.value.removeprefix(f"{thing.value}#"),
        tuple(Row(reader.name(w), reader.show_best(reader.values(fragment, w), fragment)) for w in words),
    )


def _link(reader: LabelReader, connection: Connection, some: Sequence[Term], address: str) -> LinkGroup:
    return LinkGroup(
        reader.name(connection.property),
        connection.count,
        connection.derived,
        tuple(reader.show(other) for other in some),
        list_address(address, "in", connection.property),
    )
