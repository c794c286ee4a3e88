"""One look at triples that nobody else needs: all are counted, few are of interest."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, Triple

from sauran.kg.shacl.targets import FocusCounter
from sauran.kg.validate.literal_quirks import TraitsWatch

__all__ = ["glance"]


def glance(triples: Iterable[Triple | Quad], counter: FocusCounter, watch: TraitsWatch) -> None:
    """Let both see the triples that they wait for."""
    counted, watched = counter.waiting, watch.waiting
    if counted is None or watched is None:
        counter.count(watch.watch(triples))
        return
    waiting = {
        NamedNode(predicate): (*counted.get(predicate, ()), *watched.get(predicate, ()))
        for predicate in {*counted, *watched}
    }
    of = waiting.get
    number = 0
    for number, triple in enumerate(triples, start=1):  # noqa: B007 (how many there were)
        # What is done here is done a million times: one question for each triple, no more.
        wanted = of(triple.predicate)
        if wanted is not None:
            for remember in wanted:
                remember(triple)
    counter.triples += number
