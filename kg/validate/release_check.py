"""Triples in memory against shapes of ours, by two engines: what a build publishes."""

from collections.abc import Sequence

from pyoxigraph import Triple

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import sort_findings
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.result import Report
from sauran.kg.shacl.targets import FocusCounter
from sauran.kg.validate import rust_engine as native
from sauran.kg.validate.data_traits import TraitsWatch
from sauran.kg.validate.engine_routing import Router, plain_shapes
from sauran.kg.validate.engines import REFERENCE, choose, compare, label_of
from sauran.kg.validate.explanations import explain
from sauran.kg.validate.job import Limits
from sauran.kg.validate.lint import is_broken, lint

__all__ = ["validate_twice"]


def validate_twice(
    data: Sequence[Triple], shapes: Sequence[Triple], *, most_for_reference: int, language: str = "en"
) -> Report:
    """Validate with the fast engine; up to `most_for_reference` triples the reference must agree.

    Raises: ContentError for broken shapes; EngineError where the engines differ or one cannot decide.
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
    if len(data) <= most_for_reference:
        answer = choose(REFERENCE)(data, index, language=language, most=Limits().results)
        compare(label_of(native.NAME), first, label_of(REFERENCE), answer)
    first = list(explain(first, index, lambda: data, router).findings)
    return Report(tuple(sort_findings(first)), not first, counter.counts(), language)
