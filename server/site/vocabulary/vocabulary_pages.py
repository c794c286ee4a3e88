"""/<language>/ontology and /<language>/shapes: the terms and the validation rules."""

from http import HTTPStatus

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from sauran.kg.model.formats import HTML, Format
from sauran.server.http.executor import own_query
from sauran.server.http.negotiation import PAGE_PREFIX
from sauran.server.http.problems import Problem
from sauran.server.http.response_headers import NO_STORE
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release
from sauran.server.site.pages.example_queries import query_address
from sauran.server.site.vocabulary.ontology_page import ontology_page
from sauran.server.site.vocabulary.shapes_page import shapes_page

__all__ = ["vocabulary"]

vocabulary = Blueprint("vocabulary", __name__)
_USES = ("uses-of-classes", "uses-of-properties", "uses-of-concepts")


@vocabulary.get(f"/{PAGE_PREFIX}/ontology")
def ontology(language: str) -> Response:
    """Classes, properties and kinds, with what they mean, how they are used and checked."""
    served = served_release()
    page = ontology_page(served, language, _("Classes, and the properties that lead from one to another"))
    if page is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"Release {served.release.version} has no ontology.")
    text = render_template(
        "ontology.html",
        language=language,
        page=page,
        formats=_formats(served, "ontology", "ontology"),
        alignments=_formats(served, "alignments", "ontology/alignments"),
        queries={slug: query_address(served, language, own_query(slug)) for slug in _USES},
    )
    return _answer(text, counted=page.counted)


@vocabulary.get(f"/{PAGE_PREFIX}/shapes")
def shapes(language: str) -> Response:
    """The rules for data, with what they look at, what they ask, what passes and what does not."""
    served = served_release()
    page = shapes_page(served, language)
    if page is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"Release {served.release.version} has no shapes.")
    text = render_template(
        "shapes.html",
        language=language,
        page=page,
        formats=_formats(served, "shapes", "shapes"),
        query=query_address(served, language, own_query("focus-nodes")),
    )
    return _answer(text, counted=page.counted)


def _formats(served: ServedRelease, dump: str, path: str) -> list[tuple[Format, str]]:
    return [(wanted, served.links.here(f"{path}.{wanted.suffix}")) for wanted in served.dumped_in(dump)]


def _answer(text: str, *, counted: bool) -> Response:
    response = Response(text, content_type=HTML.content_type)
    if not counted:
        response.headers["Cache-Control"] = NO_STORE  # a later request may have time to count
    return response
