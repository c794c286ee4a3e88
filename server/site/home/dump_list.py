"""The dumps of a release as a list: names, formats, sizes, checksums."""

from dataclasses import dataclass

from kg.formats import RDF_FORMATS
from server.edition import Edition

__all__ = ["DumpFile", "DumpView", "list_dumps"]


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file: its address on this site, its size in bytes, its SHA-256; and those of the compressed one."""

    format: str
    media_type: str
    address: str
    size: int
    sha256: str
    packed_address: str
    packed_size: int
    packed_sha256: str


@dataclass(frozen=True, slots=True)
class DumpView:
    """One name and its files; formats with graphs hold `triples` with their graphs."""

    name: str
    triples: int
    files: tuple[DumpFile, ...]


def list_dumps(edition: Edition) -> tuple[DumpView, ...]:
    """List what can be downloaded: everything first, then the datasets, then what they are written in."""
    files = edition.release.files
    there = {entry["dump"] for entry in files.values() if "dump" in entry}
    slugs = [dataset["slug"] for dataset in edition.publication["datasets"]]
    order = ["all", *(name for slug in slugs for name in (slug, f"{slug}-derived")), *sorted(there)]
    views = []
    for name in dict.fromkeys(name for name in order if name in there):
        rows, triples = [], 0
        for wanted in RDF_FORMATS:
            path = edition.dump_path(name, wanted)
            plain, packed = files.get(path), files.get(f"{path}.gz")
            if plain and packed:
                rows.append(
                    DumpFile(
                        wanted.label,
                        wanted.media_type,
                        edition.links.here(path),
                        plain["bytes"],
                        plain["sha256"],
                        edition.links.here(f"{path}.gz"),
                        packed["bytes"],
                        packed["sha256"],
                    )
                )
                triples = plain["triples"]
        views.append(DumpView(name, triples, tuple(rows)))
    return tuple(views)
