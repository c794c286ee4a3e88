"""Tables of Markdown, and the generated part of a page."""

import math
import re
from pathlib import Path

__all__ = ["as_ratio", "as_table", "in_short", "replace_part"]


def replace_part(page: Path, name: str, markdown: str) -> None:
    """Put text between the markers of a name; a page without them gets them at its end."""
    begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    part = f"{begin}\n{markdown}\n{end}"
    text = page.read_text("utf-8") if page.exists() else ""
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if pattern.search(text):
        text = pattern.sub(lambda match: part, text)
    else:
        text = f"{text.rstrip()}\n\n{part}\n".lstrip()
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, "utf-8")


def as_table(head: list[str], rows: list[list[str]]) -> str:
    """A table whose first column is text and whose others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_ratio(value: float, basis: float) -> str:
    """How many times a basis a value is."""
    if math.isnan(value) or math.isnan(basis) or not basis:
        return "–"
    ratio = value / basis
    return f"{ratio:.0f}×" if ratio >= 10 else f"{ratio:.1f}×" if ratio >= 1 else f"{ratio:.2f}×"


def in_short(value: float) -> str:
    """A number with as many digits as matter."""
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"
