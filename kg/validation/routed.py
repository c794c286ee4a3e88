"""Triples against shapes, each shape by the engine that is right about it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from pyoxigraph import Triple

from kg.findings import Finding
from kg.shacl_targets import targeted_shapes
from kg.triple_index import TripleIndex
from kg.validation import native
from kg.validation.engines import REFERENCE, choose
from kg.validation.job import Limits
from kg.validation.routing import Routes, only_targets_of, route, without_hard_patterns

__all__ = ["Router"]


@dataclass(frozen=True)
class Router:
    """The fast engine, and the reference for what the fast one is known to get wrong.

    `tagged` as in `route`; above `most` results there is no verdict.
    """

    language: str = "en"
    tagged: Collection[str] = ()
    most: int = Limits().results
    only_reference: bool = False

    def validate(self, data: Callable[[], Iterable[Triple]], shapes: TripleIndex) -> list[Finding]:
        """Validate; `data` is asked for the triples once for each engine.

        Raises: as engines do.
        """
        routes = route(shapes, self.tagged)
        if self.only_reference:
            routes = Routes(dict.fromkeys(targeted_shapes(shapes), "it was asked for"), ())
        findings: list[Finding] = []
        if routes.others:
            plain = without_hard_patterns(only_targets_of(shapes, routes.others))
            findings += choose(native.NAME)(data(), plain, language=self.language, most=self.most)
        if routes.reasons:
            rest = only_targets_of(shapes, tuple(routes.reasons))
            findings += choose(REFERENCE)(data(), rest, language=self.language, most=self.most)
        return findings
