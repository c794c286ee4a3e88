"""/<language>/sparql: the page to write queries on, with the answer; /sparql sends browsers there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from pyoxigraph import NamedNode

from sauran.kg.model.errors import SauranError
from sauran.kg.model.formats import HTML
from sauran.kg.sparql.query_checks import QueryFacts
from sauran.server.api.sparql_protocol import ProtocolRequest, cache_control_of, check_request, parse_request
from sauran.server.http.executor import own_query
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.http.negotiation import PAGE_PREFIX, VARY, choose_language
from sauran.server.http.problems import Problem, problem_of
from sauran.server.http.request_context import context_of
from sauran.server.http.response_headers import NO_STORE
from sauran.server.http.responses import redirect_to_page
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release, services, settings_in_use
from sauran.server.site.lookup import find_labels
from sauran.server.site.pages.example_queries import ExampleQuery, example_queries, query_address
from sauran.server.site.problem_page import problem_page
from sauran.server.site.sparql.completion import find_editor_terms
from sauran.server.site.sparql.query_answer import ROWS, DisplayOptions, QueryAnswer, answer_query
from sauran.server.site.sparql.query_links import query_links, request_fields

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
    body = json.dumps(find_editor_terms(served_release(), language), ensure_ascii=False)
    return Response(body, content_type="application/json")


_MOST_PAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of example queries: each question with the address that runs it."""

    name: Label
    questions: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """Which rows are shown, and where the others are."""

    number: int
    first: int
    last: int
    total: int
    earlier: str | None
    later: str | None


def ask_for_people(language: str) -> Response:
    """Answer the query of this request, if there is one, with a page; errors stand beside the query."""
    now = served_release()
    asked, facts, answered, error = None, None, None, None
    try:
        asked = _read_request()
        if asked is not None:
            facts = check_request(asked, settings_in_use().service_allow)
            options = DisplayOptions(
                language, context_of(request.environ).client, _page_number(), request.args.get("chart")
            )
            answered = answer_query(now, asked, facts, options)
    except SauranError as fault:
        error = problem_of(fault)
    shown = _shown(now, language, asked, facts, answered)
    happened = problem_page(error.status, error.kind) if error else None
    body = render_template("sparql.html", **shown, error=error, happened=happened)
    response = Response(body, content_type=HTML.content_type)
    if error is not None:
        response.status_code = error.status
        response.headers.update(error.headers)
    elif asked is not None and facts is not None and cache_control_of(asked, facts) == NO_STORE:
        response.headers["Cache-Control"] = NO_STORE
    return response


def _shown(
    now: ServedRelease,
    language: str,
    asked: ProtocolRequest | None,
    facts: QueryFacts | None,
    answered: QueryAnswer | None,
) -> dict[str, object]:
    """The variables of the template, without errors."""
    examples = example_queries(now)
    first = examples[0].as_text(language) if examples else own_query("example")
    here = now.links.here(f"{language}/sparql")
    return {
        "query": asked.query if asked else first,
        "hidden": request_fields(asked)[1:] if asked else (),
        "here_again": f"{here}?{urlencode(request_fields(asked), quote_via=quote)}" if asked else here,
        "answered": answered,
        "pages": _pages(answered, asked, here) if answered and asked else None,
        "away": query_links(asked, facts.form, now.links, language) if asked and facts else None,
        "topics": tuple(_topics(now, examples, language)),
        "prefixes": now.prefixes,
        "with_land": services().assets.land is not None,
        "editor": services().assets.files.get("sparql-editor.js"),
        "editor_texts": _editor_texts(),
    }


def _editor_texts() -> dict[str, str]:
    """The texts of the editor, by its own names for them."""
    return {
        "hint": _("Ctrl-Enter runs the query, Ctrl-Space completes a word, Tab leaves the editor."),
        "Completions": _("Completions"),
        "Diagnostics": _("Faults"),
        "No diagnostics": _("No faults"),
        "Control character": _("Control character"),
        "Selection deleted": _("Selection deleted"),
        "close": _("Close"),
    }


def _read_request() -> ProtocolRequest | None:
    body = request.get_data() if request.method == "POST" else b""
    return parse_request(request.method, request.query_string, request.headers.get("Content-Type", ""), body)


def _page_number() -> int:
    said = request.args.get("page", "1")
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= _MOST_PAGES):
        raise Problem(HTTPStatus.BAD_REQUEST, "page takes a whole number from 1, as page=2")
    return int(said)


def _pages(answered: QueryAnswer, asked: ProtocolRequest, here: str) -> Pages | None:
    table = answered.table
    if table is None:
        return None
    number, last = table.first // ROWS + 1, table.first + len(table.rows)

    def page(wanted: int) -> str:
        fields = [*request_fields(asked), ("page", str(wanted))]
        return f"{here}?{urlencode(fields, quote_via=quote)}#result"

    return Pages(
        number,
        table.first + 1,
        last,
        table.total,
        page(number - 1) if number > 1 else None,
        page(number + 1) if table.first + ROWS < table.total else None,
    )


def _topics(now: ServedRelease, examples: tuple[ExampleQuery, ...], language: str) -> Iterator[Topic]:
    """The examples by topic, in the order in which topics come first."""
    order = {query.topic: number for number, query in reversed([*enumerate(examples)])}
    sorted_examples = sorted(examples, key=lambda query: order[query.topic])
    iris = [NamedNode(topic) for topic in order if topic]
    reader = LabelReader(find_labels(now, iris), now.links, language, now.prefixes)
    for topic, queries in groupby(sorted_examples, key=lambda query: query.topic):
        name = reader.name(NamedNode(topic)) if topic else Label(_("Other questions"))
        yield Topic(name, tuple(_question(now, query, language) for query in queries))


def _question(now: ServedRelease, query: ExampleQuery, language: str) -> Label:
    said = query.shown(language)
    return Label(said.text, said.language, query_address(now, language, query.as_text(language)))
