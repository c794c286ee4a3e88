"""The rows of the tables: one row for each claim or entity, from quads. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from pyoxigraph import Literal, NamedNode

from sauran.kg.describe.tables.columns import Column
from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import LABEL_PROPERTIES, OA, PREFIXES, RDF, SEC, SKOS, Namespace
from sauran.kg.model.triple_index import TripleIndex

__all__ = ["Row", "claim_rows", "entity_rows"]

Row = list[str]
_iri = attrgetter("value")
_GEO = Namespace(PREFIXES["geo"])
_TYPE = RDF.type.value


def claim_rows(
    columns: Sequence[Column], own: TripleIndex, everything: TripleIndex, derived: TripleIndex
) -> Iterator[Row]:
    """A row for each claim of a dataset, in the order of their IRIs.

    Shape: `everything` has the labels of things of other datasets too; `derived` says which claims derive.
    """
    notes: dict[Term, list[NamedNode]] = {}
    for note in _resources(own.subjects(OA.hasTarget.value)):
        for target in own.objects(note, OA.hasTarget.value):
            notes.setdefault(target, []).append(note)
    special: dict[str, Callable[[NamedNode], Iterable[str]]] = {
        "derives": lambda claim: ["true" if derived.objects(claim, SEC.derives.value) else "false"],
        "notes": lambda claim: [note.value for note in notes.get(claim, ())],
        "verdicts": lambda claim: dict.fromkeys(
            verdict for note in notes.get(claim, ()) for verdict in _iris(own, note, SEC.verdict)
        ),
        "object_value": lambda claim: [text.value for text in _literals(own, claim, RDF.object)],
    }
    for claim in sorted(_resources(own.subjects(_TYPE, SEC.Claim)), key=_iri):
        yield _row(claim, columns, (own, everything), special)


def entity_rows(columns: Sequence[Column], own: TripleIndex) -> Iterator[Row]:
    """A row for each named thing of a dataset but the sections of documents, in the order of their IRIs."""
    counts: dict[Term, int] = {}
    for claim in _resources(own.subjects(_TYPE, SEC.Claim)):
        ends = (*own.objects(claim, RDF.subject.value), *own.objects(claim, RDF.object.value))
        for end in dict.fromkeys(ends):
            counts[end] = counts.get(end, 0) + 1
    special: dict[str, Callable[[NamedNode], Iterable[str]]] = {
        "claims": lambda entity: [str(counts.get(entity, 0))],
        "wkt": lambda entity: [
            text.value
            for geometry in _resources(own.objects(entity, _GEO.hasGeometry.value))
            for text in _literals(own, geometry, _GEO.asWKT)
        ],
    }
    for entity in sorted(_resources(own.subjects(SKOS.prefLabel.value)), key=_iri):
        if SEC.Section not in own.objects(entity, _TYPE):
            yield _row(entity, columns, (own, own), special)


def _row(
    thing: NamedNode,
    columns: Sequence[Column],
    known: tuple[TripleIndex, TripleIndex],
    special: Mapping[str, Callable[[NamedNode], Iterable[str]]],
) -> Row:
    own, everything = known
    cells: dict[str, str] = {}
    for column in columns:
        make = special.get(column.name)
        if make:
            found = list(make(thing))
        elif column.about:
            about = cells[column.about]
            found = _values(NamedNode(about), column, everything) if about else []
        else:
            found = _values(thing, column, own)
        if len(found) > 1 and column.separator is None:
            raise ContentError(
                f"<{thing.value}>",
                f"has {len(found)} values for the column {column.name}, which holds one.",
                "Keep one of them.",
            )
        cells[column.name] = (column.separator or "").join(found)
    return list(cells.values())


def _values(thing: NamedNode, column: Column, index: TripleIndex) -> list[str]:
    if column.kind == "key":
        return [thing.value]
    if column.kind == "text":
        return _texts(thing, column, index)
    if column.kind == "code":
        codes = _literals(index, thing, SKOS.notation)
        return [code.value for code in codes if code.datatype.value == column.property_iri]
    property_ = NamedNode(column.property_iri)
    if column.datatype == "anyURI":
        return _iris(index, thing, property_)
    return [text.value for text in _literals(index, thing, property_)]


def _texts(thing: NamedNode, column: Column, index: TripleIndex) -> list[str]:
    """The label in the column's language: of other things under whichever name they have one."""
    for property_ in (NamedNode(column.property_iri), *(LABEL_PROPERTIES if column.about else ())):
        texts = _literals(index, thing, property_)
        if found := [text.value for text in texts if text.language == column.language]:
            return found
    return []


def _iris(index: TripleIndex, thing: NamedNode, property_: NamedNode) -> list[str]:
    return [term.value for term in index.objects(thing, property_.value) if isinstance(term, NamedNode)]


def _literals(index: TripleIndex, thing: NamedNode, property_: NamedNode) -> list[Literal]:
    return [term for term in index.objects(thing, property_.value) if isinstance(term, Literal)]


def _resources(terms: Iterable[Term]) -> list[NamedNode]:
    """Those terms that have an IRI."""
    return [term for term in terms if isinstance(term, NamedNode)]
