"""Why sh:node, sh:or and their like failed: findings get the reasons inside, from any engine."""

import itertools
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sauran.kg.model.errors import SauranError
from sauran.kg.model.findings import Finding, Term, sort_findings
from sauran.kg.model.namespaces import RDF, SH, XSD
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.messages import conditions_of, in_words
from sauran.kg.shacl.result import SH_IRI, has_reasons_inside
from sauran.kg.validate.engine_routing import Router, only_targets_of
from sauran.kg.validate.neighbourhood import Descriptions, neighbourhood

__all__ = ["Explanation", "explain"]

_NODE, _OR = "NodeConstraintComponent", "OrConstraintComponent"
_XONE, _NOT = "XoneConstraintComponent", "NotConstraintComponent"
_MIN, _MAX = "QualifiedMinCountConstraintComponent", "QualifiedMaxCountConstraintComponent"
_MOST_REASONS = 10
_VALUE_SHAPE = SH_IRI + "qualifiedValueShape"
_COUNTS = {_MIN: "This value does not count.", _MAX: "This value counts."}
_PROBE = "urn:sauran:probe:"
_MOST_EXPLAINED, _DEEPEST = 100, 3


@dataclass(frozen=True, slots=True)
class _Probe:
    """One question: what of a shape a node violates."""

    shape: Term
    node: Term


_Answers = Mapping[_Probe, Sequence[Finding]]


class _ProbedShapes:
    """Shapes to which shapes are added that ask for what a result does not say.

    A property shape below another gets a node shape between them, so that its results name the value they
    are about; a qualified shape gets a property shape that asks it of each value.
    """

    def __init__(self, shapes: TripleIndex) -> None:
        self._labels = (BlankNode(f"probe{number}") for number in itertools.count())
        self._between: set[Term] = set()
        self._counting: dict[tuple[Term, str], Term] = {}
        triples = [t for triple in shapes for t in self._with_between(shapes, triple)]
        for shape in shapes.subjects(_VALUE_SHAPE):
            triples += self._counters(shapes, shape)
        self.index = TripleIndex(triples)

    def _with_between(self, shapes: TripleIndex, triple: Triple) -> list[Triple]:
        below = triple.predicate == SH.property and shapes.value(triple.subject, SH.path.value) is not None
        if not below:
            return [triple]
        between = next(self._labels)
        self._between.add(between)
        return [
            Triple(triple.subject, SH.node, between),
            Triple(between, RDF.type, SH.NodeShape),
            Triple(between, SH.property, triple.object),
        ]

    def _counters(self, shapes: TripleIndex, shape: Term) -> list[Triple]:
        counted, triples = self._counted(shapes, shape)
        path = shapes.value(shape, SH.path.value)
        for component, asked in ((_MIN, SH.node), (_MAX, SH["not"])):
            node = next(self._labels)
            self._counting[shape, component] = node
            triples += [
                Triple(node, RDF.type, SH.PropertyShape),
                Triple(node, SH.path, path),  # type: ignore[arg-type]
                Triple(node, asked, counted),
                Triple(node, SH.message, Literal(_COUNTS[component], language="en")),
            ]
        return triples

    def _counted(self, shapes: TripleIndex, shape: Term) -> tuple[Term, list[Triple]]:
        """The shape that the values which count conform to (SHACL, section 4.7.3)."""
        own = shapes.objects(shape, _VALUE_SHAPE)
        siblings: dict[Term, None] = {}
        if Literal("true", datatype=XSD.boolean) in shapes.objects(
            shape, SH_IRI + "qualifiedValueShapesDisjoint"
        ):
            for parent in shapes.subjects(SH.property.value, shape):
                for part in shapes.objects(parent, SH.property.value):
                    siblings |= dict.fromkeys(shapes.objects(part, _VALUE_SHAPE))
        others = [sibling for sibling in siblings if sibling not in own]
        if not others:
            return own[0], []
        node = next(self._labels)
        return node, [
            Triple(node, RDF.type, SH.NodeShape),
            Triple(node, SH.node, own[0]),
            *(Triple(node, SH["not"], other) for other in others),
        ]

    def probes_of(self, finding: Finding) -> list[_Probe]:
        """What to ask so that a finding can be explained; nothing where it cannot."""
        if not has_reasons_inside(finding):
            return []
        node = _asked_about(finding)
        return [] if node is None else [_Probe(s, node) for s in itertools.chain(*self._groups(finding))]

    def answers_to(
        self, probe: _Probe, found: Mapping[tuple[Term, Term], Sequence[Finding]]
    ) -> list[Finding]:
        """The findings that answer a probe, out of all, by shape and focus node."""
        shapes = dict.fromkeys([probe.shape, *self.index.objects(probe.shape, SH.property.value)])
        return [finding for shape in shapes for finding in found.get((shape, probe.node), ())]

    def reasons_of(self, finding: Finding, answers: _Answers) -> tuple[Finding, ...]:
        """What failed inside a finding, said by the answers to its probes."""
        node = _asked_about(finding)
        reasons: list[Finding] = []
        if node is None:
            return ()
        for group in self._groups(finding):
            said = {shape: list(answers.get(_Probe(shape, node), ())) for shape in group}
            reasons += self._of_group(finding, said)
        return tuple(_cut([inner for reason in reasons for inner in self._without_between(reason)], finding))

    def _groups(self, finding: Finding) -> list[list[Term]]:
        """The shapes inside a finding, those that are judged together in one list."""
        shape, component = finding.shape, finding.component or ""
        if shape is None:
            return []
        if component in _COUNTS:
            return [[self._counting[shape, component]]] if (shape, component) in self._counting else []
        parameter = component.removesuffix("ConstraintComponent").lower()
        values = self.index.objects(shape, SH_IRI + parameter)
        if component in (_NODE, _NOT):
            return [[value] for value in values]
        return [list(dict.fromkeys(self.index.members(value))) for value in values]

    def _of_group(self, finding: Finding, said: Mapping[Term, list[Finding]]) -> list[Finding]:
        holding = [shape for shape, reasons in said.items() if not reasons]
        if finding.component == _NOT:
            return [_said(finding, self._conforming(shape)) for shape in holding]
        if finding.component not in (_OR, _XONE):
            return [reason for reasons in said.values() for reason in reasons]
        numbered = {
            shape: f"Alternative {number} of {len(said)}" for number, shape in enumerate(said, start=1)
        }
        if not holding:
            return [
                _said(finding, f"{numbered[shape]}{_named(shape, ', {},')} fails.").because_of(
                    _cut(said[shape], finding)
                )
                for shape in said
            ]
        several = finding.component == _XONE and len(holding) > 1
        return [
            _said(finding, f"{numbered[shape]} holds. {self._conforming(shape)}")
            for shape in (holding if several else ())
        ]

    def _conforming(self, shape: Term) -> str:
        return f"It conforms{_named(shape, ' to {}')}: {conditions_of(self.index, shape)}."

    def _without_between(self, reason: Finding) -> Iterable[Finding]:
        """A reason, or the reasons inside it where only a shape that was put between gives it."""
        if reason.component != _NODE or reason.shape is None:
            return [reason]
        asked = self.index.objects(reason.shape, SH.node.value)
        if reason.because and asked and all(shape in self._between for shape in asked):
            return reason.because
        return [reason]


def _cut(reasons: Sequence[Finding], finding: Finding) -> list[Finding]:
    distinct = list(dict.fromkeys(reasons))
    if len(distinct) <= _MOST_REASONS:
        return distinct
    left = len(distinct) - _MOST_REASONS + 1
    return [*distinct[: _MOST_REASONS - 1], _said(finding, f"{left} more reasons are not shown.")]


def _said(finding: Finding, text: str) -> Finding:
    """A reason that is a sentence, not a result."""
    return Finding(rule=finding.component or finding.rule, severity=finding.severity, message=text)


def _named(shape: Term, phrase: str) -> str:
    """A phrase with the name of a shape; nothing for one without."""
    return phrase.replace("{}", in_words(shape)) if isinstance(shape, NamedNode) else ""


def _asked_about(finding: Finding) -> Term | None:
    """The node that the shapes inside are asked of: the value, but where values are counted the focus."""
    return finding.focus if finding.component in _COUNTS or finding.value is None else finding.value


@dataclass(frozen=True)
class Explanation:
    """Findings with their reasons, in the order they were given; `left_out` says what has none and why."""

    findings: tuple[Finding, ...]
    left_out: tuple[str, ...] = ()


def explain(
    findings: Sequence[Finding],
    shapes: TripleIndex,
    data: Callable[[], Iterable[Triple]] | Descriptions,
    router: Router,
    *,
    until: float = math.inf,
) -> Explanation:
    """Find out why, by asking the inner shapes of the value nodes, depth by depth.

    `data` gives all triples, each time anew, or those of some nodes. No new question is asked after `until`,
    a time of the monotonic clock: reasons must not cost the verdict.
    """
    unique = dict.fromkeys((f, f.shape) for f in sort_findings(findings) if has_reasons_inside(f))
    wanted = [finding for finding, _ in unique]
    if not wanted:
        return Explanation(tuple(findings))
    asked = wanted[:_MOST_EXPLAINED]
    left_out = []
    if len(wanted) > len(asked):
        more = len(wanted) - len(asked)
        left_out.append(f"Reasons inside are given for {len(asked)} findings, not for {more} more.")

    triples = data.data.triples if isinstance(data, Descriptions) else data

    def ask(more: list[Triple], aimed: TripleIndex) -> list[Finding]:
        return router.validate(lambda: itertools.chain(triples() if near is None else near, more), aimed)

    because: dict[tuple[Finding, Term | None], tuple[Finding, ...]] = {}
    try:
        probed = _ProbedShapes(shapes)
        probes = [probe for finding in asked for probe in probed.probes_of(finding)]
        near = neighbourhood(
            data, probed.index, {p.shape for p in probes}, {p.node for p in probes}, router.most
        )
        rounds = _Rounds(probed, ask, until)
        because = rounds.reasons(asked, _DEEPEST)
        if rounds.stopped:
            left_out.append("Some reasons inside findings were not looked for: there was no time left.")
    except (SauranError, MemoryError) as error:
        left_out.append(f"The reasons inside findings were not found: {str(error) or 'out of memory.'}")
    explained = (f.because_of(because.get((f, f.shape), ())) for f in findings)
    return Explanation(tuple(explained), tuple(left_out))


@dataclass
class _Rounds:
    """One question to the engines for each depth, as long as there is time."""

    probed: _ProbedShapes
    ask: Callable[[list[Triple], TripleIndex], list[Finding]]
    until: float
    stopped: bool = False
    known: dict[_Probe, list[Finding]] = field(default_factory=dict)

    def reasons(
        self, findings: Sequence[Finding], depth: int
    ) -> dict[tuple[Finding, Term | None], tuple[Finding, ...]]:
        """The reasons of findings, down to a depth."""
        if time.monotonic() > self.until:
            self.stopped = True
            return {}
        probes = dict.fromkeys(probe for finding in findings for probe in self.probed.probes_of(finding))
        self._put([probe for probe in probes if probe not in self.known])
        inner = {
            (reason, reason.shape): reason
            for probe in probes
            for reason in self.known[probe]
            if has_reasons_inside(reason)
        }
        deeper = self.reasons(list(inner.values()), depth - 1) if depth > 1 and inner else {}
        answers: _Answers = {
            probe: [reason.because_of(deeper.get((reason, reason.shape), ())) for reason in self.known[probe]]
            for probe in probes
        }
        return {(f, f.shape): self.probed.reasons_of(f, answers) for f in findings}

    def _put(self, probes: Sequence[_Probe]) -> None:
        """Ask the engines all probes at once: a property of our own leads from nowhere to each node."""
        if not probes:
            return
        numbers = {shape: n for n, shape in enumerate(dict.fromkeys(probe.shape for probe in probes))}
        aims = [
            Triple(shape, SH.targetObjectsOf, NamedNode(f"{_PROBE}{n}"))  # type: ignore[arg-type]
            for shape, n in numbers.items()
        ]
        more = [Triple(NamedNode(_PROBE), NamedNode(f"{_PROBE}{numbers[p.shape]}"), p.node) for p in probes]
        aimed = TripleIndex([*only_targets_of(self.probed.index, ()), *aims])
        found: dict[tuple[Term, Term], list[Finding]] = {}
        for finding in sort_findings(self.ask(more, aimed)):
            if finding.shape is not None and finding.focus is not None:
                found.setdefault((finding.shape, finding.focus), []).append(finding)
        self.known |= {probe: self.probed.answers_to(probe, found) for probe in probes}
