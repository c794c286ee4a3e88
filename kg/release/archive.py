"""Write a release as one .zip, reproducibly and without compressing gzip files again.

Source: PKWARE APPNOTE 6.3, sections 4.3 and 4.5.3; RFC 1952, section 2.3.
"""

import hashlib
import os
import shutil
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import deflate

from sauran.kg.loading.dumps import LEVEL, ReleaseFile

__all__ = ["ARCHIVE", "write_archive"]

ARCHIVE = "dumps/all.zip"
_SUMS = "SHA256SUMS"
_GZIP_HEAD, _GZIP_TAIL = 10, 8
_PIECE = 1024 * 1024
# Every entry: UTF-8 names, method deflate, the earliest date of the format, a regular Unix file.
_UTF8, _DEFLATED, _TIME, _DATE = 0x0800, 8, 0, 0x0021
_VERSION, _VERSION_64, _UNIX, _MODE = 20, 45, 3, 0o100644
_LOCAL, _CENTRAL = struct.Struct("<IHHHHHIIIHH"), struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END_64, _LOCATOR = struct.Struct("<IQHHIIQQQQ"), struct.Struct("<IIQI")
_FULL, _FULL_COUNT = 0xFFFFFFFF, 0xFFFF


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    crc: int
    packed: int
    size: int
    offset: int


def write_archive(folder: Path, files: Sequence[ReleaseFile], full: int = _FULL) -> ReleaseFile:
    """Write all plain files of a release, and the list of their checksums, into one .zip below folder/dumps.

    Shape: `full` is the number from which on the wide fields of Zip64 are used.
    """
    path = folder / ARCHIVE
    plain = sorted((file for file in files if file.compression is None), key=lambda file: file.path)
    packed = {file.path for file in files if file.compression == "gzip"}
    sums = "".join(f"{file.sha256}  {file.path}\n" for file in plain).encode()
    with path.open("wb") as out:
        entries = []
        for file in plain:
            if f"{file.path}.gz" in packed:
                entries.append(_copy_gzip(out, file, folder / f"{file.path}.gz", full))
            else:
                entries.append(_add(out, file.path, (folder / file.path).read_bytes(), full))
        entries.append(_add(out, _SUMS, sums, full))
        start = out.tell()
        for entry in entries:
            out.write(_central(entry, full))
        out.write(b"".join(_end(len(entries), start, out.tell() - start, full)))
    return ReleaseFile(
        ARCHIVE, "application/zip", path.stat().st_size, _digest(path), dump="all", format="zip"
    )


def _copy_gzip(out: BinaryIO, file: ReleaseFile, packed: Path, full: int) -> _Entry:
    """Copy the deflate stream of a .gz file without its header and checksum."""
    with packed.open("rb") as stream:
        length = packed.stat().st_size - _GZIP_HEAD - _GZIP_TAIL
        stream.seek(-_GZIP_TAIL, os.SEEK_END)
        crc, _ = struct.unpack("<II", stream.read(_GZIP_TAIL))
        entry = _Entry(file.path.encode(), crc, length, file.size, out.tell())
        out.write(_local(entry, full))
        stream.seek(_GZIP_HEAD)
        shutil.copyfileobj(stream, out, _PIECE)
        out.seek(-_GZIP_TAIL, os.SEEK_CUR)
        out.truncate()
    return entry


def _add(out: BinaryIO, name: str, data: bytes, full: int) -> _Entry:
    packed = bytes(deflate.deflate_compress(data, LEVEL))
    entry = _Entry(name.encode(), zlib.crc32(data), len(packed), len(data), out.tell())
    out.write(_local(entry, full))
    out.write(packed)
    return entry


def _local(entry: _Entry, full: int) -> bytes:
    wide = max(entry.size, entry.packed) >= full
    # Both sizes must stand in the wide field of a local head.
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.packed) if wide else b""
    head = _LOCAL.pack(
        0x04034B50,
        _VERSION_64 if wide else _VERSION,
        _UTF8,
        _DEFLATED,
        _TIME,
        _DATE,
        entry.crc,
        _FULL if wide else entry.packed,
        _FULL if wide else entry.size,
        len(entry.name),
        len(extra),
    )
    return head + entry.name + extra


def _central(entry: _Entry, full: int) -> bytes:
    numbers = (entry.size, entry.packed, entry.offset)
    wide = [number for number in numbers if number >= full]
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    size, packed, offset = (_FULL if number >= full else number for number in numbers)
    version = _VERSION_64 if wide else _VERSION
    head = _CENTRAL.pack(
        0x02014B50,
        _UNIX << 8 | version,
        version,
        _UTF8,
        _DEFLATED,
        _TIME,
        _DATE,
        entry.crc,
        packed,
        size,
        len(entry.name),
        len(extra),
        0,
        0,
        0,
        _MODE << 16,
        offset,
    )
    return head + entry.name + extra


def _end(count: int, start: int, length: int, full: int) -> Iterator[bytes]:
    if count >= min(full, _FULL_COUNT) or max(start, length) >= full:
        made_by = _UNIX << 8 | _VERSION_64
        yield _END_64.pack(
            0x06064B50, _END_64.size - 12, made_by, _VERSION_64, 0, 0, count, count, length, start
        )
        yield _LOCATOR.pack(0x07064B50, 0, start + length, 1)
        count, length, start = _FULL_COUNT, _FULL, _FULL
    yield _END.pack(0x06054B50, 0, 0, count, count, length, start, 0)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
