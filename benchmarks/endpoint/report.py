"""Results as Markdown: tables of ratios, between the markers of a page."""

import math
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.tables import as_ratio, as_table, in_short, replace_part

__all__ = ["write_report"]

_BASIS = "oxigraph server"


def write_report(results: dict[str, Any], page: Path) -> None:
    """Put the results between the markers of their size; a page without them gets them at its end."""
    replace_part(page, results["size"], _markdown(results))


def _markdown(results: dict[str, Any]) -> str:
    machine, plan = results["machine"], results["plan"]
    loads = [f"{load[0]:.1f}" for load in (machine["load_at_start"], machine["load_at_end"])]
    parts = [
        f"### {results['triples']:,} triples, {machine['date']}",
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB, "
        f"Python {machine['python']}; load average {loads[0]} at the start, {loads[1]} at the end. "
        f"{plan['rounds']} rounds of {plan['seconds']} s, {plan['connections']} connections, "
        "for heavy queries (q05, q06, q07, q09, q10) as many as cores.",
    ]
    if "servers" in results:
        parts += _servers(results["servers"])
    if "workers" in results:
        parts += ["#### The cost of a query process", _workers(results["workers"])]
    if "attack" in results:
        parts += ["#### Under attack", *_attack(results["attack"])]
    if "wsgi" in results:
        parts += ["#### WSGI servers", *_wsgi(results["wsgi"])]
    return "\n\n".join(parts)


def _servers(found: dict[str, Any]) -> Iterable[str]:
    names = list(found["memory"])
    for mode, title in (("cold", "Cold: no answer is in a cache"), ("hot", "Hot: one query again and again")):
        windows = [window for window in found["windows"] if window["mode"] == mode]
        kinds = [
            kind for kind in found["answers"] if mode == "cold" or any(w["kind"] == kind for w in windows)
        ]
        if not kinds:
            continue
        rates = {(kind, name): _rate(found, windows, kind, name) for kind in kinds for name in names}
        yield f"#### {title}"
        if _BASIS in names:
            yield f"Answers a second as a multiple of the {_BASIS}'s:"
            rows = [
                [k, *(_mark(found, k, n, as_ratio(rates[k, n], rates[k, _BASIS])) for n in names)]
                for k in kinds
            ]
            yield as_table(["query", *names], rows)
        yield "Answers a second / median ms / 99th percentile ms:"
        cells = [
            [k, *(_mark(found, k, n, _cell(found, windows, k, n, rates[k, n])) for n in names)] for k in kinds
        ]
        yield as_table(["query", *names], cells)
        yield "Processor time of the server for one answer, ms:"
        rows = [[k, *(in_short(_of(windows, k, n, "cpu_ms")) for n in names)] for k in kinds]
        yield as_table(["query", *names], rows)
    yield (
        "† one answer only, the one that was checked, as it takes more than 2.5 s. "
        "0: each took longer than the server lets it. "
        "✗ another answer than most servers give, or none."
    )
    wrong = [
        f"{name} at {kind}: status {answer['status']}, {answer['rows']} rows"
        for kind, answers in found["answers"].items()
        for name, answer in answers.items()
        if not answer["right"]
    ]
    yield f"Wrong: {'; '.join(wrong)}." if wrong else "All answers agree."
    failed = {name: sum(w["failed"] for w in found["windows"] if w["server"] == name) for name in names}
    yield f"Requests that failed: {', '.join(f'{n} {f}' for n, f in failed.items() if f) or 'none'}."
    yield "Memory, MiB of all processes, shared pages once (PSS):"
    memory = found["memory"]
    rows = [[n, f"{memory[n]['started']:.0f}", f"{memory[n]['after']:.0f}"] for n in names]
    yield as_table(["server", "started", "after the rounds"], rows)
    if found["absent"]:
        yield "Absent: " + "; ".join(f"{name} ({why})" for name, why in found["absent"].items()) + "."


def _of(windows: Iterable[dict[str, Any]], kind: str, name: str, value: str) -> float:
    """The median over the rounds."""
    values = [w[value] for w in windows if w["kind"] == kind and w["server"] == name]
    return statistics.median(values) if values else math.nan


def _rate(found: dict[str, Any], windows: Iterable[dict[str, Any]], kind: str, name: str) -> float:
    rate = _of(windows, kind, name, "per_second")
    return 1000 / found["answers"][kind][name]["ms"] if math.isnan(rate) else rate


def _cell(found: dict[str, Any], windows: Sequence[dict[str, Any]], kind: str, name: str, rate: float) -> str:
    p50, p99 = (_of(windows, kind, name, value) for value in ("p50_ms", "p99_ms"))
    if not any(w["kind"] == kind and w["server"] == name for w in windows):
        return f"{in_short(rate)}† / {in_short(found['answers'][kind][name]['ms'])} / –"
    return f"{in_short(rate)} / {in_short(p50)} / {in_short(p99)}"


def _mark(found: dict[str, Any], kind: str, name: str, text: str) -> str:
    return text if found["answers"][kind][name]["right"] else f"{text} ✗"


def _workers(found: list[dict[str, Any]]) -> str:
    rows = [
        [
            one["kind"],
            f"{one['in_process_ms']:.2f}",
            f"{one['pool_ms']:.2f}",
            f"{one['pool_ms'] - one['in_process_ms']:.2f}",
            f"{one['in_process_p10_ms']:.2f}",
            f"{one['pool_p10_ms']:.2f}",
            f"{one['pool_p10_ms'] - one['in_process_p10_ms']:.2f}",
        ]
        for one in found
    ]
    return as_table(
        ["query", "median ms in process", "pool", "more", "10th percentile in process", "pool", "more"], rows
    )


def _attack(found: dict[str, Any]) -> Iterable[str]:
    yield (
        f"{found['cheap_clients']} clients ask point look-ups, each ten a second at most; then "
        f"{found['attackers']} more attack without a pause for {found['seconds']:g} s. "
        "Each has an address of its own."
    )
    rows = [
        [
            name,
            str(one["answers"]),
            str(one["refused"]),
            f"{one['p50_ms']:.1f}",
            f"{one['p99_ms']:.1f}",
            f"{one['max_ms']:.0f}",
        ]
        for name, one in (("quiet", found["quiet"]), ("attacked", found["attacked"]))
    ]
    yield as_table(["cheap queries", "answers", "no answer", "median ms", "p99 ms", "longest ms"], rows)
    ratio = found["attacked"]["p99_ms"] / found["quiet"]["p99_ms"]
    yield (
        f"The 99th percentile is {ratio:.1f} times that of quiet times. "
        f"The longest attack held its connection for {found['longest_attack_s']:.1f} s. "
        f"Afterwards the server {'lives' if found['alive'] else 'is dead'} "
        f"and holds {found['memory_mb']:.0f} MiB."
    )
    rows = [
        [name, ", ".join(f"{status}: {count}" for status, count in counts.items())]
        for name, counts in found["attacks"].items()
    ]
    yield as_table(["attack", "how often it was answered with which status (0: connection cut)"], rows)


def _wsgi(found: dict[str, Any]) -> Iterable[str]:
    windows, names = found["windows"], list(found["memory"])
    kinds = list(dict.fromkeys(window["kind"] for window in windows))
    yield (
        f"Sauran's application on cached answers, {found['connections']} connections; "
        "processes, or processes x threads. "
        f"Answers a second, as a multiple of {names[0]}'s, and 99th percentile in ms:"
    )
    rows = []
    for name in names:
        cells = []
        for kind in kinds:
            rate, basis = (_of(windows, kind, who, "per_second") for who in (name, names[0]))
            p99 = _of(windows, kind, name, "p99_ms")
            cells.append(f"{in_short(rate)} / {as_ratio(rate, basis)} / {in_short(p99)}")
        rows.append([name, *cells, f"{found['memory'][name]:.0f}"])
    yield as_table(["server", *kinds, "MiB"], rows)
    if found["absent"]:
        yield "Absent: " + "; ".join(f"{name} ({why})" for name, why in found["absent"].items()) + "."
