"""The verdicts of a suite as an EARL report; holds no test."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode, Quad
from w3c.causes import Cause
from w3c.manifests import COMMIT, Suite
from w3c.verdicts import Outcome, Verdict

from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import RDF_FORMATS
from sauran.kg.model.namespaces import DCTERMS, RDF, RDFS, Namespace

__all__ = ["write_report"]

_PREFIXES = {
    "conf": "https://w3id.org/sauran/conformance#",
    "dcterms": DCTERMS.iri,
    "doap": "http://usefulinc.com/ns/doap#",
    "earl": "http://www.w3.org/ns/earl#",
    "rdfs": RDFS.iri,
}
_HERE, _DOAP, _EARL = (Namespace(_PREFIXES[prefix]) for prefix in ("conf", "doap", "earl"))
_A = RDF["type"]
_OUTCOMES = {
    Outcome.PASSED: _EARL["passed"],
    Outcome.VALUE: _EARL["passed"],
    Outcome.LITERALS: _EARL["failed"],
    Outcome.FAILED: _EARL["failed"],
    Outcome.REFUSED: _EARL["inapplicable"],
}


def write_report(suite: Suite, verdicts: Iterable[Verdict], causes: dict[str, Cause]) -> bytes:
    """Write one report in Turtle: one assertion for each test, its cause where it did not simply pass."""
    quads = [*_software(), *_suite(suite)]
    for verdict in verdicts:
        quads += _assertion(suite, verdict, causes.get(verdict.case.name))
    return b"# Made by: make conformance\n" + write_rdf(sort_quads(quads), RDF_FORMATS[0], _PREFIXES)


def _software() -> Iterator[Quad]:
    software, engine, release, runner = (_HERE[name] for name in ("software", "engine", "release", "runner"))
    yield Quad(software, _A, _DOAP.Project)
    yield Quad(software, _A, _EARL.Software)
    yield Quad(software, _A, _EARL.TestSubject)
    yield Quad(software, _DOAP.name, Literal("Sauran"))
    yield Quad(software, _DOAP["programming-language"], Literal("Python"))
    yield Quad(software, DCTERMS.requires, engine)
    yield Quad(engine, _A, _DOAP.Project)
    yield Quad(engine, _DOAP.name, Literal("pyoxigraph"))
    yield Quad(engine, _DOAP.homepage, NamedNode("https://github.com/oxigraph/oxigraph"))
    yield Quad(engine, _DOAP.release, release)
    yield Quad(release, _A, _DOAP.Version)
    yield Quad(release, _DOAP.revision, Literal(version("pyoxigraph")))
    yield Quad(runner, _A, _EARL.Software)
    yield Quad(
        runner, DCTERMS.title, Literal("make conformance: every test over HTTP on loopback", language="en")
    )


def _suite(suite: Suite) -> Iterator[Quad]:
    node = _HERE[suite.slug]
    yield Quad(node, _A, _EARL.TestRequirement)
    yield Quad(node, DCTERMS.title, Literal(suite.title, language="en"))
    yield Quad(node, DCTERMS.conformsTo, NamedNode(suite.specification))
    yield Quad(node, DCTERMS.source, NamedNode(f"https://github.com/w3c/rdf-tests/tree/{COMMIT}/sparql"))


def _assertion(suite: Suite, verdict: Verdict, cause: Cause | None) -> Iterator[Quad]:
    name = verdict.case.name.replace("/", ".")
    assertion, result, test = _HERE[name], _HERE[f"{name}.result"], NamedNode(verdict.case.iri)
    yield Quad(assertion, _A, _EARL.Assertion)
    yield Quad(assertion, DCTERMS.isPartOf, _HERE[suite.slug])
    yield Quad(assertion, _EARL.assertedBy, _HERE.runner)
    yield Quad(assertion, _EARL.mode, _EARL.automatic)
    yield Quad(assertion, _EARL.subject, _HERE.software)
    yield Quad(assertion, _EARL.test, test)
    yield Quad(assertion, _EARL.result, result)
    yield Quad(result, _A, _EARL.TestResult)
    yield Quad(result, _EARL.outcome, _OUTCOMES[verdict.outcome])
    if cause:
        yield Quad(result, DCTERMS.description, Literal(cause.says, language="en"))
        yield Quad(result, RDFS.seeAlso, NamedNode(cause.link))
