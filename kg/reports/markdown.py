"""Findings as Markdown, for a CI summary page or a comment."""

import re

from sauran.kg.reports.counting import in_words, say_count
from sauran.kg.reports.results import Results
from sauran.kg.reports.wording import about, exactness, printable, reasons

__all__ = ["write_markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$@:])")


def write_markdown(results: Results) -> str:
    """Write counts, a table of findings unless only the summary is wanted, and a table of shapes."""
    lines = [
        f"## {in_words(results.counts).capitalize()}",
        "",
        "The input is unusable." if results.conforms is None else f"{_text(results.coverage).capitalize()}.",
        "",
    ]
    if results.shown and not results.only_summary:
        lines += ["| place | severity | rule | what |", "|---|---|---|---|"]
        for finding in results.shown:
            place = f"`{_code(str(finding.place))}`" if finding.place else ""
            said = [_text(finding.message), _text(about(finding)), _text(exactness(finding.place))]
            said += ["&nbsp;" * 4 * depth + _text(text) for depth, text in reasons(finding)]
            what = "<br>".join(part for part in said if part)
            lines.append(f"| {place} | {results.word_for(finding)} | {_text(finding.rule)} | {what} |")
        lines.append("")
    if results.by_shape:
        lines += ["| shape | nodes met | " + " | ".join(results.counts) + " |", "|---|--:" + "|--:" * 3 + "|"]
        for row in results.by_shape:
            met = "" if row.met is None else "⚠ none" if row.idle else str(row.met)
            found = " | ".join(str(n) if n else "" for n in row.found.values())
            lines.append(f"| {_text(row.name)} | {met} | {found} |")
        lines.append("")
    if results.idle_shapes:
        lines += [
            f"⚠ {say_count(len(results.idle_shapes), 'shape')} met no node: nothing of theirs was checked.",
            "",
        ]
    lines += [f"- {_text(remark)}" for remark in (*results.notes, *results.remarks)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _text(text: str) -> str:
    """Text that Markdown shows as it is, in a table too."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", printable(text))


def _code(text: str) -> str:
    return printable(text).replace("`", "'").replace("|", "\\|")
