"""What a query process costs: the same queries in this process and through a pool, in turns."""

import contextlib
import statistics
import time
from typing import Any

from benchmarks.endpoint.events import Scale
from benchmarks.endpoint.load import percentile
from benchmarks.endpoint.queries import KINDS, text_of
from benchmarks.endpoint.servers import Site
from sauran.kg.model.formats import RESULT_FORMATS
from sauran.kg.release.release import Release
from sauran.server.query.pool import Pool, PoolSize
from sauran.server.query.question import QueryLimits, Question

__all__ = ["measure_workers"]

_KINDS = ("q01 point", "q02 ask", "q03 star", "q04 optional", "q08 regex")


def measure_workers(site: Site, repeats: int) -> list[dict[str, Any]]:
    """Milliseconds of each kind, in process and through the pool: medians and percentiles."""
    scale, json = Scale(site.triples), RESULT_FORMATS[0]
    release = Release.open(site.releases(disk=False) / "current")
    store = release.store()
    found = []
    with contextlib.closing(
        Pool(release.folder, QueryLimits(), PoolSize(processes=2, kept_for_light=1))
    ) as pool:
        for kind in (kind for kind in KINDS if kind.name in _KINDS):
            inside, outside = list[float](), list[float]()
            for number in range(repeats):
                text = text_of(kind, scale, number)
                began = time.perf_counter()
                own = store.query(text).serialize(json)
                middle = time.perf_counter()
                reply = pool.ask(Question(text, json))
                outside.append(time.perf_counter() - middle)
                inside.append(middle - began)
                if reply.whole != own:
                    raise RuntimeError(f"{kind.name}: the pool answers otherwise")
            found.append(
                {
                    "kind": kind.name,
                    "in_process_ms": statistics.median(inside) * 1000,
                    "pool_ms": statistics.median(outside) * 1000,
                    # What it takes when no other program wants the core.
                    "in_process_p10_ms": percentile(inside, 10) * 1000,
                    "pool_p10_ms": percentile(outside, 10) * 1000,
                    "pool_p99_ms": percentile(outside, 99) * 1000,
                }
            )
    return found
