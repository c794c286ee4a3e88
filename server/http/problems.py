"""Error responses: problem details (RFC 9457) as JSON, HTML or text, as Accept asks."""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from sauran.kg.model.errors import Busy, QueryError, ReleaseError, SauranError
from sauran.kg.model.formats import HTML, Format
from sauran.server.http.negotiation import VARY, choose_format
from sauran.server.query.question import Broken, LimitReached, Lost

__all__ = ["Problem", "agree_on_format", "not_acceptable", "problem_of", "register_problems"]

# From a status and a kind to what the template of the error page shows.
PageOf = Callable[[HTTPStatus, str], object]
_JSON = Format("json", "JSON", "application/problem+json", "json", aliases=("application/json",))
_TEXT = Format("text", "text", "text/plain", "txt")
_OFFERED = (_JSON, HTML, _TEXT)
_NONE: Mapping[str, str] = MappingProxyType({})
# The type of a problem need not be a URL that can be opened (RFC 9457, section 3.1.1; RFC 4151).
_KINDS = "tag:w3id.org,2026:sauran/problem/"
_ASK_LESS = {
    "time": "Ask for less: name graphs, add LIMIT, bind more; or take a partial result with partial=true.",
    "memory": "Ask for less: fewer groups, less to sort, no Cartesian products; or ask in several queries.",
    "rows": "Ask for less: add LIMIT and OFFSET; or take a partial result with partial=true, or a dump.",
    "bytes": "Ask for less: fewer columns, a shorter format, LIMIT and OFFSET; or fetch a dump.",
}


class Problem(SauranError):
    """An error response; `detail` says what is wrong and how to fix it.

    `kind` distinguishes problems for programs; `more` has further members of the document, of which `excerpt`
    is also shown to people.
    """

    status: HTTPStatus
    detail: str
    headers: Mapping[str, str]
    kind: str
    more: Mapping[str, object]

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        headers: Mapping[str, str] = _NONE,
        *,
        kind: str = "",
        more: Mapping[str, object] = _NONE,
    ) -> None:
        self.status, self.detail, self.headers, self.kind, self.more = status, detail, headers, kind, more
        super().__init__("request", detail)

    def as_text(self) -> str:
        """The text for people."""
        excerpt = self.more.get("excerpt")
        return f"{self.detail}\n\n{excerpt}" if excerpt else self.detail


def agree_on_format(offered: Sequence[Format]) -> Format:
    """Choose the offered format that the request's Accept header prefers.

    Raises: Problem 406 when it accepts none.
    """
    wanted = choose_format(request.headers.get("Accept", ""), offered)
    if wanted is None:
        raise not_acceptable(offered)
    return wanted


def not_acceptable(offered: Sequence[Format]) -> Problem:
    """The problem that Accept asks for none of the available formats; it lists these."""
    available = ", ".join(known.media_type for known in offered)
    return Problem(
        HTTPStatus.NOT_ACCEPTABLE,
        f"No media type that Accept asks for is available. Available: {available}.",
        {"Vary": "Accept"},
    )


def register_problems(app: Flask, page_of: PageOf) -> None:
    """Turn all errors of the application into problem details; `page_of` gives the content of HTML pages."""
    app.register_error_handler(Problem, lambda problem: _answer(problem, page_of))
    app.register_error_handler(SauranError, lambda error: _answer(problem_of(error), page_of))
    app.register_error_handler(HTTPException, lambda error: _answer(_of_werkzeug(error), page_of))


def problem_of(error: SauranError) -> Problem:
    """The HTTP problem of an error."""
    match error:
        case Problem():
            return error
        case QueryError():
            return Problem(HTTPStatus.BAD_REQUEST, str(error), kind="query")
        case LimitReached():
            late = error.limit == "time"
            return Problem(
                HTTPStatus.GATEWAY_TIMEOUT if late else HTTPStatus.SERVICE_UNAVAILABLE,
                f"{error.where}: {error.what} {_ASK_LESS[error.limit]}",
                kind=f"limit-{error.limit}",
                more={"limit": error.limit, "value": error.value},
            )
        case Busy():
            retry = {"Retry-After": str(error.retry_after_s)}
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), retry, kind="busy")
        case Lost():
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), kind="lost")
    absent = isinstance(error, ReleaseError)
    kind = "broken" if isinstance(error, Broken) else ""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE if absent else HTTPStatus.INTERNAL_SERVER_ERROR, str(error), kind=kind
    )


def _of_werkzeug(error: HTTPException) -> Problem:
    headers = {
        name: value
        for name, value in error.get_headers()
        if name in ("Allow", "Retry-After", "Content-Range")
    }
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    return Problem(status, error.description or "", headers)


def _answer(problem: Problem, page_of: PageOf) -> Response:
    # An error is sent even if Accept asks for none of these formats: then as JSON.
    wanted = choose_format(request.headers.get("Accept", ""), _OFFERED) or _JSON
    status = problem.status
    if wanted is HTML:
        retry_after = problem.headers.get("Retry-After", "")
        body = render_template(
            "problem.html",
            problem=problem,
            page=page_of(status, problem.kind),
            retry_after=int(retry_after) if retry_after.isdecimal() else None,
        )
    elif wanted is _TEXT:
        body = f"{status.value} {status.phrase}\n{problem.as_text()}\n"
    else:
        fields = {
            "type": _KINDS + problem.kind if problem.kind else "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": problem.detail,
            **problem.more,
        }
        body = json.dumps(fields, ensure_ascii=False) + "\n"
    response = Response(body, status=status.value, content_type=wanted.content_type)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(VARY.split(", ") if wanted is HTML else ["Accept"])
    return response
