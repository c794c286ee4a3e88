"""A query process: answers one question after another until it is told to stop, killed, or used up."""

import json
import resource
import signal
import socket
import traceback
from typing import Any

from sauran.kg.loading.store import Store
from sauran.kg.model.errors import QueryError
from sauran.kg.processes.frames import BROKEN, END, FAULT, LIMIT, Channel, Closed
from sauran.server.query.answering import PIECE, Writing, answer
from sauran.server.query.question import LimitPassed, Limits, Question

__all__ = ["MEMORY", "serve_questions"]

MEMORY = "memory"
# The web process kills at the limit; where it cannot any more, the kernel's alarm does so a little later.
_ALARM_AFTER_S = 1.0
# Used up: what a process has kept of former answers is given back to the system by ending it.
_MOST_QUESTIONS = 100_000
_MOST_KEPT_MB = 256


def serve_questions(connection: socket.socket, store: Store, writing: Writing) -> None:
    """Answer questions that come through a connection, until it ends.

    Shape: the last message of each answer is a list whose first item says that this process is used up; then
    it is asked nothing more.
    """
    channel, at_first, asked = Channel(connection), _most_resident_mb(), 0
    while True:
        try:
            _, data = channel.read()
            asked += 1
            given = json.loads(data)
            limits = Limits(*given["limits"])
            signal.setitimer(signal.ITIMER_REAL, limits.timeout_s + _ALARM_AFTER_S)
            outbox = _Outbox(channel)
            kind, said = _answer(outbox, store, writing, given["question"], limits)
            used_up = asked >= _MOST_QUESTIONS or _most_resident_mb() - at_first > _MOST_KEPT_MB
            # What is left after a refused piece of memory, or a fault of ours, is not to be trusted.
            outbox.end(kind, [used_up or kind == BROKEN or said == [MEMORY], *said])
            signal.setitimer(signal.ITIMER_REAL, 0)
        except Closed:
            return


class _Outbox:
    """Sends pieces of an answer; a small one waits for what comes next, which for most answers is the end."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._held = channel, b""

    def put(self, piece: bytes) -> None:
        """Send a piece, or soon."""
        if self._held:
            self._channel.send_data(self._held)
        self._held = piece if len(piece) < PIECE else b""
        if not self._held:
            self._channel.send_data(piece)

    def end(self, kind: bytes, said: list[object]) -> None:
        """Send the last message."""
        self._channel.send_json(kind, said, self._held)


def _answer(
    outbox: _Outbox, store: Store, writing: Writing, asked: dict[str, Any], limits: Limits
) -> tuple[bytes, list[object]]:
    """Answer one question; gives the kind of its last message, and what this is to say."""
    try:
        question = Question.of_plain(asked)
        tally = answer(store, question, limits, writing, outbox.put)
        return END, [tally.rows, tally.size, tally.stopped_by]
    except QueryError as error:
        return FAULT, [error.where, error.what, error.fix]
    except LimitPassed as passed:
        return LIMIT, [passed.limit]
    except MemoryError:
        return LIMIT, [MEMORY]
    except (RuntimeError, ValueError, OSError) as error:
        # The engine found out only while it worked.
        return FAULT, ["query", f"{str(error).rstrip('.')}.", ""]
    except Closed:
        raise
    except Exception:
        traceback.print_exc()
        return BROKEN, []


def _most_resident_mb() -> float:
    """The most memory this process has held, in MiB (getrusage(2) counts KiB on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
