"""What the layers around the application tell each other about one request."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from sauran.server.http.clients import Address, name_client
from sauran.server.http.served_release import ServedRelease

__all__ = ["RequestContext", "begin_context", "context_of"]

_KEY = "sauran"  # in environ


@dataclass(slots=True)
class RequestContext:
    """Who asks, what the request is answered from, and what became of it.

    `client` is what clients are told apart by; "" is nobody. `error` is one that a layer outside has found,
    and the application is to answer with. `cache` is "hit", "joined" or "miss" where the cache was asked.
    """

    address: Address | None = None
    client: str = ""
    served_release: ServedRelease | None = None
    error: Exception | None = None
    cache: str | None = None


def begin_context(environ: MutableMapping[str, Any], address: Address | None) -> RequestContext:
    """Put a new context into the environ of a request, as the outermost layer does."""
    context = environ[_KEY] = RequestContext(address, name_client(address))
    return context


def context_of(environ: MutableMapping[str, Any]) -> RequestContext:
    """The context of a request; one that came through no layer has one that names the connection."""
    found: RequestContext | None = environ.get(_KEY)
    if found is None:
        found = environ[_KEY] = RequestContext(client=environ.get("REMOTE_ADDR") or "")
    return found
