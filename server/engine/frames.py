"""Messages between the web process and a query process: a kind, a length, bytes."""

import json
import socket
import struct
from typing import Any

__all__ = ["DATA", "END", "FAULT", "LIMIT", "QUESTION", "Closed", "read_frame", "write_frame", "write_json"]

# A question goes in; data, then an end, a fault of the query, or the name of a limit comes out.
QUESTION, DATA, END, FAULT, LIMIT = b"Q", b"D", b"E", b"F", b"L"
_HEAD = struct.Struct("!cI")


class Closed(Exception):
    """The other side is gone."""


def write_frame(connection: socket.socket, kind: bytes, data: bytes | memoryview) -> None:
    """Send one message.

    Raises: Closed when nobody is there.
    """
    try:
        connection.sendmsg((_HEAD.pack(kind, len(data)),)) if not data else _send_both(connection, kind, data)
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
    return kind, _read(connection, length)


def _send_both(connection: socket.socket, kind: bytes, data: bytes | memoryview) -> None:
    head = _HEAD.pack(kind, len(data))
    sent = connection.sendmsg((head, data))
    if sent < len(head):
        connection.sendall(head[sent:])
        sent = len(head)
    if sent < len(head) + len(data):
        connection.sendall(memoryview(data)[sent - len(head) :])


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
