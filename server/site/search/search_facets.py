"""Facets of search results, with counts that respect the filters in use."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from pyoxigraph import NamedNode

from sauran.kg.model.namespaces import OA, RDF
from sauran.server.http.localised_labels import Label, LabelReader, publication_text
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.faceted_list import Facet, FacetValue
from sauran.server.site.lookup import Lookup

__all__ = ["FACETS", "read_chosen", "read_facets", "search_address"]

FACETS = {
    "class": _("Kind of thing"),
    "dataset": _("Dataset"),
    "section": _("Section"),
    "modality": _("Modality"),
    "type": _("Type"),
    "place": _("Place"),
    "year": _("Year in which its time begins"),
}
_MOST_VALUES = 20
_LONGEST = 2000  # characters of a value
_PLAIN = ("dataset", "year")  # facets whose values are not IRIs
# Classes of other vocabularies that claims and notes have too: for programs.
_TECHNICAL = frozenset({RDF.Statement.value, OA.Annotation.value})


def read_chosen(arguments: Mapping[str, str]) -> dict[str, str]:
    """The filters in the arguments of a request."""
    return {name: arguments[name][:_LONGEST] for name in FACETS if arguments.get(name)}


def search_address(path: str, typed: str, chosen: Mapping[str, str], **changed: str) -> str:
    """The address of a search with some filters changed; empty ones are left out."""
    words = {"q": typed} | {name: value for name, value in {**chosen, **changed}.items() if value}
    return f"{path}?{urlencode(words)}"


def read_facets(
    lookup: Lookup, counts: Mapping[str, Mapping[str, int]], path: str, typed: str, chosen: Mapping[str, str]
) -> tuple[Facet, ...]:
    """The facets of what was found, each with its values, the most frequent first."""
    iris = [iri for name, values in counts.items() if name not in _PLAIN for iri in values]
    reader, titles = lookup.reader_of(iris), _titles(lookup.served_release, lookup.language)
    found = []
    for name, title in FACETS.items():
        ordered = [value for value in counts.get(name, {}) if value not in _TECHNICAL]
        if name == "year":
            ordered.sort()
        values = tuple(
            FacetValue(
                _shown(reader, titles, name, value),
                counts[name][value],
                search_address(path, typed, chosen, **{name: "" if chosen.get(name) == value else value}),
                chosen.get(name) == value,
            )
            for value in ordered[:_MOST_VALUES]
        )
        if values:
            found.append(Facet(name, str(title), values, max(len(ordered) - _MOST_VALUES, 0)))
    return tuple(found)


def _titles(served: ServedRelease, language: str) -> dict[str, Label]:
    """The titles of datasets by slug, and of the other graphs by name."""
    datasets = {d["slug"]: publication_text(d["title"], language) for d in served.publication["datasets"]}
    return {"ontology": Label(gettext("Ontology")), "shapes": Label(gettext("Shapes")), **datasets}


def _shown(reader: LabelReader, titles: Mapping[str, Label], name: str, value: str) -> Label:
    if name == "dataset":
        return titles.get(value, Label(value))
    return Label(value) if name in _PLAIN else reader.name(NamedNode(value))
