"""/<language>/sparql: the page to write queries on, and the words that its editor completes."""

import json

from flask import Blueprint, Response

from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.services import served_release
from sauran.server.site.sparql.query_page import ask_for_people
from sauran.server.site.sparql.query_words import query_words

__all__ = ["sparql_page"]

sparql_page = Blueprint("sparql_page", __name__)
_PAGES = f"<any({', '.join(LANGUAGES)}):language>"


@sparql_page.route(f"/{_PAGES}/sparql", methods=["GET", "POST"])
def page(language: str) -> Response:
    """The query form, with the answer where there is a query."""
    return ask_for_people(language)


@sparql_page.get(f"/{_PAGES}/sparql/words.json")
def words(language: str) -> Response:
    """Prefixes, classes, properties and things by name and label, for completion."""
    body = json.dumps(query_words(served_release(), language), ensure_ascii=False)
    return Response(body, content_type="application/json")
