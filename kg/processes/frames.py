"""Messages between the web process and a query process: a kind, a length, bytes."""

import json
import math
import socket
import struct
from typing import Any

from sauran.kg.model.errors import EngineError

__all__ = ["BROKEN", "DATA", "END", "FAULT", "LIMIT", "MOST_DATA", "QUESTION", "Channel", "Closed"]

# A question goes in; data, then an end, a fault of the query, the name of a limit, or word that our own code
# failed comes out.
QUESTION, DATA, END, FAULT, LIMIT, BROKEN = b"Q", b"D", b"E", b"F", b"L", b"B"
# An answer with one huge value must not make the reader hold it whole.
MOST_DATA = 1024 * 1024
_MOST_BYTES = 256 * 1024 * 1024  # of one message, before memory is taken for it
_AHEAD = 64 * 1024
_HEAD = struct.Struct("!cI")
_TIME = struct.Struct("@ll")


class Closed(EngineError):
    """The other side is gone, or says what no one of ours says."""

    def __init__(self) -> None:
        super().__init__("query process", "the other side of the connection is gone.")


class Channel:
    """One end of a connection: what comes is read ahead, what goes is put together.

    Each call of the system lets other threads run, and costs more than a small message. So the kernel keeps
    the time too; `send_s` is how long another side that reads nothing may hold up what is sent.
    """

    def __init__(self, connection: socket.socket, send_s: float | None = None) -> None:
        self._connection = connection
        self._come = bytearray()
        self._wait_s: float | None = None
        if send_s is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(send_s))

    def send(self, *messages: tuple[bytes, bytes | memoryview]) -> None:
        """Send messages, each a kind and bytes, at once.

        Raises: Closed when nobody is there, BlockingIOError when the other side reads nothing for too long.
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
        """Send a part of an answer, in messages that are not too large.

        Raises: Closed when nobody is there.
        """
        for start in range(0, len(data), MOST_DATA):
            self.send((DATA, memoryview(data)[start : start + MOST_DATA]))

    def send_json(self, kind: bytes, value: Any, before: bytes = b"") -> None:
        """Send plain data as one message, behind the last part of an answer if there is one.

        Raises: Closed when nobody is there.
        """
        said = (kind, json.dumps(value).encode())
        if before:
            self.send((DATA, before), said)
        else:
            self.send(said)

    def read(self, seconds: float | None = None) -> tuple[bytes, bytes]:
        """Receive one message: its kind and its bytes.

        Raises: Closed when the other side is gone; TimeoutError when nothing comes for so long (with 0, has
        not come yet), after which reading may go on.
        """
        wanted = _HEAD.size
        while True:
            if len(self._come) >= wanted:
                kind, length = _HEAD.unpack_from(self._come)
                if length > _MOST_BYTES:
                    raise Closed
                wanted = _HEAD.size + length
                if len(self._come) >= wanted:
                    break
            self._receive(wanted, seconds)
        data = bytes(memoryview(self._come)[_HEAD.size : wanted])
        del self._come[:wanted]
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
            came = self._connection.recv(max(wanted - len(self._come), _AHEAD), flags)
        except ConnectionResetError as error:
            raise Closed from error
        except BlockingIOError as error:
            raise TimeoutError from error
        if not came:
            raise Closed
        self._come += came


def _timeval(seconds: float) -> bytes:
    """A time as the kernel wants it, where 0 is for ever."""
    micros = math.ceil(seconds * 1_000_000)
    return _TIME.pack(*divmod(micros, 1_000_000))
