"""Claims as pages show them: with their evidence and their notes, never without."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, OA, RDF, RDFS, SEC
from sauran.server.http.executor import ask_filled
from sauran.server.http.reading import Reader, Shown
from sauran.server.site.lookup import Lookup

__all__ = [
    "ClaimView",
    "NoteView",
    "PassageView",
    "Row",
    "claim_views",
    "note_view",
    "passage_view",
    "read_claims",
]

_WORDS = (RDF.subject, RDF.predicate, RDF.object)
# In the order in which a reader asks.
_QUALIFIERS = (
    SEC.claimType,
    SEC.modality,
    SEC.polarity,
    SEC.wording,
    SEC.heldBy,
    SEC.claimTime,
    SEC.claimPlace,
    SEC.claimInvolves,
)
# What a claim shows elsewhere than in its table of qualifiers.
_ELSEWHERE = (
    *_WORDS,
    RDF["type"],
    RDFS.label,
    DCTERMS.isPartOf,
    SEC.statedIn,
    SEC.derives,
    SEC.unreviewedLanguage,
    SEC.doubtfulLanguage,
)
_MOST_NOTES = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values; `more` of them are shown at `href` only."""

    label: Shown
    values: tuple[Shown, ...]
    more: int = 0
    href: str | None = None


@dataclass(frozen=True, slots=True)
class PassageView:
    """Where a text states something: code points from `start` up to `end`, of `length`, and their digest."""

    iri: str
    link: Shown
    document: Shown | None
    section: Shown | None
    kind: Shown | None
    start: int | None
    end: int | None
    length: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """What a curator found out; `judges` is false where the claim is only what others are compared with."""

    iri: str
    link: Shown
    verdict: Shown | None
    text: Shown | None
    judges: bool = True


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its evidence and its notes; `link` holds its text."""

    iri: str
    link: Shown
    subject: Shown | None
    predicate: Shown | None
    object: Shown | None
    qualifiers: tuple[Row, ...]
    passages: tuple[PassageView, ...]
    notes: tuple[NoteView, ...]


def claim_views(lookup: Lookup, claims: Sequence[Term]) -> tuple[ClaimView, ...]:
    """Read claims, in the order given, with the passages that state them and the notes on them."""
    notes = read_claims(lookup, claims)
    reader = lookup.reader()
    return tuple(_claim(reader, claim, found) for claim, found in notes.items())


def read_claims(lookup: Lookup, claims: Sequence[Term]) -> dict[NamedNode, list[tuple[Term, bool]]]:
    """Read claims with their passages and notes; give the notes on each claim, and whether they judge it."""
    notes: dict[NamedNode, list[tuple[Term, bool]]]
    notes = {claim: [] for claim in claims if isinstance(claim, NamedNode)}
    if not notes:
        return {}
    rows = ask_filled(
        lookup.served_release, "notes-on-claims", *((claim,) for claim in notes), limit=_MOST_NOTES
    )
    for claim, relation, note in rows.rows:
        if isinstance(claim, NamedNode) and note is not None:
            notes[claim].append((note, relation == OA.hasTarget))
    lookup.read(notes)
    passages = [passage for claim in notes for passage in lookup.values(claim, SEC.statedIn)]
    lookup.read(passages)
    _read_lengths(lookup, passages)
    lookup.read(note for found in notes.values() for note, _ in found)
    return notes


def passage_view(reader: Reader, passage: Term) -> PassageView:
    """Show a passage that was read, with its document."""
    selector = reader.value(passage, OA.hasSelector) or passage
    document = reader.value(passage, DCTERMS.isPartOf)
    return PassageView(
        iri=passage.value if isinstance(passage, NamedNode) else "",
        link=reader.name(passage),
        document=None if document is None else reader.name(document),
        section=reader.shown_value(passage, SEC.inSection),
        kind=reader.shown_value(passage, SEC.passageKind),
        start=_number(reader, selector, OA.start),
        end=_number(reader, selector, OA.end),
        length=None if document is None else _number(reader, document, SEC.textLength),
        digest=reader.text(passage, SEC.textDigest),
    )


def note_view(reader: Reader, note: Term, *, judges: bool = True) -> NoteView:
    """Show a note that was read."""
    return NoteView(
        iri=note.value if isinstance(note, NamedNode) else "",
        link=reader.name(note),
        verdict=reader.shown_value(note, SEC.verdict),
        text=reader.shown_value(note, SEC.noteText),
        judges=judges,
    )


def _read_lengths(lookup: Lookup, passages: Iterable[Term]) -> None:
    documents = dict.fromkeys(document for p in passages for document in lookup.values(p, DCTERMS.isPartOf))
    for document in documents:
        lookup.read_values(document, SEC.textLength, 1)


def _claim(reader: Reader, claim: Term, notes: Sequence[tuple[Term, bool]]) -> ClaimView:
    subject, predicate, object_ = (reader.shown_value(claim, word) for word in _WORDS)
    said = reader.properties(claim)
    ordered = [word for word in _QUALIFIERS if word in said]
    ordered += sorted((w for w in said if w not in (*_QUALIFIERS, *_ELSEWHERE)), key=lambda word: word.value)
    return ClaimView(
        iri=claim.value if isinstance(claim, NamedNode) else "",
        link=reader.name(claim),
        subject=subject,
        predicate=predicate,
        object=object_,
        qualifiers=tuple(Row(reader.name(w), reader.show_best(list(said[w]), claim)) for w in ordered),
        passages=tuple(passage_view(reader, p) for p in reader.values(claim, SEC.statedIn)),
        notes=tuple(note_view(reader, note, judges=judges) for note, judges in notes),
    )


def _number(reader: Reader, subject: Term, property_: NamedNode) -> int | None:
    value = reader.value(subject, property_)
    # Data may hold anything; of a number that is none there is no place to show.
    return int(value.value) if isinstance(value, Literal) and value.value.isdecimal() else None
