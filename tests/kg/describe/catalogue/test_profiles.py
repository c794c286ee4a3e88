"""The profiles of the catalogue: what each changes, and that it changes nothing else."""

from catalogue_support import SITE, catalogue_quads, generated_manifest
from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.profiles import in_profile, profiles
from sauran.kg.describe.catalogue.terms import DCAT, SPDX
from sauran.kg.model.namespaces import DCTERMS, RDF, RDFS, SCHEMA, XSD

EXAMPLE = "https://w3id.org/example/"
MANIFEST = generated_manifest(2)
KNOWN = profiles(MANIFEST)


def said(name: str) -> list[Quad]:
    profile = KNOWN[name]
    return in_profile(catalogue_quads(MANIFEST, SITE, portal=profile.portal), profile)


def values(quads: list[Quad], subject: str, predicate: NamedNode) -> list[str]:
    node = NamedNode(EXAMPLE + subject)
    return [q.object.value for q in quads if q.subject == node and q.predicate == predicate]  # type: ignore[union-attr]


def test_there_is_one_for_everybody_and_one_for_each_portal() -> None:
    assert {name: profile.iri for name, profile in KNOWN.items()} == {
        "dcat-ap": "http://data.europa.eu/r5r/",
        "udata": f"{EXAMPLE}catalogue#profile-udata",
        "schema.org": "https://schema.org/",
        "swiss": f"{EXAMPLE}catalogue#profile-swiss",
    }
    assert next(iter(KNOWN)) == "dcat-ap"


def test_for_udata_only_what_its_code_takes_otherwise_is_said_otherwise() -> None:
    """What it made of the rest is found out by running it: tests/harvest."""
    usual, other = set(said("dcat-ap")), set(said("udata"))
    gone, come = usual - other, other - usual
    # The library that it reads RDF with makes bytes of xsd:hexBinary, which its database refuses.
    digests = {q.subject: q.object for q in come if q.predicate == SPDX.checksumValue}
    assert {value.datatype for value in digests.values()} == {XSD.string}  # type: ignore[union-attr]
    before = {q.subject: q.object for q in usual if q.predicate == SPDX.checksumValue}
    assert len(before) > 10
    assert {name: value.value for name, value in digests.items()} == {  # type: ignore[union-attr]
        name: value.value
        for name, value in before.items()  # type: ignore[union-attr]
    }
    # Parts would become files of the whole; a period with an IRI is fetched and not read.
    whole = NamedNode(f"{EXAMPLE}dataset/all")
    assert {q.object for q in gone if q.predicate == DCTERMS.hasPart} == {
        q.subject for q in come if q.predicate == DCTERMS.isPartOf and q.object == whole
    }
    periods = {q.object for q in come if q.predicate == DCTERMS.temporal}
    assert len(periods) == 2
    dates = {q.object.value for q in other if q.subject in periods and isinstance(q.object, Literal)}
    assert dates == {"1991-12-16", "2025-12-31"}
    changed = {SPDX.checksumValue, DCTERMS.hasPart, DCTERMS.isPartOf, DCTERMS.temporal, RDFS.label}
    kept = {q for q in gone if q.predicate not in changed}
    assert {str(q.subject).rstrip(">").rpartition("#")[2] for q in kept} == {"temporal"}


def test_a_portal_gets_its_own_identifiers_and_its_own_themes_besides() -> None:
    usual, other = set(said("dcat-ap")), set(said("swiss"))
    gone, come = usual - other, other - usual
    assert {(q.predicate, q.object.value) for q in gone} == {  # type: ignore[union-attr]
        (DCTERMS.identifier, f"{EXAMPLE}dataset/{slug}") for slug in ("d0", "d1")
    }
    quads = list(other)
    assert values(quads, "dataset/d0", DCTERMS.identifier) == ["d0@example"]
    assert values(quads, "dataset/all", DCTERMS.identifier) == [f"{EXAMPLE}dataset/all"]
    assert "https://example.org/secu" in values(quads, "dataset/d1", DCAT.theme)
    assert len(come) == 2 + 2 + 2  # identifiers, themes, and what the theme is


def test_in_schema_org_everything_that_matters_is_there() -> None:
    quads = said("schema.org")
    assert not [
        q for q in quads if q.predicate != RDF["type"] and not q.predicate.value.startswith(SCHEMA.iri)
    ]
    dataset = "dataset/d1"
    assert values(quads, dataset, RDF["type"]) == [SCHEMA.Dataset.value]
    assert sorted(values(quads, dataset, SCHEMA.name)) == ["A text 1", "Un texte 1", "Мәтін 1", "Текст 1"]
    assert values(quads, dataset, SCHEMA.temporalCoverage) == ["1991-12-16/2025-12-31"]
    assert values(quads, dataset, SCHEMA.includedInDataCatalog) == [f"{EXAMPLE}catalogue"]
    assert values(quads, dataset, SCHEMA.isAccessibleForFree) == ["true"]
    assert sorted(values(quads, dataset, SCHEMA.inLanguage)) == ["en", "fr", "kk", "ru"]
    for name in (
        "description",
        "keywords",
        "license",
        "creator",
        "publisher",
        "version",
        "url",
        "identifier",
    ):
        assert values(quads, dataset, SCHEMA[name]), name
    file = "distribution/d1-turtle-gz"
    assert values(quads, file, RDF["type"]) == [SCHEMA.DataDownload.value]
    assert values(quads, file, SCHEMA.contentUrl) == [f"{SITE}release/2.1.0/dumps/d1.ttl.gz"]
    assert values(quads, file, SCHEMA.encodingFormat) == ["text/turtle"]
    assert values(quads, file, SCHEMA.contentSize) == [f"{len('dumps/d1.ttl.gz')} B"]
    assert len(values(quads, file, SCHEMA.sha256)[0]) == 64
    assert values(quads, "service/sparql", RDF["type"]) == [SCHEMA.WebAPI.value]
    assert (
        Quad(
            NamedNode(f"{EXAMPLE}catalogue#contact"),
            SCHEMA.email,
            Literal("desk@example.org"),
            quads[0].graph_name,
        )
        in quads
    )
    of_files = [q for q in quads if q.predicate == SCHEMA.contentUrl]
    assert len(of_files) == len(MANIFEST["files"])
