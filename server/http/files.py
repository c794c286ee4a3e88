"""Files of a release as answers: type, checksum, conditional and partial requests; read piece by piece."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from flask import Response, request

from sauran.kg.model.errors import ReleaseError
from sauran.kg.release.release import Release
from sauran.server.http.compression import GZIP, choose_coding
from sauran.server.http.conditional_requests import FileState, choose_part
from sauran.server.http.problems import Problem

__all__ = ["day_to_tell", "send_release_file"]

# Files that seal a release: in it, but not in its manifest.
_SEALS = {"manifest.json": "application/json", "SHA256SUMS": "text/plain"}
# What a slow client has waiting in memory are some of these.
_PIECE = 64 * 1024


def send_release_file(release: Release, path: str, *, packed: bool = False, dated: bool = False) -> Response:
    """Send one file that the manifest lists; its checksum is the ETag.

    Shape: `packed` sends the gzip of it that the release has beside it, as a coding, to whoever wants that;
    `dated` tells the newest day of change of the datasets as Last-Modified.
    Raises: Problem 404 for any other path, 412 and 416 for conditions and ranges that cannot be met;
    ReleaseError when the file is gone or not the one that the manifest lists.
    """
    if packed:
        coded = (
            choose_coding(request.headers.get("Accept-Encoding", "")) == GZIP
            and f"{path}.gz" in release.files
        )
        response = send_release_file(release, f"{path}.gz" if coded else path, dated=dated)
        if coded:
            response.headers["Content-Encoding"] = GZIP
            response.headers["Content-Type"] = _with_charset(release.files[path]["media_type"])
        response.vary.add("Accept-Encoding")
        return response
    file = release.folder / path
    media_type, state = _look(release, path, file, dated=dated)
    wanted = choose_part(request.method, request.headers, state)
    if wanted.status == HTTPStatus.PRECONDITION_FAILED:
        raise Problem(wanted.status, f"{path} is not what If-Match or If-Unmodified-Since asks for.")
    if wanted.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        raise Problem(
            wanted.status,
            f"{path} ends before that range: it has {state.size} bytes.",
            {"Content-Range": f"bytes */{state.size}"},
        )
    response = Response(status=wanted.status, content_type=_with_charset(media_type), direct_passthrough=True)
    response.set_etag(state.tag)
    if state.modified:
        response.last_modified = state.modified
    response.accept_ranges = "bytes"
    if wanted.status == HTTPStatus.NOT_MODIFIED:
        return response
    if wanted.status == HTTPStatus.PARTIAL_CONTENT:
        response.content_range.set(wanted.start, wanted.stop, state.size)
    response.content_length = wanted.stop - wanted.start
    if request.method != "HEAD":
        response.response = _Part(_open(release, path), wanted.start, wanted.stop)
    return response


def day_to_tell(day: date | None) -> datetime | None:
    """The beginning of a day for Last-Modified; one that is still to come is told to nobody.

    Source: RFC 9110, section 8.8.2.1.
    """
    moment = datetime.combine(day, time(), UTC) if day else None
    return moment if moment and moment <= datetime.now(UTC) else None


class _Part:
    """Bytes of a file, read when they are sent; the file is closed with the answer."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self._file, self._left = file, stop - start
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (piece := self._file.read(min(_PIECE, self._left))):
            self._left -= len(piece)
            yield piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _look(release: Release, path: str, file: Path, *, dated: bool) -> tuple[str, FileState]:
    """The media type of a file, and what conditions are compared with."""
    entry = release.files.get(path)
    modified = day_to_tell(release.modified) if dated else None
    if entry is not None:
        if not file.is_file() or file.stat().st_size != entry["bytes"]:
            raise _lost(release, path)
        return entry["media_type"], FileState(entry["sha256"], entry["bytes"], modified)
    if path in _SEALS and file.is_file():
        data = file.read_bytes()
        return _SEALS[path], FileState(hashlib.sha256(data).hexdigest(), len(data), modified)
    raise Problem(HTTPStatus.NOT_FOUND, f"Release {release.version} has no file {path}.")


def _open(release: Release, path: str) -> BinaryIO:
    try:
        return (release.folder / path).open("rb")
    except OSError as error:
        raise _lost(release, path) from error


def _lost(release: Release, path: str) -> ReleaseError:
    return ReleaseError(
        f"release {release.version}", f"has lost its file {path}.", "Whoever runs this site builds it anew."
    )


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type[:5] == "text/" else media_type
