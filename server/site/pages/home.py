"""/ and /<language>/: the home page for people, a description for programs."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template
from pyoxigraph import Literal

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES
from sauran.kg.describe.schema_org import catalog_json
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.findings import Term
from sauran.kg.model.formats import HTML, RDF_FORMATS
from sauran.kg.model.namespaces import SEC
from sauran.server.api.documents import describe_front
from sauran.server.api.service_description import describe_service
from sauran.server.http.executor import ask_rows
from sauran.server.http.localised_labels import Label, LabelReader, publication_text
from sauran.server.http.negotiation import PAGE_PREFIX, VARY
from sauran.server.http.problems import agree_on_format
from sauran.server.http.response_headers import NO_STORE
from sauran.server.http.responses import redirect_to_page
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release, settings_in_use
from sauran.server.query.question import LimitReached
from sauran.server.site.frame import as_script
from sauran.server.site.lookup import find_labels
from sauran.server.site.pages.data_quality import DataQuality, read_data_quality
from sauran.server.site.pages.dump_list import DumpView, list_dumps
from sauran.server.site.pages.example_queries import example_queries, query_address

__all__ = ["CheckedClaim", "DatasetView", "HomePage", "NoteOnClaim", "PlaceOfClaim", "browse", "home_page"]

_CLAIMS, _QUESTIONS = 4, 3
browse = Blueprint("browse", __name__)
_OFFERED = (HTML, *RDF_FORMATS)


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset and how many triples it holds, written and derived."""

    title: Label
    description: Label
    triples: int
    derived: int


@dataclass(frozen=True, slots=True)
class NoteOnClaim:
    """A curator's note on a claim."""

    link: Label
    verdict: Label
    text: Label | None


@dataclass(frozen=True, slots=True)
class PlaceOfClaim:
    """Where a claim is stated: a passage of a document, in code points."""

    link: Label
    document: Label
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim: its holder, its modality, where it is stated, and a curator's note on it."""

    link: Label
    holder: Label
    modality: Label
    place: PlaceOfClaim
    note: NoteOnClaim | None


@dataclass(frozen=True, slots=True)
class HomePage:
    """The home page; `triples` counts each once; `state` is None if counting would take too long."""

    title: Label
    description: Label
    triples: int
    datasets: tuple[DatasetView, ...]
    everything: DumpView | None
    questions: tuple[Label, ...]
    checked: bool
    claims: tuple[CheckedClaim, ...]
    state: DataQuality | None


def home_page(served_release: ServedRelease, language: str) -> HomePage:
    """Collect what the home page shows."""
    publication = served_release.publication
    checked = _claims(served_release, language, "checked-claims")
    return HomePage(
        title=publication_text(publication["title"], language),
        description=publication_text(publication["description"], language),
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
            for dataset in publication["datasets"]
        ),
        everything=next((dump for dump in list_dumps(served_release) if dump.name == "all"), None),
        questions=_questions(served_release, language),
        checked=bool(checked),
        claims=checked or _claims(served_release, language, "first-claims"),
        state=_state(served_release),
    )


def _state(served_release: ServedRelease) -> DataQuality | None:
    try:
        return read_data_quality(served_release)
    except LimitReached:
        return None


def _questions(served_release: ServedRelease, language: str) -> tuple[Label, ...]:
    """A few of the questions, spread over the list."""
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
    reader = LabelReader(quads, served_release.links, language, served_release.prefixes)
    return tuple(_claim(reader, row) for row in chosen)


def _claim(reader: LabelReader, row: dict[str, Term | None]) -> CheckedClaim:
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


@browse.get("/")
def front() -> Response:
    """The home page for people, a description of the site for programs."""
    wanted = agree_on_format(_OFFERED)
    if wanted is HTML:
        return redirect_to_page("")
    served = served_release()
    quads = describe_service(served, federated=bool(settings_in_use().service_allow))
    quads += describe_front(served, settings_in_use().catalogue_page)
    prefixes = {**CATALOGUE_PREFIXES, **served.prefixes}
    body = write_rdf(sort_quads(quads), wanted, prefixes, {**CATALOGUE_PREFIXES, **served.context})
    response = Response(body, content_type=wanted.content_type)
    response.headers["Vary"] = VARY
    return response


@browse.get(f"/{PAGE_PREFIX}/")
def home(language: str) -> Response:
    """The front page."""
    served = served_release()
    shown = home_page(served, language)
    structured = as_script(catalog_json(served.release.manifest, served.links.site, language))
    page = render_template("home.html", language=language, home=shown, structured=structured)
    response = Response(page, content_type=HTML.content_type)
    if shown.state is None:
        response.headers["Cache-Control"] = NO_STORE
    return response
