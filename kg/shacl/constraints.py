"""Find the shapes that have constraints, and the reasons why others have none."""

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import PARAMETERS, Takes, iris_of
from sauran.kg.shacl.result import SH_IRI

__all__ = ["CONSTRAINING", "asks_something", "component_parameters", "is_deactivated"]

CONSTRAINING = frozenset(iris_of(p for p in PARAMETERS if p.asks))
_SWITCHES = frozenset(iris_of(p for p in PARAMETERS if p.asks and p.is_one(Takes.SWITCH)))
_PASSED_ON = frozenset(SH_IRI + name for name in ("node", "property"))
_AND = SH_IRI + "and"


def component_parameters(shapes: TripleIndex) -> set[str]:
    """The properties that declare a constraint of a component described in the shapes."""
    return {
        path.value
        for component in shapes.subjects(SH_IRI + "parameter")
        for parameter in shapes.objects(component, SH_IRI + "parameter")
        for path in shapes.objects(parameter, SH_IRI + "path")
        if isinstance(path, NamedNode)
    }


def is_deactivated(shapes: TripleIndex, shape: Term) -> bool:
    """Whether a shape is deactivated (SHACL, section 2.1.1.3)."""
    return any(_is_true(value) for value in shapes.objects(shape, SH_IRI + "deactivated"))


def asks_something(shapes: TripleIndex, shape: Term) -> bool:
    """Whether a node can violate a shape: it is active and has a constraint, itself or in another shape."""
    wanted = CONSTRAINING | component_parameters(shapes)
    seen, todo = {shape}, [shape]
    while todo:
        current = todo.pop()
        if is_deactivated(shapes, current):
            continue
        for predicate, values in shapes.properties(current).items():
            if predicate not in wanted:
                continue
            after = values
            if predicate == _AND:
                after = [member for head in values for member in shapes.members(head)]
            elif predicate not in _PASSED_ON:
                if predicate not in _SWITCHES or any(map(_is_true, values)):
                    return True
                continue
            new = [s for s in after if isinstance(s, NamedNode | BlankNode) and s not in seen]
            seen.update(new)
            todo += new
    return False


def _is_true(term: Term) -> bool:
    return isinstance(term, Literal) and term.value == "true" and term.datatype.value.endswith("#boolean")
