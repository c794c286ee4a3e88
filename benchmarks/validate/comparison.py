"""All engines on the same files, in rounds, in turns; each answer against what was seeded."""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.validate.engines import Engine
from benchmarks.validate.events import QUERIED, write_events
from benchmarks.validate.measuring import measure

__all__ = ["VARIANTS", "Plan", "Record", "compare"]

_HERE = Path(__file__).resolve().parent
# Which shapes, as files joined to one.
VARIANTS = {"core": ("shapes.ttl",), "core and a query": ("shapes.ttl", "query.ttl")}
_ONCE_ABOVE_S = 60.0
_GROWTH = 10  # from one size to the next

Record = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How often, how long and in how much memory at most, and where files are written."""

    rounds: int
    patience_s: float
    most_mib: float
    folder: Path
    peers: Path


def compare(
    engines: Sequence[Engine], triples: int, plan: Plan, before: Sequence[Record], say: Callable[[str], None]
) -> list[Record]:
    """Measure all engines at one size; `before` are the records of the size before, which say what to expect.

    Shape: a record for each variant of the shapes and engine, with `runs` and `results`, or with `absent`.
    """
    data = plan.folder / f"events-{triples}.ttl"
    seeded = write_events(triples, data)
    records = []
    for variant, files in VARIANTS.items():
        shapes = plan.folder / f"{variant.replace(' ', '-')}.ttl"
        shapes.write_text("\n".join((_HERE / file).read_text("utf-8") for file in files), "utf-8")
        expected = [(shape, line) for shape, line in seeded if shape != QUERIED or len(files) > 1]
        here = [
            {"variant": variant, "engine": engine.name, "version": engine.version(), "runs": []}
            for engine in engines
        ]
        for engine, record in zip(engines, here, strict=True):
            record["absent"] = engine.missing(plan.peers) or _too_much(record, before, plan)
        for number in range(plan.rounds):
            for engine, record in zip(engines, here, strict=True):
                if not record["absent"] and (not record["runs"] or _quick(record)):
                    say(f"{triples} triples, {variant}, round {number + 1}: {engine.name}")
                    _run(engine, record, (data, shapes), plan, expected)
        records += here
    return records


def _too_much(record: Record, before: Sequence[Record], plan: Plan) -> str:
    """Why an engine is not asked at this size, by what it took at the one before, or nothing."""
    past = next((p for p in before if all(p[key] == record[key] for key in ("variant", "engine"))), None)
    if past is None:
        return ""
    took_s = _median(past, "wall_s", plan.patience_s)
    if took_s * _GROWTH > plan.patience_s:
        return f"left out: would take more than {plan.patience_s:g} s"
    if _median(past, "memory_mib", 0) * _GROWTH > plan.most_mib:
        return f"left out: would take more than {plan.most_mib / 1024:.0f} GiB"
    return ""


def _median(record: Record, key: str, otherwise: float) -> float:
    return statistics.median(run[key] for run in record["runs"]) if record["runs"] else otherwise


def _quick(record: Record) -> bool:
    return bool(record["runs"][-1]["wall_s"] < _ONCE_ABOVE_S)


def _run(
    engine: Engine, record: Record, files: tuple[Path, Path], plan: Plan, expected: Sequence[tuple[str, int]]
) -> None:
    output = plan.folder / "answer.txt"
    took = measure(engine.command(*files, plan.peers), output, plan.patience_s)
    if took.code is None:
        record["absent"] = f"ended after {plan.patience_s:g} s"
        return
    record["runs"].append(asdict(took))
    if took.code not in (0, 1):
        said = output.with_suffix(".log").read_text("utf-8", "replace").split("\n")
        record["absent"] = f"failed with exit code {took.code}: {' '.join(said[-3:]).strip()[:300]}"
        return
    found, seeded = engine.read(output), Counter(shape for shape, _ in expected)
    record["results"] = found.total()
    record["more"], record["fewer"] = dict(found - seeded), dict(seeded - found)
    if engine.places:
        record["wrong_lines"] = (Counter(engine.places(output)) - Counter(expected)).total()
