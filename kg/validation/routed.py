"""Triples against shapes, each shape by the engine that is right about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pyoxigraph import Triple

from kg.findings import Finding
from kg.triple_index import TripleIndex
from kg.validation import native
from kg.validation.engines import REFERENCE, choose
from kg.validation.job import Limits
from kg.validation.routing import for_fast_engine, only_targets_of, route
from kg.validation.traits import Traits

__all__ = ["Router"]


@dataclass(frozen=True)
class Router:
    """The fast engine, and the reference for what the fast one is known to get wrong.

    `traits` as in `route`; above `most` results there is no verdict.
    """

    language: str = "en"
    traits: Traits = field(default_factory=Traits)
    most: int = Limits().results

    def validate(self, data: Callable[[], Iterable[Triple]], shapes: TripleIndex) -> list[Finding]:
        """Validate; `data` is asked for the triples once for each engine.

        Raises: as engines do.
        """
        routes = route(shapes, self.traits)
        findings: list[Finding] = []
        if routes.others:
            plain = for_fast_engine(only_targets_of(shapes, routes.others))
            findings += choose(native.NAME)(data(), plain, language=self.language, most=self.most)
        if routes.reasons:
            rest = only_targets_of(shapes, tuple(routes.reasons))
            findings += choose(REFERENCE)(data(), rest, language=self.language, most=self.most)
        return findings
