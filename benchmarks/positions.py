"""Compare the parsers of a generated Turtle text: ours with positions, pyoxigraph's, rdflib's.

Run: python -m benchmarks.positions --triples 100000
Rounds are interleaved and the median is taken, so that a busy machine slows all alike; trust the ratios.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import rdflib
from pyoxigraph import RdfFormat, parse

from sauran.kg.positions import index_text, parse_turtle

_HEADER = """\
@prefix ex: <http://example.org/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_EVENT = """\

ex:event{n} a ex:Event ;
  rdfs:label "Event number {n}"@en , "Событие {n}"@ru ;
  ex:place ex:place{place} ;
  ex:date "2026-01-{day:02}"^^xsd:date ;
  ex:count {n} ;
  ex:source [ ex:page {place} ; ex:quoted "a \\"quoted\\" word" ] .
"""
_TRIPLES_PER_EVENT = 9


def make_turtle(triples: int) -> str:
    """Write about `triples` triples, laid out as people do."""
    events = range(triples // _TRIPLES_PER_EVENT)
    return _HEADER + "".join(_EVENT.format(n=n, place=n % 997, day=n % 28 + 1) for n in events)


def count_seconds(work: Callable[[str], int], text: str) -> tuple[float, int]:
    """Time one run; the second value is what `work` counted."""
    start = time.perf_counter()
    count = work(text)
    return time.perf_counter() - start, count


PARSERS: dict[str, Callable[[str], int]] = {
    "parse_turtle": lambda text: sum(1 for _ in parse_turtle(text)),
    "index_text": lambda text: len(index_text(text)),
    "pyoxigraph": lambda text: sum(1 for _ in parse(text, format=RdfFormat.TURTLE)),
    "rdflib": lambda text: len(rdflib.Graph().parse(data=text, format="turtle")),
}


def main() -> None:
    """Print seconds, triples a second and the ratio to `parse_turtle`."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--triples", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    text = make_turtle(chosen.triples)
    seconds: dict[str, list[float]] = {name: [] for name in PARSERS}
    counts: dict[str, int] = {}
    for _ in range(chosen.rounds):
        for name, work in PARSERS.items():
            spent, counts[name] = count_seconds(work, text)
            seconds[name].append(spent)
    if len(set(counts.values())) != 1:
        raise SystemExit(f"the parsers do not agree on the number of triples: {counts}")
    ours = statistics.median(seconds["parse_turtle"])
    print(f"{'parser':<14}{'seconds':>9}{'triples/s':>12}{'ratio':>8}   ({counts['rdflib']} triples)")
    for name, spent_each in seconds.items():
        median = statistics.median(spent_each)
        print(f"{name:<14}{median:>9.3f}{counts[name] / median:>12,.0f}{median / ours:>8.2f}")


if __name__ == "__main__":
    main()
