"""Codings: what a client wants, and the same bytes back."""

import gzip

import pytest

from sauran.server.http.compression import choose_coding, compress, compress_pieces


@pytest.mark.parametrize(
    ("accept", "large", "small"),
    [
        ("", "identity", "identity"),
        ("gzip", "gzip", "identity"),
        ("x-gzip", "gzip", "identity"),
        ("gzip, deflate, br, zstd", "gzip", "identity"),
        ("br", "identity", "identity"),
        ("*", "gzip", "identity"),
        ("identity", "identity", "identity"),
        ("gzip;q=0", "identity", "identity"),
        ("gzip;q=0.2, identity;q=0.8", "identity", "identity"),
        ("gzip;q=0.8, identity;q=0.2", "gzip", "identity"),
        ("gzip, identity;q=0", "gzip", "gzip"),
        ("*, gzip;q=0", "identity", "identity"),
        ("identity;q=0", None, None),
        ("*;q=0", None, None),
        ("br, identity;q=0", None, None),
    ],
)
def test_a_coding_is_chosen(accept: str, large: str | None, small: str | None) -> None:
    assert choose_coding(accept) == large
    assert choose_coding(accept, small=True) == small


def test_what_is_packed_comes_back() -> None:
    data = b"claim " * 10_000
    assert gzip.decompress(compress(data)) == data
    assert compress(data) == compress(data)
    assert gzip.decompress(b"".join(compress_pieces([data, b"", data]))) == data + data
