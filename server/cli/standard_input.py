"""Standard input, kept so that it can be read again: by the process that validates, then for places."""

import os
import sys
import tempfile

__all__ = ["keep_standard_input"]

_STEP = 1 << 20


def keep_standard_input(most_mb: int) -> None:
    """Put standard input into a file without name, which takes its place; a byte too much shows excess."""
    left = (most_mb << 20) + 1
    kept = tempfile.TemporaryFile(prefix="sauran-")  # noqa: SIM115 (it lives as long as its descriptor)
    while left > 0 and (read := os.read(0, min(_STEP, left))):
        kept.write(read)
        left -= len(read)
    kept.seek(0)
    os.dup2(kept.fileno(), 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (a descriptor, for good)
