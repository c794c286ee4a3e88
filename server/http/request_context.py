"""State of one request that the middleware and the application share."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from sauran.server.http.clients import Address, name_client
from sauran.server.http.served_release import ServedRelease

__all__ = ["RequestContext", "begin_context", "context_of"]

_KEY = "sauran"  # in environ


@dataclass(slots=True)
class RequestContext:
    """The client, the release that is served, and the outcome.

    `client` identifies the client for limits; "" when unknown. `error` is an error found by a middleware, for
    which the application makes the response. `cache` is "hit", "joined" or "miss" if the cache was used.
    """

    address: Address | None = None
    client: str = ""
    served_release: ServedRelease | None = None
    error: Exception | None = None
    cache: str | None = None


def begin_context(environ: MutableMapping[str, Any], address: Address | None) -> RequestContext:
    """Put a new context into the environ of a request, as the outermost middleware does."""
    context = environ[_KEY] = RequestContext(address, name_client(address))
    return context


def context_of(environ: MutableMapping[str, Any]) -> RequestContext:
    """The context of a request; without the middleware, a new one with the address of the connection."""
    found: RequestContext | None = environ.get(_KEY)
    if found is None:
        found = environ[_KEY] = RequestContext(client=environ.get("REMOTE_ADDR") or "")
    return found
