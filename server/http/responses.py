"""Responses of several addresses: redirects to an address or a page, and lists for people and programs."""

from http import HTTPStatus

from flask import Response, make_response, redirect, request

from sauran.kg.model.formats import HTML, Format
from sauran.server.http.negotiation import VARY, choose_language
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.services import served_release

__all__ = ["CSV", "JSON", "data_answer", "redirect_to", "redirect_to_page", "wanted_format"]

JSON = Format("json", "JSON", "application/json", "json", aliases=("application/ld+json",))
CSV = Format("csv", "CSV", "text/csv", "csv")
_OFFERED = (JSON, CSV, HTML)


def redirect_to(address: str, status: HTTPStatus = HTTPStatus.SEE_OTHER) -> Response:
    """Lead to an address."""
    return make_response(redirect(address, status))


def redirect_to_page(path: str, *, keep_query: bool = False) -> Response:
    """Lead to the page at a path below that of the reader's language, perhaps with what was asked."""
    language = choose_language(request.headers.get("Accept-Language", ""))
    address = served_release().links.here(f"{language}/{path}")
    if keep_query and request.query_string:
        address += "?" + request.query_string.decode("ascii", "replace")  # `redirect` quotes what must be
    response = redirect_to(address)
    response.headers["Vary"] = VARY
    return response


def wanted_format(name: str, suffix: str, offered: tuple[Format, ...] = _OFFERED) -> Format:
    """The form that a suffix names, else the one that Accept asks for.

    Raises: Problem 404 for a suffix that means nothing here, 406 when nothing suits.
    """
    if suffix:
        found = next((known for known in offered if known.suffix == suffix and known is not HTML), None)
        if found is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no /{name}.{suffix}.")
        return found
    return agree_on_format(offered)


def data_answer(body: bytes, wanted: Format, following: str | None, *, negotiated: bool) -> Response:
    """A list as data; a further page is named in a Link header (RFC 8288)."""
    response = Response(body, content_type=wanted.content_type)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    if negotiated:
        response.headers["Vary"] = VARY
    return response
