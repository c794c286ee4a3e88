"""signposting, the reader of FAIR Signposting, finds its way from a page to data, licence and author."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.needs("signposting")]


@pytest.fixture(scope="module")
def follow(read: Callable[..., Any], site: str) -> Callable[..., Any]:
    """The links of a path, by context and relation; of headers, or of a linkset."""
    return lambda path, kind="http": read("signposting", kind, site + path)[site + path]


def test_the_page_of_a_dataset_points_to_everything(
    follow: Callable[..., Any], site: str, published: Mapping[str, Any], briefing: Any
) -> None:
    (found,) = follow("en/dataset/kazakhstan").values()
    assert found["cite-as"] == [[f"{published['base']}dataset/kazakhstan", None]]
    assert found["license"] == [[published["licence"], None]]
    assert found["author"] == [[published["publisher"]["iri"], None]]
    assert {target for target, _ in found["type"]} == {
        "https://schema.org/AboutPage",
        "https://schema.org/Dataset",
    }
    assert [f"{site}dataset/kazakhstan.ttl", "text/turtle"] in found["describedby"]
    assert [f"{site}release/{briefing.version}/dumps/kazakhstan.ttl", "text/turtle"] in found["item"]
    assert {kind for _, kind in found["linkset"]} == {"application/linkset", "application/linkset+json"}


def test_what_is_pointed_to_points_back(
    follow: Callable[..., Any], site: str, briefing: Any, published: Mapping[str, Any]
) -> None:
    page = [f"{site}en/dataset/kazakhstan", "text/html"]
    (described,) = follow("dataset/kazakhstan.ttl").values()
    assert described["describes"] == [page]
    (item,) = follow(f"release/{briefing.version}/dumps/kazakhstan.ttl").values()
    assert (item["collection"], item["license"]) == ([page], [[published["licence"], None]])


def test_a_thing_is_cited_by_its_iri(
    follow: Callable[..., Any], site: str, published: Mapping[str, Any]
) -> None:
    (found,) = follow("en/doc/kazakhstan").values()
    assert found["cite-as"] == [[f"{published['base']}id/kazakhstan", None]]
    assert [f"{site}doc/kazakhstan.ttl", "text/turtle"] in found["describedby"]


def test_linksets_name_every_file(
    follow: Callable[..., Any], site: str, briefing: Any, published: Mapping[str, Any]
) -> None:
    in_json, in_text = (follow(f"linkset/kazakhstan.{form}", "linkset") for form in ("json", "txt"))
    assert in_json == in_text
    page = in_json[f"{site}en/dataset/kazakhstan"]
    prefix = f"{site}release/{briefing.version}/dumps/kazakhstan"
    offered = {
        f"{site}release/{briefing.version}/{file['path']}"
        for file in briefing.manifest["files"]
        if file.get("format") and file["path"].startswith("dumps/kazakhstan")
    }
    assert {target for target, _ in page["item"]} == offered
    assert all(target.startswith(prefix) for target in offered)
    assert page["cite-as"] == [[f"{published['base']}dataset/kazakhstan", None]]


def test_the_site_leads_to_its_datasets(
    follow: Callable[..., Any], site: str, published: Mapping[str, Any]
) -> None:
    found = follow("linkset.json", "linkset")
    paths = ["downloads", *(f"dataset/{dataset['slug']}" for dataset in published["datasets"])]
    pages = [[f"{site}en/{path}", "text/html"] for path in paths]
    assert found[site]["item"] == sorted(pages, key=str)
