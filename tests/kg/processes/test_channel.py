"""Messages between processes."""

import socket
import threading
from collections.abc import Iterator

import pytest

from sauran.kg.processes.channel import DATA, END, MOST_DATA, REQUEST, Channel, Closed

Pair = tuple[socket.socket, Channel]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two ends, one of them bare."""
    one, other = socket.socketpair()
    with one, other:
        yield one, Channel(other)


class Trickle:
    """A connection that takes and gives only a few bytes at a time."""

    def __init__(self, inner: socket.socket, most: int) -> None:
        self._inner, self._most = inner, most

    def sendmsg(self, parts: list[bytes]) -> int:
        return self._inner.send(b"".join(map(bytes, parts))[: self._most])

    def sendall(self, data: bytes) -> None:
        self._inner.sendall(data)

    def recv(self, size: int, flags: int) -> bytes:
        return self._inner.recv(min(size, self._most), flags)


@pytest.mark.parametrize("data", [b"", b"x", b"text" * 50_000])
def test_a_message_arrives_as_it_was_sent(pair: Pair, data: bytes) -> None:
    sender = threading.Thread(target=Channel(pair[0]).send, args=((REQUEST, data),))
    sender.start()
    assert pair[1].read() == (REQUEST, data)
    sender.join(5)


@pytest.mark.parametrize("most", [1, 3, 4, 5, 6, 7, 100])
@pytest.mark.parametrize("data", [b"", b"x", b"0123456789"])
def test_a_message_that_goes_in_parts_arrives_whole(most: int, data: bytes) -> None:
    one, other = socket.socketpair()
    with one, other:
        sender, reader = Channel(Trickle(one, most)), Channel(Trickle(other, most))  # type: ignore[arg-type]
        sender.send((DATA, data))
        sender.send((DATA, b""), (REQUEST, data))
        sender.send_json(END, [1])
        messages = [reader.read() for _ in range(4)]
    assert messages == [(DATA, data), (DATA, b""), (REQUEST, data), (END, b"[1]")]


def test_messages_that_come_at_once_are_read_one_by_one(pair: Pair) -> None:
    Channel(pair[0]).send_json(END, {"a": 1}, b"data")
    pair[0].close()
    assert [pair[1].read(), pair[1].read()] == [(DATA, b"data"), (END, b'{"a": 1}')]
    with pytest.raises(Closed):
        pair[1].read()


def test_large_data_goes_in_messages_that_a_reader_can_hold(pair: Pair) -> None:
    data = bytes(range(256)) * (5 * MOST_DATA // 512)
    sender = threading.Thread(target=Channel(pair[0]).send_data, args=(data,))
    sender.start()
    pieces = [pair[1].read() for _ in range(3)]
    assert [kind for kind, _ in pieces] == [DATA] * 3
    assert max(len(piece) for _, piece in pieces) == MOST_DATA
    assert b"".join(piece for _, piece in pieces) == data
    sender.join(5)


def test_an_end_within_a_message_is_an_end(pair: Pair) -> None:
    pair[0].sendall(b"D\x00\x00\x00\x05ab")
    pair[0].close()
    with pytest.raises(Closed):
        pair[1].read()


def test_nobody_there_is_an_end(pair: Pair) -> None:
    pair[1].close()
    with pytest.raises(Closed):
        Channel(pair[0]).send((DATA, b"x" * 10))


def test_a_reader_who_left_with_something_unread_is_an_end(pair: Pair) -> None:
    pair[1].send((DATA, b"unread"))
    pair[0].close()
    with pytest.raises(Closed):
        pair[1].read()


def test_no_memory_is_taken_for_a_length_that_nobody_of_ours_sends(pair: Pair) -> None:
    pair[0].sendall(b"D\xff\xff\xff\xff")
    with pytest.raises(Closed):
        pair[1].read()


def test_time_passes_while_nothing_comes(pair: Pair) -> None:
    for seconds in (0.01, 0):
        with pytest.raises(TimeoutError):
            pair[1].read(seconds)


def test_what_has_come_of_a_message_is_not_lost_when_time_passes(pair: Pair) -> None:
    pair[0].sendall(b"D\x00\x00\x00\x05ab")
    with pytest.raises(TimeoutError):
        pair[1].read(0.01)
    pair[0].sendall(b"cde")
    assert pair[1].read(5) == (DATA, b"abcde")
    pair[0].sendall(b"E\x00\x00\x00\x00")
    assert pair[1].read() == (END, b"")


def test_who_reads_nothing_holds_nobody_up_for_ever() -> None:
    one, other = socket.socketpair()
    with one, other, pytest.raises(BlockingIOError):
        Channel(one, send_s=0.01).send((REQUEST, b"x" * 10_000_000))
