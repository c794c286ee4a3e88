"""The rows of the tables: one row for each claim or entity, from quads. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from sauran.kg.describe.tables.columns import Column
from sauran.kg.model.errors import ContentError
from sauran.kg.model.namespaces import OA, PREFIXES, RDF, RDFS, SEC, SKOS, Namespace

__all__ = ["Things", "claim_rows", "entity_rows"]

Term = NamedNode | BlankNode | Literal | Triple
Row = list[str]
_GEO = Namespace(PREFIXES["geo"])
_LABELS = (SKOS.prefLabel.value, RDFS.label.value)


class Things:
    """What is said of each thing, by its IRI and the property."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._objects: dict[str, dict[str, list[Term]]] = {}
        for quad in quads:
            if isinstance(quad.subject, NamedNode):
                found = self._objects.setdefault(quad.subject.value, {})
                found.setdefault(quad.predicate.value, []).append(quad.object)

    def __iter__(self) -> Iterator[str]:
        return iter(self._objects)

    def values(self, thing: str, property_iri: str) -> Sequence[Term]:
        """The objects of a property."""
        return self._objects.get(thing, {}).get(property_iri, ())

    def iris(self, thing: str, property_iri: str) -> list[str]:
        """Those objects of a property that are IRIs."""
        return [term.value for term in self.values(thing, property_iri) if isinstance(term, NamedNode)]

    def is_a(self, thing: str, kind: NamedNode) -> bool:
        """Whether a thing has a class."""
        return kind in self.values(thing, RDF["type"].value)


def claim_rows(columns: Sequence[Column], own: Things, everything: Things, derived: Things) -> Iterator[Row]:
    """A row for each claim of a dataset, in the order of their IRIs.

    Shape: `everything` has the labels of things of other datasets too; `derived` says which claims derive.
    """
    notes: dict[str, list[str]] = {}
    for thing in own:
        for target in own.iris(thing, OA.hasTarget.value):
            notes.setdefault(target, []).append(thing)
    special: dict[str, Callable[[str], Iterable[str]]] = {
        "derives": lambda claim: ["true" if derived.values(claim, SEC.derives.value) else "false"],
        "notes": lambda claim: notes.get(claim, ()),
        "verdicts": lambda claim: dict.fromkeys(
            verdict for note in notes.get(claim, ()) for verdict in own.iris(note, SEC.verdict.value)
        ),
        "object_value": lambda claim: [
            term.value for term in own.values(claim, RDF.object.value) if isinstance(term, Literal)
        ],
    }
    for claim in sorted(thing for thing in own if own.is_a(thing, SEC.Claim)):
        yield _row(claim, columns, (own, everything), special)


def entity_rows(columns: Sequence[Column], own: Things) -> Iterator[Row]:
    """A row for each named thing of a dataset but the sections of documents, in the order of their IRIs."""
    counts: dict[str, int] = {}
    for thing in own:
        if own.is_a(thing, SEC.Claim):
            ends = (*own.iris(thing, RDF.subject.value), *own.iris(thing, RDF.object.value))
            for end in dict.fromkeys(ends):
                counts[end] = counts.get(end, 0) + 1
    special: dict[str, Callable[[str], Iterable[str]]] = {
        "claims": lambda entity: [str(counts.get(entity, 0))],
        "wkt": lambda entity: [
            term.value
            for geometry in own.iris(entity, _GEO.hasGeometry.value)
            for term in own.values(geometry, _GEO.asWKT.value)
            if isinstance(term, Literal)
        ],
    }
    for entity in sorted(own):
        if own.values(entity, SKOS.prefLabel.value) and not own.is_a(entity, SEC.Section):
            yield _row(entity, columns, (own, own), special)


def _row(
    thing: str,
    columns: Sequence[Column],
    known: tuple[Things, Things],
    special: Mapping[str, Callable[[str], Iterable[str]]],
) -> Row:
    own, everything = known
    cells: dict[str, str] = {}
    for column in columns:
        make = special.get(column.name)
        if make:
            found = list(make(thing))
        elif column.about:
            found = _values(cells[column.about], column, everything)
        else:
            found = _values(thing, column, own)
        if len(found) > 1 and column.separator is None:
            raise ContentError(
                f"<{thing}>",
                f"has {len(found)} values for the column {column.name}, which holds one.",
                "Keep one of them.",
            )
        cells[column.name] = (column.separator or "").join(found)
    return list(cells.values())


def _values(thing: str, column: Column, things: Things) -> list[str]:
    if column.kind == "key":
        return [thing]
    if column.kind == "text":
        return _texts(thing, column, things)
    if column.kind == "code":
        return [
            term.value
            for term in things.values(thing, SKOS.notation.value)
            if isinstance(term, Literal) and term.datatype.value == column.property_iri
        ]
    if column.datatype == "anyURI":
        return things.iris(thing, column.property_iri)
    return [term.value for term in things.values(thing, column.property_iri) if isinstance(term, Literal)]


def _texts(thing: str, column: Column, things: Things) -> list[str]:
    """The label in the column's language: of other things under whichever name they have one."""
    for property_iri in (column.property_iri, *(_LABELS if column.about else ())):
        found = [
            term.value
            for term in things.values(thing, property_iri)
            if isinstance(term, Literal) and term.language == column.language
        ]
        if found:
            return found
    return []
