"""/validate: SHACL validation of submitted RDF, and the page with its form; submissions are not stored."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from sauran.kg.model.formats import HTML, RDF_FORMATS, Format
from sauran.kg.reports import SERVED
from sauran.server.http.negotiation import LANGUAGES, PAGE_PREFIX, VARY, choose_language
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.request_context import context_of
from sauran.server.http.response_headers import NO_STORE
from sauran.server.http.responses import redirect_to_page
from sauran.server.http.services import served_release, services
from sauran.server.http.validation_service import (
    ACCEPTED,
    ReportOptions,
    Submission,
    Validator,
    read_submission,
)
from sauran.server.site.problem_page import problem_page
from sauran.server.site.validation_report import EXAMPLES, ReportView, read_example, view_faults, view_report

__all__ = ["VALIDATE_PATHS", "validation"]

VALIDATE_PATHS = ("/validate", *(f"/{language}/validate" for language in LANGUAGES))

validation = Blueprint("validation", __name__)
# The first is the answer to `*/*`.
_REPORTS = tuple(Format(form.name, form.name, form.media_type, "") for form in SERVED)
_OFFERED = (*_REPORTS, HTML)
_SHOWN = 200  # findings on the page


@dataclass(frozen=True, slots=True)
class _FormState:
    """What the page shows beside its form: a report, or an error."""

    text: str = ""
    chosen: str = ""
    sent: Submission | None = None
    report: ReportView | None = None
    error: Problem | None = None


@validation.get("/validate")
def form() -> Response:
    """Redirect to the page."""
    agree_on_format((HTML,))
    return redirect_to_page("validate")


@validation.post("/validate")
def validate() -> Response:
    """Validate the submission; 200 and the report, whether it conforms or not."""
    wanted = agree_on_format(_OFFERED)
    accepted = request.headers.get("Accept-Language", "")
    if wanted is HTML:
        response = _answer_people(choose_language(accepted))
    else:
        verdict = _validator().check(_read(), _asked(wanted.name, choose_language(accepted, LANGUAGES)))
        response = Response(verdict.text, content_type=wanted.content_type)
    response.headers["Vary"] = VARY
    return response


@validation.get(f"/{PAGE_PREFIX}/validate")
def page(language: str) -> Response:
    """The page with its form; `example` fills it with a packaged example."""
    name = request.args.get("example")
    text = read_example(name) if name else ""
    if text is None:
        raise Problem(
            HTTPStatus.NOT_FOUND, f"There is no example {str(name)[:50]!r}. There is: {', '.join(EXAMPLES)}."
        )
    return _page(language, _FormState(text=text, chosen="turtle" if text else ""))


@validation.post(f"/{PAGE_PREFIX}/validate")
def page_with_report(language: str) -> Response:
    """The page with the report of what its form sent."""
    return _answer_people(language)


@validation.after_request
def _touch(response: Response) -> Response:
    if request.method == "POST":
        response.headers["Cache-Control"] = NO_STORE
    if request.method == "OPTIONS":
        response.headers["Accept-Post"] = ACCEPTED
    return response


def _validator() -> Validator:
    return services().validator


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


def _asked(report: str, language: str, max_results: int | None = None) -> ReportOptions:
    client = context_of(request.environ).client
    return ReportOptions(client, served_release().links.absolute("validate"), report, language, max_results)


def _answer_people(language: str) -> Response:
    """The page with a report, or with the error instead of a report."""
    sent = None
    try:
        sent = _read()
        verdict = _validator().check(sent, _asked("json", language, _SHOWN))
    except Problem as problem:
        return _page(language, _shown(sent, error=problem))
    report = view_report(verdict.text, sent.data, served_release(), language)
    return _page(language, _shown(sent, report=report))


def _shown(
    sent: Submission | None, *, report: ReportView | None = None, error: Problem | None = None
) -> _FormState:
    if sent is None:
        return _FormState(error=error)
    return _FormState(sent.text, sent.format.name if sent.text else "", sent, report, error)


def _page(language: str, shown: _FormState) -> Response:
    error, limits = shown.error, _validator().limits
    sent = shown.sent
    body = render_template(
        "validate.html",
        language=language,
        formats=RDF_FORMATS,
        shown=shown,
        name=sent.name if sent and sent.is_named else "",
        limits=limits,
        endpoint=served_release().links.absolute("validate"),
        reports=_REPORTS,
        most_shown=_SHOWN,
        happened=problem_page(error.status, _kind(error)) if error else None,
        faults=view_faults(error.more.get("faults", ()), sent.data) if error and sent else (),  # type: ignore[arg-type]
        retry_after=int(error.headers.get("Retry-After", 0)) if error else 0,
    )
    response = Response(body, content_type=HTML.content_type)
    if error:
        response.status_code = error.status
        response.headers.update(error.headers)
    return response


def _kind(error: Problem) -> str:
    """The kind of error for its texts: limits of queries have the same names."""
    return f"validation-{error.kind}" if error.kind.startswith("limit-") else error.kind
