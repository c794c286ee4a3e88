"""Queries in .rq files: by name, with their question and columns."""

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NamedQuery", "own_query", "read_query"]

_OWN = Path(__file__).parent / "queries"
_HEADER_FIELD = re.compile(r"^(?P<field>Inputs|Columns|Problem|Fix): ?(?P<text>.*)$")


@dataclass(frozen=True)
class NamedQuery:
    """One .rq file: the slug is its name, the question the first lines of its header."""

    slug: str
    question: str
    text: str


def read_query(file: Path) -> NamedQuery:
    """Read a query file; its question is the comment at its head, up to the first field such as Inputs."""
    text = file.read_text("utf-8")
    question = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        words = line.lstrip("# ").rstrip()
        if _HEADER_FIELD.match(words):
            break
        question.append(words)
    return NamedQuery(file.stem, " ".join(question).strip(), text)


def own_query(slug: str) -> NamedQuery:
    """Read one of the queries that the build itself uses."""
    return read_query(_OWN / f"{slug}.rq")
