"""Site paths turned into absolute URLs. Pure."""

from urllib.parse import quote

__all__ = ["SAFE", "absolute"]

SAFE = "/:@!$&'()*+,;=~"


def absolute(site: str, path: str) -> str:
    """The whole address of a path on a site; the site ends with its slash."""
    return site + quote(path, safe=SAFE)
