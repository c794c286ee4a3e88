"""Links as headers and as sets of links, to the letter."""

import json

from werkzeug.http import parse_options_header

from sauran.server.api.discovery.link_set import LINKSET_FORMATS, Link, link_header, write_linkset

PAGE = "https://example.org/page"
LINKS = [
    Link("cite-as", "https://example.org/id"),
    Link("item", "https://example.org/a.ttl", "text/turtle"),
    Link("item", "https://example.org/b.json", "application/ld+json", "https://example.org/profile"),
]


def test_a_header_has_every_link_with_what_is_said_of_it() -> None:
    assert link_header(LINKS) == (
        '<https://example.org/id>; rel="cite-as", '
        '<https://example.org/a.ttl>; rel="item"; type="text/turtle", '
        '<https://example.org/b.json>; rel="item"; type="application/ld+json"; profile="https://example.org/profile"'
    )
    assert link_header([]) == ""


def test_what_ascii_cannot_hold_is_written_in_percent_signs() -> None:
    header = link_header([Link("cite-as", "https://example.org/id/алматы")])
    assert header == '<https://example.org/id/%D0%B0%D0%BB%D0%BC%D0%B0%D1%82%D1%8B>; rel="cite-as"'


def test_a_set_of_links_in_json_groups_targets_by_relation() -> None:
    document = json.loads(write_linkset([(PAGE, LINKS), (f"{PAGE}2", LINKS[:1])], LINKSET_FORMATS[0]))
    assert document == {
        "linkset": [
            {
                "anchor": PAGE,
                "cite-as": [{"href": "https://example.org/id"}],
                "item": [
                    {"href": "https://example.org/a.ttl", "type": "text/turtle"},
                    {
                        "href": "https://example.org/b.json",
                        "type": "application/ld+json",
                        "profile": "https://example.org/profile",
                    },
                ],
            },
            {"anchor": f"{PAGE}2", "cite-as": [{"href": "https://example.org/id"}]},
        ]
    }


def test_a_set_of_links_in_text_has_an_anchor_in_each() -> None:
    text = write_linkset([(PAGE, LINKS)], LINKSET_FORMATS[1])
    links = text.removesuffix("\n").split(",\n")
    assert len(links) == 3
    for line in links:
        assert (
            parse_options_header(line.partition("; ")[0] + "; " + line.partition("; ")[2])[1]["anchor"]
            == PAGE
        )
