"""A SPARQL request, parsed and checked. Pure: bytes in, a question or a problem out."""

import math
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from sauran.server.http.problems import Problem

__all__ = ["FORM_TYPE", "QUERY_TYPE", "READ_ONLY", "ProtocolRequest", "parse_request"]

FORM_TYPE, QUERY_TYPE, UPDATE_TYPE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
READ_ONLY = "This endpoint is read-only: it answers queries and refuses updates. Send query=SELECT …"
_MOST_FIELDS = 1000
_CHARSETS = ("", "utf-8", "utf8", "us-ascii")


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A query with the dataset that the request names; two empty tuples: it names none.

    `timeout_s` is None where the client leaves it to us; `format` is what its parameters of that name say;
    `partial` allows a partial result at a limit.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout_s: float | None = None
    partial: bool = False
    format: tuple[str, ...] = ()


def parse_request(method: str, query_string: bytes, content_type: str, body: bytes) -> ProtocolRequest | None:
    """Read a request; None is a GET without a query, which asks for the service description.

    Raises: Problem 400 or 415.
    Source: SPARQL 1.1 Protocol, section 2.1; `timeout`, `partial` and `format` are ours.
    """
    fields = _fields(query_string, "the URL")
    direct: list[str] = []
    if method == "POST":
        media_type, options = parse_options_header(content_type)
        if media_type.lower() not in (FORM_TYPE, QUERY_TYPE):
            raise _wrong_type(media_type.lower())
        if options.get("charset", "").lower() not in _CHARSETS:
            raise _wrong_type(f"{media_type} in {options['charset']}")
        if media_type.lower() == FORM_TYPE:
            fields += _fields(body, "the form")
        else:
            direct.append(_decoded(body, "the body"))
    given: dict[str, list[str]] = {}
    for name, value in fields:
        given.setdefault(name, []).append(value)
    queries = [*given.get("query", ()), *direct]
    if "update" in given:
        raise Problem(HTTPStatus.BAD_REQUEST, READ_ONLY)
    if not queries and method != "POST":
        return None
    if len(queries) != 1:
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"The request holds {len(queries)} queries. Send exactly one, as query=…"
        )
    return ProtocolRequest(
        queries[0],
        tuple(given.get("default-graph-uri", ())),
        tuple(given.get("named-graph-uri", ())),
        _timeout(given.get("timeout", [])),
        _truth("partial", given.get("partial", [])),
        tuple(given.get("format", ())),
    )


def _timeout(values: list[str]) -> float | None:
    if not values:
        return None
    try:
        seconds = float(values[0]) if len(values) == 1 else math.nan
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise Problem(HTTPStatus.BAD_REQUEST, "timeout takes one number of seconds above 0, as timeout=2.5")
    return seconds


def _truth(name: str, values: list[str]) -> bool:
    if values not in ([], ["true"], ["false"]):
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} takes true or false, once, as {name}=true")
    return values == ["true"]


def _wrong_type(media_type: str) -> Problem:
    detail = f"A query is sent as {FORM_TYPE} or {QUERY_TYPE}, not as {media_type or 'unknown'}."
    if " in " in media_type:
        detail = f"A query is sent in UTF-8, not as {media_type}."
    if media_type == UPDATE_TYPE:
        detail = READ_ONLY
    return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"Accept-Post": f"{FORM_TYPE}, {QUERY_TYPE}"})


def _fields(data: bytes, where: str) -> list[tuple[str, str]]:
    try:
        # Strictly: a replaced octet would ask another question.
        return parse_qsl(
            data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except UnicodeDecodeError as error:
        raise _not_utf8(where) from error
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"More than {_MOST_FIELDS} parameters in {where}.") from error


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(where) from error


def _not_utf8(where: str) -> Problem:
    return Problem(
        HTTPStatus.BAD_REQUEST, f"What is in {where} is not UTF-8. Send UTF-8, percent-encoded in URLs."
    )
