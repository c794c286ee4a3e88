"""What several test files use; holds no test."""

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["change", "sauran"]


def change(file: Path, old: str, new: str) -> int:
    """Replace the only occurrence of a text in a file; give the line it stands in."""
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), "utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def sauran(
    *arguments: str | Path, cwd: Path | None = None, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does; no outcome may be a traceback."""
    result = subprocess.run(
        [sys.executable, "-m", "server.cli", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **environment},
        timeout=120,
        check=False,
    )
    assert "Traceback" not in result.stderr + result.stdout, result.stderr
    return result
