"""Resumption tokens: whole, of one release and one verb, and nothing else is one."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sauran.server.api.oai.arguments import OaiError, OaiRequest, read_request
from sauran.server.api.oai.resumption_tokens import ListPosition, read_token, write_token

ASKED = read_request(
    [("verb", "ListRecords"), ("metadataPrefix", "rdf"), ("set", "claim"), ("from", "2026-01-01")]
)


def resumed(token: str, verb: str = "ListRecords") -> OaiRequest:
    return read_request([("verb", verb), ("resumptionToken", token)])


def encoded(plain: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


@given(st.integers(0, 10**6), st.text(st.characters(codec="utf-8", exclude_categories=["C"])), st.integers(1))
def test_a_token_gives_back_all_that_it_was_made_of(part: int, after: str, cursor: int) -> None:
    place = ListPosition(part, after, cursor)
    assert read_token("1.0", resumed(write_token("1.0", ASKED, place))) == (ASKED, place)


def test_a_token_is_of_its_release_and_its_verb() -> None:
    token = write_token("1.0", ASKED, ListPosition(0, "urn:a", 1))
    with pytest.raises(OaiError) as other_release:
        read_token("1.1", resumed(token))
    assert (other_release.value.code, other_release.value.what) == (
        "badResumptionToken",
        "This list was of release 1.0; now it is 1.1. Begin it again.",
    )
    with pytest.raises(OaiError) as other_verb:
        read_token("1.0", resumed(token, "ListIdentifiers"))
    assert (other_verb.value.code, other_verb.value.what) == (
        "badResumptionToken",
        "This token is for ListRecords.",
    )


PREFIX = {"metadataPrefix": "rdf"}
FORGED = {
    "empty": "",
    "no base64": "ä!",
    "no JSON": base64.urlsafe_b64encode(b"\xff{").decode(),
    "too short": encoded(["1.0", "ListRecords", PREFIX, 0, "urn:a"]),
    "too long": encoded(["1.0", "ListRecords", PREFIX, 0, "urn:a", 1, 2]),
    "an object": encoded({"release": "1.0"}),
    "no verb": encoded(["1.0", None, PREFIX, 0, "urn:a", 1]),
    "no arguments": encoded(["1.0", "ListRecords", None, 0, "urn:a", 1]),
    "numbers as arguments": encoded(["1.0", "ListRecords", {"metadataPrefix": 1}, 0, "urn:a", 1]),
    "bad arguments": encoded(["1.0", "ListRecords", {"until": "now"}, 0, "urn:a", 1]),
    "a token in it": encoded(["1.0", "ListRecords", {"resumptionToken": "x"}, 0, "urn:a", 1]),
    "a negative part": encoded(["1.0", "ListRecords", PREFIX, -1, "urn:a", 1]),
    "at the beginning": encoded(["1.0", "ListRecords", PREFIX, 0, "", 0]),
    "a truth value": encoded(["1.0", "ListRecords", PREFIX, True, "urn:a", 1]),
    "a fraction": encoded(["1.0", "ListRecords", PREFIX, 0, "urn:a", 1.5]),
    "half a character": encoded(["1.0", "ListRecords", PREFIX, 0, "\ud800", 1]),
    "deep": base64.urlsafe_b64encode(b"[" * 100_000).decode(),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_nothing_else_is_a_token(token: str) -> None:
    with pytest.raises(OaiError) as raised:
        read_token("1.0", resumed(token))
    assert (raised.value.code, raised.value.what) == (
        "badResumptionToken",
        "This is not a token of this repository.",
    )
