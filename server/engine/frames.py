"""Messages between the web process and a query process: a kind, a length, bytes."""

import json
import socket
import struct
from typing import Any

__all__ = [
    "DATA",
    "END",
    "FAULT",
    "LIMIT",
    "MOST_DATA",
    "QUESTION",
    "Closed",
    "read_frame",
    "write_data",
    "write_frame",
    "write_json",
]

# A question goes in; data, then an end, a fault of the query, or the name of a limit comes out.
QUESTION, DATA, END, FAULT, LIMIT = b"Q", b"D", b"E", b"F", b"L"
# An answer with one huge value must not make the reader hold it whole.
MOST_DATA = 1024 * 1024
_MOST_BYTES = 256 * 1024 * 1024  # of one message, before memory is taken for it
_HEAD = struct.Struct("!cI")


class Closed(Exception):
    """The other side is gone, or says what no one of ours says."""


def write_data(connection: socket.socket, data: bytes) -> None:
    """Send a part of an answer, in messages that are not too large.

    Raises: Closed when nobody is there.
    """
    for start in range(0, len(data), MOST_DATA):
        write_frame(connection, DATA, memoryview(data)[start : start + MOST_DATA])


def write_frame(connection: socket.socket, kind: bytes, data: bytes | memoryview) -> None:
    """Send one message.

    Raises: Closed when nobody is there.
    """
    head = _HEAD.pack(kind, len(data))
    try:
        sent = connection.sendmsg((head, data))
        if sent < len(head):
            connection.sendall(head[sent:])
        if sent < len(head) + len(data):
            connection.sendall(memoryview(data)[max(sent - len(head), 0) :])
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed from error


def write_json(connection: socket.socket, kind: bytes, value: Any) -> None:
    """Send plain data as one message."""
    write_frame(connection, kind, json.dumps(value).encode())


def read_frame(connection: socket.socket) -> tuple[bytes, bytes]:
    """Receive one message: its kind and its bytes.

    Raises: Closed when the other side is gone, TimeoutError when the connection's time-out passes.
    """
    kind, length = _HEAD.unpack(_read(connection, _HEAD.size))
    if length > _MOST_BYTES:
        raise Closed
    return kind, _read(connection, length)


def _read(connection: socket.socket, length: int) -> bytes:
    if not length:
        return b""
    buffer = bytearray(length)
    view, done = memoryview(buffer), 0
    while done < length:
        try:
            got = connection.recv_into(view[done:])
        except ConnectionResetError as error:
            raise Closed from error
        if not got:
            raise Closed
        done += got
    return bytes(buffer)
