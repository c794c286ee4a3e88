"""Dumps of each dataset in each format, compressed and with checksums. Reproducible."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import deflate
from pyoxigraph import Quad

from sauran.kg.loading.serialisation import write_rdf
from sauran.kg.model.formats import RDF_FORMATS, Format

__all__ = ["LEVEL", "Dump", "ReleaseFile", "write_dumps", "write_file", "write_packed"]

# libdeflate gives the same bytes on every machine for one version, which the lock file fixes; zlib comes
# with the system and does not.
LEVEL = 9


@dataclass(frozen=True)
class Dump:
    """The quads of one dump in canonical order; `derived` is written only to formats with named graphs."""

    name: str
    quads: Sequence[Quad]
    derived: Sequence[Quad] = ()

    def quads_for(self, wanted: Format) -> Sequence[Quad]:
        """The quads for one format."""
        return [*self.quads, *self.derived] if self.derived and wanted.has_graphs else self.quads


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a release, as its manifest lists it; `triples` is None for what is not RDF.

    `path` is relative to the folder of the release, `size` is in bytes, `sha256` in hexadecimal digits.
    `dump` is the name of the dump that the file holds, `format` that of its serialisation, `compression` is
    `gzip` or None.
    """

    path: str
    media_type: str
    size: int
    sha256: str
    dump: str | None = None
    format: str | None = None
    compression: str | None = None
    triples: int | None = None

    @classmethod
    def of_dict(cls, entry: Mapping[str, Any]) -> "ReleaseFile":
        """The file of an entry of the manifest."""
        return cls(
            path=entry["path"],
            media_type=entry["media_type"],
            size=entry["bytes"],
            sha256=entry["sha256"],
            dump=entry.get("dump"),
            format=entry.get("format"),
            compression=entry.get("compression"),
            triples=entry.get("triples"),
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain data for the manifest."""
        fields = {
            "path": self.path,
            "dump": self.dump,
            "format": self.format,
            "media_type": self.media_type,
            "compression": self.compression,
            "bytes": self.size,
            "sha256": self.sha256,
            "triples": self.triples,
        }
        return {key: value for key, value in fields.items() if value is not None}


def write_dumps(
    folder: Path, dump: Dump, prefixes: dict[str, str], context: dict[str, Any]
) -> Iterator[ReleaseFile]:
    """Write one dump in all formats, plain and gzip, below folder/dumps.

    Shape: `triples` counts quads in formats with graphs, else distinct triples.
    """
    for wanted in RDF_FORMATS:
        quads = dump.quads_for(wanted)
        data = write_rdf(quads, wanted, prefixes, context)
        triples = len(quads) if wanted.has_graphs else len({quad.triple for quad in quads})
        path = f"dumps/{dump.name}.{wanted.suffix}"
        yield from write_packed(
            folder, path, data, wanted.media_type, dump=dump.name, format=wanted.name, triples=triples
        )


def write_packed(
    folder: Path, path: str, content: bytes, media_type: str, **fields: Any
) -> Iterator[ReleaseFile]:
    """Write one file of a release plain, and beside it as gzip."""
    yield write_file(folder, path, content, media_type, **fields)
    yield write_file(folder, f"{path}.gz", _gzip(content), "application/gzip", compression="gzip", **fields)


def write_file(folder: Path, path: str, content: bytes, media_type: str, **fields: Any) -> ReleaseFile:
    """Write one file of a release and measure it."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return ReleaseFile(path, media_type, len(content), hashlib.sha256(content).hexdigest(), **fields)


def _gzip(data: bytes) -> bytes:
    return bytes(deflate.gzip_compress(data, LEVEL))
