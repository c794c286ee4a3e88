"""How a test went; holds no test."""

from dataclasses import dataclass
from enum import StrEnum

from w3c.manifests import Case

__all__ = ["Outcome", "Verdict"]


class Outcome(StrEnum):
    """From good to bad.

    PASSED: exactly what is expected. VALUE: computed numbers or dates that are equal, and written otherwise.
    LITERALS: terms of the data that are equal, and written otherwise. REFUSED: what this server does not do.
    """

    PASSED = "passed"
    VALUE = "value"
    LITERALS = "literals"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A test, how it went, and what was seen where it is not exactly what is expected."""

    case: Case
    outcome: Outcome
    seen: str = ""

    @property
    def badness(self) -> int:
        """How bad it went."""
        return list(Outcome).index(self.outcome)
