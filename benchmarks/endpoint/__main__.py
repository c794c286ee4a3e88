"""Measure the SPARQL endpoint beside other servers, and write docs/reference/performance.md.

Run: python -m benchmarks.endpoint --size 1M
What is measured, how to read it and how to install the other servers: docs/reference/performance.md.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from benchmarks.endpoint.attack import measure_attack
from benchmarks.endpoint.comparison import Plan, compare, start_all
from benchmarks.endpoint.events import GRAPHS, Scale, write_events
from benchmarks.endpoint.release import make_release, make_store
from benchmarks.endpoint.report import write_report
from benchmarks.endpoint.servers import CHECKOUT, SERVERS, Site, install_peers, start_sauran
from benchmarks.endpoint.workers import measure_workers
from benchmarks.endpoint.wsgi import measure_wsgi
from benchmarks.machine import describe_machine

_SIZES = {"5k": 5_000, "1M": 1_000_000, "5M": 5_000_000}
_PARTS = ("servers", "workers", "attack", "wsgi")
_PAGE = CHECKOUT / "docs/reference/performance.md"


def main() -> None:
    """Run the parts that are asked for, and write their results."""
    chosen = _options()
    # So that an end from outside also ends the servers.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    cache: Path = chosen.cache.expanduser().resolve()
    if chosen.install:
        install_peers(cache / "peers")
    site = Site(cache / chosen.size, cache / "peers", _SIZES[chosen.size])
    counts = prepare(site)
    results = {"machine": describe_machine(), "size": chosen.size, "triples": sum(counts.values())}
    results |= {"plan": {key: str(value) for key, value in vars(chosen).items()}}
    for part in chosen.parts:
        _say(f"== {part}")
        results[part] = _measure(part, site, chosen)
    results["machine"]["load_at_end"] = os.getloadavg()
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    _say(f"raw results: {chosen.json}")
    whole = tuple(chosen.parts) == _PARTS and not chosen.servers
    report: Path | None = chosen.report or (_PAGE if whole else None)
    if report is not None:
        write_report(results, report)
        _say(f"report: {report}")


def prepare(site: Site) -> dict[str, int]:
    """Make quads, store folder and both releases where they are not there yet; gives triples by graph."""
    site.folder.mkdir(parents=True, exist_ok=True)
    counted = site.folder / "counts.json"
    if not counted.exists():
        _say(f"writing about {site.triples} quads")
        counted.write_text(json.dumps(write_events(site.triples, site.nquads)), "utf-8")
    counts: dict[str, int] = json.loads(counted.read_bytes())
    if list(counts) != list(GRAPHS):
        raise SystemExit(f"{site.folder} was made by another version: remove it")
    make_store(site.nquads, site.store)
    make_release(site.nquads, counts, site.releases(disk=False), None)
    make_release(site.nquads, counts, site.releases(disk=True), site.store)
    return counts


def _measure(part: str, site: Site, chosen: argparse.Namespace) -> Any:
    scale = Scale(site.triples)
    if part == "workers":
        return measure_workers(site, chosen.repeats)
    if part == "wsgi":
        return measure_wsgi(site, chosen.rounds, chosen.seconds, chosen.connections)
    with contextlib.ExitStack() as ends:
        if part == "attack":
            server = start_sauran(site, "sauran memory 1", workers=1)
            ends.callback(server.stop)
            return measure_attack(server, scale, chosen.clients, chosen.attack_seconds)
        wanted = [s for s in SERVERS if not chosen.servers or s.name in chosen.servers]
        running, absent = start_all(wanted, site, ends, _say)
        plan = Plan(chosen.rounds, chosen.seconds, chosen.connections)
        return {"absent": absent, **compare(running, scale, plan, _say)}


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.endpoint", description=(__doc__ or "").partition("\n")[0]
    )
    add = options.add_argument
    add("--size", choices=_SIZES, default="1M", help="how many triples (default: %(default)s)")
    add("--rounds", type=int, default=3, help="rounds in which the servers take turns")
    add("--seconds", type=int, default=2, help="seconds of one server, one kind, one round")
    add("--connections", type=int, default=4, help="connections that ask at the same time")
    add("--repeats", type=int, default=300, help="queries of each kind for the cost of a query process")
    add("--clients", type=int, default=64, help="clients of the attack; half of them attack")
    add("--attack-seconds", type=float, default=15, help="seconds without and seconds with the attack")
    add("--parts", nargs="+", choices=_PARTS, default=_PARTS, help="what to measure (default: all)")
    add("--servers", nargs="+", choices=[s.name for s in SERVERS], help="which servers (default: all)")
    add("--install", action="store_true", help="first install the Python peers below the cache folder")
    add("--cache", type=Path, default=Path("~/.cache/sauran-benchmark"), help="data and peers stay here")
    add("--json", type=Path, default=Path("build/endpoint.json"), help="where the raw results go")
    add(
        "--report",
        type=Path,
        help="page to update (default: docs/reference/performance.md, if all is measured)",
    )
    return options.parse_args()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.chdir(CHECKOUT)
    main()
