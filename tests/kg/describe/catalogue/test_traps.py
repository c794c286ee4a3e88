"""The traps in which the code of portals and the official shapes are caught, each once."""

import re

import pytest
from catalogue_support import SITE, catalogue_quads, generated_manifest, of_class, values
from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue import (
    dataset_quads,
)
from sauran.kg.describe.catalogue.data_services import SERVICES
from sauran.kg.describe.catalogue.terms import DCAT, FOAF, SPDX, VCARD
from sauran.kg.model.namespaces import DCTERMS, RDFS, SKOS, XSD
from sauran.kg.release.release import Release

BASE = "https://w3id.org/sauran/"
AT = "http://publications.europa.eu/resource/authority/"
MEDIA = "https://www.iana.org/assignments/media-types/"


@pytest.fixture(scope="module")
def quads(briefing: Release) -> list[Quad]:
    return catalogue_quads(briefing.manifest, SITE, {"kazakhstan": ["0.1", "0.2"]})


def test_a_distribution_names_no_service(quads: list[Quad]) -> None:
    """With dcat:accessService uData makes an API of a file, and forgets the service."""
    assert not [q for q in quads if q.predicate == DCAT.accessService]
    services = {f"{BASE}service/{name}" for name in SERVICES}
    assert set(values(quads, f"{BASE}catalogue", DCAT.service)) == services
    serve = {q.subject.value for q in quads if q.predicate == DCAT.servesDataset}  # type: ignore[union-attr]
    assert serve == services - {f"{BASE}service/validation"}


def test_sizes_and_checksums_have_the_datatypes_of_dcat_ap_3(quads: list[Quad]) -> None:
    sizes = [q.object for q in quads if q.predicate == DCAT.byteSize]
    assert {size.datatype for size in sizes} == {XSD.nonNegativeInteger}  # type: ignore[union-attr]
    digests = [q.object for q in quads if q.predicate == SPDX.checksumValue]
    assert {digest.datatype for digest in digests} == {XSD.hexBinary}  # type: ignore[union-attr]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest.value) for digest in digests)  # type: ignore[union-attr]
    (algorithm,) = {q.object.value for q in quads if q.predicate == SPDX.algorithm}  # type: ignore[union-attr]
    assert algorithm == "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


def test_media_types_are_named_with_https_and_codes_of_the_eu_without(quads: list[Quad]) -> None:
    """To uData a media type is one only with https; the authority tables have http."""
    named = [q.object.value for q in quads if isinstance(q.object, NamedNode)]
    assert {n[:6] for n in named if "iana.org" in n} == {"https:"}
    assert {n[:5] for n in named if "publications.europa.eu" in n} == {"http:"}


def test_each_dataset_has_one_identifier_and_no_two_the_same(quads: list[Quad]) -> None:
    """What has none is skipped by uData, and two with the same are taken for one."""
    found = {name: values(quads, name, DCTERMS.identifier) for name in of_class(quads, DCAT.Dataset)}
    assert found == {name: [name] for name in found}
    services = {name: values(quads, name, DCTERMS.identifier) for name in of_class(quads, DCAT.DataService)}
    assert services == {name: [name] for name in services}


def test_older_versions_are_no_datasets_that_a_portal_would_list(quads: list[Quad]) -> None:
    """CKAN and uData take every node of class dcat:Dataset; DCAT-AP wants dcat:hasVersion to lead to one."""
    dataset = f"{BASE}dataset/kazakhstan"
    versions = values(quads, dataset, DCAT.hasVersion)
    assert versions == [f"{BASE}release/0.1#kazakhstan", f"{BASE}release/0.2#kazakhstan"]
    assert of_class(quads, DCAT.Dataset) == {
        f"{BASE}dataset/{slug}" for slug in ("all", "kazakhstan", "reference")
    }
    kind = f"{BASE}catalogue#DatasetVersion"
    assert of_class(quads, NamedNode(kind)) == set(versions)
    assert values(quads, kind, RDFS.subClassOf) == [DCAT.Dataset.value]
    assert values(quads, versions[0], DCAT.isVersionOf) == [dataset]
    many = dataset_quads(generated_manifest(1), "d0", SITE, {"d0": [f"0.{n}" for n in range(30)]})
    newest = values(many, "https://w3id.org/example/dataset/d0", DCAT.hasVersion)
    assert newest == [f"https://w3id.org/example/release/0.{n}#d0" for n in range(20, 30)]


def test_a_dataset_has_one_version_and_its_sources_are_not_called_datasets(
    quads: list[Quad], briefing: Release
) -> None:
    for name in of_class(quads, DCAT.Dataset):
        assert values(quads, name, DCAT.version) == [briefing.version]
    assert not [q for q in quads if q.predicate == DCTERMS.source]
    derived = values(
        quads, f"{BASE}dataset/kazakhstan", NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
    )
    assert derived == [f"{BASE}id/source/kazakhstan-security"]


def test_themes_are_of_the_eu_alone_and_eurovoc_is_a_subject(quads: list[Quad]) -> None:
    themes = {q.object.value for q in quads if q.predicate == DCAT.theme}  # type: ignore[union-attr]
    assert themes == {f"{AT}data-theme/{code}" for code in ("GOVE", "INTR", "JUST")}
    assert "http://eurovoc.europa.eu/5693" in values(quads, f"{BASE}dataset/kazakhstan", DCTERMS.subject)


def test_a_licence_has_the_one_title_that_ckan_knows(quads: list[Quad]) -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    assert values(quads, licence, DCTERMS.title) == ["Creative Commons Attribution"]
    assert values(quads, licence, SKOS.exactMatch) == [f"{AT}licence/CC_BY_4_0"]


def test_whoever_answers_for_it_can_be_written_to(quads: list[Quad]) -> None:
    (contact,) = values(quads, f"{BASE}dataset/kazakhstan", DCAT.contactPoint)
    assert values(quads, contact, VCARD.hasEmail) == ["mailto:contact@sauran.example"]
    assert values(quads, contact, VCARD.fn) == ["Sauran"]
    (publisher,) = values(quads, f"{BASE}catalogue", DCTERMS.publisher)
    assert values(quads, publisher, FOAF.name) == ["Sauran"]


def test_every_text_of_ours_is_in_four_languages(quads: list[Quad]) -> None:
    texts: dict[tuple[str, str], list[str]] = {}
    for quad in quads:
        if quad.predicate in (DCTERMS.title, DCTERMS.description, RDFS.label) and isinstance(
            quad.object, Literal
        ):
            key = (str(quad.subject), quad.predicate.value)
            texts.setdefault(key, []).append(quad.object.language or "")
    ours = {key: sorted(tags) for key, tags in texts.items() if BASE in key[0] and "/ontology" not in key[0]}
    ours = {key: tags for key, tags in ours.items() if "/shapes>" not in key[0]}
    assert len(ours) > 100
    assert {tuple(tags) for tags in ours.values()} == {("en", "fr", "kk", "ru")}
