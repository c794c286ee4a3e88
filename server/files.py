"""Files of a release as answers: type, checksum, conditional and partial requests."""

import hashlib
from http import HTTPStatus

from flask import Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from kg.release import Release
from server.coding import GZIP, choose_coding
from server.problems import Problem

__all__ = ["send_release_file"]

# Files that seal a release: in it, but not in its manifest.
_SEALS = {"manifest.json": "application/json", "SHA256SUMS": "text/plain"}


def send_release_file(release: Release, path: str, *, packed: bool = False) -> Response:
    """Send one file that the manifest lists; its checksum is the ETag.

    Shape: `packed` sends the gzip of it that the release has beside it, as a coding, to whoever wants that.
    Raises: Problem 404 for any other path.
    """
    if packed:
        coded = (
            choose_coding(request.headers.get("Accept-Encoding", "")) == GZIP
            and f"{path}.gz" in release.files
        )
        response = send_release_file(release, f"{path}.gz" if coded else path)
        if coded:
            media_type = release.files[path]["media_type"]
            response.headers["Content-Encoding"] = GZIP
            response.headers["Content-Type"] = _with_charset(media_type)
        response.vary.add("Accept-Encoding")
        return response
    entry = release.files.get(path)
    file = release.folder / path
    if entry is not None:
        media_type, digest = entry["media_type"], entry["sha256"]
    elif path in _SEALS and file.is_file():
        media_type, digest = _SEALS[path], hashlib.sha256(file.read_bytes()).hexdigest()
    else:
        raise Problem(HTTPStatus.NOT_FOUND, f"Release {release.version} has no file {path}.")
    try:
        size = file.stat().st_size
        response = send_file(file, mimetype=media_type, conditional=False, etag=False)
    except OSError as error:
        raise Problem(HTTPStatus.NOT_FOUND, f"Release {release.version} has lost its file {path}.") from error
    # Werkzeug would add a charset to RDF/XML, whose own declaration counts.
    response.headers["Content-Type"] = _with_charset(media_type)
    # The file's date would come from the clock of the machine that built it.
    response.headers.pop("Last-Modified", None)
    response.set_etag(digest)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type[:5] == "text/" else media_type
