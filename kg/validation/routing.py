"""Which engine is right about which shape: the fast one, unless it is known to be wrong."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.findings import Term
from kg.shacl_result import SH_IRI
from kg.shacl_targets import TARGETS, name_of, targeted_shapes
from kg.triple_index import TripleIndex
from kg.validation.lint import nested_shapes
from kg.validation.queries import is_about_order
from kg.validation.terms import ADVANCED_TERMS, KNOWN_TERMS
from kg.vocabulary import RDF, RDFS

__all__ = ["Routes", "only_targets_of", "plain_shapes", "route", "without_hard_patterns"]

_TYPE = RDF.type.value
# What a regular expression may look around or back at; Rust's are linear in time and cannot.
_BEYOND_LINEAR = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]")
_QUERIES = tuple(SH_IRI + name for name in ("select", "ask"))
_COMPARING = ("lessThan", "lessThanOrEquals")
_LIMITS = ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
_VALIDATORS = tuple(SH_IRI + name for name in ("validator", "nodeValidator", "propertyValidator"))


@dataclass(frozen=True)
class Routes:
    """The shapes with a target that must go to the reference engine, and why, by shape."""

    reasons: dict[Term, str]
    others: tuple[Term, ...]

    def notes(self, engine: str) -> list[str]:
        """Say which shapes went where."""
        return [f"{name_of(s)} is checked by {engine}: {why}." for s, why in self.reasons.items()]


def plain_shapes(shapes: TripleIndex) -> TripleIndex:
    """The shapes without what is not SHACL 1.0, and without advanced features: engines differ in both."""
    wanted = KNOWN_TERMS - ADVANCED_TERMS
    return TripleIndex(
        t
        for t in shapes
        if not t.predicate.value.startswith(SH_IRI) or t.predicate.value.removeprefix(SH_IRI) in wanted
    )


def route(shapes: TripleIndex, tagged: Collection[str] = ()) -> Routes:
    """Find the shapes with a target that lead to something the fast engine is known to get wrong.

    `tagged` are the properties whose values the data write in a language.
    """
    everywhere = _wrong_in_components(shapes)
    reasons, others = {}, []
    for root in targeted_shapes(shapes):
        reason = everywhere or next(
            (why for shape in _reached(shapes, root) if (why := _wrong_in(shapes, shape, tagged))), ""
        )
        if reason:
            reasons[root] = reason
        else:
            others.append(root)
    return Routes(reasons, tuple(others))


def _reached(shapes: TripleIndex, root: Term) -> Iterator[Term]:
    seen, todo = {root}, [root]
    while todo:
        shape = todo.pop()
        yield shape
        new = [s for s in nested_shapes(shapes, shape) if s not in seen]
        seen.update(new)
        todo += new


def _wrong_in(shapes: TripleIndex, shape: Term, tagged: Collection[str]) -> str:
    said = shapes.properties(shape)
    others = [term for name in _COMPARING for term in said.get(SH_IRI + name, ())]
    limits = [term for name in _LIMITS for term in said.get(SH_IRI + name, ())]
    if any(isinstance(t, NamedNode) and t.value in tagged for t in others) or any(
        isinstance(t, Literal) and t.language is not None for t in limits
    ):
        return "it compares texts in a language"
    if SH_IRI + "path" in said and SH_IRI + "closed" in said:
        return "sh:closed on a property shape"
    for pattern in said.get(SH_IRI + "pattern", ()):
        if isinstance(pattern, Literal) and _BEYOND_LINEAR.search(pattern.value):
            return "its sh:pattern looks around or back"
    for query in said.get(SH_IRI + "sparql", ()):
        if any(is_about_order(text) for text in _texts(shapes, query)):
            return "its query compares or orders values"
    return ""


def _wrong_in_components(shapes: TripleIndex) -> str:
    validators = {v for term in _VALIDATORS for c in shapes.subjects(term) for v in shapes.objects(c, term)}
    if any(is_about_order(text) for validator in validators for text in _texts(shapes, validator)):
        return "a constraint component's query compares or orders values"
    return ""


def _texts(shapes: TripleIndex, owner: Term) -> list[str]:
    terms = [term for kind in _QUERIES for term in shapes.objects(owner, kind)]
    return [term.value for term in terms if isinstance(term, Literal)]


def only_targets_of(shapes: TripleIndex, kept: tuple[Term, ...]) -> TripleIndex:
    """The same shapes, of which only some have targets."""
    dropped = set(targeted_shapes(shapes)) - set(kept)

    def stays(triple: Triple) -> bool:
        if triple.subject not in dropped:
            return True
        implicit = triple.predicate.value == _TYPE and triple.object == RDFS.Class
        return triple.predicate.value not in TARGETS and not implicit

    return TripleIndex(filter(stays, shapes))


def without_hard_patterns(shapes: TripleIndex) -> TripleIndex:
    """The same shapes without patterns that the fast engine cannot read: none that it is asked has one."""
    pattern = SH_IRI + "pattern"
    return TripleIndex(
        t
        for t in shapes
        if t.predicate.value != pattern
        or not (isinstance(t.object, Literal) and _BEYOND_LINEAR.search(t.object.value))
    )
