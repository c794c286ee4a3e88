"""The dumps of a release as a list: names, formats, sizes, checksums."""

from dataclasses import dataclass
from typing import Any

from sauran.kg.model.formats import BY_NAME
from sauran.kg.publication.distributions import PARTS
from sauran.server.http.served_release import ServedRelease

__all__ = ["DumpFile", "DumpView", "list_dumps"]


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file: its address on this site, its size in bytes, its SHA-256; and those of the compressed one.

    `triples` is what this file holds; None for what is not RDF.
    """

    format: str
    media_type: str
    address: str
    triples: int | None
    size: int
    sha256: str
    packed_address: str | None
    packed_size: int | None
    packed_sha256: str | None


@dataclass(frozen=True, slots=True)
class DumpView:
    """A dump and its files; `triples` is None if they differ: formats with graphs may hold more.

    A table has `rows` instead of triples, and `description` is the address of its metadata.
    """

    name: str
    triples: int | None
    rows: int | None
    description: str | None
    files: tuple[DumpFile, ...]


def list_dumps(served_release: ServedRelease) -> tuple[DumpView, ...]:
    """List the dumps: everything first, then the datasets, then the ontology, the shapes and the alignments.

    Shape: the addresses are those of this release, which never change.
    """
    there = {entry["dump"] for entry in served_release.release.files.values() if "dump" in entry}
    slugs = [dataset["slug"] for dataset in served_release.publication["datasets"]]
    parts = [name for slug in slugs for name in (slug, *(f"{slug}-{part}" for part in PARTS))]
    order = dict.fromkeys(["all", *parts, *sorted(there)])
    return tuple(_view(served_release, name) for name in order if name in there)


def _view(served_release: ServedRelease, name: str) -> DumpView:
    files = served_release.release.files
    entries = {files[path]["format"]: path for path in files if _is_plain(files[path], name)}
    rows = [
        _file(served_release, known.label, entries[form])
        for form, known in BY_NAME.items()
        if form in entries
    ]
    counts = {row.triples for row in rows if row.triples is not None}
    table = next(
        (one for one in served_release.release.manifest.get("tables", ()) if one["dump"] == name), None
    )
    return DumpView(
        name,
        counts.pop() if len(counts) == 1 else None,
        table["rows"] if table else None,
        _address(served_release, table["metadata"]) if table else None,
        tuple(rows),
    )


def _is_plain(entry: dict[str, Any], name: str) -> bool:
    return entry.get("dump") == name and "format" in entry and "compression" not in entry


def _file(served_release: ServedRelease, label: str, path: str) -> DumpFile:
    plain = served_release.release.files[path]
    packed = served_release.release.files.get(f"{path}.gz")
    return DumpFile(
        label,
        plain["media_type"],
        _address(served_release, path),
        plain.get("triples"),
        plain["bytes"],
        plain["sha256"],
        _address(served_release, f"{path}.gz") if packed else None,
        packed["bytes"] if packed else None,
        packed["sha256"] if packed else None,
    )


def _address(served_release: ServedRelease, path: str) -> str:
    return served_release.links.here(f"release/{served_release.release.version}/{path}")
