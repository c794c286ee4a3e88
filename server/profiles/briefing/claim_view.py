"""Claims and notes as pages show them: a claim always with its evidence and its notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, OA, PREFIXES, RDF, RDFS, REVIEW_PROPERTIES, SEC, SKOS, XSD
from sauran.server.http.executor import ask_filled
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.site.lookup import Lookup

__all__ = [
    "ClaimPage",
    "ClaimView",
    "NotePage",
    "NoteView",
    "PassageView",
    "Row",
    "claim_page",
    "claim_views",
    "note_pages",
    "note_view",
    "passage_view",
    "read_claims",
]

_WORDS = (RDF.subject, RDF.predicate, RDF.object)
# In the order of the page.
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
# Properties that are shown outside the table of qualifiers.
_ELSEWHERE = (
    *_WORDS,
    RDF["type"],
    RDFS.label,
    DCTERMS.isPartOf,
    SEC.statedIn,
    SEC.derives,
    *REVIEW_PROPERTIES,
)
_MOST_NOTES = 500
_SCHEME = PREFIXES["sec"].removesuffix("ontology#") + "id/scheme/"
_ASSERTED, _AFFIRMED = NamedNode(f"{_SCHEME}modality/asserted"), NamedNode(f"{_SCHEME}polarity/affirmed")
_TRUE = Literal("true", datatype=XSD.boolean)
_MOST_TRIPLES = 4
_MOST_CLAIMS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values; `more` of them are shown at `href` only."""

    label: Label
    values: tuple[Label, ...]
    more: int = 0
    href: str | None = None


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage of a text: code points from `start` up to `end`, of `length`, and their digest."""

    iri: str
    link: Label
    document: Label | None
    section: Label | None
    kind: Label | None
    start: int | None
    end: int | None
    length: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A curator's note; `judges` is false if the claim is only compared with others."""

    iri: str
    link: Label
    verdict: Label | None
    text: Label | None
    judges: bool = True


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its evidence and its notes; `link` holds its text."""

    iri: str
    link: Label
    subject: Label | None
    predicate: Label | None
    object: Label | None
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


def passage_view(reader: LabelReader, passage: Term) -> PassageView:
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


def note_view(reader: LabelReader, note: Term, *, judges: bool = True) -> NoteView:
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


def _claim(reader: LabelReader, claim: Term, notes: Sequence[tuple[Term, bool]]) -> ClaimView:
    subject, predicate, object_ = (reader.shown_value(claim, word) for word in _WORDS)
    properties = reader.properties(claim)
    ordered = [word for word in _QUALIFIERS if word in properties]
    ordered += sorted(
        (w for w in properties if w not in (*_QUALIFIERS, *_ELSEWHERE)), key=lambda word: word.value
    )
    return ClaimView(
        iri=claim.value if isinstance(claim, NamedNode) else "",
        link=reader.name(claim),
        subject=subject,
        predicate=predicate,
        object=object_,
        qualifiers=tuple(Row(reader.name(w), reader.show_best(properties[w], claim)) for w in ordered),
        passages=tuple(passage_view(reader, p) for p in reader.values(claim, SEC.statedIn)),
        notes=tuple(note_view(reader, note, judges=judges) for note, judges in notes),
    )


def _number(reader: LabelReader, subject: Term, property_: NamedNode) -> int | None:
    value = reader.value(subject, property_)
    # Data may hold anything: a value that is not a number gives no position.
    return int(value.value) if isinstance(value, Literal) and value.value.isdecimal() else None


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim; the triples that follow from it, or the reasons why none does."""

    view: ClaimView
    derived: tuple[tuple[Label, ...], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note; the claims that it judges, those it sets against them, and its sources."""

    view: NoteView
    definition: Label | None
    claims: tuple[ClaimView, ...]
    against: tuple[ClaimView, ...]
    sources: tuple[Label, ...]
    document: Label | None


def claim_page(lookup: Lookup, claim: NamedNode) -> ClaimPage | None:
    """Read a claim, and what is derived from it."""
    views = claim_views(lookup, [claim])
    rows = ask_filled(lookup.served_release, "derived-from-claim", (claim,), limit=_MOST_TRIPLES).rows
    verdicts = [verdict for note in views[0].notes if note.judges for verdict in _verdicts(lookup, note)]
    for term in (*verdicts, *lookup.values(claim, DCTERMS.isPartOf)):
        for word in (SEC.blocksDerivation, DCTERMS.creator):
            lookup.read_values(term, word, 5)
    reader = lookup.reader_of(t.value for row in rows for t in row if isinstance(t, NamedNode))
    return ClaimPage(
        view=views[0],
        derived=tuple(tuple(reader.show(term) for term in row if term is not None) for row in rows),
        reasons=() if rows else _reasons(lookup, claim, verdicts),
    )


def note_pages(lookup: Lookup, notes: Sequence[NamedNode]) -> tuple[NotePage, ...]:
    """Read notes with their claims, of each note the first fifty."""
    lookup.read(notes)
    about = {
        note: [lookup.values(note, word)[:_MOST_CLAIMS] for word in (OA.hasTarget, DCTERMS.references)]
        for note in notes
    }
    everything = [claim for both in about.values() for claims in both for claim in claims]
    views = {view.iri: view for view in claim_views(lookup, everything)}
    for note in notes:
        lookup.read(lookup.values(note, DCTERMS.source))
        for verdict in lookup.values(note, SEC.verdict):
            lookup.read_values(verdict, SKOS.definition, 20)
    reader = lookup.reader()
    return tuple(
        _note_page(reader, note, [_known(views, claims, note) for claims in about[note]]) for note in notes
    )


def _note_page(reader: LabelReader, note: NamedNode, claims: Sequence[tuple[ClaimView, ...]]) -> NotePage:
    verdict = reader.value(note, SEC.verdict)
    return NotePage(
        view=note_view(reader, note),
        definition=None if verdict is None else reader.shown_value(verdict, SKOS.definition),
        claims=claims[0],
        against=claims[1],
        sources=tuple(reader.name(source) for source in reader.values(note, DCTERMS.source)),
        document=reader.shown_value(note, DCTERMS.isPartOf),
    )


def _known(views: dict[str, ClaimView], claims: Sequence[Term], note: NamedNode) -> tuple[ClaimView, ...]:
    """Claims with the other notes on them: this note is shown above them."""
    known = [views[claim.value] for claim in claims if isinstance(claim, NamedNode) and claim.value in views]
    return tuple(
        replace(view, notes=tuple(other for other in view.notes if other.iri != note.value)) for view in known
    )


def _verdicts(lookup: Lookup, note: NoteView) -> list[Term]:
    return lookup.values(NamedNode(note.iri), SEC.verdict) if note.iri else []


def _reasons(lookup: Lookup, claim: NamedNode, verdicts: Sequence[Term]) -> tuple[str, ...]:
    """Why nothing is derived from a claim, by the rule that the build applies."""
    authors = {
        author
        for document in lookup.values(claim, DCTERMS.isPartOf)
        for author in lookup.values(document, DCTERMS.creator)
    }
    held = (
        (_ASSERTED in lookup.values(claim, SEC.modality), _("It is not asserted.")),
        (_AFFIRMED in lookup.values(claim, SEC.polarity), _("It is denied.")),
        (
            not authors.isdisjoint(lookup.values(claim, SEC.heldBy)),
            _("It is not held by the author of its document."),
        ),
        (
            not any(_TRUE in lookup.values(verdict, SEC.blocksDerivation) for verdict in verdicts),
            _("A note on it has a verdict that keeps anything from being derived."),
        ),
    )
    return tuple(reason for holds, reason in held if not holds)
