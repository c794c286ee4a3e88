"""The examples of the shapes: what they expect, runs of them, and the shapes cut down to one rule."""

import functools
import multiprocessing
import os
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import RDF, SH
from sauran.kg.validate.pyshacl_engine import Report, located_at, validate

FOLDER = Path(__file__).parent / "shapes"
SHAPES = Path(__file__).parents[1] / "shapes"
BASE = "https://w3id.org/sauran/shapes#"
EXPECT = re.compile(r'^# expect: (\S+) (\S+) "(.*)"$', re.MULTILINE)
PREFIX = re.compile(r"^@prefix (\S*): <(.*)> \.$", re.MULTILINE)
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
# The parameters of constraints. A qualified value shape belongs to its counts.
_NAMES = """
    and class closed datatype disjoint equals hasValue in languageIn lessThan lessThanOrEquals maxCount
    maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not or
    pattern property qualifiedMaxCount qualifiedMinCount sparql uniqueLang xone
"""
PARAMETERS = frozenset(SH[name] for name in _NAMES.split())
LISTS = (SH["and"], SH["or"], SH.xone)
REFERENCES = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)

Expected = tuple[str, str, str]
Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Example:
    """One file: `expected` holds rule, node and message of each finding; none where the file must pass."""

    path: Path
    expected: frozenset[Expected]
    triples: tuple[ox.Triple, ...]

    @property
    def name(self) -> str:
        """Folder and file, without the suffix."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def is_bad(self) -> bool:
        """Whether it must fail."""
        return self.path.name.startswith("bad-")

    @property
    def rules(self) -> set[str]:
        """The rules that reject it."""
        return {rule for rule, _, _ in self.expected}


@dataclass(frozen=True)
class Outcome:
    """What a run of an example found; `pairs` are rule and component, `met` the shapes with a focus node."""

    found: frozenset[Expected]
    pairs: frozenset[tuple[str, str | None]]
    met: frozenset[str]


def _read(path: Path) -> tuple[ox.Triple, ...]:
    return tuple(quad.triple for quad in ox.parse(path=str(path)))


@functools.cache
def examples() -> dict[str, Example]:
    """All examples by name."""
    read = [_read_example(path) for path in sorted(FOLDER.glob("*/*.ttl"))]
    return {example.name: example for example in read}


def _read_example(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    prefixes = dict(PREFIX.findall(text))

    def full(name: str) -> str:
        prefix, local = name.split(":", 1)
        return str(ox.NamedNode(prefixes[prefix] + local.replace("\\", "")))

    expected = frozenset((rule, full(node), message) for rule, node, message in EXPECT.findall(text))
    return Example(path, expected, _read(path))


@functools.cache
def common() -> tuple[ox.Triple, ...]:
    """What every example may refer to: stand-ins for the ontology, concepts, a document with a claim."""
    return _read(FOLDER / "common.ttl")


def name_of(term: Term | str | None) -> str:
    """The slug of a shape, or the local name of a term."""
    return str(term).strip("<>").rsplit("#", 1)[-1]


class Shapes:
    """All triples of shapes/, and who refers to whom."""

    def __init__(self) -> None:
        self.triples = tuple(triple for path in sorted(SHAPES.glob("*.ttl")) for triple in _read(path))
        self.by_subject: dict[Term, list[ox.Triple]] = {}
        for triple in self.triples:
            self.by_subject.setdefault(triple.subject, []).append(triple)

    def values(self, subject: Term, predicate: ox.NamedNode) -> list[Term]:
        """The objects of a subject's predicate."""
        return [t.object for t in self.by_subject.get(subject, []) if t.predicate == predicate]

    def members(self, head: Term) -> list[Term]:
        """The members of an RDF list."""
        return (
            []
            if head == RDF.nil
            else [
                *self.values(head, RDF.first),
                *(member for rest in self.values(head, RDF.rest) for member in self.members(rest)),
            ]
        )

    def references(self, shape: Term) -> list[Term]:
        """The shapes that a shape names."""
        direct = [value for predicate in REFERENCES for value in self.values(shape, predicate)]
        heads = [value for predicate in LISTS for value in self.values(shape, predicate)]
        return direct + [member for head in heads for member in self.members(head)]

    def reach(self, shape: Term) -> set[Term]:
        """A shape and all that it names, directly or not."""
        reached, waiting = set(), [shape]
        while waiting:
            current = waiting.pop()
            if current not in reached:
                reached.add(current)
                waiting += self.references(current)
        return reached

    @functools.cached_property
    def targeted(self) -> list[Term]:
        """The shapes that say themselves what they check."""
        return [s for s in self.by_subject if any(self.values(s, target) for target in TARGETS)]

    @functools.cached_property
    def rules(self) -> dict[str, Term]:
        """The shapes that findings name, by slug: they have constraints, and properties lead to them."""
        reached = set()
        waiting = list(self.targeted)
        while waiting:
            current = waiting.pop()
            reached.add(current)
            waiting += self.values(current, SH.property)
        return {name_of(shape): shape for shape in reached if self.parameters(shape, links=False)}

    def parameters(self, shape: Term, *, links: bool = True) -> list[ox.Triple]:
        """The constraints of a shape; links are its sh:property."""
        rows = [t for t in self.by_subject.get(shape, []) if t.predicate in PARAMETERS]
        return rows if links else [t for t in rows if t.predicate != SH.property]

    def _is_shape(self, subject: Term) -> bool:
        return not {SH.NodeShape, SH.PropertyShape}.isdisjoint(self.values(subject, RDF.type))

    def only(self, rule: str) -> list[ox.Triple]:
        """The shapes graph cut down to one rule: the shapes that lead to it, and what it names."""
        shape = self.rules[rule]
        inside = self.reach(shape)
        leading = {s for s in self.by_subject if shape in self.reach(s)} - inside
        kept = []
        for triple in self.triples:
            if triple.subject in leading:
                wanted = triple.predicate not in PARAMETERS or shape in self.reach(triple.object)
            else:
                wanted = triple.subject in inside or not self._is_shape(triple.subject)
            if wanted:
                kept.append(triple)
        return kept


@functools.cache
def shapes() -> Shapes:
    """The shapes, read once a process."""
    return Shapes()


def run(example: Example, shapes_graph: Iterable[ox.Triple]) -> Report:
    """Validate an example together with common.ttl."""
    return validate([*common(), *example.triples], shapes_graph)


def found(report: Report) -> frozenset[Expected]:
    """What a report has, in the form of an expectation."""
    return frozenset((f.rule, str(located_at(f)), f.message) for f in report.findings)


def outcome(name: str) -> Outcome:
    """Run one example against all shapes."""
    report = run(examples()[name], shapes().triples)
    return Outcome(
        found=found(report),
        pairs=frozenset((f.rule, f.component) for f in report.findings),
        met=frozenset(name_of(shape) for shape, count in report.focus_nodes.items() if count),
    )


def in_processes(work: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
    """Do work on all items, spread over the processors unless the tests are; order kept."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return list(map(work, items))
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(work, items, chunksize=max(1, len(items) // 32)))
