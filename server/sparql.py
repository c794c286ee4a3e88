"""/sparql: the SPARQL 1.1 Protocol, and its page."""

import tempfile
from http import HTTPStatus

from flask import Blueprint, Response, current_app, redirect, render_template, request

from kg.errors import QueryError
from kg.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format
from kg.serialisation import sort_quads, write_rdf
from server.clients import client_of
from server.current import edition
from server.descriptions import describe_service
from server.edition import Edition
from server.engine.reply import Reply
from server.executor import own_query
from server.headers import NOT_KEPT
from server.negotiation import PAGE_LANGUAGES, VARY, choose_format, choose_language
from server.problems import Problem, not_acceptable
from server.protocol import ProtocolRequest, parse_request
from server.query_answers import TRIPLE_FORMS, ask, check, fitting, keeping
from server.query_checks import QueryFacts, QueryRules
from server.result_page import as_table

__all__ = ["sparql"]

sparql = Blueprint("sparql", __name__)
_NTRIPLES = RDF_FORMATS[1]
_PARTIAL = "Sauran-Partial"
_IN_MEMORY = 1024 * 1024


@sparql.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query; without one the service description, for people the page."""
    asked = _read_request()
    facts = check(asked, _rules()) if asked else None
    offered = (*fitting(facts), HTML)
    wanted = choose_format(request.headers.get("Accept", ""), offered)
    if wanted is None:
        raise not_acceptable(offered)
    now = edition()
    if wanted is HTML:
        response = _for_people(now, asked, facts)
        response.headers["Vary"] = VARY
        return response
    if asked is None or facts is None:
        description = write_rdf(
            sort_quads(describe_service(now, _rules())), wanted, now.prefixes, now.context
        )
        response = Response(description, content_type=wanted.content_type)
    else:
        response = _answer(now, asked, facts, wanted)
    response.headers["Vary"] = "Accept"
    return response


@sparql.get(f"/<any({', '.join(PAGE_LANGUAGES)}):language>/sparql")
def page(language: str) -> Response:
    """The query form, with the result where there is a query."""
    asked = _read_request()
    try:
        facts = check(asked, _rules()) if asked else None
    except Problem as problem:
        return _page(asked, language, error=problem)
    return _show(edition(), asked, facts, language)


def _rules() -> QueryRules:
    rules: QueryRules = current_app.config["QUERY_RULES"]
    return rules


def _read_request() -> ProtocolRequest | None:
    body = request.get_data(cache=False) if request.method == "POST" else b""
    return parse_request(request.method, request.query_string, request.headers.get("Content-Type", ""), body)


def _answer(now: Edition, asked: ProtocolRequest, facts: QueryFacts, wanted: Format) -> Response:
    """The answer, whole, or as a stream that raises where it breaks off."""
    reply = ask(now, asked, wanted, client_of(request.environ))
    if asked.partial:
        response = _gathered(reply)
        response.headers[_PARTIAL] = reply.tally.stopped_by or "no"
    elif reply.whole is not None:
        reply.close()
        response = Response(reply.whole)
    else:
        response = Response(reply.pieces)
        response.call_on_close(reply.close)
    response.content_type = wanted.content_type
    response.headers["Cache-Control"] = keeping(asked, facts)
    return response


def _gathered(reply: Reply) -> Response:
    """A reply read to its end: only then it is known whether it is cut short."""
    if reply.whole is not None:
        reply.close()
        return Response(reply.whole)
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (it outlives this call)
    try:
        for piece in reply.pieces:
            file.write(piece)
    except BaseException:
        file.close()
        raise
    finally:
        reply.close()
    file.seek(0)
    response = Response(iter(lambda: file.read(_IN_MEMORY), b""))
    response.call_on_close(file.close)
    return response


def _for_people(now: Edition, asked: ProtocolRequest | None, facts: QueryFacts | None) -> Response:
    language = choose_language(request.headers.get("Accept-Language", ""))
    if request.method == "POST":
        return _show(now, asked, facts, language)
    query_string = request.query_string.decode("ascii", "replace")
    address = now.links.here(f"{language}/sparql") + (f"?{query_string}" if query_string else "")
    response = redirect(address, HTTPStatus.SEE_OTHER, Response=Response)
    return response  # type: ignore[return-value]


def _show(now: Edition, asked: ProtocolRequest | None, facts: QueryFacts | None, language: str) -> Response:
    if asked is None or facts is None:
        return _page(None, language)
    machine = _NTRIPLES if facts.form in TRIPLE_FORMS else RESULT_FORMATS[0]
    try:
        reply = ask(now, asked, machine, client_of(request.environ))
    except (QueryError, Problem) as problem:
        return _page(asked, language, error=problem)
    try:
        data = reply.whole if reply.whole is not None else b"".join(reply.pieces)
    finally:
        reply.close()
    table = as_table(data, machine, now.links, language, now.prefixes)
    response = _page(asked, language, table=table)
    if keeping(asked, facts) == NOT_KEPT:
        response.headers["Cache-Control"] = NOT_KEPT
    return response


def _page(asked: ProtocolRequest | None, language: str, **shown: object) -> Response:
    error = shown.get("error")
    body = render_template(
        "sparql.html",
        language=language,
        query=asked.query if asked else own_query("example"),
        table=shown.get("table"),
        error=error.as_text() if isinstance(error, Problem) else str(error or ""),
    )
    status = error.status if isinstance(error, Problem) else HTTPStatus.BAD_REQUEST
    return Response(body, status=status if error else HTTPStatus.OK, content_type=HTML.content_type)
