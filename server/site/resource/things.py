"""/<language>/doc/… and /<language>/dataset/…: the pages of resources and datasets."""

import contextlib
import datetime
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, render_template, request
from pyoxigraph import Literal, NamedNode

from sauran.kg.describe.schema_org import dataset_json
from sauran.kg.model.formats import RDF_FORMATS
from sauran.kg.model.namespaces import DCTERMS, PREFIXES, RDF, SEC, SKOS, Namespace
from sauran.server.http.executor import ask_filled
from sauran.server.http.localised_labels import Label
from sauran.server.http.negotiation import PAGE_PREFIX
from sauran.server.http.problems import Problem
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release
from sauran.server.profiles.briefing.claim_list import count_claims, find_claims, total_of
from sauran.server.profiles.briefing.claim_view import claim_page, claim_views, note_pages
from sauran.server.profiles.briefing.connections import list_page
from sauran.server.profiles.briefing.source_pages import passage_page, source_page
from sauran.server.site.faceted_list import Filters
from sauran.server.site.frame import as_script
from sauran.server.site.lookup import Lookup
from sauran.server.site.pages.example_queries import query_address
from sauran.server.site.resource.concept_tree import concept_tree
from sauran.server.site.resource.dataset_page import dataset_page
from sauran.server.site.resource.thing_page import ThingPage, thing_page

__all__ = ["things"]

things = Blueprint("things", __name__)
_TIME = Namespace(PREFIXES["time"])
_SOME_CLAIMS = 10
_DESCRIPTION = """SELECT ?graph ?property ?value
WHERE {{ GRAPH ?graph {{ <{iri}> ?property ?value }} }}
ORDER BY ?property ?value ?graph
"""


@things.get(f"/{PAGE_PREFIX}/dataset/<path:slug>")
def dataset(language: str, slug: str) -> str:
    """The page of a dataset."""
    served, path = served_release(), f"dataset/{slug}"
    iri = served.links.iri(path)
    page = dataset_page(Lookup(served, language), iri) if iri else None
    if page is None:
        raise _unknown(served, path)
    return render_template(
        "dataset.html",
        language=language,
        page=page,
        formats=_formats(served, path),
        structured=as_script(dataset_json(served.release.manifest, slug, served.links.site, language)),
    )


@things.get(f"/{PAGE_PREFIX}/doc/<path:slug>")
def thing(language: str, slug: str) -> str:
    """The page of a thing, or of what one property connects it with (`in`, `out`, `page`)."""
    served, path = served_release(), f"doc/{slug}"
    iri = served.links.iri(path)
    if iri is None:
        raise _unknown(served, path)
    lookup, address = Lookup(served, language), served.links.here(f"{language}/{path}")
    known = NamedNode(iri)
    direction = next((d for d in ("in", "out") if d in request.args), None)
    if direction is None:
        page = thing_page(lookup, known, address)
        if page is None:
            raise _unknown(served, path)
        return _whole(lookup, known, page, path)
    part = list_page(lookup, known, address, direction, request.args)
    title = lookup.reader_of([iri]).name(known)
    return render_template(
        "thing_list.html", language=language, iri=iri, title=title, part=part, shortened=lookup.shortened
    )


def _whole(lookup: Lookup, thing: NamedNode, page: ThingPage, path: str) -> str:
    served, language = lookup.served_release, lookup.language
    extras = _extras(lookup, thing)
    return render_template(
        "thing.html",
        language=language,
        page=page,
        formats=_formats(served, path),
        query=query_address(served, language, _DESCRIPTION.format(iri=thing.value)),
        neighbourhood=f"{served.links.here(f'{language}/neighbourhood')}?iri={quote(thing.value, safe='')}",
        claims_address=served.links.here(f"{language}/claims"),
        crumbs=_crumbs(lookup, thing),
        # After everything for the page was read.
        shortened=lookup.shortened,
        **extras,
    )


def _extras(lookup: Lookup, thing: NamedNode) -> dict[str, object]:
    """What the page shows in addition for the class of the thing."""
    for kind, read in _LAYOUTS:
        if kind in lookup.values(thing, RDF["type"]):
            return read(lookup, thing)
    return {}


def _interval(lookup: Lookup, time: NamedNode) -> tuple[datetime.date | None, ...]:
    """The first and the last day of an interval; None if it is open, or the value is not a day."""
    days: list[datetime.date | None] = []
    for side in (_TIME.hasBeginning, _TIME.hasEnd):
        day = None
        for instant in lookup.values(time, side):
            lookup.read_values(instant, _TIME.inXSDDate, 1)
            for value in lookup.values(instant, _TIME.inXSDDate):
                text = value.value if isinstance(value, Literal) else ""
                with contextlib.suppress(ValueError):  # Python has no years before 1
                    day = datetime.date.fromisoformat(text)
        days.append(day)
    return tuple(days)


def _source(lookup: Lookup, document: NamedNode) -> dict[str, object]:
    verdicts = ask_filled(lookup.served_release, "verdicts", (document,)).rows
    return {
        "source_page": source_page(lookup, document, document),
        "notes_total": sum(int(count.value) for _, count in verdicts if isinstance(count, Literal)),
    }


def _section(lookup: Lookup, section: NamedNode) -> dict[str, object]:
    document = next(iter(lookup.values(section, DCTERMS.isPartOf)), section)
    for part in lookup.values(section, DCTERMS.isPartOf):
        lookup.read_values(part, RDF["type"], 5)
        if SEC.SourceDocument in lookup.values(part, RDF["type"]):
            document = part
    filters = Filters({"section": section.value}, (None, None, None, section, None))
    return {
        "source_page": source_page(lookup, section, document),
        "section_claims": claim_views(lookup, find_claims(lookup.served_release, filters, 1, _SOME_CLAIMS)),
        "section_total": total_of(count_claims(lookup.served_release, filters)),
    }


def _crumbs(lookup: Lookup, thing: NamedNode) -> list[tuple[str, str]]:
    """The document, the section or the scheme that a thing is part of."""
    above = [
        whole
        for word in (DCTERMS.isPartOf, SEC.inSection, SKOS.inScheme)
        for whole in lookup.values(thing, word)
        if isinstance(whole, NamedNode)
    ]
    reader = lookup.reader_of(whole.value for whole in above)
    shown: list[Label] = [reader.name(whole) for whole in above]
    return [(place.href, place.text) for place in shown if place.href]


def _formats(served: ServedRelease, path: str) -> list[tuple[object, str]]:
    return [(wanted, served.links.here(f"{path}.{wanted.suffix}")) for wanted in RDF_FORMATS]


def _unknown(served: ServedRelease, path: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"Nothing is known of <{served.links.absolute(path)}>.")


# The first class that fits decides.
_LAYOUTS: tuple[tuple[NamedNode, Callable[[Lookup, NamedNode], dict[str, object]]], ...] = (
    (SEC.Claim, lambda lookup, thing: {"claim_page": claim_page(lookup, thing)}),
    (SEC.CuratorNote, lambda lookup, thing: {"note_page": note_pages(lookup, [thing])[0]}),
    (SEC.Passage, lambda lookup, thing: {"passage_page": passage_page(lookup, thing)}),
    (SEC.SourceDocument, _source),
    (SEC.Section, _section),
    (SKOS.ConceptScheme, lambda lookup, thing: {"tree": concept_tree(lookup, thing)}),
    (_TIME.ProperInterval, lambda lookup, thing: {"interval": _interval(lookup, thing)}),
)
