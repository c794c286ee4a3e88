"""What a request wants of an answer: the whole, a part, or nothing because it has it already. Pure.

No other module compares tags or dates. Werkzeug tells what is unchanged. Its `Response.make_conditional`, and
with it `flask.send_file`, is not used: it answers `If-Match: *` with 412, does not know If-Unmodified-Since,
sends a part to a client that has the whole, takes weak tags and dates for proof in If-Range, and refuses
ranges that are to be ignored, such as several at once or those of other units. Tests have each case.

Source: RFC 9110, sections 13 and 14.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from werkzeug.datastructures import Headers
from werkzeug.http import is_resource_modified, parse_date, parse_etags, quote_etag

__all__ = ["FileState", "Wanted", "choose_part", "is_unchanged"]

# One range; of several the whole is sent, which every client must be able to take (section 14.2).
_RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as conditions see it: its strong tag without quotes, its length, its date if it has one."""

    tag: str
    size: int
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be answered, and from which byte to which (the last one excluded) with 200 and 206."""

    status: HTTPStatus
    start: int = 0
    stop: int = 0


def choose_part(method: str, headers: Headers | Mapping[str, str], file: FileState) -> Wanted:
    """Evaluate the conditions of a GET or HEAD in their order, then its range.

    Source: RFC 9110, sections 13.2.2, 14.2 and 15.5.17.
    """
    if not _is_expected(headers, file):
        return Wanted(HTTPStatus.PRECONDITION_FAILED)
    condition, since = headers.get("If-None-Match"), headers.get("If-Modified-Since")
    if is_unchanged(quote_etag(file.tag), file.modified, condition, since):
        return Wanted(HTTPStatus.NOT_MODIFIED)
    whole = Wanted(HTTPStatus.OK, 0, file.size)
    asked = _RANGE.fullmatch(headers.get("Range", ""))
    if method != "GET" or asked is None or not _is_same(headers.get("If-Range", ""), file):
        return whole
    return _part(asked["first"], asked["last"], file.size) or whole


def is_unchanged(
    etag: str, modified: datetime | str | None, if_none_match: str | None, if_modified_since: str | None
) -> bool:
    """Whether a client has an answer already: its tag counts before its date.

    Shape: `etag` and `modified` as the headers of the answer say them, "" and None where they do not.
    Source: RFC 9110, sections 13.1.2 and 13.1.3.
    """
    if if_none_match:
        # Nearly all send back the one tag that they were given.
        if if_none_match == etag:
            return True
        modified = None
    elif not (modified and if_modified_since):
        return False
    asked = {
        "REQUEST_METHOD": "GET",
        "HTTP_IF_NONE_MATCH": if_none_match,
        "HTTP_IF_MODIFIED_SINCE": if_modified_since,
    }
    return not is_resource_modified(asked, etag, last_modified=modified)


def _is_expected(headers: Headers | Mapping[str, str], file: FileState) -> bool:
    """Whether If-Match, else If-Unmodified-Since, holds."""
    if "If-Match" in headers:
        return parse_etags(headers["If-Match"]).contains(file.tag)
    since = parse_date(headers.get("If-Unmodified-Since"))
    return since is None or file.modified is None or file.modified <= since


def _is_same(if_range: str, file: FileState) -> bool:
    """Whether a part belongs to what the client has: only a strong tag proves it.

    A date never does: two drafts of one day have the same (section 13.1.5).
    """
    return if_range in ("", quote_etag(file.tag))


def _part(first: str, last: str, size: int) -> Wanted | None:
    """The bytes of one range; None where it is no range at all."""
    if first:
        if last and int(last) < int(first):
            return None
        start, stop = int(first), min(int(last) + 1 if last else size, size)
    elif last:
        start, stop = max(size - int(last), 0), size
    else:
        return None
    if start >= stop:
        return Wanted(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    return Wanted(HTTPStatus.PARTIAL_CONTENT, start, stop)
