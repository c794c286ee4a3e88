"""Errors of the engine as problems: status, kind, what to do."""

import pytest
from flask import Flask

from sauran.kg.model.errors import Busy
from sauran.server.http.problems import Problem, register_problems
from sauran.server.query.question import Broken, LimitReached, Lost
from sauran.server.site.problem_page import problem_page


@pytest.mark.parametrize(
    ("error", "status", "members"),
    [
        (LimitReached("time", "10 s", "-"), 504, {"limit": "time", "value": "10 s"}),
        (LimitReached("memory", "1024 MiB", "-"), 503, {"limit": "memory", "value": "1024 MiB"}),
        (LimitReached("rows", "5 rows", "-"), 503, {"limit": "rows", "value": "5 rows"}),
        (LimitReached("bytes", "1 MiB", "-"), 503, {"limit": "bytes", "value": "1 MiB"}),
        (Busy(3, "all is busy."), 503, {}),
        (Lost("its process ended."), 503, {}),
        (Broken(), 500, {}),
    ],
    ids=["time", "memory", "rows", "bytes", "busy", "lost", "broken"],
)
def test_why_there_is_no_answer_is_a_problem(error: Exception, status: int, members: dict[str, str]) -> None:
    app = Flask("test")
    register_problems(app, problem_page)

    def fail() -> str:
        raise error

    app.add_url_rule("/", "fail", fail)
    response = app.test_client().get("/")
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert response.json is not None
    kind = f"limit-{members['limit']}" if members else type(error).__name__.lower()
    assert response.json["type"] == f"tag:w3id.org,2026:sauran/problem/{kind}"
    assert members.items() <= response.json.items()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers.get("Retry-After") == ("3" if isinstance(error, Busy) else None)
    if members:
        assert (
            f"it passed the limit of {members['limit']}, {members['value']}. Ask for less: " in response.text
        )


def test_an_excerpt_is_for_people_too() -> None:
    assert Problem(400, "Wrong.", more={"excerpt": "x\n^"}).as_text() == "Wrong.\n\nx\n^"  # type: ignore[arg-type]
    assert Problem(400, "Wrong.").as_text() == "Wrong."  # type: ignore[arg-type]
