"""One interface to all engines, one table of them, and the comparison of their answers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from pyoxigraph import BlankNode, Triple

from sauran.kg.model.errors import EngineError, UsageError
from sauran.kg.model.findings import Finding, Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.validate import rust_engine as native

__all__ = [
    "ENGINES",
    "REFERENCE",
    "Engine",
    "choose",
    "compare",
    "label_of",
    "result_key",
    "second_opinion",
]

REFERENCE = "pyshacl"
_SHOWN = 5


class Engine(Protocol):
    """Data and shapes to one finding for each result; blank nodes keep their labels."""

    def __call__(
        self, data: Iterable[Triple], shapes: TripleIndex, *, language: str, most: int
    ) -> list[Finding]:
        """Validate.

        Raises: ContentError for broken shapes, EngineError when there is no result, UsageError when the
        engine is not installed.
        """


def _native(data: Iterable[Triple], shapes: TripleIndex, *, language: str, most: int) -> list[Finding]:
    return native.Native(shapes, language).validate(data, most)


def _pyshacl(data: Iterable[Triple], shapes: TripleIndex, *, language: str, most: int) -> list[Finding]:
    from sauran.kg.validate.pyshacl_engine import validate  # noqa: PLC0415 (half a second that only this engine pays)

    return list(validate(data, shapes, language=language).findings)


ENGINES: Mapping[str, Engine] = {native.NAME: _native, REFERENCE: _pyshacl}


def choose(name: str) -> Engine:
    """The engine of a name.

    Raises: UsageError for a name that is none.
    """
    if name not in ENGINES:
        raise UsageError("--engine", f"{name!r} is not an engine.", f"Known: auto, {', '.join(ENGINES)}.")
    return ENGINES[name]


def label_of(name: str) -> str:
    """An engine's name with the version that is installed."""
    if name == native.NAME:
        return f"{name} {native.VERSION}"  # it refuses to be any other
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 (20 ms)

    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return name


def second_opinion(first: str) -> str:
    """The engine to compare with."""
    return native.NAME if first == REFERENCE else REFERENCE


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
    parts = [f"{one} and {other} differ, so the result could not be decided."]
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
