"""Ill-formed shapes, by the syntax rules of SHACL: what a parameter takes, how often, and on which shapes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.findings import Finding, Severity, Term
from sauran.kg.model.namespaces import RDF, RDFS, XSD
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.model.xsd import is_well_formed
from sauran.kg.shacl.parameters import PARAMETERS, Takes
from sauran.kg.shacl.result import SH_IRI

__all__ = ["NEEDS", "broken", "list_fault", "syntax_faults"]

_FIRST, _REST, _NIL = RDF.first.value, RDF.rest.value, RDF.nil
_PATH = SH_IRI + "path"
_NODE_KINDS = frozenset(
    SH_IRI + name
    for name in ("BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
)


def broken(rule: str, message: str, shape: Term, path: str, value: Term | None = None) -> Finding:
    """A finding that makes shapes unusable."""
    return Finding(
        rule=rule,
        severity=Severity.VIOLATION,
        message=message,
        focus=shape,
        path=SH_IRI + path if path else None,
        value=value,
    )


def _is_typed(term: Term, *datatypes: NamedNode) -> TypeGuard[Literal]:
    return isinstance(term, Literal) and term.datatype in datatypes


def _is_iri(term: Term) -> bool:
    return isinstance(term, NamedNode)


def _is_node(term: Term) -> bool:
    return isinstance(term, NamedNode | BlankNode)


def _is_count(term: Term) -> bool:
    return (
        _is_typed(term, XSD.integer)
        and is_well_formed(term.value, term.datatype.value) is True
        and not term.value.startswith("-")
    )


def _is_limit(term: Term) -> bool:
    return isinstance(term, Literal) and is_well_formed(term.value, term.datatype.value) is not False


def _is_switch(term: Term) -> bool:
    return _is_typed(term, XSD.boolean) and term.value in ("true", "false", "0", "1")


@dataclass(frozen=True)
class _Kind:
    """What a value must be, in words, and how that is told."""

    words: str
    holds: Callable[[Term], bool]


_IRI = _Kind("an IRI", _is_iri)
_COUNT = _Kind("a whole number without sign, an xsd:integer", _is_count)
_LIMIT = _Kind("a well-formed literal", _is_limit)
_SWITCH = _Kind("true or false, without quotation marks", _is_switch)
_STRING = _Kind("a text without language, an xsd:string", lambda term: _is_typed(term, XSD.string))
_TEXT = _Kind("a text", lambda term: _is_typed(term, XSD.string, RDF.langString))
# SHACL's own shapes write a plain text.
_ADDRESS = _Kind("an address, an xsd:anyURI", lambda term: _is_typed(term, XSD.anyURI, XSD.string))
_NODE = _Kind("an IRI or a blank node", _is_node)
_IRI_OR_LITERAL = _Kind("an IRI or a literal", lambda term: not isinstance(term, BlankNode))
_NODE_KIND = _Kind(
    "one of sh:IRI, sh:BlankNode, sh:Literal, sh:BlankNodeOrIRI, sh:BlankNodeOrLiteral and sh:IRIOrLiteral",
    lambda term: isinstance(term, NamedNode) and term.value in _NODE_KINDS,
)
_ANY = _Kind("any term", lambda term: True)

_KINDS: Mapping[Takes, _Kind] = {
    Takes.ANY: _ANY,
    Takes.COUNT: _COUNT,
    Takes.IRI: _IRI,
    Takes.LIMIT: _LIMIT,
    Takes.NODE: _NODE,
    Takes.NODE_KIND: _NODE_KIND,
    Takes.SHAPE: _NODE,
    Takes.STRING: _STRING,
    Takes.SWITCH: _SWITCH,
}

# Source: SHACL, appendix B. What each parameter takes, and what the other terms take.
_TAKES: Mapping[str, _Kind] = {
    **{p.name: _KINDS[p.takes] for p in PARAMETERS if not p.is_list},
    **dict.fromkeys(("targetClass", "targetObjectsOf", "targetSubjectsOf", "severity"), _IRI),
    **dict.fromkeys(("deactivated", "optional"), _SWITCH),
    **dict.fromkeys(("select", "ask", "prefix"), _STRING),
    **dict.fromkeys(("prefixes", "declare"), _NODE),
    "targetNode": _IRI_OR_LITERAL,
    "message": _TEXT,
    "namespace": _ADDRESS,
}
# What the members of each list must be.
_LISTS: Mapping[str, _Kind] = {p.name: _KINDS[p.takes] for p in PARAMETERS if p.is_list}
_ONCE = (
    *(p.name for p in PARAMETERS if p.once),
    *("deactivated", "severity", "select", "ask", "prefix", "namespace"),
)
_WITH_PATH = tuple(p.name for p in PARAMETERS if p.needs_path)
# What says nothing without one of others.
NEEDS: Mapping[str, tuple[str, ...]] = {p.name: p.needs for p in PARAMETERS if p.needs}


def syntax_faults(shapes: TripleIndex) -> Iterator[Finding]:
    """Find what SHACL calls ill-formed, paths and queries left aside."""
    for check in (_values, _lists, _counts, _scopes, _incomplete, _classes):
        yield from check(shapes)


def _each(shapes: TripleIndex, name: str) -> Iterator[tuple[Term, list[Term]]]:
    for shape in shapes.subjects(SH_IRI + name):
        yield shape, shapes.objects(shape, SH_IRI + name)


def _values(shapes: TripleIndex) -> Iterator[Finding]:
    for name, kind in _TAKES.items():
        for shape, values in _each(shapes, name):
            for value in values:
                if not kind.holds(value):
                    message = f"A value of sh:{name} is not {kind.words}. Fix it."
                    yield broken("ill-formed-value", message, shape, name, value)


def _lists(shapes: TripleIndex) -> Iterator[Finding]:
    for name, kind in _LISTS.items():
        for shape, heads in _each(shapes, name):
            for head in heads:
                wrong = list_fault(shapes, head)
                if wrong:
                    yield broken("ill-formed-list", f"{wrong} Fix sh:{name}.", shape, name, head)
                elif not all(map(kind.holds, shapes.members(head))):
                    message = f"A member of the list of sh:{name} is not {kind.words}. Fix it."
                    yield broken("ill-formed-value", message, shape, name, head)


def list_fault(shapes: TripleIndex, head: Term) -> str:
    """Say what keeps a node from being a list, or nothing (SHACL, section 1.1)."""
    seen = set()
    while head != _NIL:
        said = shapes.properties(head)
        if not _is_node(head) or not said.keys() & {_FIRST, _REST}:
            return "This is not a list: lists stand in round brackets."
        if head in seen:
            return "A list leads to itself."
        seen.add(head)
        for predicate, word in ((_FIRST, "rdf:first"), (_REST, "rdf:rest")):
            if len(said.get(predicate, ())) != 1:
                return (
                    f"A part of a list has {len(said.get(predicate, ()))} values of {word}; it must have one."
                )
        (head,) = said[_REST]
    return "rdf:nil has members." if shapes.properties(head).keys() & {_FIRST, _REST} else ""


def _counts(shapes: TripleIndex) -> Iterator[Finding]:
    for name in _ONCE:
        for shape, values in _each(shapes, name):
            if len(values) > 1:
                message = (
                    f"There are {len(values)} values of sh:{name}; there may be one. "
                    "Put the others into shapes of their own."
                )
                yield broken("too-many-values", message, shape, name)


def _scopes(shapes: TripleIndex) -> Iterator[Finding]:
    told = {value for _, values in _each(shapes, "property") for value in values}  # of their missing path
    for name in _WITH_PATH:
        for shape, _ in _each(shapes, name):
            if shapes.value(shape, _PATH) is None and shape not in told:
                message = f"sh:{name} stands on a shape without sh:path. Put it into a property shape."
                yield broken("wrong-kind-of-shape", message, shape, name)
    for shape in shapes.subjects(RDF.type.value, NamedNode(SH_IRI + "NodeShape")):
        if shapes.value(shape, _PATH) is not None:
            message = "A sh:NodeShape has sh:path. Call it a sh:PropertyShape, or remove the path."
            yield broken("wrong-kind-of-shape", message, shape, "path")
    for shape, values in _each(shapes, "node"):
        for value in values:
            if shapes.value(value, _PATH) is not None:
                message = "sh:node names a shape that has sh:path. Write sh:property."
                yield broken("wrong-kind-of-shape", message, shape, "node", value)


def _incomplete(shapes: TripleIndex) -> Iterator[Finding]:
    for name, needed in NEEDS.items():
        for shape, _ in _each(shapes, name):
            if not any(SH_IRI + other in shapes.properties(shape) for other in needed):
                words = " or ".join(f"sh:{other}" for other in needed)
                message = f"sh:{name} says nothing without {words}. Add it, or remove sh:{name}."
                path = SH_IRI + name
                yield Finding("incomplete-constraint", Severity.WARNING, message, focus=shape, path=path)
    for shape, queries in _each(shapes, "sparql"):
        for query in queries:
            if _is_node(query) and not shapes.objects(query, SH_IRI + "select"):
                message = "A constraint of sh:sparql has no query. Write sh:select."
                yield broken("incomplete-constraint", message, shape, "sparql", query)


def _classes(shapes: TripleIndex) -> Iterator[Finding]:
    for shape in shapes.subjects(RDF.type.value, NamedNode(SH_IRI + "NodeShape")):
        if isinstance(shape, BlankNode) and RDFS.Class in shapes.objects(shape, RDF.type.value):
            message = "A shape that is a class has no name, so nothing is its instance. Give it an IRI."
            yield broken("ill-formed-value", message, shape, "")
