"""Answers that lead elsewhere on this site: to another address, or to a page in the reader's language."""

from http import HTTPStatus

from flask import Response, make_response, redirect, request

from sauran.server.http.negotiation import VARY, choose_language
from sauran.server.http.services import edition

__all__ = ["redirect_to", "redirect_to_page"]


def redirect_to(address: str, status: HTTPStatus = HTTPStatus.SEE_OTHER) -> Response:
    """Lead to an address."""
    return make_response(redirect(address, status))


def redirect_to_page(path: str, *, keep_query: bool = False) -> Response:
    """Lead to the page at a path below that of the reader's language, perhaps with what was asked."""
    language = choose_language(request.headers.get("Accept-Language", ""))
    address = edition().links.here(f"{language}/{path}")
    if keep_query and request.query_string:
        address += "?" + request.query_string.decode("ascii", "replace")  # `redirect` quotes what must be
    response = redirect_to(address)
    response.headers["Vary"] = VARY
    return response
