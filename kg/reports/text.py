"""Findings as plain text for terminals and logs."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from sauran.kg.model.findings import Finding, Place, Severity, sort_findings
from sauran.kg.reports.results import Results, no_source
from sauran.kg.reports.wording import about, exactness, printable, reasons

__all__ = ["as_text", "write_text"]

_COLOURS = {Severity.VIOLATION: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_WIDEST = 100  # columns of an excerpt


def write_text(results: Results) -> str:
    """Write each finding in some lines, or with `only_summary` a table of the shapes; then what to know."""
    if results.only_summary:
        return _table(results)
    return as_text(
        results.shown,
        word_for=results.word_for,
        source=results.source,
        terminal=results.terminal,
        colour=results.colour,
    )


def as_text(
    findings: Sequence[Finding],
    *,
    word_for: Callable[[Finding], str] = lambda finding: finding.severity.label,
    source: Callable[[str], str | None] = no_source,
    terminal: bool = False,
    colour: bool = False,
) -> str:
    """Write one finding in two or three lines, as compilers do: place, severity, rule, message, and on what.

    Shape: sorted by place; ends with a line feed unless there is nothing to say. A terminal also gets the
    line of the source with a caret.
    """
    lines = []
    for finding, times in Counter(sort_findings(findings)).items():
        where = f"{_harmless(printable(str(finding.place)))}: " if finding.place else ""
        word = _coloured(word_for(finding), _COLOURS[finding.severity], colour)
        where = _coloured(where, "1", colour) if where else ""
        lines.append(f"{where}{word} {printable(finding.rule)}: {printable(finding.message)}")
        if terminal and finding.place:
            lines += _excerpt(finding.place, source(finding.place.file), colour)
        equal = f"{times} equal results" if times > 1 else ""
        on = "; ".join(part for part in (about(finding), exactness(finding.place), equal) if part)
        if on:
            lines.append("    " + on)
        lines += ["    " * depth + said for depth, said in reasons(finding)]
    return "".join(f"{line}\n" for line in lines)


def _harmless(place: str) -> str:
    # GitHub obeys a line that begins so, whichever stream it is in; the name means the same file.
    return f"./{place}" if place.lstrip().startswith("::") else place


def _coloured(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _excerpt(place: Place, text: str | None, colour: bool) -> list[str]:
    """The line of a place, and a caret below the column."""
    lines = (
        []
        if text is None
        else text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    if not 0 < place.line <= len(lines):
        return []
    line = lines[place.line - 1]
    before = max(place.column - 1, 0)
    start = max(0, before - _WIDEST // 2)
    shown = printable(line[start : start + _WIDEST])
    left, right = "…" if start else "", "…" if start + _WIDEST < len(line) else ""
    number = str(place.line)
    margin = " " * len(number)
    excerpt = [f"  {number} | {left}{shown}{right}"]
    if place.column and place.exact:
        width = sum(_width(character) for character in left + printable(line[start:before]))
        excerpt.append(f"  {margin} | {' ' * width}" + _coloured("^", "1;31", colour))
    return excerpt


def _width(character: str) -> int:
    """The width of a character on a terminal, in columns."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _table(results: Results) -> str:
    rows: list[tuple[str, ...]] = [("shape", "nodes", *results.counts)]
    for row in results.by_shape:
        met = "" if row.met is None else "none!" if row.idle else str(row.met)
        rows.append((printable(row.name), met, *(str(n) if n else "" for n in row.found.values())))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "".join(f"{line}\n" for line in lines)
