"""The pages of documentation, and what is fenced or marked as code in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "kg/datasets/LICENCE.md")
FENCE = re.compile(r"^```(?P<info>\S.*)\n(?P<text>(?:.*\n)*?)```$", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")


@dataclass(frozen=True)
class Fence:
    """A fenced block: its first word is the language, the others say more about it."""

    language: str
    more: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path
    name: str
    text: str

    @property
    def fences(self) -> tuple[Fence, ...]:
        found = (match.groupdict() for match in FENCE.finditer(self.text))
        return tuple(
            Fence(part["info"].split()[0], tuple(part["info"].split()[1:]), part["text"]) for part in found
        )

    @property
    def prose(self) -> str:
        """The page without its fenced blocks."""
        return FENCE.sub("", self.text)

    @property
    def spans(self) -> tuple[str, ...]:
        """What stands in backticks, a line break read as a space."""
        return tuple(span.replace("\n", " ") for span in SPAN.findall(self.prose))

    @property
    def code(self) -> Iterator[str]:
        """Everything that a reader may copy: spans, and the lines of fenced blocks."""
        yield from self.spans
        for fence in self.fences:
            yield from fence.text.splitlines()

    def row(self, first: str) -> str:
        """The whole table whose head begins with a cell, head and rule left out."""
        head = re.search(rf"^\| {re.escape(first)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", self.text, re.MULTILINE)
        assert head, f"{self.name}: no table that begins with a column {first!r}"
        return head.group(1)


@pytest.fixture(scope="session")
def pages(checkout: Path) -> dict[str, Page]:
    """All pages, by their name below the checkout."""
    files = [checkout / name for name in ROOTS] + sorted((checkout / "docs").rglob("*.md"))
    named = {file.relative_to(checkout).as_posix(): file for file in files}
    found = {name: Page(file, name, file.read_text("utf-8")) for name, file in named.items()}
    assert len(found) > 12
    return found
