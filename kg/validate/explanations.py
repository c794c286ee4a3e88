"""Why sh:node, sh:or and their like failed: findings get the reasons inside, whatever engine found them."""

import itertools
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from sauran.kg.model.errors import SauranError
from sauran.kg.model.findings import Finding, Term, sort_findings
from sauran.kg.model.namespaces import SH
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.result import has_reasons_inside
from sauran.kg.validate.descriptions import Descriptions
from sauran.kg.validate.engine_choice import only_targets_of
from sauran.kg.validate.engine_runs import Router
from sauran.kg.validate.neighbourhood import neighbourhood
from sauran.kg.validate.probes import Answers, Probe, ProbedShapes

__all__ = ["Explanation", "explain"]

_PROBE = "urn:sauran:probe:"
_MOST_EXPLAINED, _DEEPEST = 100, 3


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
        probed = ProbedShapes(shapes)
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

    probed: ProbedShapes
    ask: Callable[[list[Triple], TripleIndex], list[Finding]]
    until: float
    stopped: bool = False
    known: dict[Probe, list[Finding]] = field(default_factory=dict)

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
        answers: Answers = {
            probe: [reason.because_of(deeper.get((reason, reason.shape), ())) for reason in self.known[probe]]
            for probe in probes
        }
        return {(f, f.shape): self.probed.reasons_of(f, answers) for f in findings}

    def _put(self, probes: Sequence[Probe]) -> None:
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
