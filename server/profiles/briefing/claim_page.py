"""What the pages of a claim and of a note show beside what every page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, OA, PREFIXES, SEC, SKOS, XSD
from sauran.server.http.executor import ask_filled
from sauran.server.http.reading import Reader, Shown
from sauran.server.profiles.briefing.claim_view import ClaimView, NoteView, claim_views, note_view
from sauran.server.site.lookup import Lookup

__all__ = ["ClaimPage", "NotePage", "claim_page", "note_pages"]

_SCHEME = PREFIXES["sec"].removesuffix("ontology#") + "id/scheme/"
_ASSERTED, _AFFIRMED = NamedNode(f"{_SCHEME}modality/asserted"), NamedNode(f"{_SCHEME}polarity/affirmed")
_TRUE = Literal("true", datatype=XSD.boolean)
_MOST_TRIPLES = 4
_MOST_CLAIMS = 50


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim; the triples that follow from it, or the reasons why none does."""

    view: ClaimView
    derived: tuple[tuple[Shown, ...], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note; the claims that it judges, those it sets against them, and its sources."""

    view: NoteView
    definition: Shown | None
    claims: tuple[ClaimView, ...]
    against: tuple[ClaimView, ...]
    sources: tuple[Shown, ...]
    document: Shown | None


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


def _note_page(reader: Reader, note: NamedNode, claims: Sequence[tuple[ClaimView, ...]]) -> NotePage:
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
    """Claims with the other notes on them: this one stands above them."""
    known = [views[claim.value] for claim in claims if isinstance(claim, NamedNode) and claim.value in views]
    return tuple(
        replace(view, notes=tuple(other for other in view.notes if other.iri != note.value)) for view in known
    )


def _verdicts(lookup: Lookup, note: NoteView) -> list[Term]:
    return lookup.values(NamedNode(note.iri), SEC.verdict) if note.iri else []


def _reasons(lookup: Lookup, claim: NamedNode, verdicts: Sequence[Term]) -> tuple[str, ...]:
    """Why nothing follows from a claim, by the rule that the build applies."""
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
