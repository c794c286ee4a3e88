"""A catalogue of many pages: portals turn each of them, and end with every dataset."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from support import free_port
from web_support import running_server

pytestmark = pytest.mark.slow

FORMS = ("catalogue", "catalogue.jsonld")


@pytest.fixture(scope="module")
def paged(briefing: Any) -> Iterator[str]:
    """The address of a server whose catalogue has a page for each dataset."""
    with running_server(briefing.folder.parent, free_port(), SAURAN_CATALOGUE_PAGE="1") as address:
        yield address


@pytest.fixture(scope="module")
def wanted(published: Mapping[str, Any]) -> set[str]:
    """The identifiers of all datasets."""
    return {
        f"{published['base']}dataset/{slug}"
        for slug in ("all", *(dataset["slug"] for dataset in published["datasets"]))
    }


@pytest.mark.needs("ckan")
def test_ckan_reads_every_page(read: Callable[..., Any], paged: str, wanted: set[str]) -> None:
    for found in read("ckan", *(paged + form for form in FORMS)):
        assert (found["errors"], found["faults"], found["deleted"]) == ([], {}, [])
        assert set(found["datasets"]) == wanted


@pytest.mark.needs("udata")
def test_udata_reads_every_page(read: Callable[..., Any], paged: str, wanted: set[str]) -> None:
    for found in read("udata", *(f"{paged}{form}?profile=udata" for form in FORMS)):
        assert (found["status"], found["errors"]) == ("done", [])
        assert {item["status"] for item in found["items"]} == {"done"}
        assert set(found["datasets"]) == wanted
        assert {file["type"] for each in found["datasets"].values() for file in each["resources"]} == {"main"}
