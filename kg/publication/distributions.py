"""The distributions of a release: each dump file with its stable IRI and its dataset."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sauran.kg.model.formats import BY_NAME

__all__ = [
    "PARTS",
    "WHOLE",
    "Distribution",
    "dataset_of",
    "distributions",
    "distributions_of",
    "find_distribution",
    "page_path",
]

WHOLE = "all"
# What is dumped apart from a dataset under its name and one of these.
PARTS = ("derived", "claims", "entities")


@dataclass(frozen=True)
class Distribution:
    """One file that can be taken; `media_type` is that of the content, of a packed one before packing.

    `dataset` is an IRI; `path` is below the release folder; `triples` is None for what is not RDF.
    """

    iri: str
    dataset: str
    dump: str
    format: str
    path: str
    media_type: str
    packed: bool
    size: int
    sha256: str
    triples: int | None


def distributions(
    manifest: Mapping[str, Any], only: Collection[str] | None = None
) -> tuple[Distribution, ...]:
    """All distributions of a release, in the order of the manifest.

    Shape: with `only`, what belongs to the datasets of these slugs; the others cost next to nothing.
    """
    base = manifest["publication"]["base"]
    slugs = {dataset["slug"] for dataset in manifest["publication"]["datasets"]}
    return tuple(
        _distribution(entry, base, slug)
        for entry in manifest["files"]
        if entry.get("dump") and entry.get("format")
        for slug in (_slug_of(entry["dump"], slugs),)
        if only is None or slug in only
    )


def distributions_of(manifest: Mapping[str, Any], slug: str) -> tuple[Distribution, ...]:
    """The distributions of one dataset, or of all."""
    return distributions(manifest, (slug,))


def find_distribution(manifest: Mapping[str, Any], iri: str) -> Distribution | None:
    """The distribution with an IRI; None if the release has none."""
    base = manifest["publication"]["base"]
    for entry in manifest["files"]:
        if entry.get("dump") and entry.get("format") and iri == _iri(base, entry):
            return _distribution(entry, base, dataset_of(manifest, entry["dump"]))
    return None


def dataset_of(manifest: Mapping[str, Any], dump: str) -> str:
    """The slug of the dataset that a dump belongs to."""
    return _slug_of(dump, {dataset["slug"] for dataset in manifest["publication"]["datasets"]})


def page_path(slug: str) -> str:
    """The page where people read about a dataset, below that of its language: of all, that of its files."""
    return "downloads" if slug == WHOLE else f"dataset/{slug}"


def _distribution(entry: Mapping[str, Any], base: str, slug: str) -> Distribution:
    known = BY_NAME.get(entry["format"])
    return Distribution(
        iri=_iri(base, entry),
        dataset=f"{base}dataset/{slug}",
        dump=entry["dump"],
        format=entry["format"],
        path=entry["path"],
        media_type=known.media_type if known else entry["media_type"],
        packed=_is_packed(entry),
        size=entry["bytes"],
        sha256=entry["sha256"],
        triples=entry.get("triples"),
    )


def _iri(base: str, entry: Mapping[str, Any]) -> str:
    return f"{base}distribution/{entry['dump']}-{entry['format']}{'-gz' if _is_packed(entry) else ''}"


def _is_packed(entry: Mapping[str, Any]) -> bool:
    return entry.get("compression") == "gzip"


def _slug_of(dump: str, slugs: set[str]) -> str:
    if dump in slugs:
        return dump
    slug, _, part = dump.rpartition("-")
    return slug if part in PARTS and slug in slugs else WHOLE
