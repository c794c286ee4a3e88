"""What is counted, and how it is told: the table of metrics, and the text format of Prometheus. Pure."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

__all__ = ["BUCKETS", "FAMILIES", "METRICS", "OUTCOMES", "Metric", "cells_of", "exposition", "family_of"]

FAMILIES = ("sparql", "validate", "doc", "pages", "dumps", "other")
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "other")
OUTCOMES = ("conforms", "findings", "unusable", "nothing_checked", "stopped", "refused")
_CLASSES = ("2xx", "3xx", "4xx", "5xx")
_FAMILY_OF = {
    **dict.fromkeys(("sparql", "graphs"), "sparql"),
    "validate": "validate",
    **dict.fromkeys(("id", "doc", "dataset", "graph", "ontology", "shapes"), "doc"),
    **dict.fromkeys(("dumps", "release"), "dumps"),
    **dict.fromkeys(("health", "metrics", "static", "favicon.ico", "robots.txt"), "other"),
    "": "pages",
}
_LANGUAGE_LENGTH = 2


@dataclass(frozen=True)
class Metric:
    """One row: `labels` names each label with all its values, so that every series is known beforehand."""

    name: str
    kind: str
    help: str
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @cached_property
    def series(self) -> tuple[str, ...]:
        """The name of each series as it is written, in the order of its cells."""
        if self.kind == "histogram":
            return tuple(self._histogram())
        found = []
        for values in itertools.product(*(values for _, values in self.labels)):
            pairs = ",".join(
                f'{name}="{value}"' for (name, _), value in zip(self.labels, values, strict=True)
            )
            found.append(f"{self.name}{{{pairs}}}" if pairs else self.name)
        return tuple(found)

    def _histogram(self) -> Iterator[str]:
        ((label, values),) = self.labels
        for value in values:
            for bound in (*map(str, BUCKETS), "+Inf"):
                yield f'{self.name}_bucket{{{label}="{value}",le="{bound}"}}'
            yield f'{self.name}_sum{{{label}="{value}"}}'
            yield f'{self.name}_count{{{label}="{value}"}}'


_FAMILY = (("family", FAMILIES),)
METRICS = (
    Metric(
        "sauran_requests_total",
        "counter",
        "Requests answered.",
        (*_FAMILY, ("method", METHODS), ("status", _CLASSES)),
    ),
    Metric("sauran_request_seconds", "histogram", "From the request to the last byte handed over.", _FAMILY),
    Metric("sauran_sent_bytes_total", "counter", "Bytes of answers, without headers.", _FAMILY),
    Metric("sauran_requests_in_flight", "gauge", "Requests under way."),
    Metric("sauran_rate_limited_total", "counter", "Requests refused with 429."),
    Metric("sauran_slow_transfers", "gauge", "Bodies being read and large answers being sent."),
    Metric("sauran_slow_transfers_refused_total", "counter", "Transfers refused because too many were slow."),
    Metric("sauran_query_processes", "gauge", "Query processes there may be."),
    Metric("sauran_queries_running", "gauge", "Query processes at work."),
    Metric("sauran_queries_waiting", "gauge", "Queries that wait for a process."),
    Metric("sauran_queries_answered_total", "counter", "Queries answered to the end."),
    Metric("sauran_queries_refused_total", "counter", "Queries refused because no process was free."),
    Metric(
        "sauran_queries_stopped_total",
        "counter",
        "Queries that passed a limit: time; or memory, rows or bytes.",
        (("limit", ("time", "size")),),
    ),
    Metric("sauran_query_kills_total", "counter", "Query processes killed, for whatever reason."),
    Metric("sauran_query_crashes_total", "counter", "Query processes that ended by themselves."),
    Metric("sauran_query_processes_started_total", "counter", "Query processes started."),
    Metric(
        "sauran_validations_total",
        "counter",
        "Validations by outcome; stopped ones passed a limit or crashed, refused ones found no place.",
        (("outcome", OUTCOMES),),
    ),
    Metric("sauran_cache_hits_total", "counter", "Answers from the cache."),
    Metric("sauran_cache_misses_total", "counter", "Answers that were not in the cache."),
    Metric("sauran_cache_joined_total", "counter", "Answers that another request was computing."),
    Metric("sauran_cache_entries", "gauge", "Answers in the cache."),
    Metric("sauran_cache_bytes", "gauge", "Bytes in the cache."),
    Metric("sauran_web_processes_started_total", "counter", "Web processes started."),
)


def cells_of(metrics: tuple[Metric, ...] = METRICS) -> dict[str, int]:
    """The cell of each series."""
    return {series: cell for cell, series in enumerate(s for metric in metrics for s in metric.series)}


def family_of(path: str) -> str:
    """The family of addresses that a path belongs to."""
    first, _, rest = path.lstrip("/").partition("/")
    known = _FAMILY_OF.get(first) or _FAMILY_OF.get(first.partition(".")[0])
    if known is None and len(first) == _LANGUAGE_LENGTH:
        return rest if rest in ("sparql", "validate") else "pages"
    return known or "other"


def exposition(values: Mapping[str, float], release: str, started: float) -> str:
    """The metrics as text, version 0.0.4 of the format."""
    lines = []
    for metric in METRICS:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
        lines += [f"{series} {values[series]:.12g}" for series in metric.series]
    version = release.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    lines += [
        "# HELP sauran_release_info The release in use.",
        "# TYPE sauran_release_info gauge",
        f'sauran_release_info{{version="{version}"}} 1',
        "# HELP sauran_start_time_seconds When the server started, in seconds since 1970.",
        "# TYPE sauran_start_time_seconds gauge",
        f"sauran_start_time_seconds {started:.3f}",
    ]
    return "\n".join(lines) + "\n"
