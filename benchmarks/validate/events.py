"""Synthetic security events as Turtle, with seeded faults: the same number gives the same bytes.

Shape: one file as people write it, a property a line; places have a blank node for their coordinates. One
triple in a thousand is wrong, missing or too much, by each of `FAULTS` in turn, and gives one result.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FAULTS", "QUERIED", "VOCABULARY", "write_events"]

_BASE = "https://bench.example/"
VOCABULARY = _BASE + "ontology#"
QUERIED = "EventShape"  # the only shape with a query
_HEADER = f"""\
@prefix b: <{_BASE}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix v: <{VOCABULARY}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_KINDS = ("Battle", "Explosion", "Protest", "Riot", "Abduction", "Arrest", "Agreement", "Exercise")
_DOINGS = ("Clash", "Blast", "March", "Raid", "Convoy", "Patrol", "Meeting", "Strike")
_SITES = ("market", "border post", "railway", "pipeline", "barracks", "square", "airfield", "bridge", "port")
_REGIONS, _ACTORS = 50, 100
_FIXED_TRIPLES = 2 * (_REGIONS + _ACTORS)
_EVENTS_EACH = 20  # of one place and one source: a round
_ROUND_TRIPLES = 5 + 2 + 3 + _EVENTS_EACH * (10 + 5) + (_EVENTS_EACH - 1) // 2
_TRIPLES_A_FAULT = 1000

_Lines = list[str]
_Change = Callable[[_Lines], _Lines]


@dataclass(frozen=True)
class _Fault:
    """One way to be wrong: what it does to which kind of block, and which shape must say so.

    It is seen in the line that begins with `line`, or in the first of the block, where its subject stands.
    """

    block: str
    shape: str
    change: _Change
    line: str = ""


def _write(property_: str, value: str) -> _Change:
    """Give a property another value."""
    return lambda lines: [f"{property_} {value}" if line.startswith(property_) else line for line in lines]


def _drop(property_: str) -> _Change:
    return lambda lines: [line for line in lines if not line.startswith(property_)]


FAULTS = (
    _Fault("event", "event-label", _drop("rdfs:label")),
    _Fault("claim", "claim-source", _drop("v:source")),
    _Fault(
        "place", "place-location", _write("v:location", "[ v:latitude 123.4 ; v:longitude 5.6 ]"), "v:loc"
    ),
    _Fault("event", "event-label", _write("rdfs:label", '"One name"@en , "Two"@en'), "rdfs:label"),
    _Fault("source", "source-published", _write("v:published", '"2024-02-30"^^xsd:date'), "v:published"),
    _Fault("event", "event-kind", _write("v:kind", "v:Picnic"), "v:kind"),
    _Fault("source", "source-address", _write("v:address", '"ftp://a.example/"^^xsd:anyURI'), "v:address"),
    _Fault("event", "event-place", _write("v:place", "b:actor-007"), "v:place"),
    _Fault("claim", "ClaimShape", lambda lines: [*lines, 'v:mood "good"'], "v:mood"),
    _Fault("event", "event-actor", _write("v:actor", '"the other side"'), "v:actor"),
    _Fault("event", "event-deaths", _write("v:deaths", '"many"'), "v:deaths"),
    _Fault("event", QUERIED, lambda lines: [*lines, "v:causedBy b:event-00000000"]),
    _Fault("claim", "claim-confidence", _write("v:confidence", "1.5"), "v:confidence"),
    _Fault("event", "event-code", _write("v:code", '"EV-12"'), "v:code"),
    _Fault("claim", "event-claim", lambda lines: []),
    _Fault("event", "event-started", _write("v:started", '"2027-01-01"^^xsd:date'), "v:started"),
    _Fault("place", "place-within", _drop("v:within")),
    _Fault("claim", "claim-text", _write("v:text", '"Short"'), "v:text"),
)


class _Out:
    """Writes blocks, and knows the line of the last subject."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._line, self.subject_line = _HEADER.count("\n") + 1, 0
        write(_HEADER)

    def put(self, lines: _Lines) -> None:
        """Write one subject after an empty line."""
        if lines:
            self._write("\n" + " ;\n  ".join(lines) + " .\n")
            self.subject_line = self._line + 1
            self._line += len(lines) + 1


def write_events(triples: int, file: Path) -> tuple[tuple[str, int], ...]:
    """Write about so many triples, a thousandth of them faulty; gives each fault's shape and line."""
    rounds = max((triples - _FIXED_TRIPLES) // _ROUND_TRIPLES, 1)
    many = max(triples // _TRIPLES_A_FAULT, 1)
    seeds = {seed * rounds // many: seed for seed in range(many)}
    faults: list[tuple[str, int]] = []
    with file.open("w", encoding="utf-8", newline="\n") as text:
        out = _Out(text.write)
        for lines in _reference():
            out.put(lines)
        for n in range(rounds):
            seed = seeds.get(n, 0)
            fault = FAULTS[seed % len(FAULTS)] if n in seeds else None
            for kind, number, lines in _round(n):
                if fault is None or fault.block != kind or number not in (None, seed % _EVENTS_EACH):
                    out.put(lines)
                    continue
                wrong = fault.change(lines)
                out.put(wrong)
                below = [i for i, line in enumerate(wrong) if fault.line and line.startswith(fault.line)]
                faults.append((fault.shape, out.subject_line + (below[0] if below else 0)))
    return tuple(faults)


def _reference() -> Iterator[_Lines]:
    for n in range(_REGIONS):
        yield [f"b:region-{n:03} a v:Region", f'rdfs:label "Region {n}"@en']
    for n in range(_ACTORS):
        yield [f"b:actor-{n:03} a v:Actor", f'rdfs:label "Actor {n}"@en']


def _round(n: int) -> Iterator[tuple[str, int | None, _Lines]]:
    """A place, a source, and what happened there: kind of block, number of the event, lines."""
    latitude, longitude = n * 7 % 180 - 89.5, n * 13 % 360 - 179.5
    yield (
        "place",
        None,
        [
            f"b:place-{n:06} a v:Place",
            f"v:location [ v:latitude {latitude} ; v:longitude {longitude} ]",
            f"v:within b:region-{n % _REGIONS:03}",
        ],
    )
    yield (
        "source",
        None,
        [
            f"b:source-{n:06} a v:Source",
            f'v:address "https://news.example/{n}"^^xsd:anyURI',
            f'v:published "20{n % 26:02}-0{n % 9 + 1}-15"^^xsd:date',
        ],
    )
    for i in range(_EVENTS_EACH):
        number = n * _EVENTS_EACH + i
        yield "event", i, _event(number, n)
        yield "claim", i, _claim(number, n)


def _event(number: int, place: int) -> _Lines:
    """One event; numbers are mixed so that columns do not go together."""
    mixed = number * 2_654_435_761 % 2**32
    month, day = f"{1990 + mixed % 36}-{mixed // 36 % 12 + 1:02}", mixed // 432 % 27 + 1
    title = f"{_DOINGS[mixed // 7 % 8]} at the {_SITES[mixed // 11 % 9]}, no. {number}"
    # Only of even events, whose place is never wrong: else one fault would give two results.
    cause = (
        [f"v:causedBy b:event-{number - 2:08}"]
        if number % _EVENTS_EACH % 2 == 0 < number % _EVENTS_EACH
        else []
    )
    return [
        f"b:event-{number:08} a v:Event",
        f'rdfs:label "{title}"@en , "Событие {number}"@ru',
        f"v:actor b:actor-{mixed // 17 % _ACTORS:03}",
        f'v:code "EV-{number:08}"',
        f"v:deaths {mixed // 19 % 50}" if number % 5 else 'v:deaths "unknown"',
        f'v:ended "{month}-{day + mixed % 2:02}"^^xsd:date',
        f"v:kind v:{_KINDS[mixed // 23 % 8]}",
        f"v:place b:place-{place:06}",
        f'v:started "{month}-{day:02}"^^xsd:date',
        *cause,
    ]


def _claim(number: int, source: int) -> _Lines:
    return [
        f"b:claim-{number:08} a v:Claim",
        f"v:about b:event-{number:08}",
        f"v:confidence 0.{number % 9 + 1}",
        f"v:source b:source-{source:06}",
        f'v:text "Reported by two witnesses, no. {number}."',
    ]
