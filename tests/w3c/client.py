"""Requests to the endpoint under test, in each way of the protocol; holds no test."""

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

__all__ = ["DIRECT", "FORM", "WAYS", "Client", "Reply"]

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
WAYS = 3
_LONGEST_SEEN = 2000


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP."""

    status: int
    media_type: str
    body: bytes

    @property
    def seen(self) -> str:
        """What a person needs to see of it."""
        return f"{self.status} {self.media_type} {self.body.decode('utf-8', 'replace')[:_LONGEST_SEEN]}"


class Client:
    """One connection to one endpoint on loopback."""

    def __init__(self, endpoint: str) -> None:
        parts = urlsplit(endpoint)
        self.endpoint = endpoint
        self._path = parts.path
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def send(
        self,
        method: str,
        query_string: str = "",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Send one request to the endpoint."""
        path = f"{self._path}?{query_string}" if query_string else self._path
        self._connection.request(method, path, body, headers or {})
        with self._connection.getresponse() as response:
            media_type = (response.getheader("Content-Type") or "").partition(";")[0]
            return Reply(response.status, media_type, response.read())

    def ask(self, query: str, dataset: Sequence[tuple[str, str]], accept: str, way: int) -> Reply:
        """Ask a query of a dataset: by GET, as a form, or directly."""
        headers = {"Accept": accept}
        match way % WAYS:
            case 0:
                return self.send("GET", urlencode([("query", query), *dataset]), headers=headers)
            case 1:
                body = urlencode([("query", query), *dataset]).encode()
                return self.send("POST", "", body, {**headers, "Content-Type": FORM})
            case _:
                headers["Content-Type"] = DIRECT
                return self.send("POST", urlencode(dataset), query.encode(), headers)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
