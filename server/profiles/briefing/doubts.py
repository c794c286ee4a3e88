"""/notes: curators' notes by verdict, contradictions of a source side by side; as page, JSON and CSV."""

from flask import Blueprint, Response, render_template, request
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.formats import CSV, HTML
from sauran.server.http.executor import ask_filled, ask_rows
from sauran.server.http.negotiation import LANGUAGES, PAGE_PREFIX
from sauran.server.http.responses import (
    PLAIN_JSON,
    data_answer,
    redirect_to_page,
    wanted_format,
    write_csv,
    write_json,
)
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release
from sauran.server.profiles.briefing.claim_data import note_data
from sauran.server.profiles.briefing.claim_view import NotePage, note_pages
from sauran.server.site.faceted_list import PAGE_SIZE, Filters, Paging, paging, read_filters
from sauran.server.site.lookup import Lookup

__all__ = ["doubts"]

doubts = Blueprint("doubts", __name__)
_DATA_SIZE = 1000
_CHOICES = ("verdict", "document")
_MOST_CONTRADICTIONS = 20
_COLUMNS = ("note", "text", "verdict", "document", "claims", "compared_with", "sources")


@doubts.get("/notes", defaults={"suffix": ""})
@doubts.get("/notes.<suffix>")
def data(suffix: str) -> Response:
    """The notes, of one verdict or of all, a thousand at a time; for people the page."""
    wanted = wanted_format("notes", suffix)
    if wanted is HTML:
        return redirect_to_page("notes", keep_query=True)
    served = served_release()
    filters = read_filters(request.args, _CHOICES)
    counts = _verdicts(served, filters)
    part = _part(counts, filters, served.links.absolute(f"notes.{wanted.suffix}"), _DATA_SIZE)
    rows = note_data(Lookup(served, LANGUAGES[0], whole=True), _notes(served, filters, part))
    if wanted is CSV:
        body = write_csv(rows, _COLUMNS, served.publication["languages"])
    else:
        body = write_json(
            {
                "total": part.total,
                "first": part.first,
                "last": part.last,
                "next": part.later,
                "chosen": dict(filters.given),
                "verdicts": {known.value: count for known, count in counts.items()},
                "notes": rows,
            }
        )
    return data_answer(body, wanted, part.later, negotiated=not suffix)


@doubts.get(f"/{PAGE_PREFIX}/notes")
def page(language: str) -> str:
    """The notes by verdict, fifty a page, each with the claims that it judges."""
    served = served_release()
    path = served.links.here(f"{language}/notes")
    filters = read_filters(request.args, _CHOICES)
    counts = _verdicts(served, filters)
    part = _part(counts, filters, path)
    lookup = Lookup(served, language)
    notes = note_pages(lookup, _notes(served, filters, part))
    against = () if filters.given or part.first > 1 else _contradictions(lookup)
    reader = lookup.reader_of(known.value for known in counts)
    return render_template(
        "notes.html",
        language=language,
        path=path,
        verdicts=[
            (filters.address(path, verdict=known.value), reader.name(known), count, known.value)
            for known, count in counts.items()
        ],
        chosen=filters.given,
        total=sum(counts.values()),
        groups=_by_verdict(notes),
        contradictions=against,
        paging=part,
        formats=[
            (form, filters.address(served.links.here(f"notes.{form.suffix}"))) for form in (PLAIN_JSON, CSV)
        ],
        shortened=lookup.shortened,
    )


def _verdicts(served: ServedRelease, filters: Filters) -> dict[NamedNode, int]:
    """How many notes of each verdict there are about the chosen document, the most first."""
    _, document = filters.terms
    return {
        verdict: int(count.value)
        for verdict, count in ask_filled(served, "verdicts", (document,)).rows
        if isinstance(verdict, NamedNode) and isinstance(count, Literal)
    }


def _part(counts: dict[NamedNode, int], filters: Filters, path: str, size: int = PAGE_SIZE) -> Paging:
    verdict, _ = filters.terms
    total = counts.get(verdict, 0) if isinstance(verdict, NamedNode) else sum(counts.values())
    return paging(total, request.args.get("page", "1"), filters.pages(path), size)


def _notes(served: ServedRelease, filters: Filters, part: Paging) -> list[NamedNode]:
    if not part.total:
        return []
    rows = ask_filled(
        served, "notes", filters.terms, limit=part.last - part.first + 1, offset=part.first - 1
    ).rows
    return [note for _, note in rows if isinstance(note, NamedNode)]


def _contradictions(lookup: Lookup) -> tuple[NotePage, ...]:
    rows = ask_rows(lookup.served_release, "contradictions").rows[:_MOST_CONTRADICTIONS]
    return note_pages(lookup, [note for (note,) in rows if isinstance(note, NamedNode)])


def _by_verdict(notes: tuple[NotePage, ...]) -> list[list[NotePage]]:
    groups: list[list[NotePage]] = []
    for note in notes:
        if not groups or groups[-1][0].view.verdict != note.view.verdict:
            groups.append([])
        groups[-1].append(note)
    return groups
