"""Messages between a process and its child: a kind, a length, bytes."""

import json
import math
import socket
import struct
import time
from typing import Any

from sauran.kg.model.errors import EngineError

__all__ = ["BROKEN", "DATA", "END", "FAULT", "LIMIT", "MOST_DATA", "PROGRESS", "REQUEST", "Channel", "Closed"]

# The child reads a request. It answers with data, between them how far it is, and last an end, a fault of the
# request, the name of a limit that was reached, or that our own code failed.
REQUEST, PROGRESS, DATA, END, FAULT, LIMIT, BROKEN = b"R", b"P", b"D", b"E", b"F", b"L", b"B"
# A reader need not hold an answer with one huge value whole.
MOST_DATA = 1024 * 1024
_MOST_BYTES = 256 * 1024 * 1024  # of one message; a longer length is refused before memory is allocated
_AHEAD = 64 * 1024  # bytes to ask for beyond the message that is read
_HEAD = struct.Struct("!cI")
_TIME = struct.Struct("@ll")


class Closed(EngineError):
    """The other side closed the connection, or sent what is not a message."""

    def __init__(self) -> None:
        super().__init__("child process", "the other side of the connection is gone.")


class Channel:
    """One end of a connection: it reads ahead, and sends several messages with one system call.

    A system call lets other threads run and costs more than a small message, so time-outs are the kernel's
    too. `send_s`: how many seconds `send` waits for a reader that reads nothing.
    """

    def __init__(self, connection: socket.socket, send_s: float | None = None) -> None:
        self._connection = connection
        self._received = bytearray()
        self._wait_s: float | None = None
        if send_s is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(send_s))

    def send(self, *messages: tuple[bytes, bytes | memoryview]) -> None:
        """Send messages, each a kind and bytes, at once.

        Raises: Closed when the other side is gone; BlockingIOError when it reads nothing for too long.
        """
        parts = [part for kind, data in messages for part in (_HEAD.pack(kind, len(data)), data)]
        try:
            sent = self._connection.sendmsg(parts)
            for part in parts:
                if sent < len(part):
                    self._connection.sendall(memoryview(part)[sent:])
                sent = max(sent - len(part), 0)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Closed from error

    def send_data(self, data: bytes) -> None:
        """Send a part of an answer, in messages of at most `MOST_DATA` bytes.

        Raises: Closed when the other side is gone.
        """
        for start in range(0, len(data), MOST_DATA):
            self.send((DATA, memoryview(data)[start : start + MOST_DATA]))

    def send_json(self, kind: bytes, value: Any, before: bytes = b"") -> None:
        """Send plain data as one message of JSON, after `before`, the last part of an answer.

        Raises: Closed when the other side is gone.
        """
        message = (kind, json.dumps(value).encode())
        if before:
            self.send((DATA, before), message)
        else:
            self.send(message)

    def read(self, seconds: float | None = None) -> tuple[bytes, bytes]:
        """Receive one message: its kind and its bytes.

        Raises: Closed when the other side is gone; TimeoutError when the message is not complete within
        `seconds` (0: when it has not arrived yet). Another read then continues where this one stopped.
        """
        until = time.monotonic() + seconds if seconds else None
        wanted = _HEAD.size
        while True:
            if len(self._received) >= wanted:
                kind, length = _HEAD.unpack_from(self._received)
                if length > _MOST_BYTES:
                    raise Closed
                wanted = _HEAD.size + length
                if len(self._received) >= wanted:
                    break
            self._receive(wanted, seconds)
            if until is not None:
                seconds = max(until - time.monotonic(), 0.0)
        data = bytes(memoryview(self._received)[_HEAD.size : wanted])
        del self._received[:wanted]
        return kind, data

    def close(self) -> None:
        """Close this end."""
        self._connection.close()

    def _receive(self, wanted: int, seconds: float | None) -> None:
        flags = 0
        if seconds == 0:
            flags = socket.MSG_DONTWAIT
        elif seconds != self._wait_s:
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(seconds or 0.0))
            self._wait_s = seconds
        try:
            part = self._connection.recv(max(wanted - len(self._received), _AHEAD), flags)
        except ConnectionResetError as error:
            raise Closed from error
        except BlockingIOError as error:
            raise TimeoutError from error
        if not part:
            raise Closed
        self._received += part


def _timeval(seconds: float) -> bytes:
    """A time-out as the kernel takes it; 0 stands for none."""
    micros = math.ceil(seconds * 1_000_000)
    return _TIME.pack(*divmod(micros, 1_000_000))
