"""/conformance: the reports of the W3C's test suites, as a page and as EARL."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, render_template
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.findings import Term
from sauran.kg.model.formats import HTML, RDF_FORMATS, Format
from sauran.kg.model.namespaces import DCTERMS, RDFS, Namespace
from sauran.kg.model.triple_index import TripleIndex
from sauran.server.http.negotiation import PAGE_PREFIX, VARY, split_suffix
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.responses import redirect_to_page
from sauran.server.http.services import served_release

__all__ = ["REPORT_PREFIXES", "Cause", "SuiteReport", "conformance", "read_reports", "write_reports"]

_FOLDER = Path(__file__).parent / "reports"
_HERE = "https://w3id.org/sauran/conformance#"
REPORT_PREFIXES = {
    "conf": _HERE,
    "dcterms": DCTERMS.iri,
    "doap": "http://usefulinc.com/ns/doap#",
    "earl": "http://www.w3.org/ns/earl#",
    "rdfs": RDFS.iri,
}
_EARL = Namespace(REPORT_PREFIXES["earl"])
conformance = Blueprint("conformance", __name__)
_OFFERED = (*RDF_FORMATS, HTML)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why some tests do not give exactly what is expected; `tests` are names and IRIs."""

    outcome: str
    text: str
    link: str
    tests: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """How one suite went; `causes` tells of all that did not simply pass."""

    slug: str
    title: str
    specification: str
    passed: int
    failed: int
    inapplicable: int
    causes: tuple[Cause, ...]

    @property
    def total(self) -> int:
        """How many tests it has."""
        return self.passed + self.failed + self.inapplicable


@functools.cache
def read_reports() -> tuple[SuiteReport, ...]:
    """Read all reports, one for each suite."""
    return tuple(_report(file.stem, _read(file)) for file in _files())


@functools.cache
def write_reports(wanted: Format) -> bytes:
    """Write all reports as one graph."""
    quads = dict.fromkeys(quad for file in _files() for quad in _read(file))
    return write_rdf(sort_quads(quads), wanted, REPORT_PREFIXES, REPORT_PREFIXES)


def _files() -> list[Path]:
    return sorted(_FOLDER.glob("*.ttl"))


def _read(file: Path) -> list[Quad]:
    return list(parse(path=str(file), format=RdfFormat.TURTLE))


def _report(slug: str, quads: Iterable[Quad]) -> SuiteReport:
    index, suite = TripleIndex(quads), NamedNode(_HERE + slug)
    counts = dict.fromkeys(("passed", "failed", "inapplicable"), 0)
    causes: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for assertion in sorted(index.subjects(_EARL.test.value), key=str):
        for result in index.objects(assertion, _EARL.result.value):
            outcome = _text(index, result, _EARL.outcome).removeprefix(_EARL.iri)
            counts[outcome] += 1
            if description := _text(index, result, DCTERMS.description):
                cause = (outcome, description, _text(index, result, RDFS.seeAlso))
                name = assertion.value.removeprefix(_HERE) if isinstance(assertion, NamedNode) else ""
                causes.setdefault(cause, []).append((name, _text(index, assertion, _EARL.test)))
    return SuiteReport(
        slug=slug,
        title=_text(index, suite, DCTERMS.title),
        specification=_text(index, suite, DCTERMS.conformsTo),
        causes=tuple(Cause(*cause, tuple(tests)) for cause, tests in sorted(causes.items())),
        **counts,
    )


def _text(index: TripleIndex, subject: Term, property_: NamedNode) -> str:
    term = index.value(subject, property_.value)
    return term.value if isinstance(term, NamedNode | Literal) else ""


@conformance.get("/conformance", defaults={"rest": ""})
@conformance.get("/conformance<rest>")
def reports(rest: str) -> Response:
    """All reports as one graph; for people the page."""
    name, suffix = split_suffix(f"conformance{rest}")
    if name != "conformance":
        raise Problem(HTTPStatus.NOT_FOUND, f"Nothing is known of /conformance{rest}.")
    wanted = suffix or agree_on_format(_OFFERED)
    if wanted is HTML:
        return redirect_to_page("conformance")
    response = _graph(wanted)
    if suffix is None:
        response.headers["Vary"] = VARY
    return response


@conformance.get(f"/{PAGE_PREFIX}/conformance")
def page(language: str) -> str:
    """What passes, and the cause of what does not."""
    here = served_release().links.here
    return render_template(
        "conformance.html",
        language=language,
        suites=read_reports(),
        formats=[(known, here(f"conformance.{known.suffix}")) for known in RDF_FORMATS],
    )


def _graph(wanted: Format) -> Response:
    return Response(write_reports(wanted), content_type=wanted.content_type)
