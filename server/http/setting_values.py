"""What the text of a setting means: numbers, seconds, flags, endpoints, the address of a site. Pure."""

import re
from urllib.parse import urlsplit

from sauran.kg.model.errors import UsageError

__all__ = ["read_endpoints", "read_flag", "read_number", "read_seconds", "read_site"]

_MOST_SECONDS = 3600
_FLAGS = {"0": False, "false": False, "1": True, "true": True}


def read_number(name: str, text: str, *, least: int, most: int) -> int:
    """Read a whole number within bounds.

    Raises: UsageError, in the name of the setting.
    """
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise UsageError(name, f"{text!r} is not usable.", f"Give a whole number from {least} to {most}.")
    return int(text)


def read_flag(name: str, text: str) -> bool:
    """Read 0, 1, false or true.

    Raises: UsageError, in the name of the setting.
    """
    if text not in _FLAGS:
        raise UsageError(name, f"{text!r} is not usable.", "Give 0 or 1.")
    return _FLAGS[text]


def read_seconds(name: str, text: str) -> float:
    """Read a time in seconds.

    Raises: UsageError, in the name of the setting.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.01 <= seconds <= _MOST_SECONDS:
        raise UsageError(name, f"{text!r} is not usable.", f"Give seconds from 0.01 to {_MOST_SECONDS}.")
    return seconds


def read_endpoints(text: str) -> tuple[str, ...]:
    """Read a list of addresses of endpoints.

    Raises: UsageError, in the name of the setting.
    """
    found = tuple(part for part in text.replace(",", " ").split() if part)
    for iri in found:
        if not iri.startswith(("http://", "https://")) or re.search(r'[<>"{}|^`\\]', iri):
            fix = "Write it as https://example.org/sparql"
            raise UsageError("service_allow", f"{iri!r} is no address of an endpoint.", fix)
    return found


def read_site(text: str) -> str:
    """Check the address of a site; it may be empty.

    Raises: UsageError, in the name of the setting.
    """
    try:
        parts = urlsplit(text)
        usable = (
            parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment
        )
    except ValueError:
        usable = False
    if text and not usable:
        raise UsageError("site", f"{text!r} is no address of a site.", "Write it as https://example.org/")
    return text
