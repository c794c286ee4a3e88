"""Measure `sauran validate` beside other SHACL engines, and write docs/reference/performance-validate.md.

Run: python -m benchmarks.validate --size all
What is measured and how to read it: docs/reference/performance-validate.md.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse

from benchmarks.endpoint.servers import CHECKOUT
from benchmarks.machine import describe_machine
from benchmarks.tables import replace_part
from benchmarks.validate.comparison import Plan, Record, compare
from benchmarks.validate.engines import ENGINES, install_rudof
from benchmarks.validate.report import as_markdown

_SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1M": 1_000_000}
_PAGE = CHECKOUT / "docs/reference/performance-validate.md"


def main() -> None:
    """Measure what is asked for, and write the results."""
    chosen = _options()
    folder: Path = chosen.cache.expanduser().resolve() / "validate"
    folder.mkdir(parents=True, exist_ok=True)
    if chosen.install:
        install_rudof(folder)
    engines = [engine for engine in ENGINES if not chosen.engines or engine.name in chosen.engines]
    machine = describe_machine()
    plan = Plan(chosen.rounds, chosen.patience, machine["memory_gib"] * 1024 / 2, folder, folder)
    results: dict[str, Any] = {"machine": machine, "rounds": chosen.rounds, "sizes": {}}
    before: list[Record] = []
    for size, triples in _SIZES.items():
        if chosen.size in ("all", size):
            before = compare(engines, triples, plan, before, _say)
            results["sizes"][size] = {**_weigh(folder / f"events-{triples}.ttl"), "records": before}
    results["machine"]["load_at_end"] = os.getloadavg()
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    _say(f"raw results: {chosen.json}")
    report = chosen.report or (_PAGE if chosen.size == "all" and not chosen.engines else None)
    if report is not None:
        replace_part(report, "validate", as_markdown(results))
        _say(f"report: {report}")


def _weigh(file: Path) -> dict[str, float]:
    triples = sum(1 for _ in parse(path=file, format=RdfFormat.TURTLE))
    return {"triples": triples, "mib": file.stat().st_size / 2**20}


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.validate", description=(__doc__ or "").partition("\n")[0]
    )
    add = options.add_argument
    add("--size", choices=[*_SIZES, "all"], default="10k", help="triples (default: %(default)s)")
    add("--rounds", type=int, default=3, help="rounds in which the engines take turns")
    add("--patience", type=float, default=300, help="seconds after which a run is ended")
    add("--engines", nargs="+", choices=[e.name for e in ENGINES], help="which engines (default: all)")
    add("--install", action="store_true", help="first install rudof below the cache folder")
    add("--cache", type=Path, default=Path("~/.cache/sauran-benchmark"), help="data and rudof stay here")
    add("--json", type=Path, default=Path("build/validate.json"), help="where the raw results go")
    add(
        "--report",
        type=Path,
        help="page to update (default: docs/reference/performance-validate.md, if all is measured)",
    )
    return options.parse_args()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.chdir(CHECKOUT)
    main()
