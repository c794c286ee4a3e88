"""The rules in the shapes, and the classes and properties that they apply to. Pure."""

from collections.abc import Iterable

from pyoxigraph import NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import RDF, SH
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import PARAMETERS, Takes, iris_of
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.shacl.targets import TARGETS, name_of, targeted_shapes

__all__ = ["ShapeRules"]

_PROPERTY, _PATH = SH.property.value, SH.path.value
_LINKS = frozenset(iris_of(p for p in PARAMETERS if p.is_one(Takes.SHAPE)))
_LISTS = frozenset(iris_of(p for p in PARAMETERS if p.lists(Takes.SHAPE)))
# Properties of shapes that are not constraints.
_SAYS_ONLY = frozenset(
    {
        *TARGETS,
        RDF.type.value,
        _PATH,
        _PROPERTY,
        *(SH_IRI + name for name in ("deactivated", "description", "group", "message", "name", "order")),
        SH_IRI + "severity",
    }
)


class ShapeRules:
    """The shapes by role: those with a target, the rules that findings name, and parts of rules."""

    def __init__(self, shapes: TripleIndex) -> None:
        self.graph: TripleIndex = shapes
        self.targeted: list[Term] = targeted_shapes(shapes)
        named = {
            shape
            for kind in (SH.NodeShape, SH.PropertyShape)
            for shape in shapes.subjects(RDF.type.value, kind)
            if isinstance(shape, NamedNode)
        }
        reached = [rule for shape in self.targeted for rule in self._down(shape)]
        self.rules: list[Term] = sorted({rule for rule in reached if self.has_constraints(rule)}, key=name_of)
        self.groups: list[Term] = [shape for shape in self.targeted if shape not in self.rules]
        self.parts: list[NamedNode] = sorted(named.difference(self.targeted, self.rules), key=name_of)

    def rules_of(self, shape: Term) -> list[Term]:
        """The rules of a shape with a target, in the order it names them; itself first where it is one."""
        return [rule for rule in self._down(shape) if self.has_constraints(rule)]

    def shapes_for(self, classes: Iterable[Term]) -> list[Term]:
        """The shapes that target some classes."""
        wanted = set(classes)
        return [shape for shape in self.targeted if wanted & set(self.graph.objects(shape, TARGETS[0]))]

    def rules_about(self, property_: Term) -> list[Term]:
        """The rules whose path names a property, or whose shape targets it."""
        found = dict.fromkeys(rule for rule in self.rules if property_ in self.properties_of(rule))
        for target in TARGETS[2:]:
            for shape in self.graph.subjects(target, property_):
                found |= dict.fromkeys(self.rules_of(shape))
        return list(found)

    def properties_of(self, shape: Term) -> list[Term]:
        """The properties that the path of a shape names."""
        found, todo = dict[Term, None](), self.graph.objects(shape, _PATH)
        seen: set[Term] = set()
        while todo:
            step = todo.pop()
            if step in seen:
                continue
            seen.add(step)
            if isinstance(step, NamedNode):
                found[step] = None
            else:
                todo += [
                    value
                    for values in self.graph.properties(step).values()
                    for value in values
                    if value != RDF.nil
                ]
        return list(found)

    def has_constraints(self, shape: Term) -> bool:
        """Whether a shape itself has constraints."""
        return any(predicate not in _SAYS_ONLY for predicate in self.graph.properties(shape))

    def users(self, part: Term) -> list[Term]:
        """The shapes with a name that lead to a shape directly."""
        heads = {
            head
            for predicate in _LISTS
            for owner in self.graph.subjects(predicate)
            for head in self.graph.objects(owner, predicate)
            if part in self.graph.members(head)
        }
        found = {
            owner
            for predicate in (*_LINKS, *_LISTS)
            for owner in self.graph.subjects(predicate)
            if not heads.union({part}).isdisjoint(self.graph.objects(owner, predicate))
        }
        return sorted((owner for owner in found if isinstance(owner, NamedNode)), key=name_of)

    def _down(self, shape: Term) -> list[Term]:
        """A shape and the property shapes it leads to, each once."""
        found, todo = dict[Term, None](), [shape]
        while todo:
            current = todo.pop(0)
            if current not in found:
                found[current] = None
                todo = [*self.graph.objects(current, _PROPERTY), *todo]
        return list(found)
