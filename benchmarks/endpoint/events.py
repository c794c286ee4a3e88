"""Synthetic security events as N-Quads: the same number gives the same bytes.

Shape: three named graphs, in the order of their names, lines sorted by subject within each, as a release
has them. Half of the events are in each of two graphs; places, actors and types are in the third.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BASE", "GRAPHS", "VOCABULARY", "Scale", "write_events"]

BASE = "https://bench.example/"
VOCABULARY = BASE + "ontology#"
GRAPHS = tuple(f"{BASE}graph/{name}" for name in ("events-east", "events-west", "reference"))

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_KINDS = ("battle", "explosion", "protest", "riot", "abduction", "arrest", "agreement", "exercise")
_DOINGS = ("Clash", "Blast", "March", "Raid", "Convoy", "Patrol", "Meeting", "Strike")
_SITES = ("market", "border post", "railway", "pipeline", "barracks", "square", "airfield", "bridge", "port")
_SIDES = ("north", "south", "east", "west")
_COUNTRIES, _REGIONS_EACH, _ACTORS = 20, 5, 200
_EVENTS_EACH_PLACE = 40
_FIXED_TRIPLES = 756  # regions, countries, actors, kinds


@dataclass(frozen=True)
class Scale:
    """How many events and places make about so many triples."""

    triples: int

    @property
    def events(self) -> int:
        """Events have 8 2/3 triples on average, and each brings its share of a place."""
        return max(int((self.triples - _FIXED_TRIPLES) / 8.74), _EVENTS_EACH_PLACE)

    @property
    def places(self) -> int:
        """Places, each in a region, each of those in a country."""
        return self.events // _EVENTS_EACH_PLACE


def write_events(triples: int, file: Path) -> dict[str, int]:
    """Write about so many triples; gives the number in each graph."""
    scale = Scale(triples)
    counts = dict.fromkeys(GRAPHS, 0)
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for side, graph in enumerate(GRAPHS[:2]):
            # Padded numbers sort as their texts do.
            for n in range(side, scale.events, 2):
                lines = list(_event(n, scale))
                counts[graph] += len(lines)
                out.writelines(f"{line} <{graph}> .\n" for line in lines)
        lines = sorted(_reference(scale), key=lambda line: line.split(" ", 2)[:2])
        counts[GRAPHS[2]] = len(lines)
        out.writelines(f"{line} <{GRAPHS[2]}> .\n" for line in lines)
    return counts


def _event(n: int, scale: Scale) -> Iterator[str]:
    """One event, its predicates in order; numbers are mixed so that columns do not go together."""
    mixed = n * 2_654_435_761 % 2**32
    subject = f"<{BASE}event/{n:07}>"
    year, month, day = 1990 + mixed % 36, mixed // 36 % 12 + 1, mixed // 432 % 28 + 1
    doing, site, side = _DOINGS[mixed // 7 % 8], _SITES[mixed // 11 % 9], _SIDES[mixed // 13 % 4]
    yield f"{subject} {_TYPE} <{VOCABULARY}Event>"
    yield f'{subject} {_LABEL} "{doing} at the {site} in the {side}, no. {n}"@en'
    yield f"{subject} <{VOCABULARY}actor> <{BASE}actor/{mixed // 17 % _ACTORS:03}>"
    yield f'{subject} <{VOCABULARY}date> "{year}-{month:02}-{day:02}"^^<{_XSD}date>'
    if n % 3:
        yield f'{subject} <{VOCABULARY}deaths> "{mixed // 19 % 50}"^^<{_XSD}integer>'
    yield f"{subject} <{VOCABULARY}kind> <{BASE}kind/{_KINDS[mixed // 23 % 8]}>"
    yield f"{subject} <{VOCABULARY}place> <{BASE}place/{n % scale.places:06}>"
    yield f"{subject} <{VOCABULARY}source> <{BASE}source/{n // 50:05}>"
    yield f'{subject} <{VOCABULARY}wording> "reported"'


def _reference(scale: Scale) -> Iterator[str]:
    regions = _COUNTRIES * _REGIONS_EACH
    within = f"<{VOCABULARY}within>"
    for n in range(scale.places):
        yield from _named(f"place/{n:06}", "Place", f"Place {n}")
        yield f"<{BASE}place/{n:06}> {within} <{BASE}region/{n % regions:03}>"
    for n in range(regions):
        yield from _named(f"region/{n:03}", "Region", f"Region {n}")
        yield f"<{BASE}region/{n:03}> {within} <{BASE}country/{n % _COUNTRIES:02}>"
    for n in range(_COUNTRIES):
        yield from _named(f"country/{n:02}", "Country", f"Country {n}")
    for n in range(_ACTORS):
        yield from _named(f"actor/{n:03}", "Actor", f"Actor {n}")
    for kind in _KINDS:
        yield from _named(f"kind/{kind}", "Kind", kind.capitalize())


def _named(path: str, kind: str, label: str) -> Iterator[str]:
    yield f"<{BASE}{path}> {_TYPE} <{VOCABULARY}{kind}>"
    yield f'<{BASE}{path}> {_LABEL} "{label}"@en'
