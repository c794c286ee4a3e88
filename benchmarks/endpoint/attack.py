"""Clients that attack and clients that ask little, together, each from an address of its own."""

import collections
import http.client
import itertools
import multiprocessing
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.endpoint.events import VOCABULARY, Scale
from benchmarks.endpoint.load import percentile
from benchmarks.endpoint.processes import Running
from benchmarks.endpoint.queries import KINDS, text_of

__all__ = ["measure_attack"]

_POINT = KINDS[0]
_PAUSE_S = 0.1  # a person or a page asks, then reads
_PATIENCE_S = 30
_DOUBLINGS = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(40))
_ATTACKS = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "sorted cross product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c LIMIT 10",
    "path over everything": f"SELECT (COUNT(*) AS ?n) {{ ?a (!<{VOCABULARY}x>|^!<{VOCABULARY}x>)* ?b }}",
    "doubled string": f'SELECT (STRLEN(?s40) AS ?n) {{ BIND("doubled" AS ?s0) {_DOUBLINGS} }}',
    "all rows twice": "SELECT * { ?s ?p ?o . ?s ?q ?r }",
    "nested groups": "SELECT * " + "{" * 5000 + "?s ?p ?o" + "}" * 5000,
    "long OR": "SELECT * { ?s ?p ?o FILTER(" + " || ".join(["?o = 1"] * 20_000) + ") }",
    "service": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
}


@dataclass(frozen=True)
class _Answer:
    """One answer: what was asked, its status (0: none), seconds."""

    asked: str
    status: int
    seconds: float


def measure_attack(server: Running, scale: Scale, clients: int, seconds: float) -> dict[str, Any]:
    """The cheap half alone, then with the other half attacking; plain data."""
    cheap, attackers = clients // 2, clients - clients // 2
    quiet = _run(server, scale, seconds, cheap=cheap, attackers=0)
    loud = _run(server, scale, seconds, cheap=cheap, attackers=attackers)
    asked = [answer for answer in loud if answer.asked in _ATTACKS]
    statuses = {name: collections.Counter(a.status for a in asked if a.asked == name) for name in _ATTACKS}
    return {
        "server": server.name,
        "cheap_clients": cheap,
        "attackers": attackers,
        "seconds": seconds,
        "quiet": _summary(quiet),
        "attacked": _summary([answer for answer in loud if answer.asked not in _ATTACKS]),
        "attacks": {name: dict(sorted(counts.items())) for name, counts in statuses.items()},
        "longest_attack_s": max((answer.seconds for answer in asked), default=0.0),
        "alive": server.alive,
        "memory_mb": server.memory_mb(),
    }


def _summary(answers: list[_Answer]) -> dict[str, float]:
    spent = [answer.seconds * 1000 for answer in answers if answer.status == http.client.OK]
    return {
        "answers": len(spent),
        "refused": len(answers) - len(spent),
        "p50_ms": percentile(spent, 50),
        "p99_ms": percentile(spent, 99),
        "max_ms": max(spent, default=float("nan")),
    }


@dataclass(frozen=True)
class _Group:
    """Clients of one sort: so many, to a port, until a moment."""

    port: int
    scale: Scale
    until: float
    count: int
    heavy: bool

    def ask(self, out: Connection) -> None:
        """Ask with a thread for each client, and send all answers."""
        answers: list[_Answer] = []
        threads = [threading.Thread(target=self._client, args=(n, answers)) for n in range(self.count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        out.send(answers)
        out.close()

    def _client(self, place: int, answers: list[_Answer]) -> None:
        address = (f"127.0.{2 if self.heavy else 1}.{place + 1}", 0)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, _PATIENCE_S, source_address=address)
        headers = {"Content-Type": "application/sparql-query", "Accept": _POINT.accept}
        for name, text in _attacks(place) if self.heavy else _points(self.scale, place * 1_000_003):
            if time.perf_counter() >= self.until:
                break
            status, began = 0, time.perf_counter()
            try:
                connection.request("POST", "/sparql", text.encode(), headers)
                answer = connection.getresponse()
                while answer.read(1 << 16):
                    pass
                status = answer.status
            except (OSError, http.client.HTTPException):
                connection.close()
            answers.append(_Answer(name, status, time.perf_counter() - began))
            if not self.heavy:
                time.sleep(_PAUSE_S)
        connection.close()


def _run(server: Running, scale: Scale, seconds: float, *, cheap: int, attackers: int) -> list[_Answer]:
    """Both groups in processes of their own."""
    context = multiprocessing.get_context("fork")
    until = time.perf_counter() + seconds
    ends: list[tuple[Any, Connection]] = []
    for heavy, count in ((False, cheap), (True, attackers)):
        ours, theirs = context.Pipe(duplex=False)
        group = _Group(server.port, scale, until, count, heavy)
        process = context.Process(target=group.ask, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        ends.append((process, ours))
    found: list[_Answer] = []
    for process, ours in ends:
        found += ours.recv()
        process.join()
    return found


def _attacks(place: int) -> Iterator[tuple[str, str]]:
    """All attacks in turn, each client beginning with another; a comment of its own helps against caches."""
    names = list(_ATTACKS)
    for number in itertools.count(place):
        name = names[number % len(names)]
        yield name, f"{_ATTACKS[name]} #{place} {number}"


def _points(scale: Scale, first: int) -> Iterator[tuple[str, str]]:
    for number in itertools.count(first):
        yield _POINT.name, text_of(_POINT, scale, number)
