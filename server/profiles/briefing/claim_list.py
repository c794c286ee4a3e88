"""Claims that match filters, and their counts by facet: by queries."""

from collections.abc import Mapping, Sequence

from flask_babel import format_decimal, gettext, ngettext
from flask_babel import lazy_gettext as _
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import RDF, SEC
from sauran.server.http.executor import ask_filled
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.faceted_list import Facet, FacetValue, Filters
from sauran.server.site.lookup import Lookup

__all__ = ["FACETS", "claim_count_text", "count_claims", "facets", "find_claims", "total_of"]

# In the order of the queries: what is chosen, the property whose values are counted, its title.
_FACETS = (
    ("type", SEC.claimType, _("Type")),
    ("modality", SEC.modality, _("Modality")),
    ("holder", SEC.heldBy, _("Held by")),
    ("section", SEC.inSection, _("Section")),
    ("year", SEC.claimTime, _("Year in which its time begins")),
)
FACETS = tuple(name for name, _, _ in _FACETS)
_MOST_VALUES = 40


def count_claims(served_release: ServedRelease, filters: Filters) -> dict[NamedNode, dict[Term, int]]:
    """Count the matching claims, by facet and value; under rdf:type all of them."""
    found: dict[NamedNode, dict[Term, int]] = {}
    for facet, value, count in ask_filled(served_release, "claim-facets", filters.terms).rows:
        if isinstance(facet, NamedNode) and value is not None and isinstance(count, Literal):
            found.setdefault(facet, {})[value] = int(count.value)
    return found


def find_claims(served_release: ServedRelease, filters: Filters, first: int, most: int) -> list[Term]:
    """Some of the matching claims, in the order of their IRIs; `first` counts from 1."""
    rows = ask_filled(served_release, "claims", filters.terms, limit=most, offset=first - 1).rows
    return [claim for (claim,) in rows if claim is not None]


def facets(
    lookup: Lookup, filters: Filters, counts: Mapping[NamedNode, Mapping[Term, int]], path: str
) -> tuple[Facet, ...]:
    """The facets of the list, with counts that respect the filters in use."""
    iris = [value.value for values in counts.values() for value in values if isinstance(value, NamedNode)]
    reader = lookup.reader_of(iris)
    return tuple(
        Facet(
            name,
            str(title),
            tuple(_value(reader, filters, path, name, (v, counts[word][v])) for v in values[:_MOST_VALUES]),
            max(len(values) - _MOST_VALUES, 0),
        )
        for name, word, title in _FACETS
        if (values := _ordered(counts.get(word, {})))
    )


def total_of(counts: Mapping[NamedNode, Mapping[Term, int]]) -> int:
    """The number of matching claims."""
    return counts.get(RDF["type"], {}).get(SEC.Claim, 0)


def claim_count_text(claims: int, with_notes: int) -> str:
    """How many claims there are, and how many of them have notes, in words."""
    text = ngettext("%(total)s claim", "%(total)s claims", claims, total=format_decimal(claims))
    if not with_notes:
        return str(text)
    noted = gettext("%(count)s with notes", count=format_decimal(with_notes))
    return f"{text}, {noted}"


def _ordered(values: Mapping[Term, int]) -> Sequence[Term]:
    """Years by time, other values by count."""
    if all(isinstance(value, Literal) for value in values):
        return sorted(values, key=str)
    return list(values)


def _value(
    reader: LabelReader, filters: Filters, path: str, name: str, counted: tuple[Term, int]
) -> FacetValue:
    value, count = counted
    text = value.value if isinstance(value, NamedNode | Literal) else ""
    chosen = filters.given.get(name) == text
    shown = Label(text) if isinstance(value, Literal) else reader.name(value)
    return FacetValue(shown, count, filters.address(path, **{name: "" if chosen else text}), chosen)
