"""A SPARQL request, from its bytes to the reply: parsed, checked, its format chosen, asked."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from sauran.kg.model.errors import QueryError
from sauran.kg.model.formats import FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS, Format
from sauran.kg.sparql.query_checks import QueryFacts, RefusedQuery, check_query
from sauran.kg.sparql.syntax_errors import find_fault
from sauran.server.http.executor import open_reply
from sauran.server.http.negotiation import choose_format
from sauran.server.http.problems import Problem, not_acceptable
from sauran.server.http.response_headers import NO_STORE, REVALIDATE
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import Question, Reply

__all__ = [
    "FORM_TYPE",
    "QUERY_TYPE",
    "READ_ONLY",
    "TRIPLE_FORMS",
    "ProtocolRequest",
    "cache_control_of",
    "check_request",
    "choose_answer_format",
    "open_answer",
    "parse_request",
]

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
    """A query with the dataset that the request names, which is two empty tuples if it names none.

    `timeout_s` is None where the server chooses; `format` holds the values of the parameter `format`;
    `partial` accepts a part of the answer where a limit is reached.
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
        # "strict": with a replacement character it would be another query.
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


TRIPLE_FORMS = ("CONSTRUCT", "DESCRIBE")


def check_request(asked: ProtocolRequest, allowed: Collection[str]) -> QueryFacts:
    """Check a query and find out its form; `allowed` holds the endpoints that SERVICE may name.

    Raises: Problem 400 or 413 when it may not be asked.
    """
    try:
        return check_query(asked.query, allowed)
    except RefusedQuery as refused:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if refused.rule == "size" else HTTPStatus.BAD_REQUEST
        detail = READ_ONLY if refused.rule == "update" else str(refused)
        raise Problem(status, detail, kind=f"query-{refused.rule}") from refused


def fitting_formats(facts: QueryFacts | None) -> tuple[Format, ...]:
    """The formats that can hold the answer; without a query those of the service description."""
    if facts is None or facts.form in TRIPLE_FORMS:
        return RDF_FORMATS
    if facts.form == "ASK":
        return tuple(known for known in RESULT_FORMATS if known.results is not None)
    return RESULT_FORMATS


def choose_answer_format(asked: ProtocolRequest | None, facts: QueryFacts | None, accept: str) -> Format:
    """Choose the format of the answer: the one that `Accept` prefers, or the parameter `format` of a link.

    Raises: Problem 400 for an unknown format, 406 for one that cannot hold the answer or if nothing suits.
    """
    fits = fitting_formats(facts)
    rows = facts is not None and facts.form == "SELECT"
    # A part of an answer is of rows or triples: a truth value comes whole.
    in_part = asked is not None and asked.partial and rows
    offered = (*(known for known in fits if known.can_end_early or not in_part), HTML)
    if asked is not None and asked.format and not _says_format(accept):
        return _named(asked.format, fits, offered)
    wanted = choose_format(accept, offered)
    if wanted is None:
        raise not_acceptable(offered)
    return wanted


def _says_format(accept: str) -> bool:
    """Whether a header names a format of programs, some of which add a `format` of their own to it."""
    named = accept.lower()
    kinds = (kind for known in FORMATS for kind in (known.media_type, *known.aliases))
    return HTML.media_type not in named and any(kind in named for kind in kinds)


def _named(values: tuple[str, ...], fits: tuple[Format, ...], offered: tuple[Format, ...]) -> Format:
    known = {known.name: known for known in FORMATS}
    if len(values) != 1 or values[0] not in known:
        detail = f"format takes one of {', '.join(known)}, once, as format=csv"
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    if known[values[0]] not in offered:
        there_is = ", ".join(one.name for one in offered if one is not HTML)
        part = "a part of " if known[values[0]] in fits else ""
        detail = f"format={values[0]} cannot hold {part}this answer. There is: {there_is}."
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, detail)
    return known[values[0]]


def open_answer(now: ServedRelease, asked: ProtocolRequest, wanted: Format, client: str) -> Reply:
    """Send the query to a query process, and open its reply.

    Raises: Problem 400 that shows where the query is wrong, and what `open_reply` raises.
    """
    question = Question(asked.query, wanted, asked.default_graphs, asked.named_graphs, partial=asked.partial)
    try:
        return open_reply(now, question, client=client, timeout_s=asked.timeout_s)
    except QueryError as error:
        fault = find_fault(asked.query, str(error))
        if fault is None:
            raise
        more = {
            "line": fault.line,
            "column": fault.column,
            "expected": fault.expected,
            "excerpt": fault.excerpt,
        }
        detail = f"query: {fault.detail}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail, kind="query-syntax", more=more) from error


def cache_control_of(asked: ProtocolRequest, facts: QueryFacts) -> str:
    """Cache-Control of an answer: partial answers, and those with RAND() or NOW(), are not stored."""
    return NO_STORE if asked.partial or facts.volatile else REVALIDATE
