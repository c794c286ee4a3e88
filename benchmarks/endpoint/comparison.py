"""Servers side by side: first whether they answer alike, then how fast, in rounds that take turns."""

import contextlib
import hashlib
import http.client
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import RdfFormat, parse

from benchmarks.endpoint.events import Scale
from benchmarks.endpoint.load import Target, fetch, run_load
from benchmarks.endpoint.processes import Running
from benchmarks.endpoint.queries import KINDS, Kind, url_query
from benchmarks.endpoint.servers import Server, Site

__all__ = ["Plan", "compare", "start_all"]

Say = Callable[[str], object]

# Two 20-second answers say as much as twenty; the check of the answers is then the measurement.
_ONCE_ABOVE_S = 2.5
# Answers of 1 to 200 KB; what is larger than a server buffers is in no cache.
_HOT_KINDS = ("q01 point", "q03 star", "q04 optional", "q05 by kind", "q08 regex")
_WARM_REQUESTS = 8
_NUMBERS_EACH_WINDOW = 1_000_000


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float
    connections: int
    kinds: Sequence[Kind] = KINDS


def start_all(
    servers: Iterable[Server], site: Site, ends: contextlib.ExitStack, say: Say
) -> tuple[list[Running], dict[str, str]]:
    """Start those that can be; gives also why the others cannot."""
    running, absent = [], {}
    for server in servers:
        why = server.missing(site)
        if not why:
            try:
                one = server.start(site)
            except RuntimeError as error:
                why = str(error)
            else:
                ends.callback(one.stop)
                running.append(one)
                say(f"{one.name}: answers after {one.start_s:.1f} s")
        if why:
            absent[server.name] = why
            say(f"{server.name}: absent, {why}")
    return running, absent


def compare(running: Sequence[Running], scale: Scale, plan: Plan, say: Say) -> dict[str, Any]:
    """Check and measure all servers; plain data for JSON."""
    memory = {server.name: {"started": server.memory_mb()} for server in running}
    answers = {kind.name: {s.name: _check(s, kind, scale) for s in running} for kind in plan.kinds}
    for kind in plan.kinds:
        _mark_wrong(answers[kind.name])
        say(f"{kind.name}: " + ", ".join(f"{n} {a['ms']:.1f} ms" for n, a in answers[kind.name].items()))
    windows: list[dict[str, Any]] = []
    for number in range(plan.rounds):
        # Whoever comes first in one round comes last in another.
        turn = number % len(running)
        order = (*running[turn:], *running[:turn])
        for mode in ("cold", "hot"):
            for place, kind in enumerate(plan.kinds):
                if mode == "hot" and kind.name not in _HOT_KINDS:
                    continue
                for server in order:
                    taken_s = answers[kind.name][server.name]["ms"] / 1000
                    if taken_s <= _ONCE_ABOVE_S:
                        # All servers get the same numbers; no window those of another.
                        first = (number * len(plan.kinds) + place + 1) * _NUMBERS_EACH_WINDOW
                        target = Target(server, kind, scale, first if mode == "cold" else None)
                        if mode == "hot":
                            taken_s = _warm(target)
                        load = _window(target, plan, taken_s)
                        windows.append(
                            {"server": server.name, "kind": kind.name, "mode": mode, "round": number} | load
                        )
            say(f"round {number + 1} of {plan.rounds}: {mode} done")
    for server in running:
        memory[server.name] |= {"after": server.memory_mb(), "alive": server.alive}
    return {"answers": answers, "windows": windows, "memory": memory}


def _warm(target: Target) -> float:
    """Ask until every process has the answer in its cache; gives the seconds of the last answer."""
    # The others have none: once is enough.
    times = _WARM_REQUESTS if target.server.name.startswith("sauran") else 1
    return [fetch(target.server.port, target.path(0), target.kind.accept)[2] for _ in range(times)][-1]


def _window(target: Target, plan: Plan, taken_s: float) -> dict[str, Any]:
    cores = os.cpu_count() or 1
    connections = min(plan.connections, cores) if target.kind.heavy else plan.connections
    before_s = target.server.cpu_s()
    found = run_load(target, connections, plan.seconds, taken_s).as_plain()
    cpu_s = target.server.cpu_s() - before_s
    return found | {"cpu_ms": cpu_s * 1000 / max(found["requests"], 1)}


def _check(server: Running, kind: Kind, scale: Scale) -> dict[str, Any]:
    """Ask twice where once is quick; the second is timed. Gives status, rows, digest, milliseconds."""
    path = f"{server.path}?{url_query(kind, scale, 7)}"
    try:
        status, body, seconds = fetch(server.port, path, kind.accept)
        if status == http.client.OK and seconds < _ONCE_ABOVE_S:
            _, _, seconds = fetch(server.port, f"{server.path}?{url_query(kind, scale, 8)}", kind.accept)
        rows = _rows(body, kind) if status == http.client.OK else []
    except (OSError, http.client.HTTPException, ValueError) as error:
        return {"status": str(error), "rows": 0, "digest": "", "ms": float("nan")}
    digest = "" if kind.free_rows else hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:12]
    return {"status": status, "rows": len(rows), "digest": digest, "ms": seconds * 1000}


def _rows(body: bytes, kind: Kind) -> list[tuple[str, ...]]:
    """The rows of an answer, values only: engines may differ in datatypes of numbers."""
    if "json" not in kind.accept:
        triples = {quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)}
        return [tuple(map(str, triple)) for triple in triples]
    answer = json.loads(body)
    if "boolean" in answer:
        return [(str(answer["boolean"]),)]
    names = answer["head"]["vars"]
    return [
        tuple(row.get(name, {}).get("value", "") for name in names) for row in answer["results"]["bindings"]
    ]


def _mark_wrong(answers: dict[str, dict[str, Any]]) -> None:
    """Mark answers that differ from those that most servers give."""
    given = [(a["rows"], a["digest"]) for a in answers.values() if a["status"] == http.client.OK]
    usual = max(given, key=given.count, default=None)
    for answer in answers.values():
        answer["right"] = answer["status"] == http.client.OK and (answer["rows"], answer["digest"]) == usual
