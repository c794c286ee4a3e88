"""Conditional and range requests: send a file whole, in part, or not at all.

No other module compares ETags or dates. Werkzeug decides whether something has changed. Its
`Response.make_conditional`, and with it `flask.send_file`, is not used: it answers `If-Match: *` with 412,
does not know If-Unmodified-Since, sends a part to a client that has the whole, accepts weak tags and dates in
If-Range, and rejects ranges that should be ignored, such as several at once or those of other units. Tests
cover each case.

Source: RFC 9110, sections 13 and 14.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from flask import Response, request
from werkzeug.datastructures import Headers
from werkzeug.http import is_resource_modified, parse_date, parse_etags, quote_etag

from sauran.kg.model.errors import ReleaseError
from sauran.kg.release.release import Release
from sauran.server.http.negotiation import GZIP, choose_coding
from sauran.server.http.problems import Problem

__all__ = ["FileState", "PartToSend", "choose_part", "is_unchanged", "last_modified_of", "send_release_file"]

# One range; for several the whole file is sent, which every client must accept (section 14.2).
_RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})[ \t]*", re.IGNORECASE)
# Files of a release that its manifest does not list.
_UNLISTED = {"manifest.json": "application/json", "SHA256SUMS": "text/plain"}
# Bytes; a slow client keeps a few pieces in memory.
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileState:
    """What conditions are compared with: strong ETag without quotes, size, date if known."""

    tag: str
    size: int
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartToSend:
    """The status of the response, and with 200 and 206 the bytes from `start` to `stop`, `stop` excluded."""

    status: HTTPStatus
    start: int = 0
    stop: int = 0


def choose_part(method: str, headers: Headers | Mapping[str, str], file: FileState) -> PartToSend:
    """Evaluate the conditions of a GET or HEAD request in the prescribed order, then its range.

    Source: RFC 9110, sections 13.2.2, 14.2 and 15.5.17.
    """
    if not _is_expected(headers, file):
        return PartToSend(HTTPStatus.PRECONDITION_FAILED)
    condition, since = headers.get("If-None-Match"), headers.get("If-Modified-Since")
    if is_unchanged(quote_etag(file.tag), file.modified, condition, since):
        return PartToSend(HTTPStatus.NOT_MODIFIED)
    whole = PartToSend(HTTPStatus.OK, 0, file.size)
    asked = _RANGE.fullmatch(headers.get("Range", ""))
    if method != "GET" or asked is None or not _is_same(headers.get("If-Range", ""), file):
        return whole
    return _part(asked["first"], asked["last"], file.size) or whole


def is_unchanged(
    etag: str, modified: datetime | str | None, if_none_match: str | None, if_modified_since: str | None
) -> bool:
    """Whether a client already has a response: If-None-Match takes precedence over If-Modified-Since.

    Shape: `etag` and `modified` as in the headers of the response, "" and None when absent.
    Source: RFC 9110, sections 13.1.2 and 13.1.3.
    """
    if if_none_match:
        # Shortcut for the usual case of one unmodified tag.
        if if_none_match == etag:
            return True
        modified = None
    elif not (modified and if_modified_since):
        return False
    asked = {
        "REQUEST_METHOD": "GET",
        "HTTP_IF_NONE_MATCH": if_none_match,
        "HTTP_IF_MODIFIED_SINCE": if_modified_since,
    }
    return not is_resource_modified(asked, etag, last_modified=modified)


def _is_expected(headers: Headers | Mapping[str, str], file: FileState) -> bool:
    """Whether If-Match, else If-Unmodified-Since, holds."""
    if "If-Match" in headers:
        return parse_etags(headers["If-Match"]).contains(file.tag)
    since = parse_date(headers.get("If-Unmodified-Since"))
    return since is None or file.modified is None or file.modified <= since


def _is_same(if_range: str, file: FileState) -> bool:
    """Whether the client has a part of the same file: only a strong ETag proves it.

    A date does not: two drafts of one day have the same date (section 13.1.5).
    """
    return if_range in ("", quote_etag(file.tag))


def _part(first: str, last: str, size: int) -> PartToSend | None:
    """Resolve one range; None when it is not valid."""
    if first:
        if last and int(last) < int(first):
            return None
        start, stop = int(first), min(int(last) + 1 if last else size, size)
    elif last:
        start, stop = max(size - int(last), 0), size
    else:
        return None
    if start >= stop:
        return PartToSend(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    return PartToSend(HTTPStatus.PARTIAL_CONTENT, start, stop)


def send_release_file(release: Release, path: str, *, packed: bool = False, dated: bool = False) -> Response:
    """Send one file that the manifest lists; its checksum is the ETag.

    Shape: with `packed`, clients that accept gzip get the compressed copy in the release, with
    Content-Encoding; with `dated`, Last-Modified is the newest modification day of the datasets.
    Raises: Problem 404 for any other path, 412 and 416 for conditions and ranges that cannot be met;
    ReleaseError when the file is missing or its size differs from the manifest.
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
        raise Problem(wanted.status, f"{path} does not match If-Match or If-Unmodified-Since.")
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
        response.response = _FilePart(_open(release, path), wanted.start, wanted.stop)
    return response


def last_modified_of(day: date | None) -> datetime | None:
    """The beginning of a day for Last-Modified; None for a day in the future, which the header must not have.

    Source: RFC 9110, section 8.8.2.1.
    """
    moment = datetime.combine(day, time(), UTC) if day else None
    return moment if moment and moment <= datetime.now(UTC) else None


class _FilePart:
    """Bytes of a file, read while they are sent; the file is closed with the response."""

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
    """The media type and the state of a file."""
    entry = release.files.get(path)
    modified = last_modified_of(release.modified) if dated else None
    if entry is not None:
        if not file.is_file() or file.stat().st_size != entry["bytes"]:
            raise _lost(release, path)
        return entry["media_type"], FileState(entry["sha256"], entry["bytes"], modified)
    if path in _UNLISTED and file.is_file():
        data = file.read_bytes()
        return _UNLISTED[path], FileState(hashlib.sha256(data).hexdigest(), len(data), modified)
    raise Problem(HTTPStatus.NOT_FOUND, f"Release {release.version} has no file {path}.")


def _open(release: Release, path: str) -> BinaryIO:
    try:
        return (release.folder / path).open("rb")
    except OSError as error:
        raise _lost(release, path) from error


def _lost(release: Release, path: str) -> ReleaseError:
    return ReleaseError(
        f"release {release.version}", f"has lost its file {path}.", "Build the release again."
    )


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type[:5] == "text/" else media_type
