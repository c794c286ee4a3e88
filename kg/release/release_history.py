"""History of published releases: contents of each, and since when each dataset is unchanged."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sauran.kg.model.errors import ReleaseError
from sauran.kg.publication.distributions import WHOLE
from sauran.kg.release.release import CURRENT, Release

__all__ = ["Enclosure", "KeptRelease", "changed_unsaid", "kept_releases", "stated_since", "versions_before"]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file with a complete release."""

    path: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """Facts about a published release; `triples` is None if its manifest does not have the number.

    By slug of the dataset: `names` has its titles, `modified` its date, `contents` its digest, `claims` a
    digest of the input of its claim records, which includes other datasets and the ontology.
    """

    version: str
    issued: str
    title: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    modified: Mapping[str, str]
    triples: int | None
    enclosures: tuple[Enclosure, ...]
    contents: Mapping[str, str]
    claims: Mapping[str, str]

    @property
    def order(self) -> tuple[str, list[tuple[int, str]]]:
        """Sort key: date, then version (1.9, 1.10rc1, 1.10, 1.10.1)."""
        parts = re.findall(r"[0-9]+|[^0-9.+]+", self.version)
        numbers = [(int(part), "") if part[0] in "0123456789" else (-2, part) for part in parts]
        return self.issued, [*numbers, (-1, "")]


def kept_releases(releases: Path, base: str) -> tuple[KeptRelease, ...]:
    """List the published releases in a folder whose identifiers begin with `base`, oldest first.

    Shape: without drafts and unreadable releases.
    """
    found = []
    for folder in releases.iterdir():
        if folder.name == CURRENT or folder.name.startswith(".") or not folder.is_dir():
            continue
        try:
            release = Release.open(folder)
            if release.version == folder.name and not _is_draft(release.manifest) and release.base == base:
                found.append(_remember(release.manifest))
        except (ReleaseError, KeyError, TypeError):
            continue
    return tuple(sorted(found, key=lambda kept: kept.order))


def stated_since(manifest: Mapping[str, Any], kept: Sequence[KeptRelease]) -> dict[str, str]:
    """Find since when the claims of each dataset are unchanged, according to the published releases.

    Shape: a date for each slug: that of the first release in the unbroken series up to this one that has the
    same claims; never before the dataset's own `modified`.
    """
    this = _remember(manifest)
    older = [one for one in reversed(kept) if one.order < this.order]
    since = {}
    for dataset in manifest["publication"]["datasets"]:
        slug, day = dataset["slug"], this.issued
        for one in older:
            if one.claims.get(slug) != this.claims[slug]:
                break
            day = one.issued
        since[slug] = max(day, dataset["modified"])
    return since


def changed_unsaid(manifest: Mapping[str, Any], kept: Sequence[KeptRelease]) -> list[tuple[str, KeptRelease]]:
    """Find datasets that differ from the previous release although their date is not later.

    Shape: slug, and the release with the different content.
    """
    this = _remember(manifest)
    last = {slug: one for one in kept for slug in one.contents if one.version != this.version}
    return [
        (slug, last[slug])
        for slug, digest in this.contents.items()
        if slug in last
        and last[slug].contents[slug] != digest
        and this.modified[slug] <= last[slug].modified[slug]
    ]


def versions_before(manifest: Mapping[str, Any], kept: Sequence[KeptRelease]) -> dict[str, list[str]]:
    """List for each dataset, by slug, the versions of the earlier releases that contain it."""
    this = _remember(manifest)
    older = [one for one in kept if one.order < this.order]
    found = {slug: [one.version for one in older if slug in one.contents] for slug in this.contents}
    return {WHOLE: [one.version for one in older], **found}


def _is_draft(manifest: Mapping[str, Any]) -> bool:
    return bool(manifest.get("draft", "-dev." in manifest["version"]))


def _remember(manifest: Mapping[str, Any]) -> KeptRelease:
    publication = manifest["publication"]
    digests = {
        entry["dump"]: entry["sha256"]
        for entry in manifest["files"]
        if entry.get("format") == "nquads" and "compression" not in entry
    }
    slugs = [dataset["slug"] for dataset in publication["datasets"]]
    return KeptRelease(
        version=manifest["version"],
        issued=publication["issued"],
        title=publication["title"],
        names={dataset["slug"]: dataset["title"] for dataset in publication["datasets"]},
        modified={dataset["slug"]: dataset["modified"] for dataset in publication["datasets"]},
        triples=manifest.get("union_triples"),
        enclosures=tuple(_enclosures(manifest)),
        contents={slug: digests.get(slug, "") for slug in slugs},
        claims={
            dataset["slug"]: _digest(
                [digests.get(name) for name in (*_read_with(publication, dataset), "ontology")],
                [dataset["licence"], dataset["title"], dataset["modified"]],
                [publication["publisher"], publication["languages"]],
            )
            for dataset in publication["datasets"]
        },
    )


def _read_with(publication: Mapping[str, Any], dataset: Mapping[str, Any]) -> list[str]:
    """The datasets used for claim records: the dataset itself, those it requires and those that require it.

    The last may contain notes on its claims, which the records show.
    """
    slug = dataset["slug"]
    requiring = [other["slug"] for other in publication["datasets"] if slug in other["requires"]]
    return [slug, *dataset["requires"], *requiring]


def _enclosures(manifest: Mapping[str, Any]) -> list[Enclosure]:
    whole = [entry for entry in manifest["files"] if entry.get("format") == "zip"] or [
        entry
        for entry in manifest["files"]
        if (entry.get("dump"), entry.get("format"), entry.get("compression")) == ("all", "nquads", "gzip")
    ]
    return [Enclosure(entry["path"], entry["media_type"], entry["bytes"]) for entry in whole]


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
