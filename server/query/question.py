"""A query, its limits and its reply: what a query process is told, and what comes back of it."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.errors import EngineError
from sauran.kg.model.findings import Term
from sauran.kg.model.formats import BY_NAME, Format

__all__ = ["Broken", "LimitPassed", "LimitReached", "Limits", "Lost", "Question", "Reply", "Tally"]


class LimitPassed(EngineError):
    """An answer is larger than it may be; `limit` is rows or bytes."""

    def __init__(self, limit: str) -> None:
        super().__init__("query", f"its answer passed the limit of {limit}.", limit=limit)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one query.

    `timeout_s` is wall-clock time from when a process has the query; `memory_mb` is what the process may
    take beyond the release it holds; `max_rows` counts rows or triples, `max_bytes` the answer as written.
    `ways_out` leaves query processes their sockets, for SERVICE to endpoints that the operator allows.
    """

    timeout_s: float = 10.0
    memory_mb: int = 1024
    max_rows: int = 1_000_000
    max_bytes: int = 256 * 1024 * 1024
    ways_out: bool = False

    def as_plain(self) -> list[float]:
        """Plain data for a message: the values in their order."""
        return [self.timeout_s, self.memory_mb, self.max_rows, self.max_bytes, self.ways_out]

    def within(self, timeout_s: float | None) -> "Limits":
        """The same limits with less time, where a client asks for less."""
        if timeout_s is None:
            return self
        return dataclasses.replace(self, timeout_s=min(self.timeout_s, timeout_s))


@dataclass(frozen=True)
class Question:
    """What is asked; `partial` takes what there is when a limit is reached; `base` is for relative IRIs."""

    text: str
    wanted: Format
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[str, Term] = field(default_factory=dict)
    partial: bool = False
    base: str | None = None

    def on(self, base: str) -> "Question":
        """The same question, with a base for its relative IRIs."""
        return Question(
            self.text, self.wanted, self.default_graphs, self.named_graphs, self.bindings, self.partial, base
        )

    def as_plain(self) -> dict[str, Any]:
        """Plain data for a message."""
        return {
            "text": self.text,
            "wanted": self.wanted.name,
            "default_graphs": self.default_graphs,
            "named_graphs": self.named_graphs,
            "bindings": {name: _plain_term(term) for name, term in self.bindings.items()},
            "partial": self.partial,
            "base": self.base,
        }

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> "Question":
        """Read what `as_plain` made."""
        return cls(
            plain["text"],
            BY_NAME[plain["wanted"]],
            tuple(plain["default_graphs"]),
            tuple(plain["named_graphs"]),
            {name: _term(value) for name, value in plain["bindings"].items()},
            plain["partial"],
            plain["base"],
        )


def _plain_term(term: Term) -> list[str | None]:
    if isinstance(term, NamedNode):
        return ["iri", term.value]
    if isinstance(term, BlankNode):
        return ["blank", term.value]
    if isinstance(term, Literal):
        return ["literal", term.value, term.language, term.datatype.value]
    raise TypeError("a triple is not a value to bind")


def _term(plain: list[str | None]) -> Term:
    kind, value = plain[0], plain[1] or ""
    if kind == "iri":
        return NamedNode(value)
    if kind == "blank":
        return BlankNode(value)
    language, datatype = plain[2], plain[3]
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype or ""))


class LimitReached(EngineError):
    """A query took more than it may; `limit` is time, memory, rows or bytes, `value` with its unit."""

    def __init__(self, limit: str, value: str, fix: str) -> None:
        self.value = value
        super().__init__("query", f"it passed the limit of {limit}, {value}.", fix, limit=limit)


class Lost(EngineError):
    """The process of a query ended before its answer did."""

    def __init__(self, what: str) -> None:
        super().__init__("query", what, "Try again; if it stays so, ask for less.")


class Broken(EngineError):
    """Our own code failed in the process of a query, and would fail again."""

    def __init__(self) -> None:
        super().__init__("server", "it failed at this query, by a fault of its own that its log tells.")


@dataclass(slots=True)
class Tally:
    """How much has been given; `stopped_by` names the limit at which a partial answer stops."""

    rows: int = 0
    size: int = 0
    stopped_by: str = ""


class Reply:
    """An answer: `whole` where it fitted the buffer, else None and to be read from `pieces`, once.

    `tally` is final when the answer has ended. Whoever has a reply closes it, read or not.
    """

    whole: bytes | None
    pieces: Iterator[bytes]
    tally: Tally

    def __init__(
        self, whole: bytes | None, pieces: Iterator[bytes], tally: Tally, close: Callable[[], object]
    ) -> None:
        self.whole, self.pieces, self.tally, self._close = whole, pieces, tally, close

    def close(self) -> None:
        """Give back what the answer holds; a process that still works on it is killed."""
        self._close()
