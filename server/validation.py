"""/validate: RDF in, a SHACL report out, and the page with its form; nothing that is sent is kept."""

import json
from http import HTTPStatus

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from kg.formats import HTML, RDF_FORMATS, Format
from kg.reports import FORMATS
from server.current import edition
from server.headers import NOT_KEPT
from server.negotiation import LANGUAGES, VARY, choose_format, choose_language
from server.problems import Problem, not_acceptable
from server.submission import ACCEPTED, Submission, read_submission
from server.validator import Asked, Validator

__all__ = ["VALIDATE_PATHS", "validation"]

VALIDATE_PATHS = ("/validate", *(f"/{language}/validate" for language in LANGUAGES))

validation = Blueprint("validation", __name__)
# The first is the answer to `*/*`.
_REPORTS = tuple(
    Format(form.name, form.name, form.media_type, "")
    for form in (FORMATS[name] for name in ("turtle", "jsonld", "json", "sarif", "junit", "text", "markdown"))
)
_OFFERED = (*_REPORTS, HTML)
_SHOWN = 200  # findings on the page


@validation.get("/validate")
def form() -> Response:
    """Lead to the page; there is nothing else to get."""
    if choose_format(request.headers.get("Accept", ""), (HTML,)) is None:
        raise not_acceptable((HTML,))
    language = choose_language(request.headers.get("Accept-Language", ""))
    address = edition().links.here(f"{language}/validate")
    response = redirect(address, HTTPStatus.SEE_OTHER, Response=Response)
    response.headers["Vary"] = VARY
    return response  # type: ignore[return-value]


@validation.post("/validate")
def validate() -> Response:
    """Validate what is sent; 200 and the report, whether it conforms or not."""
    wanted = choose_format(request.headers.get("Accept", ""), _OFFERED)
    if wanted is None:
        raise not_acceptable(_OFFERED)
    accepted = request.headers.get("Accept-Language", "")
    if wanted is HTML:
        response = _answer_people(choose_language(accepted))
    else:
        verdict = _validator().check(_read(), _asked(wanted.name, choose_language(accepted, LANGUAGES)))
        response = Response(verdict.text, content_type=wanted.content_type)
    response.headers["Vary"] = VARY
    return response


@validation.get(f"/<any({', '.join(LANGUAGES)}):language>/validate")
def page(language: str) -> Response:
    """The page with its form."""
    return _page(language)


@validation.post(f"/<any({', '.join(LANGUAGES)}):language>/validate")
def page_with_report(language: str) -> Response:
    """The page with the report of what its form sent."""
    return _answer_people(language)


@validation.after_request
def _touch(response: Response) -> Response:
    if request.method == "POST":
        response.headers["Cache-Control"] = NOT_KEPT
    if request.method == "OPTIONS":
        response.headers["Accept-Post"] = ACCEPTED
    return response


def _validator() -> Validator:
    found: Validator = current_app.extensions["sauran.validator"]
    return found


def _read() -> Submission:
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        most = f"{_validator().limits.file_mb} MiB"
        raise Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"At most {most} are read here. Use the command sauran validate for more.",
            kind="limit-body",
            more={"limit": "body", "value": most},
        ) from error
    headers = request.headers
    return read_submission(headers.get("Content-Type", ""), headers.get("Content-Encoding", ""), body)


def _asked(report: str, language: str, max_results: int | None = None) -> Asked:
    client = request.environ.get("sauran.client") or request.remote_addr or ""
    return Asked(client, edition().links.absolute("validate"), report, language, max_results)


def _answer_people(language: str) -> Response:
    """The page with a report, or with what is wrong in the place of the report."""
    sent = None
    try:
        sent = _read()
        verdict = _validator().check(sent, _asked("json", language, _SHOWN))
    except Problem as problem:
        return _page(language, sent, error=problem)
    return _page(language, sent, report=json.loads(verdict.text))


def _page(language: str, sent: Submission | None = None, **shown: object) -> Response:
    error = shown.get("error")
    body = render_template(
        "validate.html",
        language=language,
        formats=RDF_FORMATS,
        text=sent.text if sent else "",
        chosen=sent.format.name if sent and sent.text else "",
        name=sent.name if sent else "",
        most_mb=_validator().limits.file_mb,
        report=shown.get("report"),
        error=error.as_text() if isinstance(error, Problem) else "",
    )
    response = Response(body, content_type=HTML.content_type)
    if isinstance(error, Problem):
        response.status_code = error.status
        response.headers.update(error.headers)
    return response
