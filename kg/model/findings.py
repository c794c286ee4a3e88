"""A fault in data: rule, severity, focus, path, value, place, message and repair."""

import dataclasses
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

__all__ = ["Finding", "Place", "Severity", "Term", "sort_findings", "worst"]

Term = NamedNode | BlankNode | Literal | Triple


class Severity(enum.IntEnum):
    """How bad a finding is; the names are SHACL's, the order is for comparing."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    @property
    def label(self) -> str:
        """The name of the severity: info, warning, violation."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a file; lines and columns count from 1, columns in code points; 0 is unknown.

    `exact` is false where the format lets us know the line of the subject only, or nothing but the file;
    `around` where it is that of a node that leads to the subject.
    """

    file: str
    line: int = 0
    column: int = 0
    exact: bool = True
    around: bool = False

    @property
    def kind(self) -> str | None:
        """What stands there: the subject, a node around it, or who knows what; None for the triple."""
        if self.exact:
            return None
        return "file" if not self.line else "around" if self.around else "subject"

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in data.

    `rule` is the slug that shape, example and documentation share; `message` says what is wrong and how to
    fix it; `focus`, `path` and `value` are as in a SHACL validation result (SHACL, section 3.6.2).
    `because` holds what failed inside sh:node, sh:or and their like. `severity_iri` is a severity that is
    none of SHACL's own. `component` is the local name of a component of SHACL's own, the IRI of any other.
    `language` is that of the message, None where its shape does not say it.
    `shape` is the source shape as a node, nameless ones too, while the shapes are at hand.
    """

    rule: str
    severity: Severity
    message: str
    focus: Term | None = None
    path: str | None = None
    value: Term | None = None
    place: Place | None = None
    component: str | None = None
    source_shape: str | None = None
    because: tuple["Finding", ...] = ()
    severity_iri: str | None = None
    language: str | None = "en"
    shape: Term | None = dataclasses.field(default=None, compare=False, repr=False)

    def at(self, place: Place | None) -> "Finding":
        """The same finding, at a place."""
        return dataclasses.replace(self, place=place)

    def because_of(self, reasons: Iterable["Finding"]) -> "Finding":
        """The same finding, with other reasons."""
        return dataclasses.replace(self, because=tuple(reasons))

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; terms in N-Triples syntax, absent fields left out."""
        fields: dict[str, Any] = {
            "rule": self.rule,
            "severity": self.severity.label,
            "message": self.message,
            "focus": None if self.focus is None else str(self.focus),
            "path": self.path,
            "value": None if self.value is None else str(self.value),
            "component": self.component,
            "shape": self.source_shape,
            "severity_iri": self.severity_iri,
            "because": [reason.as_dict() for reason in self.because],
        }
        if self.place:
            fields |= {"file": self.place.file, "line": self.place.line, "column": self.place.column}
            fields["place_is"] = self.place.kind
        return {key: value for key, value in fields.items() if value not in (None, 0, [])}


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Order by file, line, column, then rule and terms: the same on every run."""

    def key(finding: Finding) -> tuple[str, int, int, str, str, str]:
        place = finding.place or Place("")
        return (place.file, place.line, place.column, finding.rule, str(finding.focus), str(finding.value))

    return sorted(findings, key=key)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The highest severity, or None where there is no finding."""
    return max((finding.severity for finding in findings), default=None)
