"""One job in this process: read its files, lint the shapes, validate, compare engines; it sets no limits."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from sauran.kg.model.errors import ContentError, UsageError
from sauran.kg.model.findings import Finding, Term, sort_findings
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import asks_something
from sauran.kg.shacl.result import Report, has_reasons_inside
from sauran.kg.shacl.targets import FocusCounter, name_of, targeted_shapes
from sauran.kg.validate import rust_engine as native
from sauran.kg.validate.data_traits import TraitsWatch, glance, may_be_misread
from sauran.kg.validate.engine_routing import (
    Router,
    Routes,
    for_fast_engine,
    only_targets_of,
    plain_shapes,
    route,
    single_opinions,
)
from sauran.kg.validate.engines import REFERENCE, choose, compare, label_of, second_opinion
from sauran.kg.validate.input_files import Input, find_inputs, format_named, names_of
from sauran.kg.validate.input_graphs import Data, with_imports
from sauran.kg.validate.job import AUTO, STDIN, Job, Verdict
from sauran.kg.validate.lint import is_broken, lint, not_supported

if TYPE_CHECKING:
    from sauran.kg.validate.neighbourhood import Descriptions

__all__ = ["check", "check_and_keep"]

Progress = Callable[[str], None]
_WORTH_A_THREAD = 1 << 20


@dataclass
class _Work:
    """What a job has come to so far.

    `watch` has seen the data, `fast` is what the fast engine found of `routes`; `described` is there where
    something was found.
    """

    job: Job
    data: Data
    ontology: Data
    shapes: TripleIndex
    shapes_files: tuple[str, ...] = ()
    lint: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    engines: list[str] = field(default_factory=list)
    watch: TraitsWatch = field(default_factory=lambda: TraitsWatch(TripleIndex(()), looks_closely=False))
    routes: Routes = field(default_factory=lambda: Routes({}, ()))
    fast: list[Finding] = field(default_factory=list)
    described: "Descriptions | None" = None

    def everything(self) -> Data:
        """Data and ontology together."""
        return self.data + self.ontology


def check(job: Job, progress: Progress = lambda step: None) -> Verdict:
    """Do a job.

    Raises: UsageError for an unknown engine or format; ContentError for shapes that an engine cannot read;
    EngineError where the result cannot be decided.
    """
    return check_and_keep(job, progress)[0]


def check_and_keep(job: Job, progress: Progress) -> tuple[Verdict, "Descriptions | None"]:
    """Do a job, and keep what was read where there are findings, for who asks for their places.

    Raises: as `check`.
    """
    began = time.monotonic()
    _check_usage(job)
    progress("read")
    work, faults = _read_job(job)
    if faults:
        return Verdict(None, faults=tuple(faults), seconds=time.monotonic() - began), None
    return _checked(work, progress, began), work.described


def _check_usage(job: Job) -> None:
    """Refuse what cannot be done.

    Raises: UsageError.
    """
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


def _read_job(job: Job) -> tuple[_Work, list[Finding]]:
    """Read the files of a job; give also all that makes them unusable."""
    groups: list[list[Input]] = []
    faults: list[Finding] = []
    for arguments in (job.data, job.ontology, job.shapes):
        inputs, wrong = find_inputs(arguments, job.input_format, only_stdin=arguments is not job.data)
        groups.append(inputs)
        faults += wrong
    data = Data(groups[0], job.limits, job.base)
    ontology = Data(groups[1], job.limits, job.base, first=len(groups[0]))
    shapes = Data(groups[2], job.limits, job.base, first=len(groups[0]) + len(groups[1]))
    index = TripleIndex(shapes.triples())
    work = _Work(job, data, ontology, index, names_of(groups[2]))
    faults += shapes.faults
    work.shapes, wrong, missing = with_imports(job, index)
    faults += wrong
    work.lint += missing
    if faults or data.faults or ontology.faults:
        # Something is unusable already: say all that is, in every file.
        for source in (data, ontology):
            for _ in source.triples():
                pass
            faults += source.faults
    return work, list(dict.fromkeys(faults))


def _checked(work: _Work, progress: Progress, began: float) -> Verdict:
    job = work.job
    work.lint += lint(work.shapes)
    broken = [finding for finding in work.lint if is_broken(finding)]
    if broken:
        return _verdict(work, None, broken, 0, began)
    work.notes += not_supported(work.shapes)
    work.shapes = plain_shapes(work.shapes)
    progress("validate")
    counter = FocusCounter(work.shapes)
    work.watch = TraitsWatch(work.shapes, looks_closely=work.everything().some(may_be_misread))
    with _naming(work.shapes_files):
        findings = _validate(work, counter)
    faults = work.data.faults + work.ontology.faults
    if faults:
        return _verdict(work, None, faults, 0, began)
    if job.cross_check is not None:
        progress("cross-check")
        _cross_check(work, findings)
    counts = counter.counts()
    if job.ontology:
        findings, counts = _without_ontology(work, findings, counter)
    if findings:
        from sauran.kg.validate.neighbourhood import Descriptions  # noqa: PLC0415 (a green run pays nothing)

        work.described = Descriptions(work.everything())
    if any(map(has_reasons_inside, findings)):
        progress("reasons")
        findings = _explained(work, findings, began)
    silent = {name_of(s) for s in targeted_shapes(work.shapes) if not asks_something(work.shapes, s)}
    counts = {shape: met for shape, met in counts.items() if shape not in silent}
    report = Report(tuple(sort_findings(findings)), not findings, counts, job.language)
    return _verdict(work, report, [], counter.triples, began)


@contextlib.contextmanager
def _naming(files: Sequence[str]) -> Iterator[None]:
    """Let what an engine says of the shapes name their files."""
    try:
        yield
    except ContentError as error:
        if error.where != "shapes":
            raise
        raise ContentError(", ".join(files), error.what, error.fix) from error


def _validate(work: _Work, counter: FocusCounter) -> list[Finding]:
    everything = work.everything()
    if work.job.engine not in (AUTO, native.NAME):
        work.engines.append(label_of(work.job.engine))
        return _ask(work, work.job.engine, counter, everything)
    routes = route(work.shapes)
    if work.job.engine == native.NAME:
        routes = Routes({}, tuple(targeted_shapes(work.shapes)))
    findings: list[Finding] = []
    if routes.others or not routes.reasons:
        findings = _ask_native(work, _those(work.shapes, routes, routes.others), counter, everything)
        again = route(work.shapes, work.watch.traits)
        if work.job.engine == native.NAME:
            work.notes += [f"{native.NAME} is known to be wrong here: {doubt}." for doubt in _doubts(again)]
        elif len(again.others) < len(routes.others):
            # Only now that the data are known is it clear that the engine must not be asked for all of that.
            routes = again
            findings = []
            if routes.others:
                findings = _ask_native(work, _those(work.shapes, routes, routes.others), counter, everything)
    if routes.others or not routes.reasons:
        work.engines.append(label_of(native.NAME))
        # Where the fast engine reads the shapes, only those that met a node need the slow one.
        met = {shape: why for shape, why in routes.reasons.items() if counter.has_focus(shape)}
        routes = Routes(met, routes.others)
    work.fast, work.routes = findings, routes
    if routes.reasons and not everything.faults:
        findings = findings + _ask_reference(work, routes, counter, everything)
    return findings


def _ask_reference(work: _Work, routes: Routes, counter: FocusCounter, data: Data) -> list[Finding]:
    work.engines.append(label_of(REFERENCE))
    work.notes += routes.notes(REFERENCE)
    triples = data.triples() if counter.triples else counter.watch(work.watch.watch(data.triples()))
    shapes = only_targets_of(work.shapes, tuple(routes.reasons))
    return choose(REFERENCE)(triples, shapes, language=work.job.language, most=work.job.limits.results)


def _those(shapes: TripleIndex, routes: Routes, kept: tuple[Term, ...]) -> TripleIndex:
    return only_targets_of(shapes, kept) if routes.others and routes.reasons else shapes


def _doubts(routes: Routes) -> Iterable[str]:
    return sorted(set(routes.reasons.values()))


def _ask(work: _Work, engine: str, counter: FocusCounter, data: Data) -> list[Finding]:
    return choose(engine)(
        counter.watch(work.watch.watch(data.triples())),
        work.shapes,
        language=work.job.language,
        most=work.job.limits.results,
    )


def _ask_native(work: _Work, shapes: TripleIndex, counter: FocusCounter, data: Data) -> list[Finding]:
    if work.job.engine == AUTO:
        shapes = for_fast_engine(shapes)
    engine = native.Native(shapes, work.job.language)
    most = work.job.limits.results
    text = data.as_one_text()
    if text is None:
        triples = data.triples() if counter.triples else counter.watch(work.watch.watch(data.triples()))
        return _unless_faulty(data, lambda: engine.validate(triples, most))
    if counter.triples:
        return engine.validate_text(text, most)
    if len(text.text) < _WORTH_A_THREAD:
        glance(data.glance(), counter, work.watch)
        return [] if data.faults else engine.validate_text(text, most)
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (10 ms)

    # The engine parses by itself, beside our own look at the triples.
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(engine.validate_text, text, most)
        glance(data.glance(), counter, work.watch)
        return _unless_faulty(data, answer.result)


def _unless_faulty(data: Data, answer: Callable[[], list[Finding]]) -> list[Finding]:
    """An engine's answer; what it says about data that do not parse is not needed."""
    try:
        return answer()
    except Exception:
        if data.faults:
            return []
        raise


def _cross_check(work: _Work, findings: list[Finding]) -> None:
    job = work.job
    first = job.engine if job.engine != AUTO else native.NAME
    name = job.cross_check or AUTO
    second = second_opinion(first) if name == AUTO else name
    if second == first:
        raise UsageError("--cross-check", f"{second} cannot check itself.", "Name another engine.")
    shapes = work.shapes
    if label_of(second) in work.engines:
        # It would only repeat itself: the shapes that it alone is right about have one opinion.
        work.lint += single_opinions(work.routes, second)
        findings, shapes = work.fast, only_targets_of(shapes, work.routes.others)
        if not work.routes.others:
            work.notes.append(f"Nothing has a second opinion: {second} alone is right about these shapes.")
            return
    answer = choose(second)(
        work.everything().triples(), shapes, language=job.language, most=job.limits.results
    )
    compare(label_of(first), findings, label_of(second), answer)
    work.notes.append(f"{label_of(second)} gives the same {len(answer)} results.")
    if label_of(second) not in work.engines:
        work.engines.append(label_of(second))


def _without_ontology(
    work: _Work, findings: list[Finding], counter: FocusCounter
) -> tuple[list[Finding], dict[str, int]]:
    """Subtract findings and focus nodes of the ontology alone: they say nothing about the data."""
    alone = FocusCounter(work.shapes)
    alone.count(work.ontology.triples())
    named = {node for shape in targeted_shapes(work.shapes) for node in alone.nodes(shape)}
    spoken_of = {t.subject for t in work.data.glance() if t.subject in named} if named else set()
    counts = {
        name_of(shape): len(counter.nodes(shape)) - len(alone.nodes(shape) - spoken_of)
        for shape in targeted_shapes(work.shapes)
    }
    if not findings:
        return findings, counts
    met = only_targets_of(work.shapes, tuple(filter(alone.has_focus, targeted_shapes(work.shapes))))
    old = Counter(_asked_again(work, work.ontology.triples, met))
    kept = []
    for finding in findings:
        if old[finding] > 0:
            old[finding] -= 1
        else:
            kept.append(finding)
    return kept, counts


def _asked_again(work: _Work, data: Callable[[], Iterable[Triple]], shapes: TripleIndex) -> list[Finding]:
    """What the engines of this job say about other data."""
    job = work.job
    if job.engine != AUTO:
        return choose(job.engine)(data(), shapes, language=job.language, most=job.limits.results)
    return _router(work).validate(data, shapes)


def _router(work: _Work) -> Router:
    return Router(work.job.language, work.watch.traits, work.job.limits.results)


def _explained(work: _Work, findings: list[Finding], began: float) -> list[Finding]:
    from sauran.kg.validate.explanations import explain  # noqa: PLC0415 (a green run pays nothing)

    until = began + work.job.limits.timeout_s / 2
    data = work.described or work.everything().triples
    explanation = explain(findings, work.shapes, data, _router(work), until=until)
    work.notes += explanation.left_out
    return list(explanation.findings)


def _verdict(
    work: _Work, report: Report | None, faults: list[Finding], triples: int, began: float
) -> Verdict:
    return Verdict(
        report,
        findings=report.findings if report else (),
        faults=tuple(faults),
        lint=tuple(f for f in work.lint if not is_broken(f)),
        notes=tuple(work.notes),
        engines=tuple(work.engines),
        data_files=names_of(work.data.inputs),
        shapes_files=work.shapes_files,
        triples=triples,
        seconds=time.monotonic() - began,
    )
