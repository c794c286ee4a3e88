"""/search: words in names, claims, notes and definitions; as page, JSON and CSV; suggestions; OpenSearch."""

import json
import re

from flask import Blueprint, Response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from sauran.kg.model.formats import CSV, HTML
from sauran.kg.search.search_query import How
from sauran.server.http.negotiation import LANGUAGES, PAGE_PREFIX, choose_language
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
from sauran.server.site.faceted_list import paging
from sauran.server.site.lookup import Lookup
from sauran.server.site.search.search_facets import read_chosen, read_facets, search_address
from sauran.server.site.search.search_results import (
    COLUMNS,
    SearchOutcome,
    hits,
    result_data,
    run_search,
    spellings,
    suggest,
)

__all__ = ["search"]

search = Blueprint("search", __name__)
_PAGE_SIZE, _DATA_SIZE = 20, 100
_MOST_TYPED, _MOST_DIGITS = 1000, 9
_OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"
_SUGGESTIONS = "application/x-suggestions+json; charset=utf-8"


@search.get("/search", defaults={"suffix": ""})
@search.get("/search.<suffix>")
def data(suffix: str) -> Response:
    """What is found, a hundred at a time; for people the page."""
    wanted = wanted_format("search", suffix)
    if wanted is HTML:
        return redirect_to_page("search", keep_query=True)
    served, typed, chosen = served_release(), _typed(), read_chosen(request.args)
    outcome = _search(served, typed, chosen, _DATA_SIZE)
    path = served.links.absolute(f"search.{wanted.suffix}")
    total = outcome.found.total if outcome else 0
    part = paging(total, _page(), f"{search_address(path, typed, chosen)}&page=", _DATA_SIZE)
    rows = result_data(Lookup(served, LANGUAGES[0], whole=True), outcome) if outcome else []
    if wanted is CSV:
        body = write_csv(rows, COLUMNS, served.publication["languages"])
    else:
        body = write_json(
            {
                "query": typed,
                "matching": outcome.how.value if outcome else None,
                "total": total,
                "first": part.first,
                "last": part.last,
                "next": part.later,
                "chosen": chosen,
                "facets": outcome.found.counts if outcome else {},
                "results": rows,
            }
        )
    return data_answer(body, wanted, part.later, negotiated=not suffix)


@search.get(f"/{PAGE_PREFIX}/search")
def page(language: str) -> str:
    """What is found, twenty a page, with the text that matched; claims with evidence and notes."""
    served, typed, chosen = served_release(), _typed(), read_chosen(request.args)
    path = served.links.here(f"{language}/search")
    outcome = _search(served, typed, chosen, _PAGE_SIZE)
    total = outcome.found.total if outcome else 0
    lookup = Lookup(served, language)
    # Where all was found as typed, nothing was misspelt.
    doubtful = outcome is not None and (not total or outcome.how is not How.ALL)
    near = spellings(served, outcome.wanted) if outcome and doubtful else ()
    return render_template(
        "search.html",
        language=language,
        path=path,
        typed=typed,
        chosen=chosen,
        outcome=outcome,
        total=total,
        hits=hits(lookup, outcome) if outcome else (),
        facets=read_facets(lookup, outcome.found.counts, path, typed, chosen) if outcome else (),
        paging=paging(total, _page(), f"{search_address(path, typed, chosen)}&page=", _PAGE_SIZE),
        spellings=[
            (other, search_address(path, _respelt(typed, word, other), chosen)) for word, other in near
        ],
        plain=search_address(path, typed, {}),
        formats=[
            (form, search_address(served.links.here(f"search.{form.suffix}"), typed, chosen))
            for form in (PLAIN_JSON, CSV)
        ],
    )


@search.get("/search/suggest")
def suggestions() -> Response:
    """Names of things that match the words typed so far.

    Source: OpenSearch Suggestions 1.0: the words, names, what they are, addresses.
    """
    served, typed = served_release(), _typed()
    language = _language()
    with force_locale(language):
        found = suggest(Lookup(served, language), typed)
    body = json.dumps([typed, *found], ensure_ascii=False)
    return _by_language(Response(body, content_type=_SUGGESTIONS))


@search.get("/opensearch.xml")
def description() -> Response:
    """How a browser searches here.

    Source: OpenSearch 1.1, draft 6.
    """
    served, language = served_release(), _language()
    with force_locale(language):
        words = _("Search in names, claims, notes and definitions")
    body = render_template(
        "opensearch.xml",
        language=language,
        description=words,
        page=f"{served.links.absolute(f'{language}/search')}?q={{searchTerms}}",
        suggestions=f"{served.links.absolute('search/suggest')}?lang={language}&q={{searchTerms}}",
        icon=served.links.absolute("static/icon.svg"),
    )
    return _by_language(Response(body, content_type=_OPENSEARCH))


def _search(served: ServedRelease, typed: str, chosen: dict[str, str], size: int) -> SearchOutcome | None:
    value = _page()
    number = int(value) if value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS else 1
    return run_search(served, typed, chosen, max(number, 1), size)


def _typed() -> str:
    return request.args.get("q", "")[:_MOST_TYPED].strip()


def _page() -> str:
    return request.args.get("page", "1")


def _respelt(typed: str, word: str, other: str) -> str:
    return re.sub(re.escape(word), lambda _: other, typed, count=1, flags=re.IGNORECASE)


def _language() -> str:
    """The language in the address, else the one that the browser requests."""
    value = request.args.get("lang", "")
    return value if value in LANGUAGES else choose_language(request.headers.get("Accept-Language", ""))


def _by_language(response: Response) -> Response:
    if request.args.get("lang", "") not in LANGUAGES:
        response.headers["Vary"] = "Accept-Language"
    return response
