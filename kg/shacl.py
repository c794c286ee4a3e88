"""Data and shapes to findings, by pySHACL: core and SPARQL constraints, nothing fetched."""

import contextlib
import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyshacl
import rdflib.plugins.sparql as rdflib_sparql
from pyoxigraph import Triple
from pyshacl.errors import (
    ConstraintLoadError,
    ReportableRuntimeError,
    RuleLoadError,
    ShapeLoadError,
    ValidationFailure,
)
from rdflib.graph import Graph
from rdflib.namespace import RDF, RDFS
from rdflib.namespace import SH as _SH
from rdflib.term import Literal, Node, URIRef

from kg.errors import ContentError, EngineError
from kg.findings import Finding, Severity, Term, sort_findings
from kg.rdflib_terms import add_to_graph, to_oxigraph
from kg.shacl_paths import path_text
from kg.shacl_queries import ClosedGraph

__all__ = ["Report", "located_at", "validate"]

_SEVERITIES: dict[Node | None, Severity] = {
    _SH.Info: Severity.INFO,
    _SH.Warning: Severity.WARNING,
    _SH.Violation: Severity.VIOLATION,
}
_TARGETS = (_SH.targetClass, _SH.targetNode, _SH.targetObjectsOf, _SH.targetSubjectsOf)
_SPARQL = "SPARQLConstraintComponent"


@dataclass(frozen=True)
class Report:
    """What validation found.

    `conforms` is SHACL's: false with any result, whatever its severity. `focus_nodes` counts, for each shape
    with a target, how many nodes of the data it met. `language` is that of the messages.
    """

    findings: tuple[Finding, ...]
    conforms: bool
    focus_nodes: Mapping[str, int]
    language: str = "en"

    @property
    def idle_shapes(self) -> tuple[str, ...]:
        """The shapes that met no node: what they ask was not checked."""
        return tuple(shape for shape, count in self.focus_nodes.items() if not count)


def located_at(finding: Finding) -> Term | None:
    """The node a person must look at: the value of a query's result, otherwise the focus.

    Our queries run once a document and name the claim or passage at fault as value.
    """
    return finding.value if finding.component == _SPARQL and finding.value else finding.focus


def validate(data: Iterable[Triple], shapes: Iterable[Triple], *, language: str = "en") -> Report:
    """Check data against shapes.

    Shape: findings sorted, without place; `message` in `language` where the shape has it, otherwise English.
    Raises: ContentError when shapes are ill-formed or a term is not RDF 1.1; EngineError when pySHACL fails.
    Source: SHACL, sections 2 to 6.
    """
    with _contained():
        data_graph = add_to_graph(ClosedGraph(bind_namespaces="none"), data)
        shapes_graph = add_to_graph(Graph(bind_namespaces="none"), shapes)
        results = _run(data_graph, shapes_graph)
        findings = [
            _finding(results, node, shapes_graph, language) for node in results.objects(None, _SH.result)
        ]
        return Report(
            findings=tuple(sort_findings(dict.fromkeys(findings))),
            conforms=not findings,
            focus_nodes=_count_focus_nodes(data_graph, shapes_graph),
            language=language,
        )


@contextlib.contextmanager
def _contained() -> Iterator[None]:
    """Keep rdflib from loading graphs that a query names, and from talking about ill-typed literals."""
    loads, rdflib_sparql.SPARQL_LOAD_GRAPHS = rdflib_sparql.SPARQL_LOAD_GRAPHS, False
    log = logging.getLogger("rdflib.term")
    was_disabled, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        rdflib_sparql.SPARQL_LOAD_GRAPHS = loads
        log.disabled = was_disabled


def _run(data: Graph, shapes: Graph) -> Graph:
    try:
        _, results, text = pyshacl.validate(
            data,
            shacl_graph=shapes,
            advanced=False,
            js=False,
            do_owl_imports=False,
            inference="none",
            inplace=True,
        )
    except (ShapeLoadError, ConstraintLoadError, RuleLoadError) as error:
        raise ContentError("shapes", _one_line(error), "Mend the shape.") from error
    except re.error as error:
        raise ContentError(
            "shapes", f"a pattern is no regular expression: {error}.", "Mend its sh:pattern."
        ) from error
    except (ReportableRuntimeError, RecursionError, NotImplementedError) as error:
        raise EngineError("pySHACL", f"gave no verdict: {_one_line(error)}") from error
    if isinstance(results, ValidationFailure) or not isinstance(results, Graph):
        raise EngineError("pySHACL", f"gave no verdict: {_one_line(text)}")
    return results


def _one_line(error: object) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _finding(results: Graph, node: Node, shapes: Graph, language: str) -> Finding:
    shape = results.value(node, _SH.sourceShape)
    value = results.value(node, _SH.value)
    focus = results.value(node, _SH.focusNode)
    path = results.value(node, _SH.resultPath)
    component = _local_name(results.value(node, _SH.sourceConstraintComponent))
    return Finding(
        rule=_local_name(shape) or component,  # a shape without a name is told of by what it asks
        severity=_SEVERITIES.get(results.value(node, _SH.resultSeverity), Severity.VIOLATION),
        message=_message(results, node, shapes, language),
        focus=None if focus is None else to_oxigraph(focus),
        path=None if path is None else path_text(results, path),
        value=None if value is None else to_oxigraph(value),
        component=component,
        source_shape=str(shape) if isinstance(shape, URIRef) else None,
    )


def _local_name(term: Node | None) -> str:
    """What stands after the last # or / of an IRI; nothing for another term."""
    return re.split(r"[#/]", str(term))[-1] if isinstance(term, URIRef) else ""


def _message(results: Graph, node: Node, shapes: Graph, language: str) -> str:
    # pySHACL drops the language of messages of queries, so the shapes are asked first.
    for owner in (results.value(node, _SH.sourceConstraint), results.value(node, _SH.sourceShape)):
        texts = (
            [] if owner is None else [m for m in shapes.objects(owner, _SH.message) if isinstance(m, Literal)]
        )
        if texts:
            return _filled(_in_language(texts, language), results, node)
    texts = _texts(results, node, _SH.resultMessage)
    return _in_language(texts, language) if texts else ""


def _texts(graph: Graph, node: Node, predicate: URIRef) -> list[Literal]:
    return [text for text in graph.objects(node, predicate) if isinstance(text, Literal)]


def _in_language(texts: list[Literal], language: str) -> str:
    wanted = (language, "en", None)
    rank = {tag: number for number, tag in reversed(list(enumerate(wanted)))}
    return str(min(texts, key=lambda text: (rank.get(text.language, len(wanted)), str(text))))


def _filled(text: str, results: Graph, node: Node) -> str:
    for name, predicate in (("this", _SH.focusNode), ("value", _SH.value), ("path", _SH.resultPath)):
        value = results.value(node, predicate)
        if value is not None:
            text = text.replace(f"{{?{name}}}", str(value)).replace(f"{{${name}}}", str(value))
    return text


def _count_focus_nodes(data: Graph, shapes: Graph) -> dict[str, int]:
    """Count the nodes of the data that each shape with a target meets, by shape IRI."""
    targeted = {shape for target in _TARGETS for shape in shapes.subjects(target, None)}
    targeted |= set(shapes.subjects(RDF.type, _SH.NodeShape)) & set(shapes.subjects(RDF.type, RDFS.Class))
    return {str(shape): len(_focus_nodes(data, shapes, shape)) for shape in sorted(targeted, key=str)}


def _focus_nodes(data: Graph, shapes: Graph, shape: Node) -> set[Node]:
    # A target node that the data do not have is a focus node for SHACL; but nothing of the data was checked.
    nodes = {
        node
        for node in shapes.objects(shape, _SH.targetNode)
        if (node, None, None) in data or (None, None, node) in data
    }
    classes = set(shapes.objects(shape, _SH.targetClass))
    if (shape, RDF.type, RDFS.Class) in shapes:
        classes.add(shape)
    for class_ in classes:
        for subclass in data.transitive_subjects(RDFS.subClassOf, class_):
            nodes |= set(data.subjects(RDF.type, subclass))
    for predicate in shapes.objects(shape, _SH.targetSubjectsOf):
        nodes |= set(data.subjects(predicate, None))
    for predicate in shapes.objects(shape, _SH.targetObjectsOf):
        nodes |= set(data.objects(None, predicate))
    return nodes
