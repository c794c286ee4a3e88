"""Count the focus nodes of each shape in one pass over the triples."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from pyoxigraph import NamedNode, Quad, Triple

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import RDF, RDFS, SH
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import CONSTRAINING
from sauran.kg.shacl.result import SH_IRI

__all__ = [
    "TARGETS",
    "FocusCounter",
    "Waiting",
    "classes_of_classes",
    "implicit_targets",
    "name_of",
    "targeted_shapes",
]

Seen = TypeVar("Seen", bound=Triple | Quad)
Waiting = Callable[[Triple | Quad], None]

TARGETS = tuple(
    SH_IRI + name for name in ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
)
_CLASS, _NODE, _OBJECTS, _SUBJECTS = TARGETS
_TYPE, _SUBCLASS = RDF.type.value, RDFS.subClassOf.value


def name_of(shape: Term) -> str:
    """The name of a shape: its IRI, or its label where it has none."""
    return shape.value if isinstance(shape, NamedNode) else str(shape)


def targeted_shapes(shapes: TripleIndex) -> list[Term]:
    """The shapes that have a target, in the order of their names."""
    found = {shape for target in TARGETS for shape in shapes.subjects(target)}
    return sorted(found | implicit_targets(shapes), key=name_of)


def implicit_targets(shapes: TripleIndex) -> set[Term]:
    """The shapes that are classes too: their instances are their target.

    Source: SHACL, section 2.1.3.3; what a class is, the shapes alone say.
    """
    classes = classes_of_classes(shapes)
    typed = {s for class_ in classes for s in shapes.subjects(_TYPE, class_) if isinstance(s, NamedNode)}
    return {shape for shape in typed if _is_shape(shapes, shape)}


def classes_of_classes(shapes: TripleIndex) -> set[NamedNode]:
    """rdfs:Class and what the shapes call a subclass of it."""
    found, todo = {RDFS.Class}, [RDFS.Class]
    while todo:
        below = {s for s in shapes.subjects(_SUBCLASS, todo.pop()) if isinstance(s, NamedNode)} - found
        found |= below
        todo += below
    return found


def _is_shape(shapes: TripleIndex, node: Term) -> bool:
    said = shapes.properties(node)
    typed = {SH.NodeShape, SH.PropertyShape} & set(said.get(_TYPE, ()))
    return bool(typed) or not CONSTRAINING.isdisjoint(said)


class FocusCounter:
    """Counts the focus nodes in a stream of triples.

    A target node that the data do not have is a focus node for SHACL; but nothing of the data was checked.
    """

    def __init__(self, shapes: TripleIndex) -> None:
        self._shapes = targeted_shapes(shapes)
        implicit = implicit_targets(shapes)
        self._classes = {s: {*shapes.objects(s, _CLASS), *({s} & implicit)} for s in self._shapes}
        self._nodes = {s: set(shapes.objects(s, _NODE)) for s in self._shapes}
        self._subjects_of = {s: {p.value for p in _iris(shapes, s, _SUBJECTS)} for s in self._shapes}
        self._objects_of = {s: {p.value for p in _iris(shapes, s, _OBJECTS)} for s in self._shapes}
        self._wanted: set[Term] = {node for nodes in self._nodes.values() for node in nodes}
        self._subjects: dict[str, set[Term]] = {p: set() for ps in self._subjects_of.values() for p in ps}
        self._objects: dict[str, set[Term]] = {p: set() for ps in self._objects_of.values() for p in ps}
        self._instances: dict[Term, set[Term]] = defaultdict(set)
        self._subclasses: dict[Term, set[Term]] = defaultdict(set)
        self._waiting = self._all_waiting()
        self._met: set[Term] = set()
        self.triples: int = 0

    @property
    def waiting(self) -> Mapping[str, Sequence[Waiting]] | None:
        """Who waits for the triples with a predicate; None where all are waited for."""
        return None if self._wanted else self._waiting

    def watch(self, triples: Iterable[Seen]) -> Iterator[Seen]:
        """Let triples pass, and remember what targets need."""
        waiting, wanted = self._waiting, self._wanted
        for triple in triples:
            self.triples += 1
            for remember in waiting.get(triple.predicate.value, ()):
                remember(triple)
            if wanted:
                self._met |= wanted & {triple.subject, triple.object}
            yield triple

    def count(self, triples: Iterable[Triple | Quad]) -> None:
        """Look at triples that nobody else needs."""
        deque(self.watch(triples), maxlen=0)

    def _all_waiting(self) -> dict[str, list[Waiting]]:
        waiting: dict[str, list[Waiting]] = defaultdict(list)
        for predicate, members in ((_TYPE, self._instances), (_SUBCLASS, self._subclasses)):
            waiting[predicate].append(partial(_remember_pair, members))
        for predicate, nodes in self._subjects.items():
            waiting[predicate].append(partial(_remember_subject, nodes))
        for predicate, nodes in self._objects.items():
            waiting[predicate].append(partial(_remember_object, nodes))
        return waiting

    def has_focus(self, shape: Term) -> bool:
        """Whether a shape with a target has any focus node, also one that the data do not have."""
        return bool(self._nodes[shape] or self.nodes(shape))

    def counts(self) -> dict[str, int]:
        """The number of nodes that each shape with a target met, by its name."""
        return {name_of(shape): len(self.nodes(shape)) for shape in self._shapes}

    def nodes(self, shape: Term) -> set[Term]:
        """The nodes of the data that a shape with a target met."""
        nodes = self._nodes[shape] & self._met
        for class_ in self._closure(self._classes[shape]):
            nodes |= self._instances.get(class_, set())
        for predicate in self._subjects_of[shape]:
            nodes |= self._subjects[predicate]
        for predicate in self._objects_of[shape]:
            nodes |= self._objects[predicate]
        return nodes

    def _closure(self, classes: set[Term]) -> set[Term]:
        found, todo = set(classes), list(classes)
        while todo:
            new = self._subclasses.get(todo.pop(), set()) - found
            found |= new
            todo += new
        return found


def _remember_pair(members: dict[Term, set[Term]], triple: Triple | Quad) -> None:
    members[triple.object].add(triple.subject)


def _remember_subject(nodes: set[Term], triple: Triple | Quad) -> None:
    nodes.add(triple.subject)


def _remember_object(nodes: set[Term], triple: Triple | Quad) -> None:
    nodes.add(triple.object)


def _iris(shapes: TripleIndex, shape: Term, predicate: str) -> list[NamedNode]:
    return [term for term in shapes.objects(shape, predicate) if isinstance(term, NamedNode)]
