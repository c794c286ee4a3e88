"""Lists for people and for programs at one address: which form is wanted, and the form of data."""

from http import HTTPStatus

from flask import Response

from sauran.kg.model.formats import HTML, Format
from sauran.server.http.negotiation import VARY
from sauran.server.http.problems import Problem, agree_on_format

__all__ = ["CSV", "JSON", "data_answer", "wanted_format"]

JSON = Format("json", "JSON", "application/json", "json", aliases=("application/ld+json",))
CSV = Format("csv", "CSV", "text/csv", "csv")
_OFFERED = (JSON, CSV, HTML)


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
