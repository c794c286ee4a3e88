"""What is read off the query processes and the cache, for the metrics."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sauran.server.http.metrics import METRICS, cells_of, exposition
from sauran.server.http.shared_counters import Board, Row

__all__ = ["Follower", "Meter", "metrics_of", "metrics_of_cache"]

_CELLS = cells_of()
_COUNTERS = {series for metric in METRICS if metric.kind == "counter" for series in metric.series}


def metrics_of(pool: object) -> dict[str, float]:
    """The numbers of a pool of query processes, by series."""
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
        "sauran_query_processes_started_total": number(counters, "born"),
    }


def metrics_of_cache(cache: object) -> dict[str, float]:
    """The numbers of a cache, by series."""
    return {
        "sauran_cache_hits_total": float(getattr(cache, "hits", 0)),
        "sauran_cache_misses_total": float(getattr(cache, "misses", 0)),
        "sauran_cache_joined_total": float(getattr(cache, "joined", 0)),
        "sauran_cache_entries": float(getattr(cache, "entries", 0)),
        "sauran_cache_bytes": float(getattr(cache, "bytes", 0)),
    }


class Follower:
    """Carries numbers into a row; a counter that begins anew, as that of a new release, goes on."""

    def __init__(self, row: Row, *sources: Callable[[], Mapping[str, float]]) -> None:
        self._row, self._sources = row, sources
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()

    def look(self) -> None:
        """Carry over what is new."""
        with self._lock:
            self._look()

    def _look(self) -> None:
        for source in self._sources:
            for series, value in source().items():
                if series in _COUNTERS:
                    before = self._last.get(series, 0.0)
                    self._last[series] = value
                    self._row.add((_CELLS[series], value - before if value >= before else value))
                else:
                    self._row.put(_CELLS[series], value)


@dataclass(frozen=True)
class Meter:
    """The board, and what carries this process's numbers to it."""

    board: Board
    follower: Follower

    def read(self, release: str) -> str:
        """The metrics of all processes, as text."""
        self.follower.look()
        return exposition(self.board.values(), release, self.board.started)
