"""The import package is sauran, whatever a folder on PYTHONPATH is called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import CHECKOUT

import sauran

_ANSWER = "import sauran.kg.model.errors, sauran.server; print('found', sauran.__name__)"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder with modules that are called like our folders, and end the program that imports them."""
    (tmp_path / "server.py").write_text('raise SystemExit("your server.py was imported")\n', "utf-8")
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg/__init__.py").write_text('raise SystemExit("your kg was imported")\n', "utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([".", str(CHECKOUT)])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_modules_called_kg_and_server_are_left_alone(hostile: Path) -> None:
    assert run(hostile, "-c", "import server").stderr == "your server.py was imported\n"
    assert run(hostile, "-c", _ANSWER).stdout == "found sauran\n"
    assert run(hostile, "-m", "sauran", "--version").stdout.startswith("sauran ")


def test_validation_starts_its_process_beside_such_modules(hostile: Path) -> None:
    (hostile / "data.ttl").write_text("<urn:x> a <urn:Thing> .\n", "utf-8")
    prefix = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    shape = "<urn:s> a sh:NodeShape ; sh:targetClass <urn:Thing> ; sh:nodeKind sh:Literal .\n"
    (hostile / "shapes.ttl").write_text(prefix + shape, "utf-8")
    result = run(hostile, "-m", "sauran", "validate", "data.ttl", "--shapes", "shapes.ttl")
    assert result.returncode == 1, result.stderr
    assert "data.ttl:1:1: violation" in result.stdout


def test_a_checkout_finds_its_folders_beside_the_package() -> None:
    assert str(CHECKOUT) in list(sauran.__path__)
