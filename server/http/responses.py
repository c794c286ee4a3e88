"""Responses that several URLs share: redirects, and lists as JSON, CSV or HTML."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, make_response, redirect, request

from sauran.kg.model.formats import CSV, HTML, Format
from sauran.server.http.negotiation import VARY, choose_language
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.services import served_release

__all__ = [
    "PLAIN_JSON",
    "data_answer",
    "redirect_to",
    "redirect_to_page",
    "wanted_format",
    "write_csv",
    "write_json",
]

# Not JSON of kg.model.formats, which is that of SPARQL results.
PLAIN_JSON = Format("json", "JSON", "application/json", "json", aliases=("application/ld+json",))
_OFFERED = (PLAIN_JSON, CSV, HTML)


def redirect_to(address: str, status: HTTPStatus = HTTPStatus.SEE_OTHER) -> Response:
    """Redirect to a URL."""
    return make_response(redirect(address, status))


def redirect_to_page(path: str, *, keep_query: bool = False) -> Response:
    """Redirect to a page in the reader's language, with `keep_query` including the query string."""
    language = choose_language(request.headers.get("Accept-Language", ""))
    address = served_release().links.here(f"{language}/{path}")
    if keep_query and request.query_string:
        address += "?" + request.query_string.decode(
            "ascii", "replace"
        )  # `redirect` quotes special characters
    response = redirect_to(address)
    response.headers["Vary"] = VARY
    return response


def wanted_format(name: str, suffix: str, offered: tuple[Format, ...] = _OFFERED) -> Format:
    """The format that a suffix names, else the one that Accept prefers.

    Raises: Problem 404 for an unknown suffix, 406 when Accept asks for none of the formats.
    """
    if suffix:
        found = next((known for known in offered if known.suffix == suffix and known is not HTML), None)
        if found is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no /{name}.{suffix}.")
        return found
    return agree_on_format(offered)


def data_answer(body: bytes, wanted: Format, following: str | None, *, negotiated: bool) -> Response:
    """A list as data; the Link header (RFC 8288) names the next page."""
    response = Response(body, content_type=wanted.content_type)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    if negotiated:
        response.headers["Vary"] = VARY
    return response


def write_json(content: Mapping[str, Any]) -> bytes:
    """Plain data as JSON, readable as it is."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], languages: Sequence[str]) -> bytes:
    """Rows as CSV: a column for each language of the text, several values in one cell with a space between.

    Source: RFC 4180.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column for name in columns for column in _columns(name, languages)])
    for row in rows:
        writer.writerow([cell for name in columns for cell in _cells(row[name], languages)])
    return file.getvalue().encode()


def _columns(name: str, languages: Sequence[str]) -> list[str]:
    return [f"text_{language}" for language in languages] if name == "text" else [name]


def _cells(value: Any, languages: Sequence[str]) -> list[str]:
    if isinstance(value, dict):
        return [value.get(language, "") for language in languages]
    if isinstance(value, list):
        # Of a passage or a note its IRI, which comes first, stands for it.
        return [" ".join(str(next(iter(v.values())) if isinstance(v, dict) else v) for v in value)]
    return ["" if value is None else str(value)]
