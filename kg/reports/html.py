"""Findings as one self-contained HTML page."""

from html import escape

from sauran.kg.model.findings import Finding
from sauran.kg.reports.counting import in_words
from sauran.kg.reports.results import Results
from sauran.kg.reports.wording import about, exactness, printable, reasons

__all__ = ["write_html"]

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; }
td { overflow-wrap: anywhere; }
.violation, .error { color: #b00020; font-weight: 600; }
.warning, .idle { color: #8a5a00; font-weight: 600; }
.info { color: #00568a; }
.about, .because { color: #666; font-size: .9rem; }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #eee; }
  .violation, .error { color: #ff8a94; } .warning, .idle { color: #f0b840; } .info { color: #7cc4ff; }
  .about, .because { color: #aaa; }
}
"""


def write_html(results: Results) -> str:
    """Write counts, coverage, findings and shapes; everything from data is escaped."""
    title = in_words(results.counts)
    verdicts = {True: "The data conform.", False: "The data do not conform.", None: "The input is unusable."}
    conforms, coverage = verdicts[results.conforms], results.coverage.capitalize()
    parts = [
        f"<h1>{escape(title.capitalize())}</h1>",
        f"<p>{conforms}</p>" if results.conforms is None else f"<p>{conforms} {_text(coverage)}.</p>",
        *(f"<p>{_text(remark)}</p>" for remark in (*results.notes, *results.remarks)),
    ]
    if results.shown and not results.only_summary:
        rows = "\n".join(_row(finding, results.word_for(finding)) for finding in results.shown)
        head = "<tr><th>Place</th><th>Severity</th><th>Rule</th><th>What</th></tr>"
        parts.append(
            f"<h2>Findings</h2>\n<table>\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
        )
    if results.by_shape:
        parts.append(_shapes(results))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _row(finding: Finding, label: str) -> str:
    what = [_text(finding.message)]
    what += [
        f'<div class="about">{_text(said)}</div>'
        for said in (about(finding), exactness(finding.place))
        if said
    ]
    for depth, said in reasons(finding):
        what.append(f'<div class="because" style="margin-left: {depth}rem">{_text(said)}</div>')
    place = _text(str(finding.place)) if finding.place else ""
    return (
        f'<tr><td>{place}</td><td class="{label}">{label}</td><td>{_text(finding.rule)}</td>'
        f"<td>{''.join(what)}</td></tr>"
    )


def _shapes(results: Results) -> str:
    head = "".join(f'<th class="number">{word}</th>' for word in ("nodes met", *results.counts))
    rows = []
    for row in results.by_shape:
        met = "" if row.met is None else '<span class="idle">none</span>' if row.idle else str(row.met)
        cells = "".join(f'<td class="number">{n or ""}</td>' for n in (met, *row.found.values()))
        rows.append(f'<tr><td title="{_text(row.shape)}">{_text(row.name)}</td>{cells}</tr>')
    body = "\n".join(rows)
    table = f"<thead><tr><th>Shape</th>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return f"<h2>Shapes</h2>\n<table>\n{table}\n</table>"


def _text(text: str) -> str:
    return escape(printable(text))
