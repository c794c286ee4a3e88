"""What a request wants of a file: the whole, a part, or nothing because it has it already. Pure.

Source: RFC 9110, sections 13 and 14.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from werkzeug.datastructures import Headers
from werkzeug.http import parse_date, parse_etags, unquote_etag

__all__ = ["FileState", "Wanted", "choose_part"]

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
    if _is_known(headers, file):
        return Wanted(HTTPStatus.NOT_MODIFIED)
    whole = Wanted(HTTPStatus.OK, 0, file.size)
    asked = _RANGE.fullmatch(headers.get("Range", ""))
    if method != "GET" or asked is None or not _is_same(headers.get("If-Range", ""), file):
        return whole
    return _part(asked["first"], asked["last"], file.size) or whole


def _is_expected(headers: Headers | Mapping[str, str], file: FileState) -> bool:
    """Whether If-Match, else If-Unmodified-Since, holds."""
    if "If-Match" in headers:
        return parse_etags(headers["If-Match"]).contains(file.tag)
    since = parse_date(headers.get("If-Unmodified-Since"))
    return since is None or file.modified is None or file.modified <= since


def _is_known(headers: Headers | Mapping[str, str], file: FileState) -> bool:
    """Whether the client has it, by If-None-Match, else by If-Modified-Since."""
    if "If-None-Match" in headers:
        return parse_etags(headers["If-None-Match"]).contains_weak(file.tag)
    since = parse_date(headers.get("If-Modified-Since"))
    return since is not None and file.modified is not None and file.modified <= since


def _is_same(if_range: str, file: FileState) -> bool:
    """Whether a part belongs to what the client has: only a strong tag proves it.

    A date never does: two drafts of one day have the same (section 13.1.5).
    """
    return not if_range or (if_range.startswith('"') and unquote_etag(if_range) == (file.tag, False))


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
