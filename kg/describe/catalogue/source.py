"""Input of a catalogue: manifest, address of the site, earlier versions, portal; fixed texts (labels.csv)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from sauran.kg.describe.catalogue.terms import Say
from sauran.kg.model.addresses import absolute
from sauran.kg.publication.distributions import WHOLE, Distribution, distributions, page_path
from sauran.kg.publication.eu_vocabularies import SPOKEN, tables

__all__ = ["Source", "Versions", "in_these", "words"]

# Of each dataset, by its slug: the versions before this one that it is in, the oldest first.
Versions = Mapping[str, Sequence[str]]
_PAGES = "en"  # in which each page can be had; it leads to the others
_ENGLISH = "en"


@dataclass(frozen=True)
class Source:
    """Everything that a description is written from; `portal` is one whose own identifiers are wanted."""

    manifest: Mapping[str, Any]
    site: str
    versions: Versions = field(default_factory=dict)
    portal: str = ""
    only: tuple[str, ...] | None = None  # slugs: the distributions of no others are needed

    @property
    def said(self) -> Mapping[str, Any]:
        """What the publication says of itself."""
        return self.manifest["publication"]  # type: ignore[no-any-return]

    @property
    def base(self) -> str:
        """The beginning of identifiers."""
        return str(self.said["base"])

    @property
    def catalogue(self) -> str:
        """The IRI of the catalogue."""
        return f"{self.base}catalogue"

    @cached_property
    def say(self) -> Say:
        """Makes quads in the graph of the catalogue."""
        return Say(NamedNode(f"{self.base}graph/catalogue"))

    @cached_property
    def datasets(self) -> Mapping[str, Mapping[str, Any]]:
        """What is said of each dataset, by slug."""
        return {dataset["slug"]: dataset for dataset in self.said["datasets"]}

    @cached_property
    def whole(self) -> Mapping[str, Any]:
        """What is said of the publication as the dataset of all datasets."""
        days = [dataset["modified"] for dataset in self.said["datasets"]]
        return {**self.said, "slug": WHOLE, "modified": max([self.said["issued"], *days])}

    @cached_property
    def offers(self) -> Mapping[str, Sequence[Distribution]]:
        """The distributions of each dataset, by its IRI."""
        found: dict[str, list[Distribution]] = {}
        for offer in distributions(self.manifest, self.only):
            found.setdefault(offer.dataset, []).append(offer)
        return found

    @property
    def languages(self) -> list[str]:
        """The languages of its texts."""
        return list(self.said["languages"])

    @property
    def publisher(self) -> str:
        """The IRI of the publisher."""
        return str(self.said["publisher"].get("iri") or f"{self.catalogue}#publisher")

    @property
    def contact(self) -> str:
        """The IRI of the contact."""
        return f"{self.catalogue}#contact"

    def of(self, slug: str) -> Mapping[str, Any]:
        """What is said of a dataset, that of all datasets among them."""
        return self.whole if slug == WHOLE else self.datasets[slug]

    def described(self, slug: str) -> str:
        """The day since which a dataset is described as it is: that of its release, or of its last change."""
        return max(str(self.of(slug)["modified"]), str(self.said["issued"]))

    def iri(self, slug: str) -> str:
        """The IRI of a dataset."""
        return f"{self.base}dataset/{slug}"

    def absolute(self, path: str) -> str:
        """The whole address of a path on the site."""
        return absolute(self.site, path)

    def page(self, slug: str) -> str:
        """Where people read about a dataset."""
        return self.absolute(f"{_PAGES}/{page_path(slug)}")

    def code(self, table: str, code: str) -> NamedNode:
        """The IRI of a code."""
        return NamedNode(f"{tables()[table].scheme}/{code}")

    def language(self, tag: str) -> NamedNode:
        """The IRI of a language; of one that is not in the table, that of the undetermined one."""
        return self.code("language", SPOKEN.get(tag, "UND"))


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
