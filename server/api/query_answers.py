"""A client's query, from the checks to the reply: what the endpoint and its page have in common."""

from collections.abc import Collection
from http import HTTPStatus

from sauran.kg.model.errors import QueryError
from sauran.kg.model.formats import FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS, Format
from sauran.kg.sparql.query_checks import QueryFacts, RefusedQuery, check_query
from sauran.kg.sparql.syntax_errors import find_fault
from sauran.server.api.sparql_protocol import READ_ONLY, ProtocolRequest
from sauran.server.http.executor import open_reply
from sauran.server.http.negotiation import choose_format
from sauran.server.http.problems import Problem, not_acceptable
from sauran.server.http.response_headers import NO_STORE, REVALIDATE
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import Question, Reply

__all__ = ["TRIPLE_FORMS", "ask", "check", "choose", "fitting", "keeping"]

TRIPLE_FORMS = ("CONSTRUCT", "DESCRIBE")


def check(asked: ProtocolRequest, allowed: Collection[str]) -> QueryFacts:
    """Find out what a query is; `allowed` holds the endpoints that SERVICE may name.

    Raises: Problem 400 or 413 when it may not be asked.
    """
    try:
        return check_query(asked.query, allowed)
    except RefusedQuery as refused:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if refused.rule == "size" else HTTPStatus.BAD_REQUEST
        detail = READ_ONLY if refused.rule == "update" else str(refused)
        raise Problem(status, detail, kind=f"query-{refused.rule}") from refused


def fitting(facts: QueryFacts | None) -> tuple[Format, ...]:
    """The formats that can hold the answer; without a query those of the service description."""
    if facts is None or facts.form in TRIPLE_FORMS:
        return RDF_FORMATS
    if facts.form == "ASK":
        return tuple(known for known in RESULT_FORMATS if known.results is not None)
    return RESULT_FORMATS


def choose(asked: ProtocolRequest | None, facts: QueryFacts | None, accept: str) -> Format:
    """Choose the format of the answer: what `Accept` prefers, or `format` where that is for a link to say.

    Raises: Problem 400 for a format that is none, 406 when it cannot hold the answer, or nothing suits.
    """
    fits = fitting(facts)
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


def ask(now: ServedRelease, asked: ProtocolRequest, wanted: Format, client: str) -> Reply:
    """Open a reply.

    Raises: Problem 400 that shows the place where the query is wrong, and what `open_reply` raises.
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


def keeping(asked: ProtocolRequest, facts: QueryFacts) -> str:
    """How long an answer holds: a part of one, or one that chance has a hand in, for nobody else."""
    return NO_STORE if asked.partial or facts.volatile else REVALIDATE
