"""What a request is answered from: one edition from its beginning to its end, and the folder of releases."""

from pathlib import Path

from flask import request

from sauran.server.http.request_context import context_of
from sauran.server.http.served_release import Edition
from sauran.server.http.services import services
from sauran.server.http.settings import Settings

__all__ = ["edition", "releases_folder", "settings_in_use"]


def edition() -> Edition:
    """The edition of this request: one and the same from its beginning to its end."""
    context = context_of(request.environ)
    if context.edition is None:
        context.edition = services().current.edition()
    return context.edition


def releases_folder() -> Path:
    """Where the releases are, the older ones too."""
    return services().current.releases


def settings_in_use() -> Settings:
    """The settings of the application that answers this request."""
    return services().settings
