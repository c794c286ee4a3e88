"""Triples in memory against shapes of ours, by two engines: what a build publishes."""

from collections.abc import Sequence

from pyoxigraph import Triple

from kg.errors import ContentError
from kg.findings import sort_findings
from kg.shacl.result import Report
from kg.shacl.targets import FocusCounter
from kg.triple_index import TripleIndex
from kg.validation import native, turbo
from kg.validation.cross_check import compare
from kg.validation.engines import REFERENCE, choose, label_of
from kg.validation.job import Limits
from kg.validation.lint import is_broken, lint
from kg.validation.reasons import explain
from kg.validation.routed import Router
from kg.validation.routing import plain_shapes
from kg.validation.traits import TraitsWatch

__all__ = ["validate_twice"]


def validate_twice(
    data: Sequence[Triple], shapes: Sequence[Triple], *, most_for_reference: int, language: str = "en"
) -> Report:
    """Validate with the fast engine; the reference must agree, above so many triples the second opinion.

    Raises: ContentError for broken shapes; EngineError where the engines differ or one gives no verdict.
    """
    index = TripleIndex(shapes)
    broken = next(filter(is_broken, lint(index)), None)
    if broken:
        raise ContentError(str(broken.focus), broken.message)
    index, counter = plain_shapes(index), FocusCounter(plain_shapes(index))
    watch = TraitsWatch(index, looks_closely=True)
    counter.count(watch.watch(data))
    router = Router(language, watch.traits)
    first = router.validate(lambda: data, index)
    second = _second(len(data), most_for_reference)
    if second:
        answer = choose(second)(data, index, language=language, most=Limits().results)
        compare(label_of(native.NAME), first, label_of(second), answer)
    first = list(explain(first, index, lambda: data, router).findings)
    return Report(tuple(sort_findings(first)), not first, counter.counts(), language)


def _second(triples: int, most_for_reference: int) -> str:
    if triples <= most_for_reference:
        return REFERENCE
    return turbo.NAME if turbo.is_installed() else ""
