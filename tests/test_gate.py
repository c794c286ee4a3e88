"""The rules of the gate hold with several workers too."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
TESTS = """
import os
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from support import free_port, made_once

{more}

@pytest.mark.parametrize("turn", range(6))
def test_made_once(tmp_path_factory, turn):
    def make(folder):
        (folder / "made").write_text(os.environ["PYTEST_XDIST_WORKER"])

    folder = made_once(tmp_path_factory, "thing", make)
    with Path(os.environ["MADE"]).open("a") as log:
        log.write((folder / "made").read_text() + " " + str(folder) + "\\n")

@pytest.mark.parametrize("turn", range(6))
def test_ports(turn):
    with Path(os.environ["PORTS"]).open("a") as log:
        log.write("".join(str(free_port()) + "\\n" for _ in range(50)))

@given(st.integers())
def test_generated(number):
    with Path(os.environ["EXAMPLES"]).open("a") as log:
        log.write(str(settings.default.max_examples) + " " + str(settings.default.derandomize) + "\\n")

@pytest.mark.long
def test_long():
    pass
"""
SKIPPED = "def test_skipped():\n    pytest.skip('not here')\n"


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A folder with the rules of our tests and room for others."""
    shutil.copy(CHECKOUT / "tests/conftest.py", tmp_path)
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    return tmp_path


def run(gate: Path, *options: str, more: str = "", complete: str = "1") -> tuple[int, str]:
    """Run them on two workers: the exit code, and the closing line."""
    (gate / "test_these.py").write_text(TESTS.format(more=more), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "load", *options, "test_these.py"],
        cwd=gate,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "SAURAN_"))},
            **{name.upper(): str(gate / name) for name in ("made", "ports", "examples")},
            "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{CHECKOUT / 'tests'}",
            "SAURAN_TEST_COMPLETE": complete,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, re.sub(r" in .*|=", "", done.stdout.splitlines()[-1]).strip()


@pytest.mark.slow
def test_workers_share_what_is_made_once_and_no_port(gate: Path) -> None:
    assert run(gate) == (0, "13 passed")
    made = (gate / "made").read_text().splitlines()
    assert (len(made), len(set(made))) == (6, 1)
    ports = (gate / "ports").read_text().splitlines()
    assert (len(ports), len(set(ports))) == (300, 300)
    assert set((gate / "examples").read_text().splitlines()) == {"25 True"}


@pytest.mark.slow
def test_a_complete_run_fails_when_a_worker_skipped_something(gate: Path) -> None:
    assert run(gate, more=SKIPPED) == (1, "13 passed, 1 skipped")
    assert run(gate, more=SKIPPED, complete="0") == (0, "13 passed, 1 skipped")


@pytest.mark.slow
def test_a_long_run_has_what_the_gate_leaves_out(gate: Path) -> None:
    assert run(gate, "--long") == (0, "2 passed")
    assert set((gate / "examples").read_text().splitlines()) == {"500 False"}
