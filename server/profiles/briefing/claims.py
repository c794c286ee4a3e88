"""/claims: all claims, filtered by type, modality, holder, section and year; as page, JSON and CSV."""

from flask import Blueprint, Response, render_template, request

from sauran.kg.model.formats import CSV, HTML
from sauran.server.http.negotiation import LANGUAGES, PAGE_PREFIX
from sauran.server.http.responses import (
    PLAIN_JSON,
    data_answer,
    redirect_to_page,
    wanted_format,
    write_csv,
    write_json,
)
from sauran.server.http.services import served_release
from sauran.server.profiles.briefing.claim_data import claim_data
from sauran.server.profiles.briefing.claim_list import FACETS, count_claims, facets, find_claims, total_of
from sauran.server.profiles.briefing.claim_view import claim_views
from sauran.server.site.faceted_list import paging, read_filters
from sauran.server.site.lookup import Lookup

__all__ = ["claims"]

claims = Blueprint("claims", __name__)
_DATA_SIZE = 1000  # claims in one answer for programs
_COLUMNS = (
    "claim",
    "text",
    "subject",
    "predicate",
    "object",
    "type",
    "modality",
    "polarity",
    "wording",
    "time",
    "document",
    "holders",
    "places",
    "involves",
    "passages",
    "notes",
)


@claims.get("/claims", defaults={"suffix": ""})
@claims.get("/claims.<suffix>")
def data(suffix: str) -> Response:
    """The matching claims, a thousand at a time; for people the page."""
    wanted = wanted_format("claims", suffix)
    if wanted is HTML:
        return redirect_to_page("claims", keep_query=True)
    served = served_release()
    filters = read_filters(request.args, FACETS)
    total = total_of(count_claims(served, filters))
    address = filters.pages(served.links.absolute(f"claims.{wanted.suffix}"))
    part = paging(total, request.args.get("page", "1"), address, _DATA_SIZE)
    found = find_claims(served, filters, part.first, _DATA_SIZE) if total else []
    rows = claim_data(Lookup(served, LANGUAGES[0], whole=True), found)
    if wanted is CSV:
        body = write_csv(rows, _COLUMNS, served.publication["languages"])
    else:
        body = write_json(
            {
                "total": total,
                "first": part.first,
                "last": part.last,
                "next": part.later,
                "chosen": dict(filters.given),
                "claims": rows,
            }
        )
    return data_answer(body, wanted, part.later, negotiated=not suffix)


@claims.get(f"/{PAGE_PREFIX}/claims")
def page(language: str) -> str:
    """The matching claims, fifty a page, with their evidence and their notes."""
    served = served_release()
    filters = read_filters(request.args, FACETS)
    path = served.links.here(f"{language}/claims")
    counts = count_claims(served, filters)
    part = paging(total_of(counts), request.args.get("page", "1"), filters.pages(path))
    lookup = Lookup(served, language)
    views = (
        claim_views(lookup, find_claims(served, filters, part.first, part.last - part.first + 1))
        if part.total
        else ()
    )
    return render_template(
        "claims.html",
        language=language,
        path=path,
        claims=views,
        facets=facets(lookup, filters, counts, path),
        chosen=bool(filters.given),
        paging=part,
        formats=[
            (form, filters.address(served.links.here(f"claims.{form.suffix}"))) for form in (PLAIN_JSON, CSV)
        ],
        shortened=lookup.shortened,
    )
