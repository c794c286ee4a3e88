"""The work of a query process: it answers questions until its connection ends or it must be replaced."""

import json
import resource
import signal
import socket
import traceback
from typing import Any

from sauran.kg.loading.store import Store
from sauran.kg.model.errors import QueryError
from sauran.kg.processes.channel import BROKEN, END, FAULT, LIMIT, Channel, Closed
from sauran.server.query.answering import PIECE, Writing, answer
from sauran.server.query.question import LimitPassed, QueryLimits, Question

__all__ = ["MEMORY", "serve_questions"]

MEMORY = "memory"
# The web process kills at the limit; if it cannot, the kernel's alarm does so a little later.
_ALARM_AFTER_S = 1.0
# Memory that a process keeps of earlier answers goes back to the system when it ends.
_MOST_QUESTIONS = 100_000
_MOST_KEPT_MB = 256


def serve_questions(connection: socket.socket, store: Store, writing: Writing) -> None:
    """Answer the questions of a connection, until it ends.

    Shape: the last message of each answer is a list whose first item says whether this process must be
    replaced; then it gets no more questions.
    """
    channel, at_start, answered = Channel(connection), _most_resident_mb(), 0
    while True:
        try:
            _, data = channel.read()
            answered += 1
            request = json.loads(data)
            limits = QueryLimits(*request["limits"])
            signal.setitimer(signal.ITIMER_REAL, limits.timeout_s + _ALARM_AFTER_S)
            outbox = _Outbox(channel)
            kind, details = _answer(outbox, store, writing, request["question"], limits)
            used_up = answered >= _MOST_QUESTIONS or _most_resident_mb() - at_start > _MOST_KEPT_MB
            # After memory was refused, or our own code failed, the state of the process cannot be trusted.
            outbox.end(kind, [used_up or kind == BROKEN or details == [MEMORY], *details])
            signal.setitimer(signal.ITIMER_REAL, 0)
        except Closed:
            return


class _Outbox:
    """Sends pieces of an answer; a small one waits for the next message, most often the end."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._held = channel, b""

    def put(self, piece: bytes) -> None:
        """Send a piece, now or with the next message."""
        if self._held:
            self._channel.send_data(self._held)
        self._held = piece if len(piece) < PIECE else b""
        if not self._held:
            self._channel.send_data(piece)

    def end(self, kind: bytes, details: list[object]) -> None:
        """Send the last message."""
        self._channel.send_json(kind, details, self._held)


def _answer(
    outbox: _Outbox, store: Store, writing: Writing, plain: dict[str, Any], limits: QueryLimits
) -> tuple[bytes, list[object]]:
    """Answer one question; gives the kind and the details of its last message."""
    try:
        question = Question.of_plain(plain)
        tally = answer(store, question, limits, writing, outbox.put)
        return END, [tally.rows, tally.size, tally.stopped_by]
    except QueryError as error:
        return FAULT, [error.where, error.what, error.fix]
    except LimitPassed as passed:
        return LIMIT, [passed.limit]
    except MemoryError:
        return LIMIT, [MEMORY]
    except (RuntimeError, ValueError, OSError) as error:
        # The engine finds some faults of a query only while it works.
        return FAULT, ["query", f"{str(error).rstrip('.')}.", ""]
    except Closed:
        raise
    except Exception:
        traceback.print_exc()
        return BROKEN, []


def _most_resident_mb() -> float:
    """The most memory this process has held, in MiB (getrusage(2) counts KiB on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
