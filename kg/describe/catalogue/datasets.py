"""The datasets of a catalogue, each with its catalogue record."""

from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.source import Source
from sauran.kg.describe.catalogue.terms import ADMS, DCAT, FOAF, PROV, VOID, Object, a_date, in_languages
from sauran.kg.describe.catalogue.versions import version_quads
from sauran.kg.model.namespaces import DCTERMS, RDF, RDFS, SEC, SKOS
from sauran.kg.publication.distributions import WHOLE

__all__ = ["dataset_itself", "record_quads"]

_PROFILE = "http://data.europa.eu/r5r/"
_ONTOLOGY = SEC.iri.rstrip("#")
# What our data conform to, with its name.
_STANDARDS = {
    _ONTOLOGY: "Sauran ontology",
    _ONTOLOGY.replace("ontology", "shapes"): "Sauran shapes",
}


def dataset_itself(source: Source, slug: str) -> Iterator[Quad]:
    """Describe a dataset without its distributions.

    Shape: what belongs to it alone has fragment IRIs of its own: `#temporal`, `#provenance`, `#identifier-1`.
    Source: DCAT-AP 3.0.1, Dataset.
    """
    said, iri, say = source.of(slug), source.iri(slug), source.say
    yield from say.of(
        iri, DCAT.Dataset, [*_texts(source, said), *_codes(source, said), *_facts(source, said)]
    )
    yield from say.more(iri, RDF["type"], [DCAT.Resource.value, VOID.Dataset.value])
    yield from say.more(iri, DCAT.distribution, [offer.iri for offer in source.offers.get(iri, ())])
    for standard, name in _STANDARDS.items():
        yield from say.of(standard, DCTERMS.Standard, [(DCTERMS.title, Literal(name, language="en"))])
    yield from _period(source, iri, said.get("temporal", {}))
    yield from _provenance(source, iri, said.get("provenance", {}))
    yield from _identifiers(source, iri, said)
    yield from version_quads(source, slug)
    if slug != WHOLE:
        yield from say.more(source.iri(WHOLE), DCTERMS.hasPart, [iri])


def record_quads(source: Source, slug: str) -> Iterator[Quad]:
    """Describe the record of a dataset: since when the catalogue has it, and which profile it follows."""
    said = source.of(slug)
    yield from source.say.of(
        f"{source.base}record/{slug}",
        DCAT.CatalogRecord,
        [
            (FOAF.primaryTopic, NamedNode(source.iri(slug))),
            (DCTERMS.issued, a_date(said["issued"])),
            (DCTERMS.modified, a_date(source.described(slug))),
            (DCTERMS.conformsTo, NamedNode(_PROFILE)),
            *((DCTERMS.language, source.language(tag)) for tag in source.languages),
        ],
    )
    yield from source.say.of(
        _PROFILE, DCTERMS.Standard, [(DCTERMS.title, Literal("DCAT-AP 3.0.1", language="en"))]
    )


def _texts(source: Source, said: Mapping[str, Any]) -> Iterator[tuple[NamedNode, Object]]:
    yield from in_languages(DCTERMS.title, said["title"])
    yield from in_languages(DCTERMS.description, said["description"])
    yield from in_languages(DCAT.keyword, said.get("keywords", {}))
    yield DCAT.version, Literal(source.manifest["version"])


def _codes(source: Source, said: Mapping[str, Any]) -> Iterator[tuple[NamedNode, Object]]:
    """What is said by codes of the EU, and by IRIs of places and subjects."""
    for tag in source.languages:
        yield DCTERMS.language, source.language(tag)
    for code in said.get("data_themes", ()):
        yield DCAT.theme, source.code("data_themes", code)
    for code in said.get("countries", ()):
        yield DCTERMS.spatial, source.code("countries", code)
    for place in said.get("spatial", ()):
        yield DCTERMS.spatial, NamedNode(place)
    # Themes in DCAT-AP are of the EU's own table; EuroVoc has its place here.
    for subject in said.get("themes", ()):
        yield DCTERMS.subject, NamedNode(subject)
    if said.get("access_right"):
        yield DCTERMS.accessRights, source.code("access_right", said["access_right"])
    if said.get("frequency"):
        yield DCTERMS.accrualPeriodicity, source.code("frequency", said["frequency"])


def _facts(source: Source, said: Mapping[str, Any]) -> Iterator[tuple[NamedNode, Object]]:
    slug = said["slug"]
    yield DCTERMS.publisher, NamedNode(source.publisher)
    yield DCTERMS.creator, NamedNode(source.publisher)
    if source.said["contact"].get("name"):
        yield DCAT.contactPoint, NamedNode(source.contact)
    yield DCTERMS.license, NamedNode(said["licence"])
    for day in ("issued", "modified"):
        yield DCTERMS[day], a_date(said[day])
    yield DCAT.landingPage, NamedNode(source.page(slug))
    for standard in _STANDARDS:
        yield DCTERMS.conformsTo, NamedNode(standard)
    for other in said.get("requires", ()):
        yield DCTERMS.requires, NamedNode(source.iri(other))
    # Documents, not datasets: dcterms:source would have to name datasets (DCAT-AP 3.0.1).
    for document in said.get("sources", ()):
        yield PROV.wasDerivedFrom, NamedNode(document)


def _period(source: Source, iri: str, said: Mapping[str, str]) -> Iterator[Quad]:
    if said:
        yield from source.say.more(iri, DCTERMS.temporal, [f"{iri}#temporal"])
        dates = [(DCAT[f"{name}Date"], a_date(said[name])) for name in ("start", "end") if name in said]
        yield from source.say.of(f"{iri}#temporal", DCTERMS.PeriodOfTime, dates)


def _provenance(source: Source, iri: str, said: Mapping[str, str]) -> Iterator[Quad]:
    if said:
        yield from source.say.more(iri, DCTERMS.provenance, [f"{iri}#provenance"])
        texts = in_languages(RDFS.label, said)
        yield from source.say.of(f"{iri}#provenance", DCTERMS.ProvenanceStatement, texts)


def _identifiers(source: Source, iri: str, said: Mapping[str, Any]) -> Iterator[Quad]:
    """The one identifier that harvesters know a dataset by, and its other ones."""
    portal = said.get("portals", {}).get(source.portal, {})
    own = portal.get("identifier") or iri
    node = NamedNode(iri)
    yield Quad(node, DCTERMS.identifier, Literal(own), source.say.graph)
    for number, other in enumerate(said.get("identifiers", ()), start=1):
        name = f"{iri}#identifier-{number}"
        yield from source.say.more(iri, ADMS.identifier, [name])
        yield from source.say.of(name, ADMS.Identifier, [(SKOS.notation, Literal(other))])
    for theme, label in portal.get("themes", {}).items():
        yield from source.say.more(iri, DCAT.theme, [theme])
        yield from source.say.of(theme, SKOS.Concept, [(SKOS.prefLabel, Literal(label, language="en"))])
