"""Claims and notes as plain data for programs: IRIs, texts in every language, nothing shortened."""

from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, OA, RDF, RDFS, SEC
from sauran.server.profiles.briefing.claim_view import read_claims
from sauran.server.site.lookup import Lookup

__all__ = ["claim_data", "note_data"]

_ONE = {
    "subject": RDF.subject,
    "predicate": RDF.predicate,
    "object": RDF.object,
    "type": SEC.claimType,
    "modality": SEC.modality,
    "polarity": SEC.polarity,
    "wording": SEC.wording,
    "time": SEC.claimTime,
    "document": DCTERMS.isPartOf,
}
_SEVERAL = {"holders": SEC.heldBy, "places": SEC.claimPlace, "involves": SEC.claimInvolves}
_OF_NOTES = {"claims": OA.hasTarget, "compared_with": DCTERMS.references, "sources": DCTERMS.source}


def claim_data(lookup: Lookup, claims: Sequence[Term]) -> list[dict[str, Any]]:
    """Claims with their evidence and their notes."""
    notes = read_claims(lookup, claims)
    return [
        {
            "claim": claim.value,
            "text": _texts(lookup, claim, RDFS.label),
            **{name: _first(lookup, claim, word) for name, word in _ONE.items()},
            **{name: _all(lookup, claim, word) for name, word in _SEVERAL.items()},
            "passages": [_passage(lookup, passage) for passage in lookup.values(claim, SEC.statedIn)],
            "notes": [
                {"note": _plain(note), "verdict": _first(lookup, note, SEC.verdict), "judges": judges}
                for note, judges in found
            ],
        }
        for claim, found in notes.items()
    ]


def note_data(lookup: Lookup, notes: Sequence[NamedNode]) -> list[dict[str, Any]]:
    """Notes with the claims that they judge."""
    lookup.read(notes)
    return [
        {
            "note": note.value,
            "verdict": _first(lookup, note, SEC.verdict),
            "text": _texts(lookup, note, SEC.noteText),
            "document": _first(lookup, note, DCTERMS.isPartOf),
            **{name: _all(lookup, note, word) for name, word in _OF_NOTES.items()},
        }
        for note in notes
    ]


def _passage(lookup: Lookup, passage: Term) -> dict[str, Any]:
    selector = next(iter(lookup.values(passage, OA.hasSelector)), passage)
    return {
        "passage": _plain(passage),
        "document": _first(lookup, passage, DCTERMS.isPartOf),
        "section": _first(lookup, passage, SEC.inSection),
        "start": _number(lookup, selector, OA.start),
        "end": _number(lookup, selector, OA.end),
        "digest": _first(lookup, passage, SEC.textDigest),
    }


def _texts(lookup: Lookup, subject: Term, word: NamedNode) -> dict[str, str]:
    return {
        value.language or "": value.value
        for value in lookup.values(subject, word)
        if isinstance(value, Literal)
    }


def _first(lookup: Lookup, subject: Term, word: NamedNode) -> str | None:
    return next(iter(_all(lookup, subject, word)), None)


def _all(lookup: Lookup, subject: Term, word: NamedNode) -> list[str]:
    return [_plain(value) for value in lookup.values(subject, word)]


def _number(lookup: Lookup, subject: Term, word: NamedNode) -> int | None:
    text = _first(lookup, subject, word)
    return int(text) if text is not None and text.isdecimal() else None


def _plain(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
