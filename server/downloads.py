"""/dumps/… of the current release; /release/<version>/… of each release that is kept."""

import re
from http import HTTPStatus

from flask import Blueprint, Response

from kg.errors import ReleaseError
from kg.release import Release
from server.current import edition, releases_folder
from server.files import send_release_file
from server.headers import VERSIONED
from server.problems import Problem

__all__ = ["downloads"]

downloads = Blueprint("downloads", __name__)
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*")


@downloads.get("/dumps/<path:name>")
def dump(name: str) -> Response:
    """A dump of the current release, or the list of checksums beside them."""
    return send_release_file(edition().release, name if name == "SHA256SUMS" else f"dumps/{name}")


@downloads.get("/release/<version>/<path:path>")
def release_file(version: str, path: str) -> Response:
    """A file of one release."""
    response = send_release_file(_release(version), path)
    response.headers["Cache-Control"] = VERSIONED
    return response


def _release(version: str) -> Release:
    in_use = edition().release
    if version == in_use.version:
        return in_use
    if _VERSION.fullmatch(version):
        try:
            found = Release.open(releases_folder() / version)
        except ReleaseError:
            pass
        else:
            if found.version == version:
                return found
    raise Problem(
        HTTPStatus.NOT_FOUND, f"There is no release {version}. The current one is {in_use.version}."
    )
