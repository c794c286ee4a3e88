"""CKAN harvests us: its own harvester over real HTTP, its own schema on what came in."""

import hashlib
import json
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

pytestmark = [pytest.mark.slow, pytest.mark.needs("ckan")]

# By content negotiation, as CKAN asks; then each form by its suffix.
PATHS = ("catalogue", "catalog", *(f"catalogue.{suffix}" for suffix in ("ttl", "rdf", "jsonld", "nt")))
AUTHORITY = "http://publications.europa.eu/resource/authority/"


@pytest.fixture(scope="module")
def harvests(read: Callable[..., Any], site: str) -> dict[str, Any]:
    """What CKAN has after reading each address in turn, as if one source had moved."""
    found = read("ckan", *(site + path for path in PATHS))
    return dict(zip(PATHS, found, strict=True))


@pytest.fixture(scope="module")
def datasets(harvests: dict[str, Any]) -> dict[str, Any]:
    """The datasets in CKAN, by identifier."""
    found: dict[str, Any] = harvests["catalogue"]["datasets"]
    return found


def extras(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """What CKAN keeps beside its own fields; lists are JSON in text."""
    found = {extra["key"]: extra["value"] for extra in dataset["extras"]}
    return {key: json.loads(value) if value.startswith("[") else value for key, value in found.items()}


@pytest.mark.parametrize("path", PATHS)
def test_every_form_has_every_dataset_without_a_fault(
    harvests: dict[str, Any], datasets: dict[str, Any], published: Mapping[str, Any], path: str
) -> None:
    found = harvests[path]
    slugs = ["all", *(dataset["slug"] for dataset in published["datasets"])]
    assert (found["errors"], found["faults"], found["deleted"]) == ([], {}, [])
    assert set(found["datasets"]) == {f"{published['base']}dataset/{slug}" for slug in slugs}
    for iri, dataset in found["datasets"].items():
        assert {file["uri"] for file in dataset["resources"]} == {
            file["uri"] for file in datasets[iri]["resources"]
        }


def test_texts_are_those_of_the_publication(datasets: dict[str, Any], published: Mapping[str, Any]) -> None:
    for said in published["datasets"]:
        dataset = datasets[f"{published['base']}dataset/{said['slug']}"]
        assert (dataset["title"], dataset["notes"]) == (said["title"]["en"], said["description"]["en"])
        words = {word for words in said["keywords"].values() for word in words}
        assert {tag["name"] for tag in dataset["tags"]} == words
        assert "безопасность" in words or said["slug"] != "kazakhstan"


def test_the_facts_reach_the_portal(
    datasets: dict[str, Any], published: Mapping[str, Any], site: str, briefing: Any
) -> None:
    iri = f"{published['base']}dataset/kazakhstan"
    dataset, more = datasets[iri], extras(datasets[iri])
    (said,) = [each for each in published["datasets"] if each["slug"] == "kazakhstan"]
    assert dataset["version"] == briefing.manifest["version"]
    assert dataset["license_id"] == "cc-by"
    assert dataset["url"] == f"{site}en/dataset/kazakhstan"
    expected = {
        "guid": iri,
        "uri": iri,
        "identifier": iri,
        "issued": said["issued"],
        "modified": said["modified"],
        "publisher_name": published["publisher"]["name"],
        "publisher_uri": published["publisher"]["iri"],
        "contact_name": published["contact"]["name"],
        "contact_email": published["contact"]["email"],
        "access_rights": f"{AUTHORITY}access-right/PUBLIC",
        "frequency": f"{AUTHORITY}frequency/IRREG",
        "temporal_start": "1991-01-01",
        "provenance": said["provenance"]["en"],
    }
    assert {key: more.get(key) for key in expected} == expected
    assert set(more["language"]) == {f"{AUTHORITY}language/{code}" for code in ("ENG", "FRA", "RUS", "KAZ")}
    assert set(more["theme"]) == {f"{AUTHORITY}data-theme/{code}" for code in ("JUST", "GOVE", "INTR")}
    assert set(more["conforms_to"]) == {f"{published['base']}{name}" for name in ("ontology", "shapes")}
    assert more["spatial_uri"] in (f"{AUTHORITY}country/KAZ", *said["spatial"])


def test_each_file_is_what_the_portal_was_told(datasets: dict[str, Any], briefing: Any) -> None:
    """CKAN's link, its size and its checksum, against the bytes that come from the link."""
    seen = set()
    for dataset in datasets.values():
        for file in dataset["resources"]:
            assert file["url"] == file["download_url"]
            assert file["hash_algorithm"] == "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
            with urllib.request.urlopen(file["url"]) as answer:
                content = answer.read()
                assert answer.url == file["url"]
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size"], file["hash"])
            seen.add(file["url"].partition(f"/{briefing.version}/")[2])
    offered = {file["path"] for file in briefing.manifest["files"] if file.get("dump") and file.get("format")}
    assert seen == offered
    assert len(seen) > 80


def test_media_types_and_formats_are_those_of_the_vocabularies(datasets: dict[str, Any]) -> None:
    files = [file for dataset in datasets.values() for file in dataset["resources"]]
    turtle = [file for file in files if file["url"].endswith((".ttl", ".ttl.gz"))]
    assert len(turtle) > 8
    for file in turtle:
        assert file["mimetype"] == "https://www.iana.org/assignments/media-types/text/turtle"
        assert file["format"] == f"{AUTHORITY}file-type/RDF_TURTLE"


def test_what_the_portal_names_answers_under_that_name(read: Callable[..., Any], harbour_site: str) -> None:
    """Datasets and files of a publication whose identifiers lead to its own server."""
    (found,) = read("ckan", f"{harbour_site}catalogue")
    assert (found["errors"], found["faults"]) == ([], {})
    assert set(found["datasets"]) == {f"{harbour_site}dataset/{slug}" for slug in ("all", "harbour")}
    names = {file["uri"] for dataset in found["datasets"].values() for file in dataset["resources"]}
    assert len(names) > 40
    for name in (*found["datasets"], *names):
        request = urllib.request.Request(name, headers={"Accept": "application/n-triples"})
        with urllib.request.urlopen(request) as answer:
            subjects = {quad.subject.value for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)}
        assert name in subjects
