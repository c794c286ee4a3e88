"""Queries in .rq files, by name, with their question and columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sauran.kg.model.findings import Term

__all__ = ["NamedQuery", "fill_values", "read_query"]

# Two letters are a language: the question in it.
_HEADER_FIELD = re.compile(r"^(?P<field>Inputs|Columns|Problem|Fix|Topic|[a-z]{2}): ?(?P<text>.*)$")
_ENGLISH = "en"
_VALUES = re.compile(r"VALUES \((?P<names>(?: ?\?\w+)+)\) \{ \((?: ?UNDEF)+\) \}")


@dataclass(frozen=True)
class NamedQuery:
    """One .rq file: the slug is its name, the question the first lines of its header.

    `questions` is the question by language, `topic` the IRI of what it is about, else empty.
    """

    slug: str
    question: str
    text: str
    questions: Mapping[str, str] = field(default_factory=dict)
    topic: str = ""


def read_query(file: Path) -> NamedQuery:
    """Read a query file; its question is the comment at its head, up to the first field such as Inputs."""
    text = file.read_text("utf-8")
    question, fields = [], dict[str, str]()
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        words = line.lstrip("# ").rstrip()
        said = _HEADER_FIELD.match(words)
        if said:
            fields[said["field"]] = said["text"]
        elif not fields:
            question.append(words)
    english = " ".join(question).strip()
    others = {name: words for name, words in fields.items() if len(name) == len(_ENGLISH)}
    return NamedQuery(file.stem, english, text, {_ENGLISH: english} | others, fields.get("Topic", ""))


def fill_values(text: str, rows: Sequence[Sequence[Term | None]]) -> str:
    """Put rows of values in place of the first `VALUES (?a ?b) { (UNDEF UNDEF) }` of a query.

    Unlike values that an engine binds, they are there before groups and filters, for every engine.
    """
    clause = _VALUES.search(text)
    width = len(clause["names"].split()) if clause else 0
    if clause is None or not rows or any(len(row) != width for row in rows):
        raise ValueError(f"the query takes rows of {width} values")
    # The engine's own terms know how they are written: no value can become a part of the query.
    written = " ".join(f"({' '.join('UNDEF' if v is None else str(v) for v in row)})" for row in rows)
    return f"{text[: clause.start()]}VALUES ({clause['names']}) {{ {written} }}{text[clause.end() :]}"
