"""The cases of copies, in a process of their own: one that other tests gave threads is never copied."""

import subprocess
import sys
from pathlib import Path

CASES = Path(__file__).with_name("forked_cases.py")


def test_copies_are_walled_and_give_the_same(checkout: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(CASES)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert " skipped" not in done.stdout
