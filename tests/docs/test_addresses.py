"""The reference names each address that the server answers, and no other."""

import re

from web_support import client_over

from sauran.kg.release.release import Release


def family(path: str) -> str:
    """What the addresses of a family share: the first part, without language, suffix and parameters."""
    path = re.sub(r"^/(<language>|[a-z]{2})(?=/)", "", path)
    return path if path.startswith("/.well-known/") else re.split(r"(?<=.)[/.<?…-]", path, maxsplit=1)[0]


def test_the_reference_names_the_addresses_that_there_are(pages: dict, briefing: Release) -> None:
    with client_over(briefing.folder.parent) as client:
        rules = [rule.rule for rule in client.application.url_map.iter_rules()]
    served = set()
    for rule in rules:
        options = re.search(r"<any\((.*?)\):\w+>", rule)
        for option in options[1].split(", ") if options else [""]:
            served.add(family(rule.replace(options[0], option) if options else rule))
    spans = [
        span for page in pages.values() if page.name.startswith("docs/reference/") for span in page.spans
    ]
    named = {family(span) for span in spans if span.startswith("/")}
    assert len(served) > 30
    assert (served - named, named - served) == ({"/static"}, set())
