"""Accept-Profile: which profile a client is given."""

import pytest

from sauran.server.http.profile_choice import choose_profile

OFFERED = ("http://data.europa.eu/r5r/", "https://schema.org/", "urn:x:y")


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", OFFERED[0]),
        ("  ", OFFERED[0]),
        ("<https://schema.org/>", OFFERED[1]),
        ('"https://schema.org/"', OFFERED[1]),
        ("https://schema.org/", OFFERED[1]),
        ("<https://schema.org/>; q=0.5, <urn:x:y>", OFFERED[2]),
        ("<https://schema.org/>;q=0.5, <urn:x:y>;q=0.4", OFFERED[1]),
        ("<urn:x:y>, <https://schema.org/>", OFFERED[2]),
        ("<urn:other>, <urn:x:y>;q=0.1", OFFERED[2]),
        ("<urn:other>, *;q=0.1", OFFERED[0]),
        ("<urn:other>", None),
        ("<https://schema.org/>;q=0", None),
        ("<https://schema.org/> ; q=0.000", None),
        (",,;;<<>>", None),
        ("<", None),
    ],
)
def test_the_one_most_wanted_is_given(header: str, chosen: str | None) -> None:
    assert choose_profile(header, OFFERED) == chosen


def test_a_header_of_any_length_is_read_in_one_pass() -> None:
    assert choose_profile("<urn:other>;q=0.5," * 5000 + "<urn:x:y>;q=0.1", OFFERED) == "urn:x:y"
    assert choose_profile(" " * 60_000 + "<", OFFERED) is None
