"""Adapt a DCAT-AP catalogue to what uData expects. Pure."""

from collections.abc import Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.terms import SPDX
from sauran.kg.model.namespaces import DCTERMS, RDFS

__all__ = ["in_udata"]


def in_udata(quads: Sequence[Quad]) -> list[Quad]:
    """Translate DCAT-AP quads to what uData expects.

    Source: what uData 17 does with a catalogue; the tests run its code.
    """
    periods = {quad.object for quad in quads if quad.predicate == DCTERMS.temporal}
    iris = sorted(period.value for period in periods if isinstance(period, NamedNode))
    # It fetches a period that has an IRI, and does not read what stands beside it.
    anonymous: dict[object, BlankNode] = {
        NamedNode(iri): BlankNode(f"period{number}") for number, iri in enumerate(iris, start=1)
    }
    titles = {quad.subject: quad.object for quad in quads if quad.predicate == DCTERMS.title}
    licences = {quad.object for quad in quads if quad.predicate == DCTERMS.license}
    found = []
    for quad in quads:
        subject, predicate, said = quad.subject, quad.predicate, quad.object
        if predicate == DCTERMS.hasPart and not isinstance(said, Literal):
            # Parts would become files of the whole.
            subject, predicate, said = said, DCTERMS.isPartOf, subject
        elif predicate == SPDX.checksumValue and isinstance(said, Literal):
            # rdflib makes bytes of xsd:hexBinary; its store refuses them, and the dataset with them.
            said = Literal(said.value)
        elif predicate == RDFS.label and subject in licences:
            # By this it looks the licence up, in a list whose titles have no version.
            said = titles.get(subject, said)
        found.append(
            Quad(anonymous.get(subject, subject), predicate, anonymous.get(said, said), quad.graph_name)
        )
    return found
