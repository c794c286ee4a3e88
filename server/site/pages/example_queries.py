"""The example queries of a release: questions with the query that answers each."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from sauran.server.http.localised_labels import Label, choose_language_of_text
from sauran.server.http.served_release import ServedRelease

__all__ = ["ExampleQuery", "example_queries", "query_address"]

_FILE = "queries.json"


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A question by language, and the query that answers it.

    `dataset` is the slug of its dataset, `topic` the IRI of what it is about, or empty.
    """

    dataset: str
    slug: str
    questions: dict[str, str]
    topic: str
    text: str

    @property
    def question(self) -> str:
        """The question in English."""
        return self.questions["en"]

    def shown(self, language: str) -> Label:
        """The question in a language, else in the best language available."""
        tag = choose_language_of_text(self.questions, language)
        return Label(self.questions[tag], tag)

    def as_text(self, language: str) -> str:
        """The query under its question, as a person reads and changes it."""
        lines = self.text.splitlines(keepends=True)
        head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
        return f"# {self.shown(language).text}\n" + "".join(lines[head:]).lstrip("\n")


def example_queries(served_release: ServedRelease) -> tuple[ExampleQuery, ...]:
    """All example queries of a release, by dataset and name."""
    if _FILE not in served_release.release.files:
        return ()
    return _read(served_release.release.folder / _FILE)


def query_address(served_release: ServedRelease, language: str, text: str) -> str:
    """The address of the page that shows a query with its answer."""
    return f"{served_release.links.here(f'{language}/sparql')}?query={quote(text, safe='')}"


@lru_cache(maxsize=2)  # a release never changes
def _read(file: Path) -> tuple[ExampleQuery, ...]:
    return tuple(ExampleQuery(**query) for query in json.loads(file.read_bytes()))
