"""/sparql: the SPARQL 1.1 Protocol."""

import tempfile

from flask import Blueprint, Response, request

from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import HTML, Format
from sauran.kg.sparql.query_checks import QueryFacts
from sauran.server.api.query_answers import ask, check, choose, keeping
from sauran.server.api.service_description import describe_service
from sauran.server.api.sparql_protocol import ProtocolRequest, parse_request
from sauran.server.http.negotiation import VARY, choose_language
from sauran.server.http.request_context import context_of
from sauran.server.http.responses import redirect_to_page
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release, settings_in_use
from sauran.server.query.question import Reply
from sauran.server.site.sparql.query_page import ask_for_people

__all__ = ["sparql"]

sparql = Blueprint("sparql", __name__)
_PARTIAL = "Sauran-Partial"
_IN_MEMORY = 1024 * 1024


@sparql.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query; without one the service description, for people the page."""
    asked = _read_request()
    facts = check(asked, settings_in_use().service_allow) if asked else None
    wanted = choose(asked, facts, request.headers.get("Accept", ""))
    now = served_release()
    if wanted is HTML:
        response = _for_people()
        response.headers["Vary"] = VARY
        return response
    if asked is None or facts is None:
        quads = describe_service(now, federated=bool(settings_in_use().service_allow))
        description = write_rdf(sort_quads(quads), wanted, now.prefixes, now.context)
        response = Response(description, content_type=wanted.content_type)
    else:
        response = _answer(now, asked, facts, wanted)
    response.headers["Vary"] = "Accept"
    return response


def _read_request() -> ProtocolRequest | None:
    body = request.get_data() if request.method == "POST" else b""
    return parse_request(request.method, request.query_string, request.headers.get("Content-Type", ""), body)


def _answer(now: ServedRelease, asked: ProtocolRequest, facts: QueryFacts, wanted: Format) -> Response:
    """The answer, whole, or as a stream that raises where it breaks off."""
    reply = ask(now, asked, wanted, context_of(request.environ).client)
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


def _for_people() -> Response:
    if request.method == "POST":
        return ask_for_people(choose_language(request.headers.get("Accept-Language", "")))
    return redirect_to_page("sparql", keep_query=True)
