"""What the catalogue says is what the release holds; and the traps in which portals' own code is caught."""

import gzip
import hashlib

import pytest
from catalogue_support import SITE, catalogue_quads, generated_manifest, of_class, values
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.describe.catalogue import (
    catalogue_slugs,
    dataset_quads,
    page_quads,
    released_quads,
    thing_quads,
)
from sauran.kg.describe.catalogue.terms import ADMS, DCAT, DCATAP, FOAF, SPDX
from sauran.kg.model.namespaces import DCTERMS, RDFS, SKOS, XSD
from sauran.kg.publication.distributions import distributions
from sauran.kg.release.release import Release

BASE = "https://w3id.org/sauran/"
AT = "http://publications.europa.eu/resource/authority/"
MEDIA = "https://www.iana.org/assignments/media-types/"


@pytest.fixture(scope="module")
def quads(briefing: Release) -> list[Quad]:
    return catalogue_quads(briefing.manifest, SITE, {"kazakhstan": ["0.1", "0.2"]})


def test_every_dump_file_is_a_distribution_whose_numbers_are_those_of_the_file(
    quads: list[Quad], briefing: Release
) -> None:
    offers = distributions(briefing.manifest)
    assert of_class(quads, DCAT.Distribution) == {offer.iri for offer in offers}
    assert len(offers) == len({offer.iri for offer in offers}) > 60
    for offer in offers:
        data = (briefing.folder / offer.path).read_bytes()
        assert values(quads, offer.iri, DCAT.byteSize) == [str(len(data))]
        digest = hashlib.sha256(data).hexdigest()
        assert values(quads, f"{offer.iri}#checksum", SPDX.checksumValue) == [digest]
        assert values(quads, offer.iri, SPDX.checksum) == [f"{offer.iri}#checksum"]
        download = f"{SITE}release/{briefing.version}/{offer.path}"
        assert values(quads, offer.iri, DCAT.downloadURL) == [download]
        assert len(values(quads, offer.iri, DCAT.accessURL)) == 1
        owners = [q.subject.value for q in quads if q.object == NamedNode(offer.iri)]  # type: ignore[union-attr]
        assert owners == [offer.dataset]
        if offer.packed and not offer.path.endswith(".zip"):
            plain = (briefing.folder / offer.path.removesuffix(".gz")).read_bytes()
            assert gzip.decompress(data) == plain


def test_a_packed_file_is_a_distribution_of_its_own_with_the_type_of_what_is_in_it(quads: list[Quad]) -> None:
    plain, packed = (f"{BASE}distribution/kazakhstan-turtle{end}" for end in ("", "-gz"))
    for iri in (plain, packed):
        assert values(quads, iri, DCAT.mediaType) == [f"{MEDIA}text/turtle"]
        assert values(quads, iri, DCTERMS["format"]) == [f"{AT}file-type/RDF_TURTLE"]
        assert values(quads, iri, DCAT.accessURL)[0].startswith(f"{SITE}dumps/kazakhstan.ttl")
    assert values(quads, plain, DCAT.compressFormat) == []
    assert values(quads, packed, DCAT.compressFormat) == [f"{MEDIA}application/gzip"]
    assert values(quads, packed, DCTERMS.title)[0].endswith("(gzip)")


def test_identifiers_are_below_the_base_and_addresses_on_the_site(quads: list[Quad]) -> None:
    """A harvester may find us under any address; what things are called never depends on it."""
    ours = (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService, DCAT.CatalogRecord)
    for kind in (*ours, SPDX.Checksum, DCTERMS.PeriodOfTime, DCTERMS.ProvenanceStatement):
        names = of_class(quads, kind)
        assert names
        assert all(name.startswith(BASE) for name in names), kind
    for predicate in (DCAT.downloadURL, DCAT.accessURL, DCAT.landingPage, DCAT.endpointURL, FOAF.homepage):
        found = [q.object.value for q in quads if q.predicate == predicate]  # type: ignore[union-attr]
        assert found
        assert all(address.startswith(SITE) for address in found), predicate
    elsewhere = catalogue_quads(dict(_manifest(2)), "https://other.example/")
    assert not [q for q in elsewhere if SITE in str(q)]


def _manifest(count: int) -> dict[str, object]:
    return generated_manifest(count)


def test_there_is_no_blank_node_and_everything_is_in_one_graph(quads: list[Quad]) -> None:
    assert not [q for q in quads if isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode)]
    assert {q.graph_name for q in quads} == {NamedNode(f"{BASE}graph/catalogue")}


def test_the_same_release_gives_the_same_description_whoever_asks_and_when(briefing: Release) -> None:
    """data.europa.eu keeps a hash of each dataset: what changes without a change is harvested anew."""
    once, again = (catalogue_quads(briefing.manifest, SITE) for _ in range(2))
    assert once == again
    assert len(set(once)) == len(once)
    dates = {q.object.value for q in once if isinstance(q.object, Literal) and q.object.datatype == XSD.date}
    said = briefing.manifest["publication"]
    there = {said["issued"], *(d[name] for d in said["datasets"] for name in ("issued", "modified"))}
    assert dates <= there | {"1991-01-01"}
    assert not [q for q in once if isinstance(q.object, Literal) and q.object.datatype == XSD.dateTime]


def test_pages_together_say_what_the_whole_says() -> None:
    manifest = generated_manifest(23)
    slugs = catalogue_slugs(manifest)
    assert len(slugs) == 24
    versions = {"d3": ["1.0"]}
    together = {
        quad
        for start in range(0, 24, 5)
        for quad in page_quads(manifest, SITE, slugs[start : start + 5], versions)
    }
    assert together == set(catalogue_quads(manifest, SITE, versions))


def test_a_page_describes_each_dataset_that_it_lists() -> None:
    """Portals delete what a list names and does not describe."""
    manifest = generated_manifest(10)
    quads = page_quads(manifest, SITE, ["d7", "d8"])
    assert of_class(quads, DCAT.Dataset) == {f"https://w3id.org/example/dataset/d{n}" for n in (7, 8)}
    assert set(values(quads, "https://w3id.org/example/catalogue", DCAT.dataset)) == of_class(
        quads, DCAT.Dataset
    )
    assert of_class(quads, DCAT.DataService) == set()


def test_every_thing_of_the_catalogue_is_described_under_its_own_name(
    briefing: Release, quads: list[Quad]
) -> None:
    kinds = (DCAT.Dataset, DCAT.Distribution, DCAT.DataService, DCAT.CatalogRecord)
    names = {name for kind in kinds for name in of_class(quads, kind)}
    assert len(names) > 70
    for name in names:
        slug, found = thing_quads(briefing.manifest, name, SITE, {"kazakhstan": ["0.1", "0.2"]})
        assert slug in ("all", "kazakhstan", "reference")
        about = {q for q in quads if q.subject == NamedNode(name)}
        assert about <= set(found), name
    for name in (
        "dataset/nothing",
        "distribution/nothing",
        "record/x",
        "service/x",
        "catalogue",
        "id/kazakhstan",
    ):
        assert thing_quads(briefing.manifest, f"{BASE}{name}", SITE) == ("", [])
    assert thing_quads(briefing.manifest, "https://other.example/dataset/all", SITE) == ("", [])


def test_what_is_said_of_a_dataset_is_what_its_settings_say(quads: list[Quad]) -> None:
    dataset = f"{BASE}dataset/kazakhstan"
    assert values(quads, dataset, DCTERMS.spatial) == [
        f"{AT}country/KAZ",
        "https://sws.geonames.org/1522867/",
    ]
    assert values(quads, dataset, DCTERMS.accessRights) == [f"{AT}access-right/PUBLIC"]
    assert values(quads, dataset, DCTERMS.accrualPeriodicity) == [f"{AT}frequency/IRREG"]
    assert values(quads, dataset, DCTERMS.language) == [
        f"{AT}language/{c}" for c in ("ENG", "FRA", "RUS", "KAZ")
    ]
    assert values(quads, f"{dataset}#temporal", DCAT.startDate) == ["1991-01-01"]
    assert values(quads, f"{dataset}#temporal", DCAT.endDate) == []
    assert len(values(quads, f"{dataset}#provenance", RDFS.label)) == 4
    assert values(quads, f"{BASE}record/kazakhstan", FOAF.primaryTopic) == [dataset]


def test_other_identifiers_are_things_of_their_own() -> None:
    quads = dataset_quads(generated_manifest(1), "d0", SITE)
    dataset = "https://w3id.org/example/dataset/d0"
    assert values(quads, dataset, ADMS.identifier) == [f"{dataset}#identifier-1"]
    assert values(quads, f"{dataset}#identifier-1", SKOS.notation) == ["doi:10.5555/d0"]


def availabilities(quads: list[Quad]) -> set[str]:
    return {q.object.value for q in quads if q.predicate == DCATAP.availability}  # type: ignore[union-attr]


def test_a_draft_says_that_it_is_one(quads: list[Quad], briefing: Release) -> None:
    assert briefing.manifest["draft"]
    status = {q.object.value for q in quads if q.predicate == ADMS.status}  # type: ignore[union-attr]
    assert status == {f"{AT}distribution-status/DEVELOP"}
    assert briefing.manifest["publication"]["availability"] == "STABLE"
    assert availabilities(quads) == {f"{AT}planned-availability/TEMPORARY"}
    final = catalogue_quads(generated_manifest(1), SITE)
    assert {q.object.value for q in final if q.predicate == ADMS.status} == {  # type: ignore[union-attr]
        f"{AT}distribution-status/COMPLETED"
    }
    assert availabilities(final) == {f"{AT}planned-availability/STABLE"}


def test_of_an_old_release_nothing_is_made_up() -> None:
    """Releases made before there was a catalogue say less; every dataset and file is there all the same."""
    new = generated_manifest(3)
    later = ("data_themes", "countries", "spatial", "access_right", "frequency", "availability", "temporal")
    later += ("provenance", "identifiers", "portals", "keywords")
    old = {**new, "publication": {k: v for k, v in new["publication"].items() if k not in later}}
    old["publication"]["datasets"] = [
        {k: v for k, v in dataset.items() if k not in later} for dataset in new["publication"]["datasets"]
    ]
    old["publication"]["contact"] = {}
    old.pop("draft")
    found, whole = catalogue_quads(old, SITE), catalogue_quads(new, SITE)
    for kind in (DCAT.Dataset, DCAT.Distribution, DCAT.DataService):
        assert of_class(found, kind) == of_class(whole, kind)
    said = {q.predicate for q in found}
    for predicate in (DCAT.theme, DCTERMS.spatial, DCTERMS.accessRights, DCAT.contactPoint, DCTERMS.temporal):
        assert predicate not in said
        assert predicate in {q.predicate for q in whole}


def test_a_release_is_a_version_of_each_of_its_datasets() -> None:
    manifest = generated_manifest(2)
    quads = released_quads(manifest, SITE)
    version = "https://w3id.org/example/release/2.1.0#d1"
    assert values(quads, version, DCAT.isVersionOf) == ["https://w3id.org/example/dataset/d1"]
    files = [quad.object.value for quad in quads if quad.predicate.value.endswith("dataDump")]  # type: ignore[union-attr]
    assert len(files) == len(distributions(manifest))
    assert all(file.startswith(f"{SITE}release/2.1.0/dumps/") for file in files)
    assert of_class(quads, DCAT.Dataset) == set()


def test_what_changed_since_a_day() -> None:
    """A description names the files of its release: none is older than that."""
    manifest = generated_manifest(12)
    manifest["publication"]["issued"] = "2026-05-01"
    assert catalogue_slugs(manifest, "2026-11-15") == ["all", "d10"]
    assert catalogue_slugs(manifest, "2026-11-16") == []
    assert len(catalogue_slugs(manifest, "2026-05-01")) == 13


def test_a_publication_in_another_language_says_of_its_files_what_it_can() -> None:
    """Texts of ours are in four languages; in others than these the English ones have to do."""
    manifest = generated_manifest(1)
    for said in (manifest["publication"], *manifest["publication"]["datasets"]):
        said["title"] = said["description"] = {"de": "Ein Text"}
    manifest["publication"]["languages"] = ["de"]
    quads = catalogue_quads(manifest, SITE, {"d0": ["1.0"]})
    titles = {
        q.object.language for q in quads if q.predicate == DCTERMS.title and isinstance(q.object, Literal)
    }
    assert titles == {"de", "en", None}
    assert values(quads, "https://w3id.org/example/release/1.0#d0", DCTERMS.title) == [
        "Ein Text (version 1.0)"
    ]
