"""/graphs: named graphs and the default graph, by the Graph Store Protocol; reading only."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.server.api.documents import catalogue_graph_iri, send_catalogue_graph
from sauran.server.http.conditional_requests import send_release_file
from sauran.server.http.executor import open_reply
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.request_context import context_of
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release
from sauran.server.query.question import Question

__all__ = ["graph_store"]

graph_store = Blueprint("graph_store", __name__)
_EVERYTHING = "CONSTRUCT { ?subject ?predicate ?object } WHERE { ?subject ?predicate ?object }"


@graph_store.get("/graphs")
def graphs() -> Response:
    """The graph that the request names: ?default, or ?graph= with its IRI.

    Source: SPARQL 1.1 Graph Store HTTP Protocol, sections 4.2 and 5.2.
    """
    now = served_release()
    iri = _named(now)
    dump = now.dumps_of_graphs.get(iri) if iri else None
    wanted = agree_on_format(now.dumped_in(dump) if dump else RDF_FORMATS)
    if dump is not None:
        response = send_release_file(now.release, now.dump_path(dump, wanted), packed=True)
    elif iri == catalogue_graph_iri(now):
        response = send_catalogue_graph(now, wanted)
    else:
        response = _asked(now, iri, wanted)
    response.vary.add("Accept")
    return response


def _named(now: ServedRelease) -> str | None:
    """The IRI of the graph that is wanted; None for the default graph.

    Raises: Problem 400 or 404.
    """
    named, default = request.args.getlist("graph"), request.args.getlist("default")
    graphs = [*now.graphs, catalogue_graph_iri(now)]
    there_are = f"The graphs are: {', '.join(graphs)}."
    if len(named) + len(default) != 1:
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"Name one graph: ?default, or ?graph= and its IRI. {there_are}"
        )
    if default:
        return None
    (iri,) = named
    if not _is_absolute(iri):
        raise Problem(HTTPStatus.BAD_REQUEST, f"graph takes an absolute IRI, not {iri!r}. {there_are}")
    if iri not in graphs:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no graph <{iri}>. {there_are}")
    return iri


def _is_absolute(iri: str) -> bool:
    try:
        return bool(urlsplit(iri).scheme)
    except ValueError:
        return False


def _asked(now: ServedRelease, iri: str | None, wanted: Format) -> Response:
    question = Question(_EVERYTHING, wanted, default_graphs=(iri,) if iri else ())
    reply = open_reply(now, question, client=context_of(request.environ).client)
    response = Response(
        reply.pieces if reply.whole is None else reply.whole, content_type=wanted.content_type
    )
    response.call_on_close(reply.close)
    return response
