"""What the front page shows: datasets, downloads, questions, some claims with their evidence, the state."""

from dataclasses import dataclass, replace

from pyoxigraph import Literal

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import SEC
from sauran.server.http.executor import ask_rows
from sauran.server.http.reading import Reader, Shown, publication_text
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import LimitReached
from sauran.server.site.labels import find_labels
from sauran.server.site.pages.dump_list import DumpView, list_dumps
from sauran.server.site.pages.example_queries import example_queries, query_address
from sauran.server.site.pages.state import State, read_state

__all__ = ["CheckedClaim", "DatasetView", "HomePage", "NoteOnClaim", "PlaceOfClaim", "home_page"]

_CLAIMS, _QUESTIONS = 4, 3


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset and how many triples it holds, written and derived."""

    title: Shown
    description: Shown
    triples: int
    derived: int


@dataclass(frozen=True, slots=True)
class NoteOnClaim:
    """What a curator found out about a claim."""

    link: Shown
    verdict: Shown
    text: Shown | None


@dataclass(frozen=True, slots=True)
class PlaceOfClaim:
    """Where a claim is stated: a passage of a document, in code points."""

    link: Shown
    document: Shown
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim: who holds it, how surely, where it is stated, and what a curator found out."""

    link: Shown
    holder: Shown
    modality: Shown
    place: PlaceOfClaim
    note: NoteOnClaim | None


@dataclass(frozen=True, slots=True)
class HomePage:
    """The front page; `triples` counts each once; `state` is None where that would take too long to count."""

    title: Shown
    description: Shown
    triples: int
    datasets: tuple[DatasetView, ...]
    everything: DumpView | None
    questions: tuple[Shown, ...]
    checked: bool
    claims: tuple[CheckedClaim, ...]
    state: State | None


def home_page(served_release: ServedRelease, language: str) -> HomePage:
    """Gather what is here."""
    said = served_release.publication
    checked = _claims(served_release, language, "checked-claims")
    return HomePage(
        title=publication_text(said["title"], language),
        description=publication_text(said["description"], language),
        triples=served_release.release.union_triples,
        datasets=tuple(
            DatasetView(
                publication_text(
                    dataset["title"], language, served_release.links.page(dataset["iri"], language)
                ),
                publication_text(dataset["description"], language),
                served_release.graphs.get(dataset["graph"], 0),
                served_release.graphs.get(dataset["derived_graph"], 0),
            )
            for dataset in said["datasets"]
        ),
        everything=next((dump for dump in list_dumps(served_release) if dump.name == "all"), None),
        questions=_questions(served_release, language),
        checked=bool(checked),
        claims=checked or _claims(served_release, language, "first-claims"),
        state=_state(served_release),
    )


def _state(served_release: ServedRelease) -> State | None:
    try:
        return read_state(served_release)
    except LimitReached:
        return None


def _questions(served_release: ServedRelease, language: str) -> tuple[Shown, ...]:
    """A few of the questions, from all over the list."""
    known = example_queries(served_release)
    step = max(len(known) // _QUESTIONS, 1)
    return tuple(
        replace(query.shown(language), href=query_address(served_release, language, query.as_text(language)))
        for query in known[::step][:_QUESTIONS]
    )


def _claims(served_release: ServedRelease, language: str, slug: str) -> tuple[CheckedClaim, ...]:
    """Some claims, of each note only the first."""
    answer = ask_rows(served_release, slug)
    rows: dict[Term | None, dict[str, Term | None]] = {}
    for values in answer.rows:
        row = dict(zip(answer.variables, values, strict=True))
        rows.setdefault(row.get("note") or row["claim"], row)
    chosen = list(rows.values())[:_CLAIMS]
    terms = (term for row in chosen for term in row.values())
    quads = find_labels(served_release, terms, SEC.noteText)
    reader = Reader(quads, served_release.links, language, served_release.prefixes)
    return tuple(_claim(reader, row) for row in chosen)


def _claim(reader: Reader, row: dict[str, Term | None]) -> CheckedClaim:
    claim, holder, modality, passage, document = (
        reader.name(term)
        for name in ("claim", "holder", "modality", "passage", "document")
        if (term := row[name]) is not None
    )
    note, verdict = row.get("note"), row.get("verdict")
    found = None
    if note is not None and verdict is not None:
        found = NoteOnClaim(reader.name(note), reader.name(verdict), reader.shown_value(note, SEC.noteText))
    start, end = (term.value if isinstance(term := row[name], Literal) else "" for name in ("start", "end"))
    return CheckedClaim(claim, holder, modality, PlaceOfClaim(passage, document, start, end), found)
