"""Every error -> one shape: RFC 9457 as JSON, as a page or as text, by Accept."""

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

# The page of a status and a kind, as its template reads it.
PageOf = Callable[[HTTPStatus, str], object]
_JSON = Format("json", "JSON", "application/problem+json", "json", aliases=("application/json",))
_TEXT = Format("text", "text", "text/plain", "txt")
_OFFERED = (_JSON, HTML, _TEXT)
_NONE: Mapping[str, str] = MappingProxyType({})
# What names a kind of problem need not lead anywhere (RFC 9457, section 3.1.1; RFC 4151).
_KINDS = "tag:w3id.org,2026:sauran/problem/"
_ASK_LESS = {
    "time": "Ask for less: name graphs, add LIMIT, bind more; or take what there is with partial=true.",
    "memory": "Ask for less: fewer groups, less to sort, no cross products; or ask in several queries.",
    "rows": "Ask for less: add LIMIT and OFFSET; or take what there is with partial=true; or fetch a dump.",
    "bytes": "Ask for less: fewer columns, a shorter format, LIMIT and OFFSET; or fetch a dump.",
}


class Problem(SauranError):
    """An answer that is an error; `detail` says what is wrong and how to fix it.

    `kind` names problems that programs may want to tell apart, `more` are further members of the document;
    an `excerpt` among them is shown to people too.
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
        """What people read."""
        excerpt = self.more.get("excerpt")
        return f"{self.detail}\n\n{excerpt}" if excerpt else self.detail


def agree_on_format(offered: Sequence[Format]) -> Format:
    """The format that the request's Accept prefers of those there are.

    Raises: Problem 406 when nothing suits.
    """
    wanted = choose_format(request.headers.get("Accept", ""), offered)
    if wanted is None:
        raise not_acceptable(offered)
    return wanted


def not_acceptable(offered: Sequence[Format]) -> Problem:
    """The problem that nothing of what there is was asked for; it lists what there is."""
    there_is = ", ".join(known.media_type for known in offered)
    return Problem(
        HTTPStatus.NOT_ACCEPTABLE,
        f"Nothing here has the media type that Accept asks for. There is: {there_is}.",
        {"Vary": "Accept"},
    )


def register_problems(app: Flask, page_of: PageOf) -> None:
    """Let every error of the application become one shape; `page_of` makes what people read of it."""
    app.register_error_handler(Problem, lambda problem: _answer(problem, page_of))
    app.register_error_handler(SauranError, lambda error: _answer(problem_of(error), page_of))
    app.register_error_handler(HTTPException, lambda error: _answer(_of_werkzeug(error), page_of))


def problem_of(error: SauranError) -> Problem:
    """An error of ours as the problem that a client is told."""
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
    # Whatever was asked for, an error is told: JSON is for who asks for nothing of this.
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
