"""A document as plain data for a template, in one language. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from kg.findings import Term
from kg.vocabulary import DCTERMS, OA, RDF, RDFS, SEC, SKOS
from server.documents import Document
from server.links import Links
from server.site.reading import Reader, Shown

__all__ = ["ClaimView", "NoteView", "PassageView", "Row", "ThingPage", "thing_page"]

_A = RDF["type"]
_CLAIM_WORDS = (RDF.subject, RDF.predicate, RDF.object)
# What a page of a claim shows elsewhere than in its table of qualifiers.
_NOT_QUALIFIERS = (*_CLAIM_WORDS, _A, RDFS.label, SEC.statedIn, SEC.unreviewedLanguage, SEC.doubtfulLanguage)
_NOT_ROWS = (_A, RDFS.label, SKOS.prefLabel)


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values."""

    label: Shown
    values: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class PassageView:
    """Where a text states something: code points from `start` up to `end`, and their digest."""

    link: Shown
    document: Shown | None
    start: str
    end: str
    digest: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """What a curator found out."""

    link: Shown
    verdict: Shown | None
    text: Shown | None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its evidence and its notes; never without them."""

    link: Shown
    subject: Shown | None
    predicate: Shown | None
    object: Shown | None
    qualifiers: tuple[Row, ...]
    passages: tuple[PassageView, ...]
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """What is said about a fragment IRI; `anchor` is its fragment."""

    anchor: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ThingPage:
    """The page of one IRI."""

    iri: str
    title: Shown
    kinds: tuple[Shown, ...]
    rows: tuple[Row, ...]
    derived: tuple[Row, ...]
    fragments: tuple[Fragment, ...]
    own_claim: ClaimView | None
    claims: tuple[ClaimView, ...]
    passage: PassageView | None
    note: NoteView | None
    parts: tuple[Row, ...]


def thing_page(document: Document, links: Links, language: str, prefixes: dict[str, str]) -> ThingPage:
    """Make the page of a document."""
    reader = Reader((*document.quads, *document.labels, *document.words), links, language, prefixes)
    thing = NamedNode(document.iri)
    derived = [quad for quad in document.quads if quad.subject == thing and _is_derived(quad)]
    own = [quad for quad in document.quads if quad.subject == thing and not _is_derived(quad)]
    kinds = [quad.object for quad in own if quad.predicate == _A]
    claims = _claims(document, reader)
    return ThingPage(
        iri=document.iri,
        title=reader.name(thing),
        kinds=tuple(reader.show(kind) for kind in kinds),
        rows=_rows(reader, _properties(own), _NOT_QUALIFIERS if SEC.Claim in kinds else _NOT_ROWS),
        derived=_rows(reader, _properties(derived), (SEC.derives,)),
        fragments=tuple(_fragments(document, reader)),
        own_claim=next((view for claim, view in claims if claim == thing), None),
        claims=tuple(view for claim, view in claims if claim != thing),
        passage=_passage(reader, thing) if SEC.Passage in kinds else None,
        note=_note(reader, thing) if SEC.CuratorNote in kinds else None,
        parts=_parts(document, reader),
    )


def _claims(document: Document, reader: Reader) -> list[tuple[Term, ClaimView]]:
    claims = dict.fromkeys(q.subject for q in document.quads if q.predicate == _A and q.object == SEC.Claim)
    notes: dict[Term, dict[Term, None]] = {}
    for quad in document.quads:
        if quad.predicate == OA.hasTarget:
            notes.setdefault(quad.object, {})[quad.subject] = None
    return [(claim, _claim(reader, claim, notes.get(claim, ()))) for claim in claims]


def _claim(reader: Reader, claim: Term, notes: Iterable[Term]) -> ClaimView:
    subject, predicate, object_ = (reader.shown_value(claim, word) for word in _CLAIM_WORDS)
    return ClaimView(
        link=reader.name(claim),
        subject=subject,
        predicate=predicate,
        object=object_,
        qualifiers=_rows(reader, reader.properties(claim), _NOT_QUALIFIERS),
        passages=tuple(_passage(reader, passage) for passage in reader.values(claim, SEC.statedIn)),
        notes=tuple(_note(reader, note) for note in notes),
    )


def _passage(reader: Reader, passage: Term) -> PassageView:
    selector = reader.value(passage, OA.hasSelector) or passage
    return PassageView(
        link=reader.name(passage),
        document=reader.shown_value(passage, DCTERMS.isPartOf),
        start=reader.text(selector, OA.start),
        end=reader.text(selector, OA.end),
        digest=reader.text(passage, SEC.textDigest),
    )


def _note(reader: Reader, note: Term) -> NoteView:
    return NoteView(
        link=reader.name(note),
        verdict=reader.shown_value(note, SEC.verdict),
        text=reader.shown_value(note, SEC.noteText),
    )


def _rows(
    reader: Reader, properties: Mapping[NamedNode, Iterable[Term]], leave_out: Sequence[NamedNode]
) -> tuple[Row, ...]:
    rows = [
        Row(reader.show(word), reader.show_best(list(values)))
        for word, values in properties.items()
        if word not in leave_out
    ]
    return tuple(sorted(rows, key=lambda row: row.label.text.casefold()))


def _properties(quads: Iterable[Quad]) -> dict[NamedNode, dict[Term, None]]:
    found: dict[NamedNode, dict[Term, None]] = {}
    for quad in quads:
        found.setdefault(quad.predicate, {})[quad.object] = None
    return found


def _fragments(document: Document, reader: Reader) -> Iterable[Fragment]:
    start = f"{document.iri}#"
    subjects = dict.fromkeys(q.subject for q in document.quads)
    for subject in subjects:
        if isinstance(subject, NamedNode) and subject.value.startswith(start):
            yield Fragment(subject.value.removeprefix(start), _rows(reader, reader.properties(subject), ()))


def _parts(document: Document, reader: Reader) -> tuple[Row, ...]:
    """What says that it is a part of the thing, by its kind."""
    thing = NamedNode(document.iri)
    by_kind: dict[Term, dict[Term, None]] = {}
    for quad in document.quads:
        if quad.object == thing and quad.predicate in (DCTERMS.isPartOf, SEC.inSection, SKOS.inScheme):
            kind = reader.value(quad.subject, _A)
            if kind is not None and kind != SEC.Claim:
                by_kind.setdefault(kind, {})[quad.subject] = None
    rows = [Row(reader.show(kind), tuple(reader.name(p) for p in parts)) for kind, parts in by_kind.items()]
    return tuple(sorted(rows, key=lambda row: row.label.text.casefold()))


def _is_derived(quad: Quad) -> bool:
    return str(quad.graph_name).endswith("/derived>")
