"""/<language>/sparql, the page to write queries on: /sparql sends browsers there."""

import json

from flask import Blueprint, Response, request

from sauran.server.http.negotiation import PAGE_PREFIX, VARY, choose_language
from sauran.server.http.responses import redirect_to_page
from sauran.server.http.services import served_release
from sauran.server.site.sparql.query_page import ask_for_people
from sauran.server.site.sparql.query_words import query_words

__all__ = ["sparql_page"]

sparql_page = Blueprint("sparql_page", __name__)


@sparql_page.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Send a browser to the page with its query, or answer the form that it posts."""
    if request.method != "POST":
        return redirect_to_page("sparql", keep_query=True)
    response = ask_for_people(choose_language(request.headers.get("Accept-Language", "")))
    response.headers["Vary"] = VARY
    return response


@sparql_page.route(f"/{PAGE_PREFIX}/sparql", methods=["GET", "POST"])
def page(language: str) -> Response:
    """The query form, with the answer where there is a query."""
    return ask_for_people(language)


@sparql_page.get(f"/{PAGE_PREFIX}/sparql/words.json")
def words(language: str) -> Response:
    """Prefixes, classes, properties and things by name and label, for completion."""
    body = json.dumps(query_words(served_release(), language), ensure_ascii=False)
    return Response(body, content_type="application/json")
