"""Each shape to the engine that is right about it: the fast one, unless it is known to be wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from sauran.kg.model.findings import Finding, Severity, Term
from sauran.kg.model.namespaces import OWL, RDF, RDFS, SH, XSD
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import PARAMETERS, Takes, iris_of
from sauran.kg.shacl.paths import predicates_of
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.shacl.targets import TARGETS, classes_of_classes, implicit_targets, name_of, targeted_shapes
from sauran.kg.validate import rust_engine as native
from sauran.kg.validate.data_traits import COMPARING, Traits, is_misread, is_unordered
from sauran.kg.validate.engines import REFERENCE, choose
from sauran.kg.validate.job import Limits
from sauran.kg.validate.lint import nested_shapes
from sauran.kg.validate.lint.queries import is_about_order, patterns_in
from sauran.kg.validate.lint.syntax import NEEDS
from sauran.kg.validate.lint.vocabulary import ADVANCED_TERMS, KNOWN_TERMS

__all__ = [
    "Router",
    "Routes",
    "for_fast_engine",
    "only_targets_of",
    "plain_shapes",
    "route",
    "single_opinions",
]

_TYPE = RDF.type.value
_QUERIES = tuple(SH_IRI + name for name in ("select", "ask"))
_PATH, _PATTERN = SH_IRI + "path", SH_IRI + "pattern"
_LIMITS = iris_of(p for p in PARAMETERS if p.is_one(Takes.LIMIT))
_COUNTS = iris_of(p for p in PARAMETERS if p.is_one(Takes.COUNT))
_MOST_DIGITS = 9
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
    """The shapes as all engines understand them.

    Without what is not SHACL 1.0 or says nothing, without advanced features and empty components;
    a class that is a shape targets its instances explicitly.
    """
    wanted = {SH_IRI + name for name in KNOWN_TERMS - ADVANCED_TERMS}
    implicit, classes = implicit_targets(shapes), {*classes_of_classes(shapes), OWL.Class}
    empty = {
        component
        for component in shapes.subjects(SH_IRI + "parameter")
        if not any(shapes.objects(component, validator) for validator in _VALIDATORS)
    }
    shaped = {*implicit, *shapes.subjects(_TYPE, SH.NodeShape), *shapes.subjects(_TYPE, SH.PropertyShape)}

    disjoint = shapes.subjects(SH_IRI + "qualifiedValueShapesDisjoint")

    def stays(triple: Triple) -> bool:
        predicate = triple.predicate.value
        if predicate.startswith(SH_IRI) and predicate not in wanted:
            return False
        needed = () if disjoint else NEEDS.get(predicate.removeprefix(SH_IRI), ())
        if needed and not any(shapes.objects(triple.subject, SH_IRI + name) for name in needed):
            return False
        if triple.subject in empty and (predicate == _TYPE or predicate.startswith(SH_IRI)):
            return False
        return not (predicate == _TYPE and triple.object in classes and triple.subject in shaped)

    targets = (Triple(shape, SH.targetClass, shape) for shape in implicit)  # type: ignore[arg-type]
    return TripleIndex([*filter(stays, shapes), *targets])


def route(shapes: TripleIndex, traits: Traits | None = None) -> Routes:
    """Find the shapes with a target that lead to something the fast engine is known to get wrong.

    `traits` are those of the data, where they are known.
    """
    traits = traits or Traits()
    everywhere = _wrong_in_components(shapes)
    if traits.misread_everywhere:
        everywhere = f"the data have {traits.misread_everywhere}, which shacl reads as something else"
    reasons, others = {}, []
    for root in targeted_shapes(shapes):
        reason = everywhere or next(
            (why for shape in _reached(shapes, root) if (why := _wrong_in(shapes, shape, traits))), ""
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


def _wrong_in(shapes: TripleIndex, shape: Term, traits: Traits) -> str:
    said = shapes.properties(shape)
    limits = [term for name in _LIMITS for term in said.get(name, ())]
    datatypes = [t.value for t in said.get(SH_IRI + "datatype", ()) if isinstance(t, NamedNode)]
    doubts = (
        (not traits.unordered.isdisjoint(_compared(shapes, said)), "it compares values that have no order"),
        (any(map(_is_hard_limit, limits)), "its limit is not a number or time, or a very long one"),
        (
            not traits.misread.keys().isdisjoint(datatypes),
            "the data have ill-formed literals of its sh:datatype",
        ),
        (_PATH in said and SH_IRI + "closed" in said, "sh:closed on a property shape"),
        (any(_is_hard_count(t) for name in _COUNTS for t in said.get(name, ())), "its count is very large"),
        (
            any(_is_hard(pattern, said) for pattern in said.get(_PATTERN, ())),
            "its sh:pattern looks around or back, or has what only XPath has",
        ),
    )
    queries = (text for query in said.get(SH_IRI + "sparql", ()) for text in _texts(shapes, query))
    in_queries = (f"its query {why}" for text in queries if (why := _wrong_in_query(text)))
    return next((why for holds, why in doubts if holds), "") or next(in_queries, "")


def _compared(shapes: TripleIndex, said: Mapping[str, list[Term]]) -> set[str]:
    """The properties of which sh:lessThan and its like compare values."""
    others = [term for name in COMPARING for term in said.get(name, ())]
    paths = said.get(_PATH, ()) if others else ()
    return {predicate for node in (*others, *paths) for predicate in predicates_of(shapes, node)}


def _is_hard_limit(term: Term) -> bool:
    # Texts are compared with texts in a language, though SPARQL has no order for the two.
    return isinstance(term, Literal) and (
        is_unordered(term) or term.datatype == XSD.string or is_misread(term)
    )


def _is_hard_count(term: Term) -> bool:
    return isinstance(term, Literal) and len(term.value.lstrip("+0")) > _MOST_DIGITS


def _is_hard(pattern: Term, said: Mapping[str, list[Term]]) -> bool:
    flags = "".join(f.value for f in said.get(SH_IRI + "flags", ()) if isinstance(f, Literal))
    return isinstance(pattern, Literal) and _beyond_linear(pattern.value, flags)


def _beyond_linear(pattern: str, flags: str) -> bool:
    from sauran.kg.model.xpath_regex import only_backtracking  # noqa: PLC0415 (only shapes with patterns pay)

    return only_backtracking(pattern, flags)


def _wrong_in_query(query: str) -> str:
    if is_about_order(query):
        return "compares or orders values"
    for pattern, flags in patterns_in(query):
        if pattern is None or flags is None:
            return "has a pattern that is not known beforehand"
        if _beyond_linear(pattern, flags):
            return "has a pattern that looks around or back, or has what only XPath has"
    return ""


def _wrong_in_components(shapes: TripleIndex) -> str:
    validators = {v for term in _VALIDATORS for c in shapes.subjects(term) for v in shapes.objects(c, term)}
    texts = (text for validator in validators for text in _texts(shapes, validator))
    return next((f"a constraint component's query {why}" for t in texts if (why := _wrong_in_query(t))), "")


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


def for_fast_engine(shapes: TripleIndex) -> TripleIndex:
    """The same shapes without what the fast engine cannot even read; no shape that it is asked has such."""

    def stays(triple: Triple) -> bool:
        predicate = triple.predicate.value
        if predicate == _PATTERN:
            return not _is_hard(triple.object, shapes.properties(triple.subject))
        return predicate not in _COUNTS or not _is_hard_count(triple.object)

    return TripleIndex(filter(stays, shapes))


def single_opinions(routes: Routes, engine: str) -> list[Finding]:
    """Warn of each shape that only one engine is right about: comparing it with itself proves nothing."""
    return [
        Finding(
            "single-opinion",
            Severity.WARNING,
            f"The cross-check has no second opinion of this shape: only {engine} is right about it, "
            f"because {why}. Ask it in another way, or live with one opinion.",
            focus=shape,
        )
        for shape, why in routes.reasons.items()
    ]


@dataclass(frozen=True)
class Router:
    """The fast engine, and the reference for what the fast one is known to get wrong.

    `traits` as in `route`; above `most` results the outcome is not decided.
    """

    language: str = "en"
    traits: Traits = field(default_factory=Traits)
    most: int = Limits().results

    def validate(self, data: Callable[[], Iterable[Triple]], shapes: TripleIndex) -> list[Finding]:
        """Validate; `data` is asked for the triples once for each engine.

        Raises: as engines do.
        """
        routes = route(shapes, self.traits)
        findings: list[Finding] = []
        if routes.others:
            plain = for_fast_engine(only_targets_of(shapes, routes.others))
            findings += choose(native.NAME)(data(), plain, language=self.language, most=self.most)
        if routes.reasons:
            rest = only_targets_of(shapes, tuple(routes.reasons))
            findings += choose(REFERENCE)(data(), rest, language=self.language, most=self.most)
        return findings
