"""A query process: answers one question after another until it is told to stop, killed, or worn."""

import gc
import json
import resource
import signal
import socket

from kg.errors import QueryError
from kg.store import Store
from server.engine.answering import Tally, Writing, answer
from server.engine.counting import LimitPassed
from server.engine.frames import DATA, END, FAULT, LIMIT, Closed, read_frame, write_frame, write_json
from server.engine.limits import Limits
from server.engine.question import Question

__all__ = ["MEMORY", "serve_questions"]

MEMORY = "memory"
# The web process kills at the limit; where it cannot any more, the kernel's alarm does so a little later.
_ALARM_AFTER_S = 1.0
# Worn: what a process has kept of former answers is given back to the system by ending it.
_MOST_QUESTIONS = 10_000
_MOST_KEPT_MB = 256


def serve_questions(connection: socket.socket, store: Store, writing: Writing) -> None:
    """Answer questions that come through a connection; returns when it ends or the process is worn."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # an alarm kills, even within the engine
    at_first = _resident_mb()
    for _ in range(_MOST_QUESTIONS):
        try:
            _, data = read_frame(connection)
            _serve_one(connection, store, writing, json.loads(data))
        except Closed:
            return
        if _resident_mb() - at_first > _MOST_KEPT_MB:
            return
    gc.collect()


def _serve_one(
    connection: socket.socket, store: Store, writing: Writing, asked: dict[str, dict[str, object]]
) -> None:
    limits = Limits(**asked["limits"])  # type: ignore[arg-type]
    signal.setitimer(signal.ITIMER_REAL, limits.timeout_s + _ALARM_AFTER_S)
    try:
        question = Question.of_plain(asked["question"])
        tally = answer(store, question, limits, writing, lambda piece: write_frame(connection, DATA, piece))
        write_json(connection, END, _plain(tally))
    except QueryError as error:
        write_json(connection, FAULT, [error.where, error.what, error.fix])
    except LimitPassed as passed:
        write_json(connection, LIMIT, passed.limit)
    except MemoryError:
        write_json(connection, LIMIT, MEMORY)
        raise Closed from None  # what is left of this process is not to be trusted
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _plain(tally: Tally) -> list[object]:
    return [tally.rows, tally.size, tally.stopped_by]


def _resident_mb() -> float:
    """The most memory this process has held, in MiB (getrusage(2) counts KiB on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
