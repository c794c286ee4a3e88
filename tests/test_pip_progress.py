"""What `make` shows of pip: names of packages, one warning of each kind, errors in full."""

import importlib.util
import io
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def progress() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("pip_progress", CHECKOUT / "pip_progress.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shown(progress: ModuleType, *lines: str) -> list[str]:
    out = io.StringIO()
    progress.show([f"{line}\n" for line in lines], out)
    return out.getvalue().splitlines()


def test_names_stand_side_by_side_without_the_noise(progress: ModuleType) -> None:
    assert shown(
        progress,
        "Collecting flask-babel==4.0.0 (from -r requirements.lock (line 7))",
        "  Downloading flask_babel-4.0.0-py3-none-any.whl (9.6 kB)",
        "Requirement already satisfied: click in /x (from y)",
        "Processing /wheels/ast_serialize-0.13.1-cp39-abi3-any.whl (from z)",
        "Installing collected packages: flask-babel, ast-serialize",
        "Successfully installed ast-serialize-0.13.1 flask-babel-4.0.0",
    ) == ["  flask-babel ast_serialize (installing them)"]


def test_long_lists_are_wrapped(progress: ModuleType) -> None:
    lines = shown(progress, *(f"Collecting package-{'x' * 20}" for _ in range(10)))
    assert len(lines) == 4
    assert max(map(len, lines)) <= 102


def test_warnings_of_a_kind_are_counted_and_errors_are_whole(progress: ModuleType) -> None:
    assert shown(
        progress,
        "Collecting click",
        "WARNING: Retrying (Retry(total=4)) after connection broken",
        "WARNING: Retrying (Retry(total=3)) after connection broken",
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES.",
        "    click from https://example.org:",
        "        Expected sha256 a",
    ) == [
        "  click",
        "WARNING: Retrying (Retry(total=4)) after connection broken",
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES.",
        "    click from https://example.org:",
        "        Expected sha256 a",
        "WARNING: Retrying …: 1 more like it",
    ]


def test_the_exit_code_is_that_of_pip(progress: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert progress.main(["install", "--no-index", "--require-virtualenv", "./missing.whl"]) == 1
    assert "ERROR: " in capsys.readouterr().out
    assert progress.main(["--version"]) == 0
