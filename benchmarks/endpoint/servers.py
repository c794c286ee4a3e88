"""The servers that are compared: how each is found, prepared and started over the same quads."""

import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.endpoint.processes import Launch, Running, free_port, start
from benchmarks.endpoint.virtuoso import VIRTUOSO, start_virtuoso

__all__ = ["CHECKOUT", "SERVERS", "Server", "Site", "install_peers", "start_sauran"]

CHECKOUT = Path(__file__).resolve().parents[2]
_PINS = (
    "oxigraph==0.5.13",
    "rdflib-endpoint==0.6.3",
    "oxrdflib==0.5.0",
    "uvicorn",
    "gunicorn==27.0.1",
    "waitress==3.0.2",
)


@dataclass(frozen=True)
class Site:
    """Where the data of one size are, and where the other servers are installed."""

    folder: Path
    peers: Path
    triples: int

    @property
    def nquads(self) -> Path:
        """The quads."""
        return self.folder / "all.nq"

    @property
    def store(self) -> Path:
        """The store folder that all Oxigraph engines share."""
        return self.folder / "store"

    def releases(self, *, disk: bool) -> Path:
        """The releases folder, of a release in memory or with a store folder."""
        return self.folder / ("releases-disk" if disk else "releases-memory")

    def log(self, name: str) -> Path:
        """The log of a server."""
        return self.folder / f"{name.replace(' ', '-')}.log"


@dataclass(frozen=True)
class Server:
    """One server: `missing` says what it lacks here, or nothing."""

    name: str
    missing: Callable[[Site], str]
    start: Callable[[Site], Running]


def start_sauran(site: Site, name: str, *, workers: int, disk: bool = False, **settings: object) -> Running:
    """Start Sauran as its operators do."""
    port = free_port()
    command = [sys.executable, "-m", "sauran", "serve", "--port", str(port), "--workers", str(workers)]
    environment = {
        "SAURAN_RELEASES": str(site.releases(disk=disk)),
        **{f"SAURAN_{key.upper()}": str(value) for key, value in settings.items()},
    }
    return start(Launch(name, command, port, "/sparql", site.log(name), environment, CHECKOUT))


def _sauran(name: str, *, workers: int, disk: bool) -> Server:
    return Server(name, lambda site: "", lambda site: start_sauran(site, name, workers=workers, disk=disk))


def _start_oxigraph(site: Site) -> Running:
    port = free_port()
    # Without --timeout-s: with it, 0.5.13 keeps a thread for each query until it aborts.
    command = [str(site.peers / "bin/oxigraph"), "serve-read-only", "--union-default-graph"]
    command += ["--location", str(site.store), "--bind", f"127.0.0.1:{port}"]
    return start(Launch("oxigraph server", command, port, "/query", site.log("oxigraph")))


def _start_rdflib_endpoint(site: Site) -> Running:
    port = free_port()
    script = Path(__file__).with_name("rdflib_endpoint_app.py")
    command = [str(site.peers / "bin/python"), str(script), str(site.store), str(port)]
    return start(Launch("rdflib-endpoint", command, port, "/", site.log("rdflib-endpoint")))


def _peer(program: str) -> Callable[[Site], str]:
    def missing(site: Site) -> str:
        return "" if (site.peers / "bin" / program).exists() else "not installed"

    return missing


def _missing_virtuoso(site: Site) -> str:
    return "" if shutil.which(VIRTUOSO) else f"no {VIRTUOSO} on PATH (Debian: virtuoso-opensource)"


SERVERS = (
    _sauran("sauran memory 1", workers=1, disk=False),
    _sauran("sauran memory 2", workers=2, disk=False),
    _sauran("sauran disk 1", workers=1, disk=True),
    _sauran("sauran disk 2", workers=2, disk=True),
    Server("oxigraph server", _peer("oxigraph"), _start_oxigraph),
    Server("virtuoso", _missing_virtuoso, lambda site: start_virtuoso(site.nquads, site.folder / "virtuoso")),
    Server("rdflib-endpoint", _peer("rdflib-endpoint"), _start_rdflib_endpoint),
)


def install_peers(folder: Path) -> None:
    """Install the Python peers into an environment of their own."""
    if not (folder / "bin/pip").exists():
        venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin/pip", "install", "--quiet", *_PINS], check=True)
