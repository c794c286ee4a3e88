"""The numbers of all web processes in one piece of memory: each writes its own row, each reads all."""

import ctypes
import itertools
import multiprocessing
import os
import threading
import time
from array import array
from collections.abc import MutableSequence
from multiprocessing.synchronize import Lock
from typing import cast

from sauran.server.http.metrics import METRICS, cells_of

__all__ = ["Board", "Row"]

_CELLS = cells_of()
_WIDTH = len(_CELLS) + 1  # the first cell of a row is the process that writes it
_GAUGES = tuple(_CELLS[series] for metric in METRICS if metric.kind == "gauge" for series in metric.series)
_SPARE_ROWS = 2
_CLAIM_S = 2.0


class Row:
    """The numbers of one process; its threads add to them."""

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


class Board:
    """A row of cells for each web process; what an ended one has counted stays, its successor goes on.

    Shared memory, because a scrape reaches one process and must be told of all, and because a process that
    is killed leaves no file behind that somebody has to clear away.
    """

    def __init__(self, cells: MutableSequence[float], lock: Lock | None = None) -> None:
        self._cells, self._claiming = cells, lock
        self.started = time.time()

    @classmethod
    def private(cls) -> "Board":
        """A board for one process."""
        return cls(array("d", bytes(_WIDTH * ctypes.sizeof(ctypes.c_double))))

    @classmethod
    def shared(cls, processes: int) -> "Board":
        """A board that can be given to spawned processes."""
        context = multiprocessing.get_context("spawn")
        cells = context.RawArray("d", _WIDTH * (processes + _SPARE_ROWS))
        return cls(cast(MutableSequence[float], cells), context.Lock())

    def claim(self) -> Row:
        """Take a row that no living process writes; the last one where all are taken."""
        # A process killed in here would keep the lock; a row that two share is better than no service.
        locked = self._claiming is not None and self._claiming.acquire(timeout=_CLAIM_S)
        try:
            starts = range(0, len(self._cells), _WIDTH)
            start = next((s for s in starts if not _is_alive(int(self._cells[s]))), starts[-1])
            self._cells[start] = float(os.getpid())
        finally:
            if locked and self._claiming is not None:
                self._claiming.release()
        row = Row(self._cells, start + 1)
        for cell in _GAUGES:
            row.put(cell, 0)
        row.add((_CELLS["sauran_web_processes_started_total"], 1))
        return row

    def values(self) -> dict[str, float]:
        """The sum of all rows, by series; buckets added up as the format wants them."""
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
        return False  # not one of ours
    return True
