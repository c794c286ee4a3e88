"""What pySHACL and rdflib get wrong, put right from outside while they work, and undone afterwards."""

import contextlib
import logging
import warnings
from collections.abc import Iterable, Iterator
from functools import partial
from types import MethodType
from typing import Any

import rdflib.plugins.sparql as rdflib_sparql
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, Triple
from pyshacl.constraints.core import property_pair_constraints as pairs
from pyshacl.constraints.core import value_constraints as values
from pyshacl.constraints.core import value_range_constraints as ranges
from rdflib.namespace import XSD
from rdflib.plugins.sparql.sparql import SPARQLError
from rdflib.term import Literal, Node

from kg.shacl_result import SH_IRI
from kg.triple_index import TripleIndex
from kg.vocabulary import OWL

__all__ = ["compare_strictly", "is_less", "mended", "mended_shapes"]

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_SWITCHES = tuple(
    SH_IRI + name for name in ("closed", "deactivated", "qualifiedValueShapesDisjoint", "uniqueLang")
)
_NUMBERS = frozenset(
    XSD[name]
    for name in (
        "integer", "decimal", "float", "double", "nonPositiveInteger", "negativeInteger", "long", "int",
        "short", "byte", "nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
        "positiveInteger",
    )
)  # fmt: skip
_ALONE = frozenset((XSD.boolean, XSD.dateTime, XSD.date, XSD.time, XSD.string))


@contextlib.contextmanager
def mended() -> Iterator[None]:
    """Mend while a validation runs; nothing is loaded that a query names, and nothing is logged."""
    swaps: list[tuple[Any, str, Any]] = [
        (rdflib_sparql, "SPARQL_LOAD_GRAPHS", False),
        (logging.getLogger("rdflib.term"), "disabled", True),
        (logging.getLogger("pyshacl-validate"), "disabled", True),
        (values.DatatypeConstraintComponent, "_assert_actual_datatype", lambda *_: True),
        (ranges, "compare_literal", _compare),
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


def mended_shapes(shapes: Iterable[Triple]) -> list[Triple]:
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


def _family(literal: Literal) -> Node | None:
    """What a literal may be compared with: its datatype, one for all numbers; None where with nothing."""
    if literal.ill_typed or literal.language is not None:
        return None
    datatype = literal.datatype or XSD.string
    if datatype in _NUMBERS:
        return XSD.decimal
    return datatype if datatype in _ALONE else None


def is_less(left: Node, right: Node, *, or_equal: bool = False) -> bool:
    """Whether SPARQL's `<` or `<=` is true of two terms; false too where they cannot be compared.

    Source: SPARQL 1.1, section 17.3, with the dates and times that XPath compares.
    """
    if not isinstance(left, Literal) or not isinstance(right, Literal):
        return False
    family = _family(left)
    if family is None or family != _family(right):
        return False
    one, two = left.value, right.value
    if one is None or two is None:
        return False
    if family == XSD.string:
        one, two = str(left), str(right)
    try:
        return bool(one < two or (or_equal and one == two))
    except (TypeError, ArithmeticError):  # with and without time zone, or not a number
        return False


def _compare(one: Literal, other: Literal) -> int:
    if is_less(one, other):
        return -1
    if is_less(other, one):
        return 1
    if is_less(one, other, or_equal=True):
        return 0
    raise TypeError("cannot be compared")


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


def compare_strictly(part: Any) -> None:
    """Make a comparison in a query an error where SPARQL says so: rdflib orders any two literals."""
    usual = part._evalfn

    def evaluate(self: Any, context: Any) -> Any:
        if self.op in ("<", ">", "<=", ">="):
            one, other = self.expr, self.other
            if isinstance(one, Literal) and isinstance(other, Literal):
                family = _family(one)
                if family is None or family != _family(other):
                    raise SPARQLError(f"{one.n3()} and {other.n3()} cannot be compared")
        return usual(context)

    part._evalfn = MethodType(evaluate, part)
