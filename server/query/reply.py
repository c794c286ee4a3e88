"""What comes back from a question: the answer, whole or in pieces, or the reason why there is none."""

from collections.abc import Callable, Iterator

from sauran.kg.model.errors import EngineError
from sauran.server.query.answering import Tally

__all__ = ["Broken", "LimitReached", "Lost", "Reply"]


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


class Reply:
    """An answer: `whole` where it fitted the buffer, else None and to be read from `pieces`, once.

    `tally` is final when the answer has ended. Whoever has a reply closes it, read or not.
    """

    def __init__(
        self, whole: bytes | None, pieces: Iterator[bytes], tally: Tally, close: Callable[[], object]
    ) -> None:
        self.whole, self.pieces, self.tally, self._close = whole, pieces, tally, close

    def close(self) -> None:
        """Give back what the answer holds; a process that still works on it is killed."""
        self._close()
