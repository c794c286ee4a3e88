"""Two engines, one verdict: any difference is none."""

from collections import Counter
from collections.abc import Iterable

from pyoxigraph import BlankNode

from sauran.kg.model.errors import EngineError
from sauran.kg.model.findings import Finding, Severity, Term
from sauran.kg.validate.engine_choice import Routes

__all__ = ["compare", "result_key", "single_opinions"]

_SHOWN = 5


def result_key(finding: Finding) -> tuple[str, ...]:
    """What makes a result: focus, path, value, component, severity, shape; a blank node is any blank node."""
    return (
        _plain(finding.focus),
        finding.path or "",
        _plain(finding.value),
        finding.component or "",
        finding.severity_iri or finding.severity.label,
        finding.source_shape or "",
    )


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    return "_:" if isinstance(term, BlankNode) else str(term)


def compare(one: str, first: Iterable[Finding], other: str, second: Iterable[Finding]) -> None:
    """Compare two answers as multisets of results.

    Raises: EngineError with both answers where they differ.
    """
    ours, theirs = Counter(map(result_key, first)), Counter(map(result_key, second))
    if ours == theirs:
        return
    parts = [f"{one} and {other} differ, so there is no verdict."]
    for name, more in ((one, ours - theirs), (other, theirs - ours)):
        if more:
            lines = [_said(key) for key in sorted(more)[:_SHOWN]]
            left = sum(more.values()) - len(lines)
            rest = [f"  and {left} more"] if left > 0 else []
            parts.append("\n".join([f"only {name} ({sum(more.values())} of its results):", *lines, *rest]))
    raise EngineError("cross-check", "\n".join(parts))


def _said(key: tuple[str, ...]) -> str:
    focus, path, value, component, severity, shape = (
        part if len(part) < 200 else f"{part[:199]}…" for part in key
    )
    words = [severity, component, f"at {focus}"]
    words += [f"path {path}"] if path else []
    words += [f"value {value}"] if value else []
    words += [f"shape <{shape}>"] if shape else []
    return "  " + ", ".join(words)


def single_opinions(routes: Routes, engine: str) -> list[Finding]:
    """Warn of each shape that only one engine is right about: comparing it with itself proves nothing."""
    return [
        Finding(
            "single-opinion",
            Severity.WARNING,
            f"The cross-check has no second opinion of this shape: only {engine} is right about it, "
            f"because {why}. Ask it in another way, or live with one opinion.",
            focus=shape,
        )
        for shape, why in routes.reasons.items()
    ]
