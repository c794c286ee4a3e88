"""WSGI servers under Sauran's own application: answers from its cache, in turns."""

import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.endpoint.events import Scale
from benchmarks.endpoint.load import Target, fetch, run_load
from benchmarks.endpoint.processes import Launch, Running, free_port, start
from benchmarks.endpoint.queries import KINDS, Kind, url_query
from benchmarks.endpoint.servers import CHECKOUT, Site, start_sauran

__all__ = ["measure_wsgi"]

_THREADS = 16
# Answers of 1, 10 and, with a million triples, 200 KB; larger ones are streamed and not cached.
_KINDS = tuple(kind for kind in KINDS if kind.name in ("q01 point", "q03 star", "q04 optional"))
_WARM_REQUESTS = 20


@dataclass(frozen=True)
class _Choice:
    name: str
    module: str
    start: Callable[[Site], Running]


def measure_wsgi(site: Site, rounds: int, seconds: float, connections: int) -> dict[str, Any]:
    """Windows of each server and kind, and what is absent."""
    scale, windows, absent = Scale(site.triples), [], {}
    with contextlib.ExitStack() as ends:
        running = []
        for choice in _CHOICES:
            try:
                server = choice.start(site)
            except RuntimeError as error:
                absent[choice.name] = str(error).splitlines()[-1]
                continue
            ends.callback(server.stop)
            running.append(server)
        expected = {(s.name, k.name): _warm(s, k, scale) for s in running for k in _KINDS}
        for number in range(rounds):
            for kind in _KINDS:
                for server in running:
                    target = Target(server, kind, scale, None)
                    load = run_load(target, connections, seconds, expected[server.name, kind.name])
                    windows.append(
                        {"server": server.name, "kind": kind.name, "round": number} | load.as_plain()
                    )
        memory = {server.name: server.memory_mb() for server in running}
    return {"windows": windows, "absent": absent, "memory": memory, "connections": connections}


def _warm(server: Running, kind: Kind, scale: Scale) -> float:
    """Ask until every process has it in its cache; gives the seconds of the last answer."""
    path = f"{server.path}?{url_query(kind, scale, 0)}"
    return [fetch(server.port, path, kind.accept)[2] for _ in range(_WARM_REQUESTS)][-1]


def _granian(workers: int) -> _Choice:
    name = f"granian {workers}"  # as Sauran sets its threads
    return _Choice(name, "granian", lambda site: start_sauran(site, name, workers=workers))


def _other(name: str, module: str, code: str, *arguments: str) -> _Choice:
    """A server of the peers' environment, run by our own Python so that the application is the same."""

    def begin(site: Site) -> Running:
        packages = sorted((site.peers / "lib").glob("python3*/site-packages"))
        if not packages or not (packages[0] / module).is_dir():
            raise RuntimeError("not installed")
        port = free_port()
        # Its packages come last: Flask and all others are those that Sauran has.
        program = f"import sys; sys.path.append({str(packages[0])!r}); sys.argv[0] = {module!r}; {code}"
        command = [sys.executable, "-c", program, *(part.format(port=port) for part in arguments)]
        environment = {
            "SAURAN_RELEASES": str(site.releases(disk=False)),
            "SAURAN_PORT": str(port),
            "PYTHONPATH": os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")]),
        }
        return start(Launch(name, command, port, "/sparql", site.log(name), environment))

    return _Choice(name, module, begin)


_GUNICORN = "from gunicorn.app.wsgiapp import run; run()"
_GUNICORN_OPTIONS = ("--no-control-socket", "--worker-class", "gthread", "--threads", str(_THREADS))
_WAITRESS = "from waitress.runner import run; run()"
_APPLICATION = "sauran.server.cli.production_server:application"
_CHOICES = (
    _granian(1),
    _granian(2),
    *(
        _other(
            f"gunicorn gthread {n}x{_THREADS}",
            "gunicorn",
            _GUNICORN,
            *_GUNICORN_OPTIONS,
            *("--workers", str(n), "--bind", "127.0.0.1:{port}", f"{_APPLICATION}()"),
        )
        for n in (1, 2)
    ),
    _other(
        f"waitress 1x{_THREADS}",
        "waitress",
        _WAITRESS,
        *("--listen", "127.0.0.1:{port}", "--threads", str(_THREADS), "--call", _APPLICATION),
    ),
)
