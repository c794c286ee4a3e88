"""create_app(settings): wiring only."""

from flask import Flask, Response

from server.browse import browse
from server.current import Current, edition
from server.downloads import downloads
from server.health import health
from server.negotiation import LANGUAGES
from server.problems import register_problems
from server.resources import resources
from server.settings import Settings
from server.sparql import sparql

__all__ = ["create_app"]

_MOST_BODY_BYTES = 1024 * 1024  # a query by hand is far below
_SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(settings: Settings) -> Flask:
    """Make the application over the current release.

    Raises: ReleaseError when there is no release.
    """
    app = Flask("server")
    # Werkzeug's own redirects would trust the Host header and know nothing of the site's path.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BODY_BYTES
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["sauran"] = Current(settings)
    for blueprint in (resources, browse, sparql, downloads, health):
        app.register_blueprint(blueprint)
    register_problems(app)
    app.after_request(_secure)
    app.context_processor(_for_templates)
    return app


def _secure(response: Response) -> Response:
    response.headers.update(_SECURITY_HEADERS)
    return response


def _for_templates() -> dict[str, object]:
    now = edition()
    return {
        "here": now.links.here,
        "publication_title": now.publication["title"].get("en", "Sauran"),
        "languages": LANGUAGES,
        "version": now.release.version,
    }
