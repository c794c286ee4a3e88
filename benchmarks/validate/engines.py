"""The validators that are compared: how each is found and asked, and how its answer is read."""

import json
import subprocess
import sys
import venv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from benchmarks.validate.events import VOCABULARY

__all__ = ["BASIS", "ENGINES", "OURS", "Engine", "Places", "install_rudof"]

OURS, BASIS = "sauran validate", "pyshacl"
_RUDOF = "0.3.35"
_HERE = Path(__file__).resolve().parent
_SH = "http://www.w3.org/ns/shacl#"

Places = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Engine:
    """One validator: its command for data and shapes, and how many results its output has for each shape.

    `places` gives shape and line of each result, where it names lines; `missing` says what it lacks here.
    """

    name: str
    version: Callable[[], str]
    command: Callable[[Path, Path, Path], list[str | Path]]
    read: Callable[[Path], Counter[str]]
    places: Callable[[Path], Places] | None = None
    missing: Callable[[Path], str] = lambda peers: ""


def install_rudof(peers: Path) -> None:
    """Put rudof into an environment of its own."""
    if not _rudof_python(peers).exists():
        venv.create(peers / "rudof", with_pip=True)
    subprocess.run([_rudof_python(peers), "-m", "pip", "install", "-q", f"pyrudof=={_RUDOF}"], check=True)


def _rudof_python(peers: Path) -> Path:
    return peers / "rudof/bin/python"


def _own(command: str) -> Path:
    """A command of the environment that this runs in."""
    return Path(sys.executable).parent / command


def _slug(shape: str) -> str:
    return shape.strip("<>").removeprefix(VOCABULARY)


def _of_json(output: Path) -> Counter[str]:
    return Counter(shape for shape, _ in _places(output))


def _places(output: Path) -> Places:
    findings = json.loads(output.read_bytes())["findings"]
    return tuple((_slug(f["shape"]), f.get("line", 0)) for f in findings)


def _of_report(output: Path) -> Counter[str]:
    """Results that the report names; those inside others, as sh:detail, are no results of their own."""
    results, shapes = set(), {}
    for quad in parse(path=output, format=RdfFormat.N_TRIPLES):
        if quad.predicate.value == _SH + "result":
            results.add(quad.object)
        elif quad.predicate.value == _SH + "sourceShape" and isinstance(quad.object, NamedNode):
            shapes[quad.subject] = _slug(quad.object.value)
    return Counter(shapes.get(result, "") for result in results)


def _of_lines(output: Path) -> Counter[str]:
    return Counter(map(_slug, output.read_text("utf-8").split()))


def _reporter(command: str) -> Callable[[Path, Path, Path], list[str | Path]]:
    return lambda data, shapes, peers: [_own(command), "--shapes", shapes, "--format", "nt", data]


def _direct(engine: str) -> Callable[[Path, Path, Path], list[str | Path]]:
    def command(data: Path, shapes: Path, peers: Path) -> list[str | Path]:
        python = _rudof_python(peers) if engine == "rudof" else Path(sys.executable)
        return [python, _HERE / "direct.py", engine, data, shapes]

    return command


def _without_rudof(peers: Path) -> str:
    return "" if _rudof_python(peers).exists() else "not installed: --install"


ENGINES = (
    Engine(
        OURS,
        lambda: version("sauran"),
        lambda data, shapes, peers: [
            *(_own("sauran"), "validate", data, "--shapes", shapes, "--format", "json")
        ],
        _of_json,
        places=_places,
    ),
    Engine("shacl alone", lambda: version("shacl"), _direct("shacl"), _of_lines),
    Engine("rudof", lambda: _RUDOF, _direct("rudof"), _of_lines, missing=_without_rudof),
    Engine(BASIS, lambda: version("pyshacl"), _reporter("pyshacl"), _of_report),
)
