"""What one query may take, and that it took more."""

import dataclasses
from dataclasses import dataclass

from sauran.kg.model.errors import EngineError

__all__ = ["LimitPassed", "Limits"]


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
