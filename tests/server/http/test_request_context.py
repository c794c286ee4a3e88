"""What layers tell each other: one context to a request, from the outermost layer to the innermost."""

from ipaddress import ip_address
from typing import Any

from sauran.server.http.request_context import RequestContext, begin_context, context_of


def test_there_is_one_context_to_a_request() -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1"}
    begun = begin_context(environ, ip_address("2001:db8::1"))
    assert begun == RequestContext(ip_address("2001:db8::1"), "2001:db8::/64")
    assert context_of(environ) is context_of(dict(environ)) is begun
    assert begin_context(environ, None).client == "unknown"


def test_without_a_layer_outside_a_client_is_called_by_the_connection() -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": "203.0.113.1"}
    assert context_of(environ) == RequestContext(client="203.0.113.1")
    assert context_of(environ) is context_of(environ)
    assert context_of({}).client == ""
