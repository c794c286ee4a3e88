"""Wheel and sdist in bare environments without a network: commands explain themselves, the site is served."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest
from support import free_port, wait_for

CHECKOUT = Path(__file__).resolve().parent.parent
WHEELS = CHECKOUT / ".venv" / "wheels"


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    """Run a program that must succeed, with no way to a package index, and with more variables."""
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(WHEELS), "PIP_CONFIG_FILE": os.devnull}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
    result = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**environment, **offline, **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout: building must not touch it, and must not need it to be a repository."""
    source = tmp_path_factory.mktemp("source")
    names = ("sauran", "kg", "server", "ontology", "shapes", "tests/shapes", "frontend")
    for name in names:
        shutil.copytree(
            CHECKOUT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE", "hatch_build.py", ".gitignore"):
        shutil.copy(CHECKOUT / name, source)
    return source


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with build isolation from the wheel cache that set-up filled."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, source, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment that holds the wheel and what it needs, nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "env", with_pip=True)
    programs = folder / "env" / "bin"
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return programs


def test_the_wheel_carries_ontology_shapes_and_content(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("ontology", "shapes"):
        inside = sorted(n.removeprefix("sauran/kg/") for n in names if n.startswith(f"sauran/kg/{folder}/"))
        there = sorted(p.relative_to(CHECKOUT).as_posix() for p in (CHECKOUT / folder).iterdir())
        assert inside == there
    examples = {
        n.removeprefix("sauran/kg/shape-examples/")
        for n in names
        if n.startswith("sauran/kg/shape-examples/")
    }
    there = {
        p.relative_to(CHECKOUT / "tests/shapes").as_posix() for p in CHECKOUT.glob("tests/shapes/*/*.ttl")
    }
    assert examples == there
    assert {"sauran/kg/publication.toml", "sauran/py.typed"} <= set(names)
    assert len([n for n in names if n.startswith("sauran/kg/datasets/") and n.endswith(".ttl")]) == 20
    assert len([n for n in names if n.endswith(".rq")]) > 30
    assert "sauran/server/api/conformance.json" in names
    # Reports in EARL are made on demand.
    assert {n for n in names if n.startswith("sauran/server/") and n.endswith(".ttl")} == {
        "sauran/server/examples/conforming.ttl",
        "sauran/server/examples/faulty.ttl",
    }
    assert not [n for n in names if n.startswith(("tests/", "ontology/", "shapes/"))]


@pytest.mark.needs("editor")
def test_the_wheel_carries_what_pages_load(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    there = (CHECKOUT / "server/static/dist").iterdir()
    built = sorted(f"sauran/{file.relative_to(CHECKOUT).as_posix()}" for file in there)
    assert [n for n in names if n.startswith("sauran/server/static/dist/")] == built
    assert len(built) == 4
    assert "sauran/server/static/site.css" in names
    assert not [n for n in names if n.startswith(("frontend/", "hatch_build"))]


@pytest.mark.slow
@pytest.mark.needs("editor")
def test_the_sdist_brings_what_pages_load_to_machines_without_node(source: Path, tmp_path: Path) -> None:
    sdist = (
        tmp_path
        / run(
            sys.executable,
            "-c",
            f"from hatchling.build import build_sdist; print(build_sdist({str(tmp_path)!r}))",
            cwd=source,
            SAURAN_ASSETS="require",
        ).strip()
    )
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    built = {p.relative_to(CHECKOUT).as_posix() for p in (CHECKOUT / "server/static/dist").iterdir()}
    assert len(built) == 4
    assert built | {"frontend/.npmrc", "hatch_build.py"} <= names
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / "bin"
    # There is an index, which nobody answers for: a build that asked for Node would fail.
    away = {"PIP_NO_INDEX": "", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}
    install = ("-m", "pip", "install", "--quiet", "--no-deps", sdist)
    run(programs / "python", *install, cwd=tmp_path, PATH=str(programs), SAURAN_ASSETS="require", **away)
    (packages,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    inside = (packages / "sauran/server/static/dist").iterdir()
    assert {p.relative_to(packages / "sauran").as_posix() for p in inside} == built


@pytest.mark.slow
def test_nothing_but_what_is_declared_is_installed(bare: Path, tmp_path: Path) -> None:
    run(bare / "python", "-m", "pip", "check", cwd=tmp_path)
    assert not (bare / "pytest").exists()
    for command in ("", "build", "serve", "validate", "evidence", "query"):
        assert "Usage: sauran" in run(bare / "sauran", *command.split(), "--help", cwd=tmp_path)


@pytest.mark.slow
def test_the_briefing_is_built_and_served_from_any_folder(bare: Path, tmp_path: Path) -> None:
    port = free_port()
    with subprocess.Popen(
        [bare / "sauran", "serve", "--build", "--port", str(port)],
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            site = f"http://127.0.0.1:{port}/"
            wait_for(lambda: urllib.request.urlopen(f"{site}health", timeout=5).status == 200, seconds=120)
            with urllib.request.urlopen(f"{site}id/kazakhstan", timeout=10) as answer:
                assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
                assert "Қазақстан" in answer.read().decode()
        finally:
            server.terminate()
            began = time.monotonic()
            talk = server.communicate(timeout=30)[1]
    assert time.monotonic() - began < 15
    assert re.search(r"Serving .* 1\.0\.0-dev\.[0-9a-f]{12} at http://127\.0\.0\.1:", talk)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["releases"]
