"""schema.org: what Google asks of a dataset, in the language of the page, with the true sizes and sums."""

import hashlib
import re
from typing import Any

import pytest

from sauran.kg.describe.schema_org import bounded_description, catalog_json, dataset_json
from sauran.kg.release.release import Release

SITE = "https://example.org/kg/"
BASE = "https://w3id.org/sauran/"
# Google Search Central, Dataset: required first, then recommended ones that these data can answer.
FIELDS = [
    "name",
    "description",
    "alternateName",
    "creator",
    "distribution",
    "identifier",
    "includedInDataCatalog",
    "isAccessibleForFree",
    "isBasedOn",
    "keywords",
    "license",
    "spatialCoverage",
    "temporalCoverage",
    "url",
    "version",
]


@pytest.mark.parametrize("language", ["en", "fr", "ru", "kk"])
def test_a_dataset_has_what_google_asks_for(briefing: Release, language: str) -> None:
    found = dataset_json(briefing.manifest, "kazakhstan", SITE, language)
    assert [field for field in FIELDS if field not in found] == []
    said = next(d for d in briefing.manifest["publication"]["datasets"] if d["slug"] == "kazakhstan")
    assert (found["@type"], found["@id"]) == ("Dataset", f"{BASE}dataset/kazakhstan")
    assert found["name"] == said["title"][language]
    assert sorted(found["alternateName"]) == sorted(t for tag, t in said["title"].items() if tag != language)
    assert found["description"] == said["description"][language]
    assert 50 <= len(found["description"]) <= 5000
    assert found["keywords"] == said["keywords"][language]
    assert found["url"] == f"{SITE}{language}/dataset/kazakhstan"
    assert found["version"] == briefing.version
    assert found["inLanguage"] == ["en", "fr", "ru", "kk"]
    assert (found["datePublished"], found["dateModified"]) == (said["issued"], said["modified"])
    assert found["isAccessibleForFree"] is True


def test_publisher_places_and_times_are_those_of_the_settings(briefing: Release) -> None:
    found = dataset_json(briefing.manifest, "kazakhstan", SITE, "ru")
    assert found["creator"] == found["publisher"]
    assert found["creator"]["@type"] == "Organization"
    assert found["creator"]["contactPoint"]["email"] == "contact@sauran.example"
    assert found["temporalCoverage"] == "1991-01-01/.."
    country, place = found["spatialCoverage"]
    assert (country["@type"], country["name"], country["identifier"]) == ("Country", "Казахстан", "KAZ")
    assert place == {
        "@type": "Place",
        "@id": "https://sws.geonames.org/1522867/",
        "sameAs": "https://sws.geonames.org/1522867/",
    }
    assert found["includedInDataCatalog"]["@id"] == f"{BASE}catalogue"
    assert found["includedInDataCatalog"]["url"] == f"{SITE}ru/"


def test_downloads_have_the_size_and_the_sum_of_their_files(briefing: Release) -> None:
    downloads = dataset_json(briefing.manifest, "kazakhstan", SITE, "en")["distribution"]
    names = {download["name"] for download in downloads}
    assert {
        "kazakhstan.ttl",
        "kazakhstan.nt.gz",
        "kazakhstan-derived.jsonld",
        "kazakhstan-claims.csv",
    } <= names
    for download in downloads:
        path = download["contentUrl"].removeprefix(f"{SITE}release/{briefing.version}/")
        data = (briefing.folder / path).read_bytes()
        assert download["contentSize"] == f"{len(data)} B"
        assert download["sha256"] == hashlib.sha256(data).hexdigest()
        assert ("application/gzip" in download["encodingFormat"]) is path.endswith(".gz")


def test_the_catalogue_lists_its_datasets_each_fit_to_be_read_alone(briefing: Release) -> None:
    found = catalog_json(briefing.manifest, SITE, "fr")
    assert (found["@type"], found["@id"]) == ("DataCatalog", f"{BASE}catalogue")
    assert found["url"] == f"{SITE}fr/"
    assert [d["@id"] for d in found["dataset"]] == [f"{BASE}dataset/reference", f"{BASE}dataset/kazakhstan"]
    for dataset in found["dataset"]:
        assert {"name", "description", "url", "license", "creator"} <= set(dataset)
        assert 50 <= len(dataset["description"]) <= 5000


def said(description: str) -> tuple[dict[str, Any], dict[str, Any]]:
    publication = {
        "title": {"en": "A harbour"},
        "description": {"en": "A small publication, for the tests alone."},
    }
    return publication, {"description": {"en": description}}


def test_a_description_that_is_too_short_goes_on_with_the_publication() -> None:
    assert (
        bounded_description(*said("Ships."), "kk")
        == "Ships. A harbour A small publication, for the tests alone."
    )
    text = bounded_description(*said("Ships that were seen in the harbour of Veldon."), "en")
    assert text == "Ships that were seen in the harbour of Veldon. A harbour"


def test_a_description_that_is_too_long_ends_at_a_word() -> None:
    text = bounded_description(*said("harbour " * 1000), "en")
    assert len(text) <= 5000
    assert re.fullmatch(r"(harbour )+harbour…", text)


def test_what_a_release_does_not_say_is_left_out(briefing: Release) -> None:
    manifest = dict(briefing.manifest)
    names = ("spatial", "countries", "temporal", "access_right", "identifiers")
    publication = dict(manifest["publication"])
    publication["datasets"] = [
        {key: value for key, value in dataset.items() if key not in names}
        for dataset in publication["datasets"]
    ]
    publication["publisher"] = {"name": "Sauran"}
    found = dataset_json({**manifest, "publication": publication}, "kazakhstan", SITE, "en")
    assert not {"spatialCoverage", "temporalCoverage", "isAccessibleForFree"} & set(found)
    assert found["identifier"] == [f"{BASE}dataset/kazakhstan"]
    assert set(found["publisher"]) == {"@type", "name", "contactPoint"}
