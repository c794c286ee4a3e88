"""Print each module of the import package with the first line of its docstring."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["module_lines"]

_CHECKOUT = Path(__file__).resolve().parent.parent
_FOLDERS = ("sauran", "kg", "server")


def module_lines(checkout: Path) -> Iterator[str]:
    """A line for each module, in the order of their paths: the path, then what the module is for."""
    files = sorted(file for folder in _FOLDERS for file in (checkout / folder).rglob("*.py"))
    paths = [file.relative_to(checkout).as_posix() for file in files]
    width = max(map(len, paths))
    for file, path in zip(files, paths, strict=True):
        first_line = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]
        yield f"{path:{width}}  {first_line}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in module_lines(_CHECKOUT))
