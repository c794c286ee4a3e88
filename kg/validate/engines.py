"""One interface to all engines, and one table of them."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from pyoxigraph import Triple

from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import Finding
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.validate import rust_engine as native

__all__ = ["ENGINES", "REFERENCE", "Engine", "choose", "label_of", "second_opinion"]

REFERENCE = "pyshacl"


class Engine(Protocol):
    """Data and shapes to one finding for each result; blank nodes keep their labels."""

    def __call__(
        self, data: Iterable[Triple], shapes: TripleIndex, *, language: str, most: int
    ) -> list[Finding]:
        """Validate.

        Raises: ContentError for broken shapes, EngineError when there is no verdict, UsageError when the
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
        raise UsageError("--engine", f"{name!r} is no engine.", f"Known: auto, {', '.join(ENGINES)}.")
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
