"""/conformance: the results of the W3C's test suites, as a page and as JSON."""

import functools
import json
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template

from sauran.kg.model.formats import HTML, RDF_FORMATS
from sauran.server.http.negotiation import PAGE_PREFIX, VARY
from sauran.server.http.problems import Problem
from sauran.server.http.responses import PLAIN_JSON, redirect_to_page, wanted_format
from sauran.server.http.services import served_release

__all__ = ["TABLE", "Cause", "SuiteResults", "conformance", "read_results"]

# Made by: make conformance.
TABLE = Path(__file__).with_name("conformance.json")
conformance = Blueprint("conformance", __name__)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why some tests do not give exactly what is expected; `tests` are their IRIs by name."""

    outcome: str
    text: str
    link: str
    tests: dict[str, str]


@dataclass(frozen=True, slots=True)
class SuiteResults:
    """How one suite went; `causes` tells of all that did not simply pass.

    `version` is the commit of the W3C's repository; `date` is the day of the run, as in ISO 8601.
    """

    slug: str
    title: str
    specification: str
    source: str
    version: str
    engine: str
    date: str
    passed: int
    failed: int
    inapplicable: int
    causes: tuple[Cause, ...]

    @property
    def total(self) -> int:
        """How many tests it has."""
        return self.passed + self.failed + self.inapplicable


@functools.cache
def read_results() -> tuple[SuiteResults, ...]:
    """Read the table, one row for each suite."""
    return tuple(_results(row) for row in json.loads(TABLE.read_text("utf-8"))["suites"])


def _results(row: dict[str, Any]) -> SuiteResults:
    return SuiteResults(**{**row, "causes": tuple(Cause(**cause) for cause in row["causes"])})


@conformance.get("/conformance", defaults={"suffix": ""})
@conformance.get("/conformance.<suffix>")
def table(suffix: str) -> Response:
    """The table for programs; for people the page."""
    if suffix in {known.suffix for known in RDF_FORMATS}:
        raise Problem(
            HTTPStatus.GONE,
            "The reports in EARL are no longer served: `make conformance` writes them. Their results are in "
            "/conformance.json.",
        )
    wanted = HTML if suffix == HTML.suffix else wanted_format("conformance", suffix, (PLAIN_JSON, HTML))
    if wanted is HTML:
        return redirect_to_page("conformance")
    response = Response(TABLE.read_bytes(), content_type=wanted.content_type)
    if not suffix:
        response.headers["Vary"] = VARY
    return response


@conformance.get(f"/{PAGE_PREFIX}/conformance")
def page(language: str) -> str:
    """What passes, and the cause of what does not."""
    return render_template(
        "conformance.html",
        language=language,
        suites=read_results(),
        data=served_release().links.here("conformance.json"),
    )
