"""Doubtful and broken shapes, found before any engine reads them."""

import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, NamedNode

from sauran.kg.model.findings import Finding, Severity, Term
from sauran.kg.model.namespaces import OWL, RDF
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import PARAMETERS, Takes, asks_something, iris_of, is_deactivated
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.shacl.targets import targeted_shapes
from sauran.kg.validate.lint.queries import pattern_faults, query_faults
from sauran.kg.validate.lint.syntax import broken, list_fault, syntax_faults
from sauran.kg.validate.lint.vocabulary import foreign_namespaces, unknown_terms

__all__ = ["is_broken", "lint", "nested_shapes"]

_TYPE, _FIRST = RDF.type.value, RDF.first.value
_PATH_STEPS = frozenset(
    SH_IRI + name
    for name in ("alternativePath", "inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
)
_TO_SHAPES = iris_of(p for p in PARAMETERS if p.is_one(Takes.SHAPE))
_TO_SHAPE_LISTS = iris_of(p for p in PARAMETERS if p.lists(Takes.SHAPE))
_VALIDATORS = tuple(SH_IRI + name for name in ("validator", "nodeValidator", "propertyValidator"))
_DEEPEST = 40


def lint(shapes: TripleIndex) -> list[Finding]:
    """Find what is doubtful (a warning) or broken (a violation: no engine can be right about it)."""
    checks: tuple[Callable[[TripleIndex], Iterator[Finding]], ...] = (
        unknown_terms,
        foreign_namespaces,
        _paths,
        syntax_faults,
        pattern_faults,
        query_faults,
        _depth,
        _loops,
        _targets,
        _undefined,
        _components,
        _idle,
        _entailments,
    )
    return list(dict.fromkeys(finding for check in checks for finding in check(shapes)))


def is_broken(finding: Finding) -> bool:
    """Whether a finding of the lint makes shapes unusable."""
    return finding.severity is Severity.VIOLATION


def _property_shapes(shapes: TripleIndex) -> set[Term]:
    typed = shapes.subjects(_TYPE, NamedNode(SH_IRI + "PropertyShape"))
    led_to = (v for s in shapes.subjects(SH_IRI + "property") for v in shapes.objects(s, SH_IRI + "property"))
    parameters = {
        p for c in shapes.subjects(SH_IRI + "parameter") for p in shapes.objects(c, SH_IRI + "parameter")
    }
    return {*typed, *led_to, *shapes.subjects(SH_IRI + "path")} - parameters


def _paths(shapes: TripleIndex) -> Iterator[Finding]:
    for shape in sorted(_property_shapes(shapes), key=str):
        paths = shapes.objects(shape, SH_IRI + "path")
        if len(paths) != 1:
            how_many = f"{len(paths)} paths" if paths else "no sh:path"
            message = f"A property shape has {how_many}; it must have one. Fix sh:path."
            yield broken("path-count", message, shape, "path" if paths else "")
        for path in paths:
            wrong = _wrong_path(shapes, path, frozenset())
            if wrong:
                yield broken("ill-formed-path", f"{wrong} Fix sh:path.", shape, "path")


def _wrong_path(shapes: TripleIndex, path: Term, above: frozenset[Term]) -> str:
    """Say what keeps a path from being one, or nothing (SHACL, section 2.3.1)."""
    if isinstance(path, NamedNode):
        return ""
    if path in above or len(above) > 100:
        return "A path leads to itself."
    above |= {path}
    said = shapes.properties(path)
    kinds = [predicate for predicate in said if predicate in _PATH_STEPS]
    if _FIRST in said:
        wrong_list = list_fault(shapes, path)
        if wrong_list:
            return wrong_list
        steps, least = shapes.members(path), 2
    elif len(kinds) != 1:
        return "A path is neither an IRI, a list nor one of SHACL's kinds of path."
    else:
        many = kinds[0].endswith("alternativePath")
        steps, least = (shapes.members(said[kinds[0]][0]), 2) if many else (said[kinds[0]], 1)
    if len(steps) < least:
        return "A sequence or sh:alternativePath has fewer than two members."
    return next((wrong for step in steps if (wrong := _wrong_path(shapes, step, above))), "")


def nested_shapes(shapes: TripleIndex, shape: Term) -> list[Term]:
    """The shapes that a shape leads to directly."""
    found = [value for term in _TO_SHAPES for value in shapes.objects(shape, term)]
    for term in _TO_SHAPE_LISTS:
        found += [member for head in shapes.objects(shape, term) for member in shapes.members(head)]
    return [f for f in found if isinstance(f, NamedNode | BlankNode)]


def _depth(shapes: TripleIndex) -> Iterator[Finding]:
    levels = _levels(shapes)
    deep = sorted((shape for shape, level in levels.items() if level == _DEEPEST + 1), key=str)
    for shape in deep[:1]:
        message = (
            f"Shapes nest more than {_DEEPEST} deep, which no engine follows. Here is the first too deep."
        )
        yield broken("deep-shapes", message, shape, "")


def _levels(shapes: TripleIndex) -> dict[Term, int]:
    """How deep each shape is below those that none leads to; a circle is entered where it is met first."""
    starts = {s: None for t in (*_TO_SHAPES, *_TO_SHAPE_LISTS) for s in shapes.subjects(t)}
    after = {shape: dict.fromkeys(nested_shapes(shapes, shape)) for shape in starts}
    left = Counter(dict.fromkeys(after, 0))
    left.update(other for others in after.values() for other in others)
    levels = dict.fromkeys(left, 0)
    ready, met = [shape for shape, n in left.items() if not n], deque[Term]()
    entries = iter(list(left))
    while left:
        if not ready:
            ready = [next(shape for shape in itertools.chain(_drained(met), entries) if shape in left)]
        shape = ready.pop()
        del left[shape]
        for other in after.get(shape, ()):
            if other in left:
                levels[other] = max(levels[other], levels[shape] + 1)
                left[other] -= 1
                (met.append if left[other] else ready.append)(other)
    return levels


def _drained(terms: deque[Term]) -> Iterator[Term]:
    while terms:
        yield terms.popleft()


def _loops(shapes: TripleIndex) -> Iterator[Finding]:
    for shape in _recursive(shapes):
        message = "A shape leads to itself: SHACL does not say what that means, and engines differ."
        yield Finding("recursive-shape", Severity.WARNING, message, focus=shape)


def _recursive(shapes: TripleIndex) -> list[Term]:
    """The shapes on a circle, and those between two: what is left when beginnings and ends are taken away."""
    starts = {s for t in (*_TO_SHAPES, *_TO_SHAPE_LISTS) for s in shapes.subjects(t)}
    after = {shape: set(nested_shapes(shapes, shape)) & starts for shape in starts}
    before: dict[Term, set[Term]] = {shape: set() for shape in starts}
    for shape, others in after.items():
        for other in others:
            before[other].add(shape)
    for there, back in ((after, before), (before, after)):
        ends = [shape for shape in there if not there[shape]]
        while ends:
            end = ends.pop()
            there.pop(end, None)
            for shape in back.pop(end, ()):
                if shape in there:
                    there[shape].discard(end)
                    if not there[shape]:
                        ends.append(shape)
    return sorted(after, key=str)


def _targets(shapes: TripleIndex) -> Iterator[Finding]:
    """Shapes that nothing leads to, neither a target nor another shape."""
    named = [*shapes.subjects(_TYPE, NamedNode(SH_IRI + "NodeShape")), *shapes.subjects(SH_IRI + "property")]
    led_to = {s for shape in {t.subject for t in shapes} for s in nested_shapes(shapes, shape)}
    targeted = {*targeted_shapes(shapes), *shapes.subjects(SH_IRI + "target")}
    for shape in dict.fromkeys(named):
        if shape not in targeted and shape not in led_to:
            message = "A shape has no target, and no other shape uses it: it checks nothing."
            if OWL.Class in shapes.objects(shape, _TYPE):
                message += " Write rdfs:Class beside owl:Class to aim it at its instances."
            yield Finding("no-target", Severity.WARNING, message, focus=shape)


def _undefined(shapes: TripleIndex) -> Iterator[Finding]:
    """Shapes that are only named, in a list too."""
    for shape in dict.fromkeys(triple.subject for triple in shapes):
        for inner in nested_shapes(shapes, shape):
            if isinstance(inner, NamedNode) and not shapes.properties(inner):
                message = "This shape is not described here, so every node conforms to it. Fix its name."
                yield Finding("undefined-shape", Severity.WARNING, message, focus=shape, value=inner)


def _components(shapes: TripleIndex) -> Iterator[Finding]:
    for component in shapes.subjects(SH_IRI + "parameter"):
        typed = NamedNode(SH_IRI + "ConstraintComponent") in shapes.objects(component, _TYPE)
        if typed and not any(shapes.objects(component, validator) for validator in _VALIDATORS):
            message = "A constraint component has no validator: it checks nothing."
            yield Finding("no-validator", Severity.WARNING, message, focus=component)


def _idle(shapes: TripleIndex) -> Iterator[Finding]:
    """Shapes with a target that no node can violate."""
    for shape in targeted_shapes(shapes):
        if is_deactivated(shapes, shape):
            message = "A shape is deactivated: it checks nothing."
            yield Finding("deactivated-shape", Severity.INFO, message, focus=shape)
        elif not asks_something(shapes, shape):
            message = "A shape has a target but asks nothing of it: it checks nothing. Add a constraint."
            yield Finding("no-constraint", Severity.WARNING, message, focus=shape)


def _entailments(shapes: TripleIndex) -> Iterator[Finding]:
    for shape in shapes.subjects(SH_IRI + "entailment"):
        message = (
            "An entailment regime is asked for; none is supported. Remove sh:entailment, or infer beforehand."
        )
        yield broken("entailment", message, shape, "entailment")
