"""Derive plain triples from claims, with kg/profiles/briefing/derive.rq."""

from pathlib import Path

from pyoxigraph import Quad

from sauran.kg.loading.named_queries import read_query
from sauran.kg.loading.store import Store
from sauran.kg.publication.publication import Dataset, Publication

__all__ = ["derive"]

_QUERY = Path(__file__).with_name("derive.rq")


def derive(store: Store, publication: Publication, dataset: Dataset) -> list[Quad]:
    """Derive the plain triples of one dataset, in its derived graph.

    Shape: one triple for each claim that counts, its mirror where the property is symmetric, and
    `sec:derives true` on the claim. The triples carry no time: the claims do.
    """
    answer = store.query(
        read_query(_QUERY).text,
        substitutions={"dataset": dataset.graph, "ontology": publication.ontology_graph},
    )
    return [Quad(t.subject, t.predicate, t.object, dataset.derived_graph) for t in answer.triples()]
