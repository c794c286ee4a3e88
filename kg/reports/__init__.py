"""Findings in every form that people and CI services read: one table of formats."""

from collections.abc import Callable
from dataclasses import dataclass

from kg.reports.counting import count_by_severity, in_words, say_count
from kg.reports.github import write_github
from kg.reports.gitlab import write_gitlab
from kg.reports.html import write_html
from kg.reports.json import as_json, write_json
from kg.reports.junit import write_junit
from kg.reports.markdown import write_markdown
from kg.reports.results import Results
from kg.reports.sarif import write_sarif
from kg.reports.text import as_text, write_text
from kg.reports.turtle import write_turtle

__all__ = [
    "FORMATS",
    "ReportFormat",
    "Results",
    "as_json",
    "as_text",
    "count_by_severity",
    "in_words",
    "say_count",
]


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A form of reports: `name` is what people type, `for_whom` who reads it."""

    name: str
    media_type: str
    for_whom: str
    write: Callable[[Results], str]


FORMATS = {
    form.name: form
    for form in (
        ReportFormat("text", "text/plain", "people, as compilers write", write_text),
        ReportFormat("github", "text/plain", "annotations on GitHub", write_github),
        ReportFormat("gitlab", "application/json", "Code Quality on GitLab", write_gitlab),
        ReportFormat("sarif", "application/sarif+json", "code scanning and editors", write_sarif),
        ReportFormat("junit", "application/xml", "test reports on Jenkins, GitLab and others", write_junit),
        ReportFormat("json", "application/json", "programs", write_json),
        ReportFormat("turtle", "text/turtle", "SHACL tools: a sh:ValidationReport", write_turtle),
        ReportFormat("markdown", "text/markdown", "a summary page or a comment", write_markdown),
        ReportFormat("html", "text/html", "people: one page without anything outside it", write_html),
    )
}
