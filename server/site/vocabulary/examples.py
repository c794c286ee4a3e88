"""The examples of the shapes as text: what must pass, and what a rule must reject."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sauran.kg.publication.package_paths import shape_examples_folder

__all__ = ["Example", "read_examples"]

_EXPECTED = re.compile(r"^# expect: (?P<rule>\S+) .*\n", re.MULTILINE)
_PREFIXES = re.compile(r"^@prefix .*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A file of examples without its prefixes; `rules` reject it, none where it must pass."""

    topic: str
    name: str
    text: str
    rules: frozenset[str]

    @property
    def anchor(self) -> str:
        """What links find it by."""
        return f"example-{self.topic}-{self.name}"


def read_examples() -> tuple[Example, ...]:
    """All examples, by topic and name."""
    return _read(shape_examples_folder())


@lru_cache(maxsize=2)  # they come with the program
def _read(folder: Path) -> tuple[Example, ...]:
    files = sorted(folder.glob("*/*.ttl"))
    return tuple(_example(file, file.read_text("utf-8")) for file in files)


def _example(file: Path, text: str) -> Example:
    rules = frozenset(found["rule"] for found in _EXPECTED.finditer(text))
    body = _PREFIXES.sub("", _EXPECTED.sub("", text)).strip()
    return Example(file.parent.name, file.stem, body, rules)
