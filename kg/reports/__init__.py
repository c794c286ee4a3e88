"""Reports of findings for people and CI services, with one table of formats."""

import importlib
from dataclasses import dataclass

from sauran.kg.model.errors import UsageError
from sauran.kg.reports.counting import count_by_severity, in_words, say_count
from sauran.kg.reports.json import as_json
from sauran.kg.reports.results import Results
from sauran.kg.reports.text import as_text

__all__ = [
    "FORMATS",
    "SERVED",
    "ReportFormat",
    "Results",
    "as_json",
    "as_text",
    "count_by_severity",
    "in_words",
    "say_count",
    "write_report",
]


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A format of reports: `name` is what people type, `for_whom` who reads it.

    `served` is its place among the formats that the server offers, of which the first is its default; formats
    without one are for the command only.
    """

    name: str
    media_type: str
    for_whom: str
    served: int | None = None

    def write(self, results: Results) -> str:
        """Write a report; only now is loaded what this form needs."""
        module = importlib.import_module(f"sauran.kg.reports.{self.name}")
        text: str = getattr(module, f"write_{self.name}")(results)
        return text


FORMATS = {
    form.name: form
    for form in (
        ReportFormat("text", "text/plain", "people, in the style of compilers", served=6),
        ReportFormat("github", "text/plain", "annotations on GitHub"),
        ReportFormat("gitlab", "application/json", "Code Quality on GitLab"),
        ReportFormat("sarif", "application/sarif+json", "code scanning and editors", served=4),
        ReportFormat("junit", "application/xml", "test reports on Jenkins, GitLab and others", served=5),
        ReportFormat("json", "application/json", "programs", served=3),
        ReportFormat("turtle", "text/turtle", "SHACL tools: a sh:ValidationReport", served=1),
        ReportFormat("jsonld", "application/ld+json", "the same for programs that read JSON-LD", served=2),
        ReportFormat("markdown", "text/markdown", "a summary page or a comment", served=7),
        ReportFormat("html", "text/html", "people: one self-contained page"),
    )
}

# What the server offers, the default first. HTML is not among them: it answers with the page.
SERVED = tuple(
    sorted((form for form in FORMATS.values() if form.served is not None), key=lambda form: form.served or 0)
)


def write_report(results: Results, form: str = "text") -> str:
    """Write a report in one of the formats of `sauran validate --format`.

    Shape: text without byte order mark, to be stored as UTF-8.
    Raises: UsageError for an unknown format.
    Source: the module of each format names its standard, such as SARIF 2.1.0.

    >>> results = validate("shop.ttl", "shop-shapes.ttl")
    >>> print(write_report(results, "github"), end="")
    ::error file=shop.ttl,line=5,col=12,title=product-price::...
    ::warning file=shop.ttl,line=7,col=1,title=product-name::...
    """
    if form not in FORMATS:
        raise UsageError("form", f"{form!r} is not a format of reports.", f"Use one of {', '.join(FORMATS)}.")
    return FORMATS[form].write(results)
