"""Requests of OAI-PMH: what each verb takes, and which error everything else is."""

import pytest

from sauran.server.api.oai.arguments import OaiError, read_request

LIST = {"metadataPrefix": "oai_dc"}


def code_of(*pairs: tuple[str, str]) -> str | None:
    try:
        read_request(pairs)
    except OaiError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("Identify", {}),
        ("ListSets", {}),
        ("ListSets", {"resumptionToken": "x"}),
        ("ListMetadataFormats", {}),
        ("ListMetadataFormats", {"identifier": "urn:a"}),
        ("GetRecord", {"identifier": "urn:a", "metadataPrefix": "rdf"}),
        ("ListRecords", LIST),
        ("ListRecords", {"resumptionToken": "x"}),
        ("ListIdentifiers", LIST | {"from": "2026-01-01", "until": "2026-01-01", "set": "claim:a_b"}),
    ],
)
def test_what_a_verb_takes_is_taken(verb: str, arguments: dict[str, str]) -> None:
    request = read_request([("verb", verb), *arguments.items()])
    assert (request.verb, dict(request.arguments)) == (verb, arguments)


@pytest.mark.parametrize("verbs", [[], ["Identify", "Identify"], ["identify"], [""], ["ListEverything"]])
def test_one_known_verb_is_needed(verbs: list[str]) -> None:
    assert code_of(*(("verb", verb) for verb in verbs)) == "badVerb"


@pytest.mark.parametrize(
    ("verb", "pairs", "text"),
    [
        ("Identify", [("set", "claim")], "Identify has no argument 'set'. It takes none."),
        (
            "GetRecord",
            [("resumptionToken", "x")],
            "GetRecord has no argument 'resumptionToken'. It takes identifier, metadataPrefix.",
        ),
        ("GetRecord", [("identifier", "urn:a")], "GetRecord needs the argument metadataPrefix."),
        ("GetRecord", [("metadataPrefix", "rdf")], "GetRecord needs the argument identifier."),
        ("ListRecords", [], "ListRecords needs the argument metadataPrefix."),
        ("ListRecords", [("metadataPrefix", "rdf")] * 2, "'metadataPrefix' is given more than once."),
        (
            "ListRecords",
            [("metadataPrefix", "rdf"), ("resumptionToken", "x")],
            "resumptionToken stands alone: it says all that the first request said.",
        ),
        (
            "ListRecords",
            [("metadataPrefix", "oai dc")],
            "metadataPrefix holds a character that it may not hold.",
        ),
        ("ListRecords", [*LIST.items(), ("set", "claim:")], "set holds a character that it may not hold."),
        (
            "ListRecords",
            [*LIST.items(), ("set", "")],
            "set is empty, or holds a character that XML cannot hold.",
        ),
        (
            "ListMetadataFormats",
            [("identifier", "urn:\x01")],
            "identifier is empty, or holds a character that XML cannot hold.",
        ),
        ("ListRecords", [*LIST.items(), ("from", "2026-02-30")], "from is not a day such as 2026-11-22."),
        ("ListRecords", [*LIST.items(), ("from", "20260230")], "from is not a day such as 2026-11-22."),
        ("ListRecords", [*LIST.items(), ("until", "2026-W01-1")], "until is not a day such as 2026-11-22."),
        (
            "ListRecords",
            [*LIST.items(), ("until", "2026-01-01T00:00:00Z")],
            "until has a time of day; datestamps here are days, as 2026-11-22.",
        ),
        (
            "ListRecords",
            [*LIST.items(), ("from", "2026-01-02"), ("until", "2026-01-01")],
            "from is later than until.",
        ),
    ],
)
def test_other_arguments_are_refused_with_the_reason(
    verb: str, pairs: list[tuple[str, str]], text: str
) -> None:
    with pytest.raises(OaiError) as raised:
        read_request([("verb", verb), *pairs])
    assert (raised.value.code, raised.value.what) == ("badArgument", text)


@pytest.mark.parametrize(
    ("arguments", "covered"),
    [
        ({}, True),
        ({"set": "claim"}, True),
        ({"set": "claim:a"}, True),
        ({"set": "claim:a-b"}, False),
        ({"set": "clai"}, False),
        ({"set": "dataset"}, False),
        ({"from": "2026-05-05", "until": "2026-05-05"}, True),
        ({"from": "2026-05-06"}, False),
        ({"until": "2026-05-04"}, False),
    ],
)
def test_a_set_covers_what_is_below_it_and_days_include_both_ends(
    arguments: dict[str, str], *, covered: bool
) -> None:
    request = read_request([("verb", "ListRecords"), *LIST.items(), *arguments.items()])
    assert request.covers("claim:a", "2026-05-05") is covered
