"""What several test files use; holds no test."""

from pathlib import Path

__all__ = ["change"]


def change(file: Path, old: str, new: str) -> int:
    """Replace the only occurrence of a text in a file; give the line it stands in."""
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), "utf-8")
    return text.count("\n", 0, text.index(old)) + 1
