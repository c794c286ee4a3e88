"""The finished releases that are kept beside one another: what each held, and since when that is so."""

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
    """A file that holds a whole release."""

    path: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """What is remembered of a finished release; `triples` is None where its manifest does not say it.

    By slug: `names` has the titles of each dataset, `modified` its day, `contents` its digest, `claims` a
    digest of all that records of its claims are made from, other datasets and words among it.
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
        """Sorts releases by date, those of one day by version: 1.9, 1.10rc1, 1.10, 1.10.1."""
        parts = re.findall(r"[0-9]+|[^0-9.+]+", self.version)
        numbers = [(int(part), "") if part[0] in "0123456789" else (-2, part) for part in parts]
        return self.issued, [*numbers, (-1, "")]


def kept_releases(releases: Path, base: str) -> tuple[KeptRelease, ...]:
    """The finished releases below a folder whose identifiers begin with `base`, the oldest first.

    Shape: drafts, and what cannot be read, are left out.
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
    """Since which day the claims of each dataset are published as they are, as kept releases tell.

    Shape: a date for each slug: the day of the first of the releases in a row, up to this one, that have the
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
    """The datasets that differ from those of the release before, under a day that is no later.

    Shape: the slug, and the release that had it otherwise.
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
    """The versions of kept releases before this one that each dataset is in, by slug; that of all in each."""
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
    """The datasets that records of claims are made from: their own, what it requires, and what requires it.

    Shape: the last ones may hold notes on its claims, which every record of them shows.
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
