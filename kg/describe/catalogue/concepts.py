"""Descriptions of the concepts that a catalogue refers to: EU codes, licences, media types, places.

DCAT-AP wants their classes and labels in the same graph, so that nobody has to fetch them.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.source import Source, in_these
from sauran.kg.describe.catalogue.terms import DCAT, FOAF, SPDX, VCARD, Say, in_languages
from sauran.kg.model.namespaces import DCTERMS, RDF, RDFS, SKOS
from sauran.kg.publication.eu_vocabularies import LICENCES, Concept, Licence, Table, tables

__all__ = ["MEDIA_TYPES", "SHA256", "agent_quads", "describe_mentioned"]

# With https: uData knows a media type only by it.
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
SHA256 = "checksumAlgorithm_sha256"
_LICENCE_KINDS = "http://purl.org/adms/licencetype/1.0"
_LICENCES: Mapping[str, Licence] = {licence.iri: licence for licence in LICENCES.values()}
# Classes that the objects of these properties have, whatever they are.
_CLASSES = {
    DCAT.landingPage: FOAF.Document,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCTERMS.spatial: DCTERMS.Location,
    FOAF.homepage: FOAF.Document,
    SPDX.algorithm: SPDX.ChecksumAlgorithm,
}


def agent_quads(source: Source) -> Iterator[Quad]:
    """The publisher and the contact."""
    publisher, contact, say = source.said["publisher"], source.said["contact"], source.say
    name = Literal(publisher["name"])
    yield from say.of(source.publisher, FOAF.Agent, [(FOAF.name, name), (RDF["type"], FOAF.Organization)])
    if contact.get("name"):
        yield from say.of(source.contact, VCARD.Kind, [(VCARD.fn, Literal(contact["name"]))])
        yield from say.more(source.contact, RDF["type"], [VCARD.Organization.value])
        if contact.get("email"):
            yield from say.more(
                source.contact, VCARD.hasEmail, [f"mailto:{quote(contact['email'], safe='@+')}"]
            )


def describe_mentioned(source: Source, quads: Iterable[Quad]) -> Iterator[Quad]:
    """Describe the IRIs of others that quads name, each once."""
    named: dict[NamedNode, None] = {}
    for quad in quads:
        if isinstance(quad.object, NamedNode):
            named[quad.object] = None
            if quad.predicate in _CLASSES:
                yield Quad(quad.object, RDF["type"], _CLASSES[quad.predicate], source.say.graph)
    schemes: dict[str, Table] = {}
    for node in named:
        iri = node.value
        if iri in _concepts():
            table, concept = _concepts()[iri]
            schemes[table.scheme] = table
            yield from _concept(source.say, table, concept, source.languages)
        elif iri in _LICENCES:
            yield from _licence(source.say, _LICENCES[iri])
        elif iri.startswith(MEDIA_TYPES):
            yield from source.say.of(iri, DCTERMS.MediaType, [])
        elif any(iri == table.scheme for table in tables().values()):
            schemes |= {table.scheme: table for table in tables().values() if table.scheme == iri}
    for table in schemes.values():
        yield from source.say.of(
            table.scheme, SKOS.ConceptScheme, [(DCTERMS.title, Literal(table.title, language="en"))]
        )


@cache
def _concepts() -> Mapping[str, tuple[Table, Concept]]:
    return {
        concept.iri: (table, concept) for table in tables().values() for concept in table.concepts.values()
    }


def _concept(say: Say, table: Table, concept: Concept, languages: list[str]) -> Iterator[Quad]:
    yield from say.of(
        concept.iri,
        SKOS.Concept,
        [
            (SKOS.inScheme, NamedNode(table.scheme)),
            (DCTERMS.identifier, Literal(concept.code)),
            *in_languages(SKOS.prefLabel, in_these(concept.labels, languages)),
        ],
    )
    if table.kind:
        yield from say.more(concept.iri, RDF["type"], [table.kind])


def _licence(say: Say, licence: Licence) -> Iterator[Quad]:
    yield from say.of(
        licence.iri,
        DCTERMS.LicenseDocument,
        [
            # Just one title: portals compare it with those of their own lists.
            (DCTERMS.title, Literal(licence.title)),
            (RDFS.label, Literal(licence.name, language="en")),
            (SKOS.exactMatch, NamedNode(licence.authority)),
            (DCTERMS.type, NamedNode(licence.kind)),
        ],
    )
    label = licence.kind.rpartition("/")[2]
    yield from say.of(
        licence.kind,
        SKOS.Concept,
        [
            (SKOS.inScheme, NamedNode(_LICENCE_KINDS)),
            (SKOS.prefLabel, Literal(label, language="en")),
        ],
    )
    yield from say.of(
        _LICENCE_KINDS,
        SKOS.ConceptScheme,
        [(DCTERMS.title, Literal("Licence type", language="en"))],
    )
