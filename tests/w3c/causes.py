"""The causes of what does not pass, and how they differ from a run; holds no test."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from w3c.verdicts import Outcome, Verdict

__all__ = ["Cause", "causes_by_test", "differences"]

_FILE = Path(__file__).parent / "expected.toml"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why some tests do not give exactly what is expected, and where that is said."""

    outcome: Outcome
    says: str
    link: str


def causes_by_test() -> dict[str, Cause]:
    """The cause of each test that has one, by the test's name."""
    found: dict[str, Cause] = {}
    for entry in tomllib.loads(_FILE.read_text("utf-8"))["cause"]:
        cause = Cause(Outcome(entry["outcome"]), entry["says"], entry["link"])
        for name in entry["tests"]:
            assert name not in found, f"{name} stands twice in {_FILE.name}"
            found[name] = cause
    return found


def differences(verdicts: Iterable[Verdict], causes: dict[str, Cause]) -> list[str]:
    """What to fix in the list of causes, or in the server: one line for each test."""
    left, found = dict(causes), []
    for verdict in verdicts:
        name = verdict.case.name
        cause = left.pop(name, None)
        wanted = cause.outcome if cause else Outcome.PASSED
        if verdict.outcome is not wanted:
            found.append(f"{name}: {verdict.outcome}, expected {wanted}: {verdict.seen}")
    return found + [f"{name}: is in no suite" for name in left]
