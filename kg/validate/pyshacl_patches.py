"""What pySHACL and rdflib get wrong, put right from outside while they work, and undone afterwards."""

import contextlib
import logging
import warnings
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import rdflib.plugins.sparql as rdflib_sparql
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, Triple
from pyshacl.constraints.core import property_pair_constraints as pairs
from pyshacl.constraints.core import string_based_constraints as strings
from pyshacl.constraints.core import value_constraints as values
from pyshacl.constraints.core import value_range_constraints as ranges
from rdflib.term import BNode, Literal, Node

from sauran.kg.model.errors import ContentError
from sauran.kg.model.namespaces import OWL
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.model.xpath_regex import PatternError, compile_pattern, matches
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.sparql.repair_hints import compare_literals

__all__ = ["is_less", "patched", "patched_shapes"]

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_SWITCHES = tuple(
    SH_IRI + name for name in ("closed", "deactivated", "qualifiedValueShapesDisjoint", "uniqueLang")
)


@contextlib.contextmanager
def patched() -> Iterator[None]:
    """Apply the patches during a validation; nothing that a query names is loaded, nothing is logged."""
    swaps: list[tuple[Any, str, Any]] = [
        (rdflib_sparql, "SPARQL_LOAD_GRAPHS", False),
        (logging.getLogger("rdflib.term"), "disabled", True),
        (logging.getLogger("pyshacl-validate"), "disabled", True),
        (values.DatatypeConstraintComponent, "_assert_actual_datatype", lambda *_: True),
        (ranges, "compare_literal", _compare),
        (strings.PatternConstraintComponent, "__init__", _read_patterns),
        (strings.PatternConstraintComponent, "_evaluate_string_rule", _evaluate_pattern),
        (pairs.LessThanConstraintComponent, "_compare_lt", _pairs_where(is_less)),
        (
            pairs.LessThanOrEqualsConstraintComponent,
            "_compare_ltoe",
            _pairs_where(partial(is_less, or_equal=True)),
        ),
    ]
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in swaps]
    try:
        for owner, name, new in swaps:
            setattr(owner, name, new)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for owner, name, old in before:
            setattr(owner, name, old)


def patched_shapes(shapes: Iterable[Triple]) -> list[Triple]:
    """Say shapes so that pySHACL understands what they mean.

    A switch is on only where its value is the term `true` (SHACL, section 4.4.3), so others are left out;
    prefixes also come from what the owner of the declarations imports (SHACL, section 5.2.1).
    """
    index = TripleIndex(shapes)
    kept = [t for t in index if t.predicate.value not in _SWITCHES or not _is_other_boolean(t.object)]
    imports, declare = OWL.imports.value, SH_IRI + "declare"
    owners = {
        owner
        for node in index.subjects(SH_IRI + "prefixes")
        for owner in index.objects(node, SH_IRI + "prefixes")
    }
    for owner in owners:
        seen, todo = {owner}, index.objects(owner, imports)
        while todo:
            imported = todo.pop()
            if imported in seen:
                continue
            seen.add(imported)
            todo += index.objects(imported, imports)
            kept += [
                Triple(owner, NamedNode(declare), node)  # type: ignore[arg-type]
                for node in index.objects(imported, declare)
            ]
    return kept


def _is_other_boolean(term: object) -> bool:
    return isinstance(term, OxLiteral) and term.datatype.value == _BOOLEAN and term.value in ("0", "1")


def is_less(left: Node, right: Node, *, or_equal: bool = False) -> bool:
    """Whether SPARQL's `<` or `<=` is true of two terms; false too where they cannot be compared.

    Source: as sauran.kg.model.xsd.
    """
    if not isinstance(left, Literal) or not isinstance(right, Literal):
        return False
    order = compare_literals(left, right)
    return order is not None and (order < 0 or (or_equal and order == 0))


def _compare(one: Literal, other: Literal) -> int:
    order = compare_literals(one, other)
    if order is None:
        raise TypeError("cannot be compared")
    return order


def _pairs_where(holds: Any) -> Any:
    def compare(self: Any, value_nodes: Any, others: Any, graph: Any, focus: Any) -> tuple[bool, list[Any]]:
        reports = [
            self.make_v_result(graph, focus, value_node=value)
            for value in value_nodes
            for other in others
            if not holds(value, other)
        ]
        return bool(reports), reports

    return compare


def _read_patterns(self: Any, shape: Any) -> None:
    strings.StringBasedConstraintBase.__init__(self, shape)
    self.string_rules = list(shape.objects(strings.SH_pattern))
    flags = list(shape.objects(strings.SH_flags))
    self.flags = flags[0] if flags else None
    for pattern in self.string_rules:
        try:
            compile_pattern(str(pattern), str(self.flags or ""))
        except PatternError as error:
            what = f"a pattern is not a valid regular expression: {error.what}."
            raise ContentError("shapes", what, "Fix its sh:pattern.") from error


def _evaluate_pattern(self: Any, pattern: Literal, graph: Any, found: Any) -> tuple[bool, list[Any]]:
    """Match by XPath's rules; pySHACL knows two flags, and lets `$` stand before a last line feed."""
    flags = str(self.flags or "")
    reports = [
        self.make_v_result(graph, focus, value_node=value)
        for focus, values_of in found.items()
        for value in values_of
        if isinstance(value, BNode) or not matches(str(pattern), flags, str(self.value_node_to_string(value)))
    ]
    return bool(reports), reports
