"""/sparql: the SPARQL 1.1 Protocol, and its page."""

from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request

from kg.errors import QueryError
from kg.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format
from kg.serialisation import sort_quads, write_rdf
from server.current import edition
from server.descriptions import describe_service
from server.edition import Edition
from server.engine.question import Question
from server.executor import own_query, run
from server.negotiation import PAGE_LANGUAGES, VARY, choose_format, choose_language
from server.problems import Problem, not_acceptable
from server.protocol import ProtocolRequest, parse_request, query_form
from server.result_page import as_table

__all__ = ["sparql"]

sparql = Blueprint("sparql", __name__)
_NTRIPLES = RDF_FORMATS[1]


@sparql.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query; without one the service description, for people the page."""
    asked = _read_request()
    offered = (*_fitting(asked), HTML)
    wanted = choose_format(request.headers.get("Accept", ""), offered)
    if wanted is None:
        raise not_acceptable(offered)
    now = edition()
    if wanted is HTML:
        response = _for_people(now, asked)
    elif asked is None:
        description = write_rdf(sort_quads(describe_service(now)), wanted, now.prefixes, now.context)
        response = Response(description, content_type=wanted.content_type)
    else:
        response = Response(_answer(now, asked, wanted), content_type=wanted.content_type)
    response.headers["Vary"] = VARY
    return response


@sparql.get(f"/<any({', '.join(PAGE_LANGUAGES)}):language>/sparql")
def page(language: str) -> Response:
    """The query form, with the result where there is a query."""
    return _page(edition(), _read_request(), language)


def _read_request() -> ProtocolRequest | None:
    body = request.get_data(cache=False) if request.method == "POST" else b""
    return parse_request(request.method, request.query_string, request.headers.get("Content-Type", ""), body)


def _fitting(asked: ProtocolRequest | None) -> tuple[Format, ...]:
    """The formats that can hold the answer."""
    if asked is None or query_form(asked.query) in ("CONSTRUCT", "DESCRIBE"):
        return RDF_FORMATS
    return RESULT_FORMATS


def _answer(now: Edition, asked: ProtocolRequest, wanted: Format) -> bytes:
    return run(now, Question(asked.query, wanted, asked.default_graphs, asked.named_graphs))


def _for_people(now: Edition, asked: ProtocolRequest | None) -> Response:
    language = choose_language(request.headers.get("Accept-Language", ""))
    if request.method == "POST":
        return _page(now, asked, language)
    query_string = request.query_string.decode("ascii", "replace")
    address = now.links.here(f"{language}/sparql") + (f"?{query_string}" if query_string else "")
    response = redirect(address, HTTPStatus.SEE_OTHER, Response=Response)
    return response  # type: ignore[return-value]


def _page(now: Edition, asked: ProtocolRequest | None, language: str) -> Response:
    table, error = None, ""
    if asked is not None:
        try:
            machine = _NTRIPLES if _fitting(asked) is RDF_FORMATS else RESULT_FORMATS[0]
            table = as_table(_answer(now, asked, machine), machine, now.links, language, now.prefixes)
        except (QueryError, Problem) as problem:
            error = str(problem)
    body = render_template(
        "sparql.html",
        language=language,
        query=asked.query if asked else own_query("example"),
        table=table,
        error=error,
    )
    return Response(
        body, status=HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK, content_type=HTML.content_type
    )
