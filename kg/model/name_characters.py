"""Characters allowed in XML, Turtle and SPARQL names, for regular expressions."""

__all__ = [
    "FIRST",
    "FIRST_OR_DIGIT",
    "IN_VARIABLE",
    "LATER",
    "LATER_OR_COLON",
    "LOCAL_FIRST",
    "XML_FIRST",
    "XML_LATER",
    "one_of",
]

_BASE = (
    "A-Z", "a-z", "\u00c0-\u00d6", "\u00d8-\u00f6", "\u00f8-\u02ff", "\u0370-\u037d", "\u037f-\u1fff",
    "\u200c-\u200d", "\u2070-\u218f", "\u2c00-\u2fef", "\u3001-\ud7ff", "\uf900-\ufdcf", "\ufdf0-\ufffd",
    "\U00010000-\U000effff",
)  # fmt: skip
_MORE = ("_", "0-9", "\u00b7", "\u0300-\u036f", "\u203f-\u2040", "-")
_LAST = 0x10FFFF
# XML, section 2.3: NameStartChar and NameChar, as the ranges of a class of characters.
XML_FIRST = (":", "_", *_BASE)
XML_LATER = (*XML_FIRST, "-", ".", "0-9", "\u00b7", "\u0300-\u036f", "\u203f-\u2040")


def one_of(*ranges: str) -> str:
    """A class of characters for `re`, given as characters and ranges such as `A-Z`.

    Shape: it says what does not belong to it. `re` takes its time to compile with each character that a class
    names, and tens of thousands belong to names.
    """
    parts, start = [], 0
    for first, last in sorted((ord(part[0]), ord(part[-1])) for part in ranges):
        if first > start:
            parts.append(_written(start, first - 1))
        start = last + 1
    return f"[^{''.join(parts)}{_written(start, _LAST)}]"


def _written(first: int, last: int) -> str:
    return rf"\U{first:08x}-\U{last:08x}"


# Turtle, section 6.5, and SPARQL, section 19.8: PN_CHARS_BASE, PN_CHARS and what is made of them.
FIRST = one_of(*_BASE)
FIRST_OR_DIGIT = one_of(*_BASE, "_", "0-9")
IN_VARIABLE = one_of(*_BASE, *_MORE[:-1])
LATER = one_of(*_BASE, *_MORE)
LATER_OR_COLON = one_of(*_BASE, *_MORE, ":")
LOCAL_FIRST = one_of(*_BASE, "_", ":", "0-9")
