"""A query, its limits and its reply, as they pass between the web process and a query process."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sauran.kg.model.errors import EngineError
from sauran.kg.model.findings import Term
from sauran.kg.model.formats import BY_NAME, Format
from sauran.kg.processes.plain_terms import plain_term, term_of

__all__ = ["Broken", "LimitPassed", "LimitReached", "Lost", "QueryLimits", "Question", "Reply", "Tally"]


class LimitPassed(EngineError):
    """An answer is larger than it may be; `limit` is rows or bytes."""

    def __init__(self, limit: str) -> None:
        super().__init__("query", f"its answer passed the limit of {limit}.", limit=limit)


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """The limits of one query.

    `timeout_s` is wall-clock time from when a process has the query; `memory_mb` is the memory a process may
    use beyond the release it holds; `max_rows` counts rows or triples, `max_bytes` the serialised answer.
    `keep_sockets` lets query processes open sockets, for SERVICE to endpoints that the operator allows.
    """

    timeout_s: float = 10.0
    memory_mb: int = 1024
    max_rows: int = 1_000_000
    max_bytes: int = 256 * 1024 * 1024
    keep_sockets: bool = False

    def as_plain(self) -> list[float]:
        """The values in their order, for a message."""
        return [self.timeout_s, self.memory_mb, self.max_rows, self.max_bytes, self.keep_sockets]

    def within(self, timeout_s: float | None) -> "QueryLimits":
        """The same limits with less time, where a client asks for less."""
        if timeout_s is None:
            return self
        return dataclasses.replace(self, timeout_s=min(self.timeout_s, timeout_s))


@dataclass(frozen=True)
class Question:
    """A query; with `partial` its answer stops at a limit instead of failing; `base` is for relative IRIs."""

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
            "bindings": {name: plain_term(term) for name, term in self.bindings.items()},
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
            {name: term_of(value) for name, value in plain["bindings"].items()},
            plain["partial"],
            plain["base"],
        )


class LimitReached(EngineError):
    """A query reached a limit; `limit` is time, memory, rows or bytes, `value` its value with the unit."""

    def __init__(self, limit: str, value: str, fix: str) -> None:
        self.value = value
        super().__init__("query", f"it passed the limit of {limit}, {value}.", fix, limit=limit)


class Lost(EngineError):
    """The process of a query ended before the answer was complete."""

    def __init__(self, what: str) -> None:
        super().__init__("query", what, "Try again; if it fails again, ask for less.")


class Broken(EngineError):
    """Our own code failed in the process of a query, and would fail again."""

    def __init__(self) -> None:
        super().__init__("server", "it failed at this query by a fault of its own; see its log.")


@dataclass(slots=True)
class Tally:
    """Size of an answer so far; `stopped_by` names the limit at which a partial answer stopped."""

    rows: int = 0
    size: int = 0
    stopped_by: str = ""


class Reply:
    """An answer: `whole` where it fitted the buffer, else None and to be read from `pieces`, once.

    `tally` is final when the answer has ended. The caller closes a reply, read or not.
    """

    whole: bytes | None
    pieces: Iterator[bytes]
    tally: Tally

    def __init__(
        self, whole: bytes | None, pieces: Iterator[bytes], tally: Tally, close: Callable[[], object]
    ) -> None:
        self.whole, self.pieces, self.tally, self._close = whole, pieces, tally, close

    def close(self) -> None:
        """Release the answer's process; one that still works on it is killed."""
        self._close()
