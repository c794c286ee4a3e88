"""Messages between processes."""

import socket
import threading
from collections.abc import Iterator

import pytest

from server.engine.frames import (
    DATA,
    END,
    MOST_DATA,
    QUESTION,
    Closed,
    read_frame,
    write_data,
    write_frame,
    write_json,
)

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


class Trickle:
    """A connection that takes and gives only a few bytes at a time."""

    def __init__(self, inner: socket.socket, most: int) -> None:
        self._inner, self._most = inner, most

    def sendmsg(self, parts: tuple[bytes, bytes]) -> int:
        return self._inner.send(b"".join(map(bytes, parts))[: self._most])

    def sendall(self, data: bytes) -> None:
        self._inner.sendall(data)

    def recv_into(self, view: memoryview) -> int:
        return self._inner.recv_into(view[: self._most])


@pytest.mark.parametrize("data", [b"", b"x", b"text" * 50_000])
def test_a_message_arrives_as_it_was_sent(pair: Pair, data: bytes) -> None:
    sender = threading.Thread(target=write_frame, args=(pair[0], QUESTION, data))
    sender.start()
    assert read_frame(pair[1]) == (QUESTION, data)
    sender.join(5)


@pytest.mark.parametrize("most", [1, 3, 4, 5, 6, 7, 100])
@pytest.mark.parametrize("data", [b"", b"x", b"0123456789"])
def test_a_message_that_goes_in_parts_arrives_whole(pair: Pair, most: int, data: bytes) -> None:
    write_frame(Trickle(pair[0], most), DATA, data)  # type: ignore[arg-type]
    write_json(pair[0], END, [1])
    assert read_frame(Trickle(pair[1], most)) == (DATA, data)  # type: ignore[arg-type]
    assert read_frame(pair[1]) == (END, b"[1]")


def test_large_data_goes_in_messages_that_a_reader_can_hold(pair: Pair) -> None:
    data = bytes(range(256)) * (5 * MOST_DATA // 512)
    sender = threading.Thread(target=write_data, args=(pair[0], data))
    sender.start()
    pieces = [read_frame(pair[1]) for _ in range(3)]
    assert [kind for kind, _ in pieces] == [DATA] * 3
    assert max(len(piece) for _, piece in pieces) == MOST_DATA
    assert b"".join(piece for _, piece in pieces) == data
    sender.join(5)


def test_an_end_within_a_message_is_an_end(pair: Pair) -> None:
    pair[0].sendall(b"D\x00\x00\x00\x05ab")
    pair[0].close()
    with pytest.raises(Closed):
        read_frame(pair[1])


def test_nobody_there_is_an_end(pair: Pair) -> None:
    pair[1].close()
    with pytest.raises(Closed):
        write_frame(pair[0], DATA, b"x" * 10)


def test_a_reader_who_left_with_something_unread_is_an_end(pair: Pair) -> None:
    write_frame(pair[1], DATA, b"unread")
    pair[0].close()
    with pytest.raises(Closed):
        read_frame(pair[1])


def test_no_memory_is_taken_for_a_length_that_nobody_of_ours_sends(pair: Pair) -> None:
    pair[0].sendall(b"D\xff\xff\xff\xff")
    with pytest.raises(Closed):
        read_frame(pair[1])


def test_time_passes_while_nothing_comes(pair: Pair) -> None:
    pair[1].settimeout(0.01)
    with pytest.raises(TimeoutError):
        read_frame(pair[1])
