"""A SPARQL request, parsed and checked. Pure: bytes in, a question or a problem out."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from kg.sparql_tokens import tokens
from server.problems import Problem

__all__ = ["FORM_TYPE", "QUERY_TYPE", "ProtocolRequest", "parse_request", "query_form"]

FORM_TYPE, QUERY_TYPE, UPDATE_TYPE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_READ_ONLY = "This endpoint is read-only: it answers queries and refuses updates. Send query=SELECT …"
_MOST_FIELDS = 1000


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A query with the dataset that the request names; two empty tuples: it names none."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def parse_request(method: str, query_string: bytes, content_type: str, body: bytes) -> ProtocolRequest | None:
    """Read a request; None is a GET without a query, which asks for the service description.

    Raises: Problem 400 or 415.
    Source: SPARQL 1.1 Protocol, section 2.1.
    """
    fields = _fields(query_string, "the URL")
    queries = [value for name, value in fields if name == "query"]
    updates = any(name == "update" for name, _ in fields)
    if method == "POST":
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type == FORM_TYPE:
            posted = _fields(body, "the form")
            fields += posted
            queries += [value for name, value in posted if name == "query"]
            updates = updates or any(name == "update" for name, _ in posted)
        elif media_type == QUERY_TYPE:
            queries.append(_decoded(body, "the body"))
        else:
            raise _wrong_type(media_type)
    if updates:
        raise Problem(HTTPStatus.BAD_REQUEST, _READ_ONLY)
    if not queries and method != "POST":
        return None
    if len(queries) != 1:
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"The request holds {len(queries)} queries. Send exactly one, as query=…"
        )
    return ProtocolRequest(
        queries[0],
        tuple(value for name, value in fields if name == "default-graph-uri"),
        tuple(value for name, value in fields if name == "named-graph-uri"),
    )


def query_form(query: str) -> str:
    """Tell SELECT, ASK, CONSTRUCT and DESCRIBE apart; the parser refuses what is none, as a SELECT.

    Raises: Problem 400 for an update.
    """
    for token in tokens(query):
        word = token.text.upper() if token.kind == "word" else ""
        if word in _FORMS:
            return word
        if word in _UPDATES:
            raise Problem(HTTPStatus.BAD_REQUEST, _READ_ONLY)
    return "SELECT"


def _wrong_type(media_type: str) -> Problem:
    detail = f"A query is sent as {FORM_TYPE} or {QUERY_TYPE}, not as {media_type or 'unknown'}."
    if media_type == UPDATE_TYPE:
        detail = _READ_ONLY
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
