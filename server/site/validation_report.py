"""A validation report for the page: findings with excerpts and reasons, checked shapes, examples."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from sauran.kg.model.namespaces import SH
from sauran.kg.publication.package_paths import shapes_folder, turtle_in
from sauran.kg.reports.wording import printable
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.served_release import ServedRelease

__all__ = [
    "EXAMPLES",
    "Excerpt",
    "FaultView",
    "FindingView",
    "ReportView",
    "read_example",
    "view_faults",
    "view_report",
]

EXAMPLES = ("conforming", "faulty")
_EXAMPLES = Path(__file__).parent.parent / "examples"
_WIDEST, _LONGEST = 100, 400  # letters of an excerpt and of a term
# A term in Turtle and similar formats.
_TERM = re.compile(r'"[^"]*"?|<[^>]*>?|[^\s;,<"]+')


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a submitted line: the term at the position, and the text around it."""

    before: str
    meant: str
    after: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding or a reason for one; `place_is` tells what the position refers to if not the triple."""

    severity: str
    rule: Label
    message: Label
    line: int
    column: int
    place_is: str
    excerpt: Excerpt | None
    focus: str
    path: str
    value: str
    component: str
    because: tuple["FindingView", ...]


@dataclass(frozen=True, slots=True)
class FaultView:
    """A syntax error of the submission, with the message of the parser."""

    line: int
    column: int
    detail: str
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report; `hidden` findings are left out, `idle` is how many shapes met no node."""

    conforms: bool
    counts: tuple[tuple[str, int], ...]
    findings: tuple[FindingView, ...]
    hidden: int
    checked: tuple[tuple[Label, int], ...]
    idle: int


def read_example(name: str) -> str | None:
    """The text of an example in Turtle; None if no example has this name."""
    return (_EXAMPLES / f"{name}.ttl").read_text("utf-8") if name in EXAMPLES else None


def view_report(report: str, sent: bytes, served: ServedRelease, language: str) -> ReportView:
    """Read a report in JSON; `sent` is the submission."""
    fields = json.loads(report)
    # Labels of ours could be taken for words of the data: terms are shown by their names.
    reader = LabelReader(_messages(shapes_folder()), served.links, language, served.prefixes)
    views = _FindingViews(reader, served, language, _lines(sent))
    return ReportView(
        conforms=fields["conforms"],
        counts=tuple(fields["counts"].items()),
        findings=tuple(views.finding(finding) for finding in fields["findings"]),
        hidden=fields["hidden"],
        checked=tuple((views.shape(shape), met) for shape, met in fields["checked"].items() if met),
        idle=len(fields["idle"]),
    )


def view_faults(faults: Sequence[Mapping[str, Any]], sent: bytes) -> tuple[FaultView, ...]:
    """Read the syntax errors of a problem; `sent` is the submission."""
    lines = _lines(sent)
    found = ((fault.get("line", 0), fault.get("column", 0), fault["detail"]) for fault in faults)
    return tuple(FaultView(*fault, _excerpt(lines, fault[0], fault[1])) for fault in found)


class _FindingViews:
    def __init__(self, reader: LabelReader, served: ServedRelease, language: str, lines: list[str]) -> None:
        self._reader, self._links, self._language, self._lines = reader, served.links, language, lines
        self._prefixes = served.prefixes

    def finding(self, fields: Mapping[str, Any]) -> FindingView:
        """A finding of a report, with its reasons."""
        line, column, place_is = fields.get("line", 0), fields.get("column", 0), fields.get("place_is", "")
        shape = fields.get("shape", "")
        return FindingView(
            severity=fields["severity"],
            rule=self.shape(shape, fields["rule"]),
            message=self._message(shape, fields["message"]),
            line=line,
            column=column,
            place_is=place_is,
            excerpt=_excerpt(self._lines, line, 0 if place_is else column),
            focus=_term(fields.get("focus", "")),
            path=self._path(fields.get("path", "")),
            value=_term(fields.get("value", "")),
            component=fields.get("component", "") if fields["rule"] != fields.get("component") else "",
            because=tuple(self.finding(reason) for reason in fields.get("because", ())),
        )

    def shape(self, iri: str, name: str = "") -> Label:
        """A shape by its slug, with its place on the page of the shapes."""
        slug = name or iri.rpartition("#")[2] or iri
        return Label(slug, href=self._links.page(iri, self._language) if iri else None)

    def _message(self, shape: str, text: str) -> Label:
        """A message with its language: a message that is not from a shape is from an engine, in English."""
        known = self._reader.values(NamedNode(shape), SH.message) if shape else []
        tags = (m.language for m in known if isinstance(m, Literal) and m.value == text)
        return Label(printable(text), next(tags, None) or LANGUAGES[0])

    def _path(self, path: str) -> str:
        for prefix, namespace in self._prefixes.items():
            name = path.removeprefix(namespace)
            if name != path and re.fullmatch(r"[\w-]+", name):
                return f"{prefix}:{name}"
        return printable(path)[:_LONGEST]


@lru_cache(maxsize=1)  # packaged files never change
def _messages(folder: Path) -> tuple[Quad, ...]:
    """The messages of the shapes, in all languages."""
    quads = (quad for file in turtle_in(folder) for quad in parse(path=file, format=RdfFormat.TURTLE))
    return tuple(quad for quad in quads if quad.predicate == SH.message)


def _lines(sent: bytes) -> list[str]:
    text = sent.decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _excerpt(lines: list[str], line: int, column: int) -> Excerpt | None:
    """The term at a position with some of its line; without a column only the line."""
    if not 0 < line <= len(lines) or not lines[line - 1].strip():
        return None
    text, at = lines[line - 1], max(column - 1, 0)
    start = max(0, at - _WIDEST // 2)
    found = _TERM.match(text, at, start + _WIDEST) if column else None
    end = found.end() if found else at
    left, right = "…" if start else "", "…" if start + _WIDEST < len(text) else ""
    parts = (text[start:at].lstrip(), text[at:end], text[end : start + _WIDEST])
    before, meant, after = (printable(part) for part in parts)
    return Excerpt(left + before, meant, after + right)


def _term(fields: str) -> str:
    """A term in N-Triples for people; a blank node without its label, which is arbitrary."""
    return _("a blank node") if fields.startswith("_:") else printable(fields)[:_LONGEST]
