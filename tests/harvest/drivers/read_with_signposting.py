"""Print the typed links that signposting finds in headers and in linksets; as JSON, by address."""

import json
import sys

import signposting

READERS = {
    "http": signposting.find_signposting_http,
    "linkset": signposting.find_signposting_linkset,
}


def plain(found: signposting.Signposting) -> dict[str, dict[str, list[list[str | None]]]]:
    """Of each context the relations with their targets, and the types of those."""
    links: dict[str, dict[str, list[list[str | None]]]] = {}
    for link in found.signposts:
        # Of a relation that signposting does not know it keeps the address.
        relation = str(getattr(link.rel, "value", link.rel))
        target = [str(link.target), link.type and str(link.type)]
        links.setdefault(str(link.context), {}).setdefault(relation, []).append(target)
    for relations in links.values():
        for targets in relations.values():
            targets.sort(key=str)
    return links


kind, *addresses = sys.argv[1:]
json.dump({address: plain(READERS[kind](address)) for address in addresses}, sys.stdout)
