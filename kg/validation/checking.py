"""A job done in this process: read, lint, validate, compare; without walls around it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kg.errors import UsageError
from kg.findings import Finding, Severity, Term, sort_findings
from kg.shacl_result import SH_IRI, Report
from kg.shacl_targets import FocusCounter, targeted_shapes
from kg.triple_index import TripleIndex
from kg.validation import native
from kg.validation.cross_check import compare
from kg.validation.engines import REFERENCE, choose, label_of, second_opinion
from kg.validation.inputs import Input, find_inputs, format_named, names_of
from kg.validation.job import AUTO, STDIN, Job, Verdict
from kg.validation.lint import is_broken, lint
from kg.validation.reading import Data
from kg.validation.routing import Routes, only_targets_of, plain_shapes, route, without_hard_patterns
from kg.validation.terms import ADVANCED_TERMS
from kg.vocabulary import OWL

__all__ = ["check"]

Progress = Callable[[str], None]
_MOST_FOR_REFERENCE = 100_000


@dataclass
class _Work:
    """What a job has come to so far."""

    job: Job
    data: Data
    ontology: Data
    shapes: TripleIndex
    shapes_files: tuple[str, ...] = ()
    lint: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    engines: list[str] = field(default_factory=list)

    def everything(self) -> Data:
        """Data and ontology together."""
        return self.data + self.ontology


def check(job: Job, progress: Progress = lambda step: None) -> Verdict:
    """Do a job.

    Raises: UsageError for an unknown engine or format; ContentError for shapes that an engine cannot read;
    EngineError where there is no verdict.
    """
    began = time.monotonic()
    _check_usage(job)
    progress("read")
    work, faults = _read(job)
    if faults:
        return Verdict(None, faults=tuple(faults), seconds=time.monotonic() - began)
    work.lint += lint(work.shapes)
    broken = [finding for finding in work.lint if is_broken(finding)]
    if broken:
        return _verdict(work, None, broken, 0, began)
    work.notes += _not_supported(work.shapes)
    work.shapes = plain_shapes(work.shapes)
    progress("validate")
    counter = FocusCounter(work.shapes)
    findings = _validate(work, counter)
    faults = work.data.faults + work.ontology.faults
    if faults:
        return _verdict(work, None, faults, 0, began)
    if job.cross_check is not None:
        progress("cross-check")
        _cross_check(work, findings, counter.triples)
    counts = counter.counts()
    if job.ontology:
        findings, counts = _without_ontology(work, findings, counts)
    report = Report(tuple(sort_findings(findings)), not findings, counts, job.language)
    return _verdict(work, report, [], counter.triples, began)


def _check_usage(job: Job) -> None:
    for name in (job.engine, job.cross_check):
        if name not in (None, AUTO):
            choose(str(name))
    if job.input_format:
        format_named(job.input_format)
    if [*job.data, *job.shapes, *job.ontology].count(STDIN) > 1:
        raise UsageError("-", "standard input can be read only once.", "Give one of the two as a file.")
    if not job.data or not job.shapes:
        what = "no data are named." if not job.data else "no shapes are named."
        raise UsageError("validate", what, "Name at least one file.")


def _read(job: Job) -> tuple[_Work, list[Finding]]:
    groups: list[list[Input]] = []
    faults: list[Finding] = []
    for arguments in (job.data, job.ontology, job.shapes):
        inputs, wrong = find_inputs(arguments, job.input_format)
        groups.append(inputs)
        faults += wrong
    data = Data(groups[0], job.limits, job.base)
    ontology = Data(groups[1], job.limits, job.base, first=len(groups[0]))
    shapes = Data(groups[2], job.limits, job.base, first=len(groups[0]) + len(groups[1]))
    index = TripleIndex(shapes.triples())
    work = _Work(job, data, ontology, index, names_of(groups[2]))
    faults += shapes.faults
    work.shapes, wrong = _with_imports(work)
    faults += wrong
    faults += _entailments(index)
    if faults or data.faults or ontology.faults:
        # Something is unusable already: say all that is, in every file.
        for source in (data, ontology):
            for _ in source.triples():
                pass
            faults += source.faults
    return work, list(dict.fromkeys(faults))


def _with_imports(work: _Work) -> tuple[TripleIndex, list[Finding]]:
    """The shapes with the local copies of what they import; what has none is told of."""
    copies = dict(work.job.imports)
    index, faults, seen = work.shapes, list[Finding](), set[str]()
    number = len(work.job.data) + len(work.job.ontology) + len(work.job.shapes) + 1000
    while True:
        wanted = {
            term.value
            for owner in index.subjects(OWL.imports.value)
            for term in index.objects(owner, OWL.imports.value)
            if isinstance(term, NamedNode)
        } - seen
        if not wanted:
            return index, faults
        for iri in sorted(wanted):
            seen.add(iri)
            if iri not in copies:
                if NamedNode(iri) not in {t.subject for t in index}:
                    work.notes.append(
                        f"<{iri}> is imported, but nothing is fetched: give a local copy of it."
                    )
                continue
            inputs, wrong = find_inputs([copies[iri]])
            more = Data(inputs, work.job.limits, iri, first=number)
            number += len(inputs)
            index = TripleIndex([*index, *more.triples()])
            faults += [*wrong, *more.faults]


def _entailments(shapes: TripleIndex) -> list[Finding]:
    message = (
        "An entailment regime is asked for; none is supported. Remove sh:entailment, or infer beforehand."
    )
    return [
        Finding("entailment", Severity.VIOLATION, message, focus=s, path=SH_IRI + "entailment")
        for s in shapes.subjects(SH_IRI + "entailment")
    ]


def _not_supported(shapes: TripleIndex) -> list[str]:
    return [
        f"sh:{term} is an advanced feature that is not supported: it checks nothing."
        for term in sorted(ADVANCED_TERMS)
        if shapes.subjects(SH_IRI + term)
    ]


def _validate(work: _Work, counter: FocusCounter) -> list[Finding]:
    everything = work.everything()
    if work.job.engine not in (AUTO, native.NAME):
        work.engines.append(label_of(work.job.engine))
        return _ask(work, work.job.engine, counter, everything)
    routes = route(work.shapes)
    late = everything.mentions(b"T24:")
    if work.job.engine == native.NAME:
        work.notes += [f"{native.NAME} is known to be wrong here: {doubt}." for doubt in _doubts(routes)]
        routes = Routes({}, tuple(targeted_shapes(work.shapes)))
    elif late:
        routes = Routes(dict.fromkeys(targeted_shapes(work.shapes), f"{late} has times at 24 o'clock"), ())
    findings: list[Finding] = []
    if routes.others or not routes.reasons:
        findings = _ask_native(work, _those(work.shapes, routes, routes.others), counter, everything)
        again = route(work.shapes, counter.tagged)
        if counter.tagged and work.job.engine == AUTO and len(again.others) < len(routes.others):
            # Only now that the data are known is it clear that the engine must not be asked for all of that.
            routes = again
            findings = []
            if routes.others:
                findings = _ask_native(work, _those(work.shapes, routes, routes.others), counter, everything)
    if routes.others or not routes.reasons:
        work.engines.append(label_of(native.NAME))
    if routes.reasons and not everything.faults:
        work.engines.append(label_of(REFERENCE))
        work.notes += routes.notes(REFERENCE)
        triples = everything.triples() if counter.triples else counter.watch(everything.triples())
        shapes = _those(work.shapes, routes, tuple(routes.reasons))
        findings += choose(REFERENCE)(
            triples, shapes, language=work.job.language, most=work.job.limits.results
        )
    return findings


def _those(shapes: TripleIndex, routes: Routes, kept: tuple[Term, ...]) -> TripleIndex:
    return only_targets_of(shapes, kept) if routes.others and routes.reasons else shapes


def _doubts(routes: Routes) -> Iterable[str]:
    return sorted(set(routes.reasons.values()))


def _ask(work: _Work, engine: str, counter: FocusCounter, data: Data) -> list[Finding]:
    return choose(engine)(
        counter.watch(data.triples()), work.shapes, language=work.job.language, most=work.job.limits.results
    )


def _ask_native(work: _Work, shapes: TripleIndex, counter: FocusCounter, data: Data) -> list[Finding]:
    if work.job.engine == AUTO:
        shapes = without_hard_patterns(shapes)
    engine = native.Native(shapes, work.job.language)
    most = work.job.limits.results
    if counter.triples:
        return engine.validate(data.triples(), most)
    if data.straight is None:
        return _unless_faulty(data, lambda: engine.validate(counter.watch(data.triples()), most)) or []
    # The engine reads the file by itself, beside our own look at it.
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(engine.validate_file, data.straight, most)
        counter.count(data.glance())
        findings = _unless_faulty(data, answer.result)
    if findings is None and not data.faults:
        return engine.validate(data.triples(), most)
    return findings or []


def _unless_faulty(data: Data, answer: Callable[[], list[Finding] | None]) -> list[Finding] | None:
    """An engine's answer; what it says about data that do not parse is not needed."""
    try:
        return answer()
    except Exception:
        if data.faults:
            return []
        raise


def _cross_check(work: _Work, findings: list[Finding], triples: int) -> None:
    job = work.job
    first = job.engine if job.engine != AUTO else native.NAME
    name = job.cross_check or AUTO
    second = second_opinion(first, triples, _MOST_FOR_REFERENCE) if name == AUTO else name
    if second == first:
        raise UsageError("--cross-check", f"{second} cannot check itself.", "Name another engine.")
    answer = choose(second)(
        work.everything().triples(), work.shapes, language=job.language, most=job.limits.results
    )
    compare(" and ".join(work.engines), findings, label_of(second), answer)
    work.notes.append(f"{label_of(second)} gives the same {len(answer)} results.")
    if label_of(second) in work.engines:
        work.notes.append(f"The shapes that only {second} is right about had one opinion.")
    else:
        work.engines.append(label_of(second))


def _without_ontology(
    work: _Work, findings: list[Finding], counts: dict[str, int]
) -> tuple[list[Finding], dict[str, int]]:
    """What the ontology alone gives is no news about the data, and its nodes are not theirs."""
    counter = FocusCounter(work.shapes)
    engine = work.job.engine if work.job.engine != AUTO else native.NAME
    if any(reason.startswith("pyshacl") for reason in work.engines):
        engine = REFERENCE
    alone = Counter(_ask(work, engine, counter, work.ontology))
    kept = []
    for finding in findings:
        if alone[finding] > 0:
            alone[finding] -= 1
        else:
            kept.append(finding)
    return kept, {shape: n - counter.counts().get(shape, 0) for shape, n in counts.items()}


def _verdict(
    work: _Work, report: Report | None, faults: list[Finding], triples: int, began: float
) -> Verdict:
    return Verdict(
        report,
        findings=tuple(dict.fromkeys(report.findings)) if report else (),
        faults=tuple(faults),
        lint=tuple(f for f in work.lint if not is_broken(f)),
        notes=tuple(work.notes),
        engines=tuple(work.engines),
        data_files=names_of(work.data.inputs),
        shapes_files=work.shapes_files,
        triples=triples,
        seconds=time.monotonic() - began,
    )
