"""Data and shapes to findings, by pySHACL: core and SPARQL constraints, nothing fetched."""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pyshacl
from pyoxigraph import Triple
from pyparsing import ParseBaseException
from pyshacl.errors import (
    ConstraintLoadError,
    ReportableRuntimeError,
    RuleLoadError,
    ShapeLoadError,
    ValidationFailure,
)
from rdflib.graph import Graph
from rdflib.namespace import SH as _SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as QueryResult
from rdflib.term import Node, URIRef

from sauran.kg.model.errors import ContentError, EngineError
from sauran.kg.model.findings import Finding, Term, sort_findings
from sauran.kg.model.rdflib_terms import add_to_graph, to_oxigraph
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.messages import Result, make_finding
from sauran.kg.shacl.paths import path_text
from sauran.kg.shacl.result import Report, located_at
from sauran.kg.shacl.targets import FocusCounter
from sauran.kg.sparql.repair_hints import mend_query
from sauran.kg.validate.pyshacl_patches import patched, patched_shapes

__all__ = ["ClosedGraph", "Report", "located_at", "validate"]

# As many steps as the shapes that the lint lets pass may need; pySHACL's own limit is 15.
_DEEPEST = 100


class ClosedGraph(Graph):
    """An rdflib graph whose queries come from shapes that strangers may have written."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> QueryResult:
        """Run a query over this graph only.

        Raises: ContentError when the query does not parse, or has FROM or SERVICE.
        """
        # pySHACL parses a query again for each focus node; parsing costs far more than most answers.
        if isinstance(query_object, str):
            query_object = _prepare(query_object)
        return super().query(query_object, *args, **kwargs)


@functools.lru_cache(maxsize=256)
def _prepare(text: str) -> Query:
    try:
        query = prepareQuery(text)
    except ParseBaseException as error:
        raise ContentError("shapes", f"a query does not parse: {error}.", "Fix its sh:select.") from error
    except Exception as error:  # rdflib raises bare Exception, for an unknown prefix among others
        if type(error) is not Exception:
            raise
        raise ContentError("shapes", f"a query cannot be used: {error}.", "Fix its sh:select.") from error
    parts = list(_parts(query.algebra))
    names = {part.name for part in parts}
    for name, word in (("DatasetClause", "FROM"), ("ServiceGraphPattern", "SERVICE")):
        if name in names:
            raise ContentError(
                "shapes", f"a query has {word}, which reaches outside the data.", f"Remove {word}."
            )
    mend_query(parts)
    return query


def _parts(node: object) -> Iterator[CompValue]:
    """All parts of a query's algebra."""
    if isinstance(node, CompValue):
        yield node
        for value in node.values():
            yield from _parts(value)
    elif isinstance(node, list | tuple | set):
        for value in node:
            yield from _parts(value)


def validate(data: Iterable[Triple], shapes: Iterable[Triple], *, language: str = "en") -> Report:
    """Check data against shapes.

    Shape: findings sorted, without place; `message` in `language` where the shape has it, otherwise English.
    Raises: ContentError when shapes are ill-formed or a term is not RDF 1.1; EngineError when pySHACL fails.
    Source: SHACL, sections 2 to 6.
    """
    index = TripleIndex(shapes)
    counter = FocusCounter(index)
    with patched():
        data_graph = add_to_graph(ClosedGraph(bind_namespaces="none"), counter.watch(data))
        shapes_graph = add_to_graph(Graph(bind_namespaces="none"), patched_shapes(index))
        results = _run(data_graph, shapes_graph)
        findings = _findings_of(results, index, language)
    return Report(
        findings=tuple(sort_findings(findings)),
        conforms=not findings,
        focus_nodes=counter.counts(),
        language=language,
    )


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
            max_validation_depth=_DEEPEST,
        )
    except (ShapeLoadError, ConstraintLoadError, RuleLoadError) as error:
        raise ContentError("shapes", _one_line(error), "Fix the shape.") from error
    except re.error as error:
        raise ContentError(
            "shapes", f"a pattern is not a regular expression: {error}.", "Fix its sh:pattern."
        ) from error
    except (ReportableRuntimeError, RecursionError, NotImplementedError) as error:
        raise EngineError("pySHACL", f"could not decide the result: {_one_line(error)}") from error
    if isinstance(results, ValidationFailure) or not isinstance(results, Graph):
        raise EngineError("pySHACL", f"could not decide the result: {_one_line(text)}")
    return results


def _one_line(error: object) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _findings_of(results: Graph, shapes: TripleIndex, language: str) -> list[Finding]:
    """The findings of a report in RDF, one for each result."""
    return [_finding(results, node, shapes, language) for node in results.objects(None, _SH.result)]


def _finding(results: Graph, node: Node, shapes: TripleIndex, language: str) -> Finding:
    component, severity = (
        None if term is None else str(term)
        for term in (
            results.value(node, _SH.sourceConstraintComponent),
            results.value(node, _SH.resultSeverity),
        )
    )
    result = Result(
        _term(results.value(node, _SH.sourceShape)),
        component or "",
        severity,
        _term(results.value(node, _SH.focusNode)),
        _path(results, results.value(node, _SH.resultPath)),
        _term(results.value(node, _SH.value)),
        constraint=_term(results.value(node, _SH.sourceConstraint)),
        texts=[str(text) for text in results.objects(node, _SH.resultMessage)],
    )
    return make_finding(shapes, result, language)


def _term(term: Node | None) -> Term | None:
    return None if term is None else to_oxigraph(term)


def _path(results: Graph, path: Node | None) -> str | None:
    if path is None or isinstance(path, URIRef):
        return None if path is None else str(path)
    steps: list[Triple] = []
    todo, seen = [path], set()
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        for predicate, value in results.predicate_objects(node):
            steps.append(Triple(to_oxigraph(node), to_oxigraph(predicate), to_oxigraph(value)))  # type: ignore[arg-type]
            todo.append(value)
    return path_text(TripleIndex(steps), to_oxigraph(path))
