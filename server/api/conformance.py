"""/conformance: how the server does in the W3C's test suites, as a page and as EARL reports."""

from http import HTTPStatus

from flask import Blueprint, Response, render_template

from sauran.kg.model.formats import HTML, RDF_FORMATS, Format
from sauran.server.api.conformance_reports import read_reports, write_reports
from sauran.server.http.negotiation import LANGUAGES, VARY, split_suffix
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.responses import redirect_to_page
from sauran.server.http.services import edition

__all__ = ["conformance"]

conformance = Blueprint("conformance", __name__)
_OFFERED = (*RDF_FORMATS, HTML)


@conformance.get("/conformance", defaults={"rest": ""})
@conformance.get("/conformance<rest>")
def reports(rest: str) -> Response:
    """All reports as one graph; for people the page."""
    name, suffix = split_suffix(f"conformance{rest}")
    if name != "conformance":
        raise Problem(HTTPStatus.NOT_FOUND, f"Nothing is known of /conformance{rest}.")
    wanted = suffix or agree_on_format(_OFFERED)
    if wanted is HTML:
        return redirect_to_page("conformance")
    response = _graph(wanted)
    if suffix is None:
        response.headers["Vary"] = VARY
    return response


@conformance.get(f"/<any({', '.join(LANGUAGES)}):language>/conformance")
def page(language: str) -> str:
    """What passes, and the cause of what does not."""
    here = edition().links.here
    return render_template(
        "conformance.html",
        language=language,
        suites=read_reports(),
        formats=[(known, here(f"conformance.{known.suffix}")) for known in RDF_FORMATS],
    )


def _graph(wanted: Format) -> Response:
    return Response(write_reports(wanted), content_type=wanted.content_type)
