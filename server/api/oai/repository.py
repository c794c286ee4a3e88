"""The records of a release in their order: datasets, that of all first, then claims; by set and by day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode

from sauran.kg.describe.catalogue import described_days
from sauran.kg.model.namespaces import RDF, SEC
from sauran.kg.publication.distributions import WHOLE
from sauran.server.api.oai.arguments import OaiRequest
from sauran.server.api.oai.resumption_tokens import ListPosition
from sauran.server.http.served_release import ServedRelease

__all__ = ["CLAIM", "DATASET", "Item", "RecordPage", "RecordSource", "set_spec"]

DATASET, CLAIM = "dataset", "claim"  # the two sets that hold all others
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@dataclass(frozen=True, slots=True)
class Item:
    """What a record is of: a dataset, or a claim of it; the set it is in and the day it is of."""

    iri: str
    dataset: Mapping[str, Any]
    set_spec: str
    day: str

    @property
    def is_claim(self) -> bool:
        """Whether it is a claim."""
        return self.set_spec != DATASET


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some items of a list; where it goes on, and how many it has in all, if that is known."""

    items: tuple[Item, ...]
    following: ListPosition | None
    total: int | None


@dataclass(frozen=True, slots=True)
class _Part:
    """Items that share a set and a day: a dataset alone, or its claims."""

    dataset: Mapping[str, Any]
    set_spec: str
    day: str
    size: int | None


class RecordSource:
    """All records of one release.

    A dataset's record names the files of its release, so it is of the day of the release; that of a claim is
    of the day since which it is published as it is.
    """

    def __init__(self, served_release: ServedRelease) -> None:
        self._served_release = served_release

    def page(self, asked: OaiRequest, place: ListPosition, most: int, *, claims: bool) -> RecordPage:
        """The items that are asked for, behind a place; `claims` says whether claims have the format."""
        parts = [
            (number, part)
            for number, part in enumerate(self._parts)
            if (claims or part.set_spec == DATASET) and asked.covers(part.set_spec, part.day)
        ]
        sizes = [part.size for _, part in parts]
        total = None if None in sizes else sum(size for size in sizes if size is not None)
        found = list(islice(self._behind(parts, place), most + 1))
        items = tuple(item for _, item in found[:most])
        if len(found) <= most:
            return RecordPage(items, None, total)
        number, last = found[most - 1]
        return RecordPage(items, ListPosition(number, last.iri, place.cursor + most), total)

    def find(self, identifier: str) -> Item | None:
        """The item of an identifier."""
        typed = [quad.graph_name for quad in self._typed(identifier)]
        for part in self._parts:
            if part.set_spec == DATASET:
                if part.dataset["iri"] == identifier:
                    return _item(identifier, part)
            elif NamedNode(part.dataset["graph"]) in typed:
                return _item(identifier, part)
        return None

    def datasets_with_claims(self) -> Iterator[Mapping[str, Any]]:
        """The datasets that hold claims."""
        for part in self._parts:
            if part.set_spec != DATASET and next(self._claims(part, ""), None) is not None:
                yield part.dataset

    @property
    def earliest_day(self) -> str:
        """A day before which no record is."""
        return min((part.day for part in self._parts), default=self._served_release.publication["issued"])

    @cached_property
    def _parts(self) -> tuple[_Part, ...]:
        publication, manifest = self._served_release.publication, self._served_release.release.manifest
        since, described_since = self._served_release.claims_since, described_days(manifest)
        counted = manifest.get("statistics", {})
        datasets = publication["datasets"]
        days = [publication["issued"], *(dataset["modified"] for dataset in datasets)]
        whole = {
            **publication,
            "slug": WHOLE,
            "iri": f"{self._served_release.release.base}dataset/{WHOLE}",
            "modified": max(days),
        }
        described = [
            _Part(dataset, DATASET, described_since[dataset["slug"]], 1) for dataset in (whole, *datasets)
        ]
        claims = [
            _Part(dataset, set_spec(dataset["slug"]), since[dataset["slug"]], _claims_of(counted, dataset))
            for dataset in datasets
        ]
        return (*described, *claims)

    def _behind(self, parts: list[tuple[int, _Part]], place: ListPosition) -> Iterator[tuple[int, Item]]:
        for number, part in parts:
            if number < place.part:
                continue
            after = place.after if number == place.part else ""
            if part.set_spec != DATASET:
                for iri in self._claims(part, after):
                    yield number, _item(iri, part)
            elif part.dataset["iri"] != after:
                yield number, _item(part.dataset["iri"], part)

    def _claims(self, part: _Part, after: str) -> Iterator[str]:
        return self._served_release.quads.instances(SEC.Claim.value, part.dataset["graph"], after)

    def _typed(self, identifier: str) -> Iterator[Any]:
        for quad in self._served_release.quads.values(identifier, RDF["type"].value, 100):
            if quad.object == SEC.Claim:
                yield quad


def set_spec(slug: str) -> str:
    """The set of the claims of a dataset; what no set may be called by is written as ~ and its bytes."""
    return f"{CLAIM}:" + "".join(chr(b) if b in _PLAIN else f"~{b:02x}" for b in slug.encode())


def _item(iri: str, part: _Part) -> Item:
    return Item(iri, part.dataset, part.set_spec, part.day)


def _claims_of(counted: Mapping[str, Any], dataset: Mapping[str, Any]) -> int | None:
    """How many claims a dataset has, if its release counted them."""
    said = counted.get(dataset["slug"])
    return None if said is None else int(said["classes"].get(SEC.Claim.value, 0))
