"""The triples around a few nodes, where possible without reading all data again."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Triple

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import RDF, RDFS
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.positions import Statements, numbered_blanks
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.validate.input_graphs import Data
from sauran.kg.validate.lint import nested_shapes

__all__ = ["Descriptions", "neighbourhood"]

_LABEL = b"_:"
_PATH, _INVERSE = SH_IRI + "path", SH_IRI + "inversePath"
_PAIRS = tuple(SH_IRI + name for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"))
_QUERY, _PARAMETER = SH_IRI + "sparql", SH_IRI + "parameter"
_OF_CLASSES = (RDF.type.value, RDFS.subClassOf.value)


class Descriptions:
    """The statements of Turtle files, found once for all who ask; `data` are those that were validated."""

    data: Data

    def __init__(self, data: Data) -> None:
        self.data, self._files = data, data.files
        self._with_statements = {
            number
            for number, (source, text) in self._files.items()
            if source.format.name == "turtle" and _LABEL not in text
        }
        self._statements: dict[int, Statements] = {}

    def bytes_of(self, number: int) -> bytes:
        """A file as it was read."""
        return self._files[number][1]

    def has_statements(self, number: int) -> bool:
        """Whether the statements of a file are known by their subjects and blank nodes."""
        return number in self._with_statements

    def statements(self, number: int) -> Statements:
        """The statements of a file that has them."""
        if number not in self._statements:
            source, text = self._files[number]
            self._statements[number] = Statements(text.decode(), self.data.base(source))
        return self._statements[number]

    def about(self, nodes: Collection[Term]) -> list[Triple] | None:
        """The triples with these subjects; None where all must be read for that."""
        if len(self._with_statements) < len(self._files):
            return None
        try:
            return [triple for number in self._files for triple in self._about(number, nodes)]
        except (ContentError, SyntaxError):  # a fault of ours: who asks has another way
            return None

    def _about(self, number: int, nodes: Collection[Term]) -> Iterator[Triple]:
        prefix = f"f{number}n"
        blanks = [
            int(node.value.removeprefix(prefix))
            for node in nodes
            if isinstance(node, BlankNode) and node.value.startswith(prefix)
        ]
        named = [node for node in nodes if isinstance(node, NamedNode)]
        for first, quads in self.statements(number).parse(named, blanks):
            ours = {
                node: BlankNode(f"{prefix}{n}") for n, node in enumerate(numbered_blanks(quads), start=first)
            }
            for quad in quads:
                subject, object_ = quad.subject, quad.object
                if isinstance(subject, BlankNode):
                    subject = ours[subject]
                if isinstance(object_, BlankNode):
                    object_ = ours[object_]
                if subject in nodes:
                    yield Triple(subject, quad.predicate, object_)


@dataclass
class _Steps:
    """The predicates that shapes walk, forwards and backwards."""

    forwards: set[str] = field(default_factory=set)
    backwards: set[str] = field(default_factory=set)
    every_property: bool = False


def _reached_shapes(shapes: TripleIndex, roots: Iterable[Term]) -> list[Term]:
    """The shapes that others lead to, and these themselves."""
    found = dict.fromkeys(roots)
    todo = list(found)
    while todo:
        new = [shape for shape in nested_shapes(shapes, todo.pop()) if shape not in found]
        found |= dict.fromkeys(new)
        todo += new
    return list(found)


def neighbourhood(
    data: Callable[[], Iterable[Triple]] | Descriptions,
    shapes: TripleIndex,
    roots: Iterable[Term],
    nodes: Iterable[Term],
    most: int,
) -> list[Triple] | None:
    """Take out the triples that SHACL Core looks at when it asks whether nodes conform to shapes.

    `data` gives all triples, and is asked once, twice where a shape is closed. Of data that are described
    only those are read that are looked at, unless a path is walked backwards.
    Shape: each triple once; None where queries may look at anything, or more than `most` triples were to be
    held.
    """
    reached = _reached_shapes(shapes, roots)
    if shapes.subjects(_PARAMETER) or any(shapes.value(s, _QUERY) for s in reached):
        return None
    steps = _steps_of(shapes, reached)
    if isinstance(data, Descriptions):
        described = None if steps.backwards else _described(data, steps, nodes, most)
        if described is not None:
            return described if len(described) <= most else None
        data = data.data.triples
    wanted = steps.forwards | steps.backwards
    from_, to = dict[Term, list[Triple]](), dict[Term, list[Triple]]()
    held = 0
    for triple in data():
        predicate = triple.predicate.value
        if predicate not in wanted:
            continue
        held += 1
        if held > most:
            return None
        if predicate in steps.forwards:
            from_.setdefault(triple.subject, []).append(triple)
        if predicate in steps.backwards:
            to.setdefault(triple.object, []).append(triple)
    found, visited = _walk(from_, to, nodes)
    if steps.every_property:
        found |= dict.fromkeys(triple for triple in data() if triple.subject in visited)
    return list(found) if len(found) <= most else None


def _described(data: Descriptions, steps: _Steps, nodes: Iterable[Term], most: int) -> list[Triple] | None:
    """What is said of nodes, and of those that it leads to; None where all must be read for that."""
    visited = set(nodes)
    found, new = dict[Triple, None](), visited
    while new and len(found) <= most:
        said = data.about(new)
        if said is None:
            return None
        walked = [triple for triple in said if triple.predicate.value in steps.forwards]
        found |= dict.fromkeys(said if steps.every_property else walked)
        new = {triple.object for triple in walked} - visited
        visited |= new
    return list(found)


def _walk(
    from_: dict[Term, list[Triple]], to: dict[Term, list[Triple]], nodes: Iterable[Term]
) -> tuple[dict[Triple, None], set[Term]]:
    visited = set(nodes)
    found, todo = dict[Triple, None](), list(visited)
    while todo:
        node = todo.pop()
        for there, end in ((from_.pop(node, ()), "object"), (to.pop(node, ()), "subject")):
            for triple in there:
                found[triple] = None
                other = getattr(triple, end)
                if other not in visited:
                    visited.add(other)
                    todo.append(other)
    return found, visited


def _steps_of(shapes: TripleIndex, reached: Iterable[Term]) -> _Steps:
    steps = _Steps(set(_OF_CLASSES))
    for shape in reached:
        said = shapes.properties(shape)
        steps.every_property |= SH_IRI + "closed" in said
        for predicate in _PAIRS:
            steps.forwards |= {t.value for t in said.get(predicate, ()) if isinstance(t, NamedNode)}
        for path in said.get(_PATH, ()):
            for iri, backwards in _of_path(shapes, path, frozenset(), False):
                (steps.backwards if backwards else steps.forwards).add(iri)
    return steps


def _of_path(
    shapes: TripleIndex, path: Term, above: frozenset[Term], backwards: bool
) -> Iterator[tuple[str, bool]]:
    """The predicates of a path, each with whether it is walked backwards."""
    if isinstance(path, NamedNode):
        yield path.value, backwards
    elif isinstance(path, BlankNode) and path not in above:
        above |= {path}
        if shapes.value(path, RDF.first.value) is not None:
            for member in shapes.members(path):
                yield from _of_path(shapes, member, above, backwards)
            return
        for predicate, values in shapes.properties(path).items():
            if predicate.startswith(SH_IRI):
                for value in values:
                    yield from _of_path(shapes, value, above, backwards != (predicate == _INVERSE))
