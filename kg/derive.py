"""Plain triples from claims, by kg/queries/derive.rq."""

from pyoxigraph import Quad

from kg.named_queries import own_query
from kg.publication import Dataset, Publication
from kg.store import Store

__all__ = ["derive"]


def derive(store: Store, publication: Publication, dataset: Dataset) -> list[Quad]:
    """Derive the plain triples of one dataset, in its derived graph.

    Shape: one triple for each claim that counts, its mirror where the property is symmetric, and
    `sec:derives true` on the claim. The triples carry no time: the claims do.
    """
    answer = store.query(
        own_query("derive").text,
        substitutions={"dataset": dataset.graph, "ontology": publication.ontology_graph},
    )
    return [Quad(t.subject, t.predicate, t.object, dataset.derived_graph) for t in answer.triples()]
