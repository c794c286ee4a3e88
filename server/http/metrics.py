"""Metrics: their table, counters shared by all web processes, and the text format of Prometheus."""

import ctypes
import itertools
import multiprocessing
import os
import threading
import time
from array import array
from collections.abc import Callable, Iterator, Mapping, MutableSequence
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.synchronize import Lock
from typing import cast

__all__ = [
    "BUCKETS",
    "FAMILIES",
    "METRICS",
    "OUTCOMES",
    "Metric",
    "MetricsCollector",
    "MetricsExporter",
    "ProcessCounters",
    "SharedCounters",
    "cache_metrics",
    "cells_of",
    "exposition",
    "family_of",
    "pool_metrics",
]

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
    """One metric; `labels` lists all values of each label, so that all series are known in advance."""

    name: str
    kind: str
    help: str
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @cached_property
    def series(self) -> tuple[str, ...]:
        """The name of each series with its labels, in the order of the cells."""
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
    Metric("sauran_request_seconds", "histogram", "Time from the request to the last byte sent.", _FAMILY),
    Metric("sauran_sent_bytes_total", "counter", "Bytes of answers, without headers.", _FAMILY),
    Metric("sauran_requests_in_flight", "gauge", "Requests being answered."),
    Metric("sauran_rate_limited_total", "counter", "Requests refused with 429."),
    Metric("sauran_slow_transfers", "gauge", "Request bodies being read and large responses being sent."),
    Metric(
        "sauran_slow_transfers_refused_total",
        "counter",
        "Transfers refused because too many were in progress.",
    ),
    Metric("sauran_query_processes", "gauge", "The limit of query processes."),
    Metric("sauran_queries_running", "gauge", "Query processes that run a query."),
    Metric("sauran_queries_waiting", "gauge", "Queries that wait for a process."),
    Metric("sauran_queries_answered_total", "counter", "Queries answered completely."),
    Metric("sauran_queries_refused_total", "counter", "Queries refused because no process was free."),
    Metric(
        "sauran_queries_stopped_total",
        "counter",
        "Queries that passed a limit: time; or memory, rows or bytes.",
        (("limit", ("time", "size")),),
    ),
    Metric("sauran_query_kills_total", "counter", "Query processes killed, for any reason."),
    Metric("sauran_query_crashes_total", "counter", "Query processes that ended by themselves."),
    Metric("sauran_query_processes_started_total", "counter", "Query processes started."),
    Metric(
        "sauran_validations_total",
        "counter",
        "Validations by outcome; stopped: passed a limit or crashed; refused: no slot was free.",
        (("outcome", OUTCOMES),),
    ),
    Metric("sauran_cache_hits_total", "counter", "Answers from the cache."),
    Metric("sauran_cache_misses_total", "counter", "Answers that were not in the cache."),
    Metric(
        "sauran_cache_joined_total",
        "counter",
        "Answers shared with a request that was already computing them.",
    ),
    Metric("sauran_cache_entries", "gauge", "Answers in the cache."),
    Metric("sauran_cache_bytes", "gauge", "Bytes in the cache."),
    Metric("sauran_web_processes_started_total", "counter", "Web processes started."),
)


def cells_of(metrics: tuple[Metric, ...] = METRICS) -> dict[str, int]:
    """The number of the cell of each series."""
    return {series: cell for cell, series in enumerate(s for metric in metrics for s in metric.series)}


def family_of(path: str) -> str:
    """The family of URLs that a path belongs to."""
    first, _, rest = path.lstrip("/").partition("/")
    known = _FAMILY_OF.get(first) or _FAMILY_OF.get(first.partition(".")[0])
    if known is None and len(first) == _LANGUAGE_LENGTH:
        return rest if rest in ("sparql", "validate") else "pages"
    return known or "other"


def exposition(values: Mapping[str, float], release: str, started: float) -> str:
    """The metrics in the text format of Prometheus, version 0.0.4."""
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


_CELLS = cells_of()
_WIDTH = len(_CELLS) + 1  # the first cell of a row is the id of the process that writes it
_GAUGES = tuple(_CELLS[series] for metric in METRICS if metric.kind == "gauge" for series in metric.series)
_COUNTERS = {series for metric in METRICS if metric.kind == "counter" for series in metric.series}
_SPARE_ROWS = 2
_CLAIM_S = 2.0


class ProcessCounters:
    """The metrics of one process; its threads add to them."""

    def __init__(self, cells: MutableSequence[float], start: int) -> None:
        self._cells, self._start = cells, start
        self._lock = threading.Lock()

    def add(self, *changes: tuple[int, float]) -> None:
        """Add amounts to cells."""
        with self._lock:
            for cell, amount in changes:
                self._cells[self._start + cell] += amount

    def put(self, cell: int, value: float) -> None:
        """Set a cell."""
        self._cells[self._start + cell] = value


class SharedCounters:
    """A row of cells for each web process; a new process continues the row of one that has ended.

    Shared memory, because a scrape reaches one process but needs the metrics of all, and because a killed
    process leaves no file to clean up.
    """

    def __init__(self, cells: MutableSequence[float], lock: Lock | None = None) -> None:
        self._cells, self._claiming = cells, lock
        self.started: float = time.time()

    @classmethod
    def private(cls) -> "SharedCounters":
        """Counters for one process."""
        return cls(array("d", bytes(_WIDTH * ctypes.sizeof(ctypes.c_double))))

    @classmethod
    def shared(cls, processes: int) -> "SharedCounters":
        """Counters in memory that can be shared with spawned processes."""
        context = multiprocessing.get_context("spawn")
        cells = context.RawArray("d", _WIDTH * (processes + _SPARE_ROWS))
        return cls(cast(MutableSequence[float], cells), context.Lock())

    def claim(self) -> ProcessCounters:
        """Take a row that no running process writes; the last one when all are taken."""
        # A process killed here would keep the lock; two processes on one row are better than no service.
        locked = self._claiming is not None and self._claiming.acquire(timeout=_CLAIM_S)
        try:
            starts = range(0, len(self._cells), _WIDTH)
            start = next((s for s in starts if not _is_alive(int(self._cells[s]))), starts[-1])
            self._cells[start] = float(os.getpid())
        finally:
            if locked and self._claiming is not None:
                self._claiming.release()
        row = ProcessCounters(self._cells, start + 1)
        for cell in _GAUGES:
            row.put(cell, 0)
        row.add((_CELLS["sauran_web_processes_started_total"], 1))
        return row

    def values(self) -> dict[str, float]:
        """The sum of all rows, by series; histogram buckets are cumulative, as the format requires."""
        found = {
            series: float(sum(self._cells[start + cell] for start in range(1, len(self._cells), _WIDTH)))
            for series, cell in _CELLS.items()
        }
        for metric in METRICS:
            if metric.kind == "histogram":
                for label in {series.partition("{")[2].split(",")[0].rstrip("}") for series in metric.series}:
                    buckets = [s for s in metric.series if f"_bucket{{{label}," in s]
                    found.update(zip(buckets, itertools.accumulate(found[s] for s in buckets), strict=True))
                    found[f"{metric.name}_count{{{label}}}"] = found[buckets[-1]]
        return found


def _is_alive(pid: int) -> bool:
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # a process of another user
    return True


def pool_metrics(pool: object) -> dict[str, float]:
    """The metrics of a pool of query processes, by series."""
    counters, size = getattr(pool, "counters", None), getattr(pool, "size", None)

    def number(thing: object, name: str) -> float:
        return float(getattr(thing, name, 0))

    return {
        "sauran_query_processes": number(size, "processes"),
        "sauran_queries_running": number(pool, "busy"),
        "sauran_queries_waiting": number(pool, "waiting"),
        "sauran_queries_answered_total": number(counters, "answered"),
        "sauran_queries_refused_total": number(counters, "refused"),
        'sauran_queries_stopped_total{limit="time"}': number(counters, "timeouts"),
        'sauran_queries_stopped_total{limit="size"}': number(counters, "limits"),
        "sauran_query_kills_total": number(counters, "kills"),
        "sauran_query_crashes_total": number(counters, "crashes"),
        "sauran_query_processes_started_total": number(counters, "forked"),
    }


def cache_metrics(cache: object) -> dict[str, float]:
    """The metrics of a cache, by series."""
    return {
        "sauran_cache_hits_total": float(getattr(cache, "hits", 0)),
        "sauran_cache_misses_total": float(getattr(cache, "misses", 0)),
        "sauran_cache_joined_total": float(getattr(cache, "joined", 0)),
        "sauran_cache_entries": float(getattr(cache, "entries", 0)),
        "sauran_cache_bytes": float(getattr(cache, "bytes", 0)),
    }


class MetricsExporter:
    """Copies metrics into the row of this process; a source that restarts at 0 continues its counter."""

    def __init__(self, own: ProcessCounters, *sources: Callable[[], Mapping[str, float]]) -> None:
        self._own, self._sources = own, sources
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()

    def export(self) -> None:
        """Copy the current values."""
        with self._lock:
            self._export()

    def _export(self) -> None:
        for source in self._sources:
            for series, value in source().items():
                if series in _COUNTERS:
                    before = self._last.get(series, 0.0)
                    self._last[series] = value
                    self._own.add((_CELLS[series], value - before if value >= before else value))
                else:
                    self._own.put(_CELLS[series], value)


@dataclass(frozen=True)
class MetricsCollector:
    """The counters of all processes, and the exporter of this one."""

    counters: SharedCounters
    exporter: MetricsExporter

    def read(self, release: str) -> str:
        """The metrics of all processes, as text."""
        self.exporter.export()
        return exposition(self.counters.values(), release, self.counters.started)
