"""Pages for people: the front page, and a readable page of each IRI."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, redirect, render_template, request

from kg.formats import HTML, RDF_FORMATS
from kg.serialisation import sort_quads, write_rdf
from server.current import edition
from server.descriptions import describe_dataset, describe_service
from server.documents import find_document
from server.executor import own_query
from server.negotiation import LANGUAGES, VARY, choose_format, choose_language
from server.problems import Problem, not_acceptable
from server.site.home_page import home_page
from server.site.thing_page import thing_page

__all__ = ["browse"]

browse = Blueprint("browse", __name__)
_PAGES = f"<any({', '.join(LANGUAGES)}):language>"
_OFFERED = (HTML, *RDF_FORMATS)


@browse.get("/")
def front() -> Response:
    """What is here: for people the front page, for programs a description."""
    wanted = choose_format(request.headers.get("Accept", ""), _OFFERED)
    if wanted is None:
        raise not_acceptable(_OFFERED)
    now = edition()
    if wanted is HTML:
        language = choose_language(request.headers.get("Accept-Language", ""))
        response = redirect(now.links.here(f"{language}/"), HTTPStatus.SEE_OTHER, Response=Response)
    else:
        quads = describe_service(now, current_app.config["QUERY_RULES"])
        for dataset in now.publication["datasets"]:
            quads += describe_dataset(now, dataset["iri"])
        body = write_rdf(sort_quads(quads), wanted, now.prefixes, now.context)
        response = Response(body, content_type=wanted.content_type)
    response.headers["Vary"] = VARY
    return response  # type: ignore[return-value]


@browse.get(f"/{_PAGES}/")
def home(language: str) -> str:
    """The front page."""
    return render_template(
        "home.html", language=language, home=home_page(edition(), language), query=own_query("example")
    )


@browse.get(f"/{_PAGES}/doc/<path:slug>", defaults={"folder": "doc"})
@browse.get(f"/{_PAGES}/dataset/<path:slug>", defaults={"folder": "dataset"})
def thing(language: str, slug: str, folder: str) -> str:
    """The readable page of a thing or a dataset."""
    now = edition()
    path = f"{folder}/{slug}"
    iri = now.links.iri(path)
    document = find_document(now, iri) if iri else None
    if document is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"Nothing is known of <{now.links.absolute(path)}>.")
    return render_template(
        "thing.html",
        language=language,
        page=thing_page(document, now.links, language, now.prefixes),
        formats=[(wanted, now.links.here(f"{path}.{wanted.suffix}")) for wanted in RDF_FORMATS],
    )
