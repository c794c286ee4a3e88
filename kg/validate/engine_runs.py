"""Triples against shapes, each shape by the engine that is right about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pyoxigraph import Triple

from sauran.kg.model.findings import Finding
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.validate import rust_engine as native
from sauran.kg.validate.engine_choice import for_fast_engine, only_targets_of, route
from sauran.kg.validate.engines import REFERENCE, choose
from sauran.kg.validate.job import Limits
from sauran.kg.validate.literal_quirks import Traits

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
