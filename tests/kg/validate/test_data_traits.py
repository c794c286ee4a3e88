"""A glance at triples sees what those see who look at each of them."""

import pytest
from pyoxigraph import RdfFormat, Triple, parse
from validation_support import PREFIXES

from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.targets import FocusCounter
from sauran.kg.validate.data_traits import TraitsWatch, glance

DATA = """ex:a a ex:C ; ex:p 1 , ex:b . ex:b a ex:D ; ex:q "x"@en ; ex:r "2020"^^xsd:gYear .
ex:D rdfs:subClassOf ex:C . ex:c ex:p ex:a ; ex:q "1.1234567890123456789"^^xsd:decimal ."""


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)]


@pytest.mark.parametrize("closely", [False, True])
@pytest.mark.parametrize(
    ("targets", "met"),
    [
        ("sh:targetClass ex:C", 2),
        ("sh:targetObjectsOf ex:p", 3),
        ("sh:targetSubjectsOf ex:p , rdf:type", 3),
        ("sh:targetNode ex:b , ex:nowhere", 1),
    ],
)
def test_it_counts_and_notes_the_same(targets: str, met: int, closely: bool) -> None:
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    shapes = TripleIndex(
        triples(f"{rdf}ex:S a sh:NodeShape ; {targets} ; sh:property [ sh:path ex:q ; sh:lessThan ex:r ] .")
    )
    one, other = FocusCounter(shapes), FocusCounter(shapes)
    seen, watched = (TraitsWatch(shapes, looks_closely=closely) for _ in range(2))
    glance(iter(triples(DATA)), one, seen)
    other.count(watched.watch(iter(triples(DATA))))
    assert (
        (one.counts(), one.triples) == (other.counts(), other.triples) == ({"http://example.org/S": met}, 9)
    )
    assert seen.traits == watched.traits
    assert seen.traits.unordered == {"http://example.org/q", "http://example.org/r"}
    assert bool(seen.traits.misread) is closely
