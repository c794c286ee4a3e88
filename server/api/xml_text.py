"""Text as XML 1.0 can hold it. Pure."""

import re

__all__ = ["clean_xml", "fits_xml"]

# What XML cannot hold, however it is written; a literal of RDF can.
_FOREIGN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fits_xml(text: str) -> bool:
    """Whether XML can hold every character of a text."""
    return _FOREIGN.search(text) is None


def clean_xml(text: str) -> str:
    """A text with a replacement character for each that XML cannot hold.

    Source: XML 1.0, section 2.2.
    """
    return _FOREIGN.sub("\ufffd", text)
