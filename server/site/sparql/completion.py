"""The vocabulary of the graph for the query editor: prefixes, and terms with their labels."""

import re
from collections.abc import Mapping
from typing import TypedDict

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.namespaces import RDFS, SKOS
from sauran.server.http.executor import ask_rows
from sauran.server.http.localised_labels import LabelReader
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.lookup import find_labels

__all__ = ["EditorTerm", "EditorTerms", "find_editor_terms"]

# Without escapes, and not ending in a dot (SPARQL 1.1, PN_LOCAL).
_LOCAL = re.compile(r"(?:[\w-](?:[\w.-]*[\w-])?)?", re.ASCII)


class EditorTerm(TypedDict):
    """A term: as a query writes it, what it is, its label, its definition; texts may be empty."""

    name: str
    kind: str
    label: str
    about: str


class EditorTerms(TypedDict):
    """What an editor may complete."""

    prefixes: Mapping[str, str]
    terms: list[EditorTerm]


def find_editor_terms(served_release: ServedRelease, language: str) -> EditorTerms:
    """Collect prefixes, the terms of the ontology and those it uses, and the first things of the datasets."""
    found: dict[NamedNode, str] = {}
    for slug in ("words-for-terms", "words-for-things"):
        for term, kind in ask_rows(served_release, slug).rows:
            if isinstance(term, NamedNode) and isinstance(kind, Literal):
                found.setdefault(term, kind.value)
    reader = LabelReader(
        find_labels(served_release, found, SKOS.definition),
        served_release.links,
        language,
        served_release.prefixes,
    )
    return {
        "prefixes": served_release.prefixes,
        "terms": [
            EditorTerm(
                name=_written(term.value, served_release.prefixes),
                kind=kind,
                label=reader.text(term, SKOS.prefLabel) or reader.text(term, RDFS.label),
                about=reader.text(term, SKOS.definition),
            )
            for term, kind in found.items()
        ],
    }


def _written(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI as a query writes it, as short as its prefixes allow."""
    fitting = [
        f"{prefix}:{iri.removeprefix(namespace)}"
        for prefix, namespace in prefixes.items()
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri.removeprefix(namespace))
    ]
    return min(fitting, key=len, default=f"<{iri}>")
