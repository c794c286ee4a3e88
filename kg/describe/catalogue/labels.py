"""Fixed texts of the catalogue for files and services, in four languages."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

__all__ = ["in_these", "words"]

_ENGLISH = "en"


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    with (Path(__file__).parent / "labels.csv").open(encoding="utf-8", newline="") as file:
        return {row.pop("key"): row for row in csv.DictReader(file)}


def words(key: str, languages: Sequence[str]) -> dict[str, str]:
    """One text in those of the languages that it has; in English where it has none of them."""
    return in_these(_texts()[key], languages)


def in_these(texts: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """Those of the texts that are in these languages; where none is, the English one, else the first."""
    found = {tag: texts[tag] for tag in languages if tag in texts}
    if not found:
        tag = _ENGLISH if _ENGLISH in texts else next(iter(texts))
        found = {tag: texts[tag]}
    return found
