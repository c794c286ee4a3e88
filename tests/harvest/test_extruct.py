"""extruct, with which crawlers take structured data out of pages, finds what search engines ask for."""

import urllib.robotparser
from collections.abc import Callable, Mapping
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.needs("extruct")]

LANGUAGES = ("en", "fr", "ru", "kk")


@pytest.fixture(scope="module")
def pages(read: Callable[..., Any], site: str, published: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON-LD of the front page and of each dataset's page, by language and path."""
    paths = ["", *(f"dataset/{dataset['slug']}" for dataset in published["datasets"])]
    addresses = [f"{site}{language}/{path}" for language in LANGUAGES for path in paths]
    found = read("extruct", *addresses)
    return {address.removeprefix(site): found[address]["json-ld"] for address in addresses}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_a_dataset_says_what_search_engines_require(
    pages: dict[str, Any], published: Mapping[str, Any], site: str, language: str
) -> None:
    for said in published["datasets"]:
        path = f"{language}/dataset/{said['slug']}"
        (found,) = pages[path]
        assert found["@type"] == "Dataset"
        assert found["@id"] == f"{published['base']}dataset/{said['slug']}"
        assert (found["name"], found["url"]) == (said["title"][language], site + path)
        assert found["description"].startswith(said["description"][language])
        assert 50 <= len(found["description"]) <= 5000
        assert found["license"] == said["licence"]
        assert found["creator"]["name"] == published["publisher"]["name"]
        assert found["keywords"] == said["keywords"][language]
        assert (found["datePublished"], found["dateModified"]) == (said["issued"], said["modified"])
        assert found["isAccessibleForFree"] is True
        assert found["includedInDataCatalog"]["@id"] == f"{published['base']}catalogue"


def test_each_download_has_its_address_type_size_and_digest(
    pages: dict[str, Any], site: str, briefing: Any
) -> None:
    files = {f"{site}release/{briefing.version}/{file['path']}": file for file in briefing.manifest["files"]}
    (found,) = pages["en/dataset/kazakhstan"]
    assert len(found["distribution"]) > 20
    for download in found["distribution"]:
        file = files[download["contentUrl"]]
        assert download["@type"] == "DataDownload"
        assert (download["contentSize"], download["sha256"]) == (f"{file['bytes']} B", file["sha256"])
        types = download["encodingFormat"]
        assert file["media_type"] in ([types] if isinstance(types, str) else types)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_is_a_catalogue_of_all_datasets(
    pages: dict[str, Any], published: Mapping[str, Any], language: str
) -> None:
    (found,) = pages[f"{language}/"]
    assert found["@type"] == "DataCatalog"
    assert found["name"] == published["title"][language]
    assert [dataset["name"] for dataset in found["dataset"]] == [
        dataset["title"][language] for dataset in published["datasets"]
    ]


def test_crawlers_may_read_these_pages_and_not_the_costly_ones(pages: dict[str, Any], site: str) -> None:
    rules = urllib.robotparser.RobotFileParser(f"{site}robots.txt")
    rules.read()
    for path in (*pages, "catalogue", "dumps/all.nt.gz", "sitemap.xml", ".well-known/void", "oai"):
        assert rules.can_fetch("Googlebot", site + path), path
    for path in ("en/search?q=a", "validate", "metrics"):
        assert not rules.can_fetch("Googlebot", site + path), path
    assert rules.site_maps() == [f"{site}sitemap.xml"]
