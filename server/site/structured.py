"""Data that a page carries for search engines, written so that no text can end the element around it."""

import json
from functools import partial
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

__all__ = ["as_script"]

_DUMPS = partial(json.dumps, ensure_ascii=False, indent=1)


def as_script(data: dict[str, Any]) -> Markup:
    """Write JSON-LD as the content of a script element."""
    return htmlsafe_json_dumps(data, dumps=_DUMPS)
