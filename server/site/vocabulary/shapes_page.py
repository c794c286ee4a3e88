"""The shapes as a page: targets, constraints, and examples that pass or fail."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import SH
from sauran.kg.publication.package_paths import shape_examples_folder
from sauran.kg.shacl.result import severity_of
from sauran.kg.shacl.targets import TARGETS
from sauran.server.http.localised_labels import Label
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.vocabulary.constraint_texts import Constraint, PathView, constraints_of, path_of
from sauran.server.site.vocabulary.ontology_page import VocabularyHead, read_vocabulary_head
from sauran.server.site.vocabulary.shape_rules import ShapeRules
from sauran.server.site.vocabulary.usage import count_focus_nodes
from sauran.server.site.vocabulary.vocabulary_graph import SHAPES, VocabularyGraph

__all__ = ["Example", "ShapeView", "ShapesPage", "Target", "read_examples", "shapes_page"]

_EXPECTED = re.compile(r"^# expect: (?P<rule>\S+) .*\n", re.MULTILINE)
_PREFIXES = re.compile(r"^@prefix .*\n", re.MULTILINE)
_CLASS, _NODE, _OBJECTS, _SUBJECTS = TARGETS


@dataclass(frozen=True, slots=True)
class Example:
    """An example without its prefixes; `rules` reject it, none if it must pass."""

    topic: str
    name: str
    text: str
    rules: frozenset[str]

    @property
    def anchor(self) -> str:
        """Its anchor on the page."""
        return f"example-{self.topic}-{self.name}"


def read_examples() -> tuple[Example, ...]:
    """All examples, by topic and name."""
    return _read(shape_examples_folder())


@lru_cache(maxsize=2)  # packaged files never change
def _read(folder: Path) -> tuple[Example, ...]:
    files = sorted(folder.glob("*/*.ttl"))
    return tuple(_example(file, file.read_text("utf-8")) for file in files)


def _example(file: Path, text: str) -> Example:
    rules = frozenset(found["rule"] for found in _EXPECTED.finditer(text))
    body = _PREFIXES.sub("", _EXPECTED.sub("", text)).strip()
    return Example(file.parent.name, file.stem, body, rules)


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a shape: instances of classes, subjects and objects of properties, single nodes."""

    classes: tuple[Label, ...]
    subjects: tuple[Label, ...]
    objects: tuple[Label, ...]
    nodes: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class ShapeView:
    """A shape: `slug` names it everywhere, and is its anchor; `rules` are those it leads to.

    `severity` is violation, warning or info; `users` are the shapes that lead to it; `focus_nodes` is None
    where it has no target, or nothing was counted.
    """

    slug: str
    iri: str
    message: Label | None
    severity: str
    target: Target | None
    focus_nodes: int | None
    path: PathView | None
    constraints: tuple[Constraint, ...]
    rules: tuple["RuleLink", ...]
    users: tuple[Label, ...]
    rejected: tuple[Example, ...]
    passing: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class RuleLink:
    """A rule that a shape leads to."""

    link: Label
    message: Label | None


@dataclass(frozen=True, slots=True)
class ShapesPage:
    """The content of the page; `counted` is false if counting took too long."""

    head: VocabularyHead
    groups: tuple[ShapeView, ...]
    rules: tuple[ShapeView, ...]
    parts: tuple[ShapeView, ...]
    examples: tuple[Example, ...]
    prefixes: tuple[tuple[str, str, str], ...]
    counted: bool


def shapes_page(served_release: ServedRelease, language: str) -> ShapesPage | None:
    """Collect the content of the page; None if the release has no shapes."""
    graph = VocabularyGraph(served_release, language)
    head = read_vocabulary_head(graph, graph.shapes)
    if head is None:
        return None
    rules, counts, examples = ShapeRules(graph.shapes), count_focus_nodes(served_release), read_examples()
    views = _ShapeViews(graph, rules, counts, examples)
    return ShapesPage(
        head,
        groups=tuple(map(views.view, rules.groups)),
        rules=tuple(map(views.view, rules.rules)),
        parts=tuple(map(views.view, rules.parts)),
        examples=tuple(example for example in examples if not example.rules),
        prefixes=_prefixes(graph),
        counted=counts is not None,
    )


class _ShapeViews:
    """Makes views of shapes."""

    def __init__(
        self,
        graph: VocabularyGraph,
        rules: ShapeRules,
        counts: dict[Term, int] | None,
        examples: tuple[Example, ...],
    ) -> None:
        self._graph, self._rules, self._counts, self._examples = graph, rules, counts, examples

    def view(self, shape: Term) -> ShapeView:
        """Collect the view of a shape."""
        graph = self._graph
        slug = graph.anchor(SHAPES, shape) or ""
        severity = graph.shapes.value(shape, SH.severity.value)
        rejected = tuple(example for example in self._examples if slug in example.rules)
        topics = {example.topic for example in rejected}
        return ShapeView(
            slug=slug,
            iri=shape.value if isinstance(shape, NamedNode) else "",
            message=graph.reader.shown_value(shape, SH.message),
            severity=severity_of(severity.value if isinstance(severity, NamedNode) else None)[0].label,
            target=self._target(shape),
            focus_nodes=self._focus_nodes(shape),
            path=path_of(graph, shape),
            constraints=constraints_of(graph, shape),
            rules=tuple(map(self._link, graph.shapes.objects(shape, SH.property.value))),
            users=graph.names(self._rules.users(shape)),
            rejected=rejected,
            passing=tuple(
                example for example in self._examples if example.topic in topics and not example.rules
            ),
        )

    def _link(self, rule: Term) -> RuleLink:
        return RuleLink(self._graph.name(rule), self._graph.reader.shown_value(rule, SH.message))

    def _target(self, shape: Term) -> Target | None:
        if shape not in self._rules.targeted:
            return None
        graph = self._graph
        classes, subjects, objects, nodes = (
            graph.names(graph.shapes.objects(shape, target))
            for target in (_CLASS, _SUBJECTS, _OBJECTS, _NODE)
        )
        return Target(classes, subjects, objects, nodes)

    def _focus_nodes(self, shape: Term) -> int | None:
        if self._counts is None or shape not in self._rules.targeted:
            return None
        return self._counts.get(shape, 0)


def _prefixes(graph: VocabularyGraph) -> tuple[tuple[str, str, str], ...]:
    """The prefixes that queries of shapes may use: anchor, prefix, namespace."""
    found = []
    for declaration in graph.shapes.subjects(SH.prefix.value):
        prefix, namespace = (
            graph.shapes.value(declaration, word.value) for word in (SH.prefix, SH.namespace)
        )
        if isinstance(prefix, Literal) and isinstance(namespace, Literal):
            found.append((graph.anchor(SHAPES, declaration) or "", prefix.value, namespace.value))
    return tuple(sorted(found, key=lambda row: row[1]))
