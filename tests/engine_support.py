"""What the tests of the query processes use; holds no test."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import wait_for

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS, Format
from sauran.server.query.pool import Pool, PoolSize
from sauran.server.query.question import LimitReached, QueryLimits, Question

__all__ = [
    "CHEAP",
    "ENDLESS",
    "FORMATS",
    "JSON",
    "LONG",
    "TRUE",
    "asking",
    "descendants",
    "is_alive",
    "limit_of",
    "memory_mb",
    "open_pool",
    "question",
    "whole",
    "workers",
]

FORMATS: dict[str, Format] = {known.name: known for known in (*RESULT_FORMATS, *RDF_FORMATS)}
JSON = FORMATS["json"]
CHEAP = "ASK { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
TRUE = b'{"head":{},"boolean":true}'


def question(text: str, wanted: str = "json", **given: object) -> Question:
    """A question, by the name of its format."""
    return Question(text, FORMATS[wanted], **given)  # type: ignore[arg-type]


@contextlib.contextmanager
def open_pool(
    folder: Path, *, processes: int = 2, kept: int = 0, wait_s: float = 2.0, **limits: object
) -> Iterator[Pool]:
    """The query processes of a release, with a short limit of time; they end with the block."""
    size = PoolSize(processes=processes, kept_for_light=kept, wait_s=wait_s)
    given: dict[str, object] = {"timeout_s": 1.0, "memory_mb": 256, **limits}
    pool = Pool(folder, QueryLimits(**given), size)  # type: ignore[arg-type]
    try:
        yield pool
    finally:
        pool.close()


def is_alive(pid: int) -> bool:
    """Whether a thread of a process is there, and no zombie: the first may end before the others."""
    for thread in Path(f"/proc/{pid}/task").glob("*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if thread.read_text().rpartition(")")[2].split()[0] != "Z":
                return True
    return False


def descendants(pid: int) -> list[int]:
    """The processes that a process, and those it started, have started."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def memory_mb(pids: list[int]) -> float:
    """What processes hold that they share with nobody, and their share of the rest, in MiB."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def whole(pool: Pool, text: str, client: str = "", timeout_s: float | None = None) -> bytes:
    reply = pool.ask(question(text), client, timeout_s)
    try:
        return reply.whole if reply.whole is not None else b"".join(reply.pieces)
    finally:
        reply.close()


def limit_of(pool: Pool, text: str, wanted: str = "json", timeout_s: float | None = None) -> LimitReached:
    """The limit that a question reaches, wherever in its answer."""
    with pytest.raises(LimitReached) as reached:
        reply = pool.ask(question(text, wanted), "", timeout_s)
        list(reply.pieces)
    return reached.value


@contextlib.contextmanager
def asking(pool: Pool, text: str, client: str) -> Iterator[list[BaseException]]:
    """A question under way in another thread; what it raised is in the list afterwards."""
    raised: list[BaseException] = []

    def ask() -> None:
        try:
            whole(pool, text, client)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=ask)
    before = pool.busy
    thread.start()
    wait_for(lambda: pool.busy > before, seconds=5)
    yield raised
    thread.join(10)


def workers(pool: Pool) -> list[int]:
    return descendants(pool._fork_server.pid)
