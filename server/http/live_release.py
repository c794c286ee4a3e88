"""What a request is answered from: one edition from its beginning to its end, and the folder of releases."""

from pathlib import Path

from flask import request

from sauran.server.http.request_context import context_of
from sauran.server.http.served_release import Edition
from sauran.server.http.services import services

__all__ = ["edition", "releases_folder"]


def edition() -> Edition:
    """The edition of this request: one and the same from its beginning to its end."""
    context = context_of(request.environ)
    if context.edition is None:
        context.edition = services().current.edition()
    return context.edition


def releases_folder() -> Path:
    """Where the releases are, the older ones too."""
    return services().current.releases
