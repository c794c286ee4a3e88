"""Resumption tokens: all that a list needs to go on, so that the server remembers nothing. Pure."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from sauran.server.api.oai.arguments import OaiError, OaiRequest, read_request
from sauran.server.api.xml_text import fits_xml

__all__ = ["START", "ListPosition", "read_token", "write_token"]


@dataclass(frozen=True, slots=True)
class ListPosition:
    """Where a list goes on: in which part, behind which item, and how many items stand before."""

    part: int
    after: str
    cursor: int


START = ListPosition(0, "", 0)


def write_token(release: str, asked: OaiRequest, place: ListPosition) -> str:
    """Write what is needed to go on with a list; it holds for one release only."""
    plain = [release, asked.verb, dict(asked.arguments), *astuple(place)]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(release: str, asked: OaiRequest) -> tuple[OaiRequest, ListPosition]:
    """Read the request that a list began with, and where it goes on.

    Raises: OaiError badResumptionToken for anything but a token for this verb and this release.
    """
    token = asked.token or ""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
        made_for, verb, arguments, *where = json.loads(text)
        first = _first_request(verb, arguments)
        place = _place(*where)
    except (binascii.Error, ValueError, TypeError, RecursionError, OaiError) as error:
        raise OaiError("badResumptionToken", "This is not a token of this repository.") from error
    if verb != asked.verb:
        raise OaiError("badResumptionToken", f"This token is for {verb}.")
    if made_for != release:
        raise OaiError(
            "badResumptionToken",
            f"This list was of release {made_for}; now it is {release}. Begin it again.",
        )
    return first, place


def _first_request(verb: str, arguments: Mapping[str, str]) -> OaiRequest:
    if not isinstance(arguments, dict) or not all(isinstance(value, str) for value in arguments.values()):
        raise TypeError
    request = read_request([("verb", verb), *arguments.items()])
    if request.token is not None:
        raise TypeError
    return request


def _place(part: object, after: object, cursor: object) -> ListPosition:
    if type(part) is not int or type(cursor) is not int or not isinstance(after, str):
        raise TypeError
    if part < 0 or cursor < 1 or not fits_xml(after):
        raise ValueError
    return ListPosition(part, after, cursor)
