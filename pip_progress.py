"""Run pip for `make` and say in few lines what it does: each package when its turn comes, faults in full."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from typing import TextIO

__all__ = ["main", "show"]

_WIDTH = 100
# From an index, or from a folder of wheels.
_PACKAGE = re.compile(r"(?:Collecting |Processing \S*/)(\w[\w.]*(?:-[A-Za-z]\w*)*)")
_WARNING = re.compile(r"\s*(?:WARNING|DEPRECATION)\S*\s+\S+")
_ERROR = re.compile(r"\s*(?:ERROR|error|Traceback)\b")


def main(arguments: list[str]) -> int:
    """Run pip with these arguments; give its exit code."""
    # A question would wait unseen for an answer.
    command = [sys.executable, "-m", "pip", *arguments, "--disable-pip-version-check", "--no-input"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(  # noqa: S603
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as pip:
        try:
            show(pip.stdout or (), sys.stdout)
        except KeyboardInterrupt:  # pip has had it too, and ends by itself
            return 130
    return pip.returncode


def show(lines: Iterable[str], out: TextIO) -> None:
    """Write the names of packages side by side, one warning of each kind, and all that follows an error."""
    column, failed = 0, False
    warnings: Counter[str] = Counter()

    def word(text: str) -> None:
        nonlocal column
        if column + len(text) > _WIDTH:
            whole_line("")
        out.write(f" {text}" if column else f"  {text}")
        out.flush()
        column += len(text) + 1

    def whole_line(text: str) -> None:
        nonlocal column
        out.write("\n" * (column > 0) + text)
        out.flush()
        column = 0

    for line in lines:
        failed = failed or _ERROR.match(line) is not None
        warning, package = _WARNING.match(line), _PACKAGE.match(line)
        if failed:
            whole_line(line)
        elif warning:
            warnings[warning[0]] += 1
            if warnings[warning[0]] == 1:
                whole_line(line)
        elif package:
            word(package[1])
        elif line.startswith("Installing collected packages"):
            word("(installing them)")
    whole_line("")
    for kind, count in warnings.items():
        if count > 1:
            whole_line(f"{kind} …: {count - 1} more like it\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
