"""Every error -> one shape: RFC 9457 as JSON, as a page or as text, by Accept."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from kg.errors import QueryError, ReleaseError, SauranError
from kg.formats import HTML, Format
from server.negotiation import choose_format

__all__ = ["Problem", "not_acceptable", "register_problems"]

_JSON = Format("json", "JSON", "application/problem+json", "json", aliases=("application/json",))
_TEXT = Format("text", "text", "text/plain", "txt")
_OFFERED = (_JSON, HTML, _TEXT)
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Problem(Exception):
    """An answer that is an error; `detail` says what is wrong and how to mend it."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        self.status, self.detail, self.headers = status, detail, headers
        super().__init__(detail)


def not_acceptable(offered: Sequence[Format]) -> Problem:
    """The problem that nothing of what there is was asked for; it lists what there is."""
    there_is = ", ".join(known.media_type for known in offered)
    return Problem(
        HTTPStatus.NOT_ACCEPTABLE,
        f"Nothing here has the media type that Accept asks for. There is: {there_is}.",
        {"Vary": "Accept"},
    )


def register_problems(app: Flask) -> None:
    """Let every error of the application become one shape."""
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(SauranError, lambda error: _answer(_of_ours(error)))
    app.register_error_handler(HTTPException, _of_werkzeug)


def _of_ours(error: SauranError) -> Problem:
    if isinstance(error, QueryError):
        return Problem(HTTPStatus.BAD_REQUEST, str(error))
    status = (
        HTTPStatus.SERVICE_UNAVAILABLE
        if isinstance(error, ReleaseError)
        else HTTPStatus.INTERNAL_SERVER_ERROR
    )
    return Problem(status, str(error))


def _of_werkzeug(error: HTTPException) -> Response:
    headers = {
        name: value
        for name, value in error.get_headers()
        if name in ("Allow", "Retry-After", "Content-Range")
    }
    return _answer(
        Problem(HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR), error.description or "", headers)
    )


def _answer(problem: Problem) -> Response:
    # Whatever was asked for, an error is told: JSON is for who asks for nothing of this.
    wanted = choose_format(request.headers.get("Accept", ""), _OFFERED) or _JSON
    status = problem.status
    if wanted is HTML:
        body = render_template("problem.html", problem=problem, language="en")
    elif wanted is _TEXT:
        body = f"{status.value} {status.phrase}\n{problem.detail}\n"
    else:
        fields = {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": problem.detail,
        }
        body = json.dumps(fields, ensure_ascii=False) + "\n"
    response = Response(body, status=status.value, content_type=wanted.content_type)
    response.headers.update(problem.headers)
    response.vary.add("Accept")
    return response
