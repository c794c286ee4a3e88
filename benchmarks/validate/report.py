"""Results as Markdown: a table for each size and set of shapes."""

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.tables import as_ratio, as_table, in_short
from benchmarks.validate.comparison import VARIANTS, Record
from benchmarks.validate.engines import BASIS

__all__ = ["as_markdown"]

_HEAD = [
    "engine",
    "wall s",
    f"faster than {BASIS}",
    "processor s",
    f"less than {BASIS}",
    "peak MiB",
    "results",
    "right",
]


def as_markdown(results: dict[str, Any]) -> str:
    """All tables of one run."""
    machine = results["machine"]
    loads = [f"{load[0]:.1f}" for load in (machine["load_at_start"], machine["load_at_end"])]
    intro = (
        f"{machine['date']}: {machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB, "
        f"Python {machine['python']}; load average {loads[0]} at the start, {loads[1]} at the end; "
        f"rounds: {results['rounds']}, medians of them."
    )
    parts = [intro]
    for size, found in results["sizes"].items():
        parts.append(f"### {size}: {found['triples']:,} triples, {found['mib']:.1f} MiB of Turtle")
        for variant in VARIANTS:
            parts += _variant(variant, [r for r in found["records"] if r["variant"] == variant])
    return "\n\n".join(parts)


def _variant(variant: str, records: Sequence[Record]) -> Iterable[str]:
    yield f"#### {variant.capitalize()}"
    basis = next((r for r in records if r["engine"] == BASIS), None)
    rows = [_row(record, basis) for record in records if record["runs"] and "results" in record]
    yield as_table(_HEAD, rows)
    wrong = [_difference(record) for record in records if record.get("more") or record.get("fewer")]
    if wrong:
        yield f"Other answers than what was seeded: {'; '.join(wrong)}."
    absent = [f"{r['engine']} ({r['absent']})" for r in records if r["absent"]]
    if absent:
        yield f"Not measured: {'; '.join(absent)}."


def _row(record: Record, basis: Record | None) -> list[str]:
    cells = [f"{record['engine']} {record['version']}"]
    for key in ("wall_s", "cpu_s"):
        own, other = _median(record, key), _median(basis, key)
        cells += [in_short(own), as_ratio(other, own)]
    right = "✗" if record["more"] or record["fewer"] else "✓"
    if "wrong_lines" in record:
        right += f", {record['wrong_lines']} lines wrong"
    return [*cells, f"{_median(record, 'memory_mib'):.0f}", str(record["results"]), right]


def _median(record: Record | None, key: str) -> float:
    if record is None or not record["runs"] or record["absent"]:
        return float("nan")
    return statistics.median(run[key] for run in record["runs"])


def _difference(record: Record) -> str:
    said = [
        f"{count} {word} at {shape or 'no shape'}"
        for word, key in (("too many", "more"), ("too few", "fewer"))
        for shape, count in record[key].items()
    ]
    return f"{record['engine']}: {', '.join(said)}"
