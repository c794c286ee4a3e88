"""/release/<version>/…, which never changes; /dumps/…, which leads to the file of the current release."""

import re
from http import HTTPStatus

from flask import Blueprint, Response

from sauran.kg.model.errors import ReleaseError
from sauran.kg.release.release import Release
from sauran.server.http.conditional_requests import send_release_file
from sauran.server.http.problems import Problem
from sauran.server.http.response_headers import IMMUTABLE
from sauran.server.http.responses import redirect_to
from sauran.server.http.services import releases_folder, served_release

__all__ = ["downloads"]

downloads = Blueprint("downloads", __name__)
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*")
_SUMS = "SHA256SUMS"


@downloads.get("/dumps/<path:name>")
def latest(name: str) -> Response:
    """The way to a dump of the current release, or to the list of its checksums."""
    now = served_release()
    path = name if name == _SUMS else f"dumps/{name}"
    if path != _SUMS and path not in now.release.files:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            f"There is no dump {name}. {now.links.here('downloads')} lists all dumps.",
        )
    address = now.links.here(f"release/{now.release.version}/{path}")
    return redirect_to(address, HTTPStatus.FOUND)


@downloads.get("/release/<version>/<path:path>")
def release_file(version: str, path: str) -> Response:
    """A file of one release."""
    release = _release(version)
    response = send_release_file(release, path, dated=True)
    response.headers["Cache-Control"] = IMMUTABLE
    for table in release.manifest.get("tables", ()):
        if table["path"] == path:
            described = served_release().links.here(f"release/{version}/{table['metadata']}")
            media_type = release.files[table["metadata"]]["media_type"]
            response.headers.add("Link", f'<{described}>; rel="describedby"; type="{media_type}"')
    return response


def _release(version: str) -> Release:
    in_use = served_release().release
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
