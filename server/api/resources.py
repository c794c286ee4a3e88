"""Names that answer: /id/…, /doc/…, /dataset/… and others of the catalogue, /graph/…, /ontology, /shapes."""

from http import HTTPStatus

from flask import Blueprint, Response

from sauran.kg.model.formats import HTML, RDF_FORMATS
from sauran.server.api.documents import (
    catalogue_graph_iri,
    find_document,
    is_described,
    page_of_catalogued,
    send_catalogue_graph,
    write_document,
)
from sauran.server.http.conditional_requests import send_release_file
from sauran.server.http.negotiation import VARY, split_suffix
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.responses import redirect_to, redirect_to_page
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release

__all__ = ["resources"]

resources = Blueprint("resources", __name__)
_OFFERED = (*RDF_FORMATS, HTML)
_VOCABULARIES = ("ontology", "shapes")
_CATALOGUED = ("dataset/", "distribution/", "record/", "service/")


@resources.get("/id/<path:slug>")
def thing(slug: str) -> Response:
    """A thing is not a document: 303 to the one that describes it."""
    now = served_release()
    iri = now.links.iri(f"id/{slug}")
    if iri is None or not is_described(now, iri):
        raise _unknown(f"id/{slug}")
    return redirect_to(now.links.here(f"doc/{slug}"))


@resources.get("/doc/<path:slug>")
def document(slug: str) -> Response:
    """The document of a thing."""
    return _document(f"doc/{slug}")


@resources.get("/dataset/<path:slug>")
def dataset(slug: str) -> Response:
    """A dataset is its description."""
    return _document(f"dataset/{slug}")


@resources.get("/<any(distribution, record, service):kind>/<path:slug>")
def catalogued(kind: str, slug: str) -> Response:
    """What the catalogue says of a file that can be taken, of its entry of a dataset, of a service."""
    return _document(f"{kind}/{slug}")


@resources.get("/graph/<path:slug>")
def graph(slug: str) -> Response:
    """The content of a named graph (Graph Store Protocol, section 4.1)."""
    return _graph(f"graph/{slug}", "graph/")


@resources.get("/ontology", defaults={"rest": ""})
@resources.get("/ontology<rest>")
@resources.get("/ontology/<path:part>")
def ontology(rest: str = "", part: str = "") -> Response:
    """The ontology; below it its parts, such as the alignments."""
    return _graph(part, "") if part else _vocabulary(f"ontology{rest}")


@resources.get("/shapes", defaults={"rest": ""})
@resources.get("/shapes<rest>")
def shapes(rest: str) -> Response:
    """The shapes."""
    return _vocabulary(f"shapes{rest}")


def _document(path: str) -> Response:
    now = served_release()
    # A whole path before one with a suffix: a slug may have a dot in it.
    for name, suffix in ((path, None), split_suffix(path)):
        iri = now.links.iri(name)
        if iri is None or not is_described(now, iri):
            continue
        wanted = suffix or agree_on_format(_OFFERED)
        if wanted is HTML:
            return redirect_to_page(page_of_catalogued(now, iri) if name.startswith(_CATALOGUED) else name)
        found = find_document(now, iri)
        if found is not None:
            response = Response(write_document(now, found, wanted), content_type=wanted.content_type)
            return response if suffix else _vary(response)
    raise _unknown(path)


def _vocabulary(path: str) -> Response:
    """A graph that people read as a page."""
    name, suffix = split_suffix(path)
    if name in _VOCABULARIES and (suffix or agree_on_format(_OFFERED)) is HTML:
        return redirect_to_page(name)
    response = _graph(path, "")
    if suffix is None:
        response.vary.add("Accept-Language")
    return response


def _graph(path: str, folder: str) -> Response:
    """The dump that holds just one graph is its content: sent as it is."""
    now = served_release()
    name, suffix = split_suffix(path.removeprefix(folder))
    iri = f"{now.links.base}graph/{name}"
    dump = now.dumps_of_graphs.get(iri)
    if iri == catalogue_graph_iri(now) and folder and suffix is not HTML:
        response = send_catalogue_graph(now, suffix or agree_on_format(RDF_FORMATS))
        return response if suffix else _vary(response)
    if dump is None or suffix is HTML:
        raise _unknown(path)
    path = now.dump_path(dump, suffix or agree_on_format(now.dumped_in(dump)))
    response = send_release_file(now.release, path, packed=True)
    if suffix is None:
        response.vary.add("Accept")
    return response


def _vary(response: Response) -> Response:
    response.headers["Vary"] = VARY
    return response


def _unknown(path: str) -> Problem:
    now: ServedRelease = served_release()
    return Problem(HTTPStatus.NOT_FOUND, f"Nothing is known of <{now.links.absolute(path)}>.")
