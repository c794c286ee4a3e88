"""uData, which runs data.gouv.fr, harvests us: its own harvester over real HTTP, saved into a database."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.needs("udata")]

PATHS = tuple(
    f"{name}?profile=udata"
    for name in ("catalogue", "catalog", *(f"catalogue.{form}" for form in ("ttl", "rdf", "jsonld", "nt")))
)
SERVICES = {
    "sparql": "sparql",
    "graph-store": "graphs",
    "oai-pmh": "oai",
    "search": "search",
    "validation": "validate",
}


@pytest.fixture(scope="module")
def harvests(read: Callable[..., Any], site: str) -> dict[str, Any]:
    """What uData has after reading each address in turn, as if one source had moved."""
    found = read("udata", *(site + path for path in PATHS))
    return dict(zip(PATHS, found, strict=True))


@pytest.fixture(scope="module")
def portal(harvests: dict[str, Any]) -> dict[str, Any]:
    """What uData has after the first of them."""
    found: dict[str, Any] = harvests[PATHS[0]]
    return found


@pytest.mark.parametrize("path", PATHS)
def test_every_form_is_taken_whole(harvests: dict[str, Any], published: Mapping[str, Any], path: str) -> None:
    found, base = harvests[path], published["base"]
    slugs = ["all", *(dataset["slug"] for dataset in published["datasets"])]
    wanted = {f"{base}dataset/{slug}" for slug in slugs} | {f"{base}service/{name}" for name in SERVICES}
    assert (found["status"], found["errors"]) == ("done", [])
    assert [item["errors"] for item in found["items"]] == [[]] * len(wanted)
    assert {item["identifier"] for item in found["items"]} == wanted
    assert set(found["datasets"]) | set(found["services"]) == wanted
    # Letters beyond ASCII arrive whole in each form: uData makes Latin tags of them.
    tags = found["datasets"][f"{base}dataset/kazakhstan"]["tags"]
    assert {"securite", "bezopasnost", "kazakhstan"} <= set(tags)


def test_the_facts_reach_the_portal(portal: dict[str, Any], published: Mapping[str, Any], site: str) -> None:
    iri = f"{published['base']}dataset/kazakhstan"
    (said,) = [each for each in published["datasets"] if each["slug"] == "kazakhstan"]
    dataset = portal["datasets"][iri]
    assert (dataset["title"], dataset["description"]) == (said["title"]["en"], said["description"]["en"])
    assert (dataset["licence"], dataset["frequency"]) == ("cc-by", "irregular")
    assert dataset["temporal"] == {"start": "1991-01-01", "end": None}
    assert dataset["harvest"] == {
        "remote_id": iri,
        "uri": iri,
        "remote_url": f"{site}en/dataset/kazakhstan",
        "issued_at": f"{said['issued']} 00:00:00",
        "modified_at": f"{said['modified']} 00:00:00",
        "archived_at": None,
    }
    contact, publisher = published["contact"], published["publisher"]
    assert {"name": contact["name"], "email": contact["email"], "role": "contact"} in dataset["contacts"]
    assert {"name": publisher["name"], "email": None, "role": "publisher"} in dataset["contacts"]


def test_files_are_files_and_nothing_else(portal: dict[str, Any], site: str, briefing: Any) -> None:
    """No API among them, and no dataset taken for a file of another."""
    files = {file["url"]: file for each in portal["datasets"].values() for file in each["resources"]}
    wanted = {
        f"{site}release/{briefing.version}/{file['path']}": file["bytes"]
        for file in briefing.manifest["files"]
        if file.get("dump") and file.get("format")
    }
    assert {url: file["filesize"] for url, file in files.items()} == wanted
    assert {file["type"] for file in files.values()} == {"main"}
    (turtle,) = [file for url, file in files.items() if url.endswith("/kazakhstan.ttl")]
    digest = hashlib.sha256((briefing.folder / "dumps/kazakhstan.ttl").read_bytes()).hexdigest()
    assert (turtle["format"], turtle["mime"]) == ("rdf_turtle", "text/turtle")
    assert turtle["checksum"] == {"type": "sha256", "value": digest}


def test_services_know_their_datasets(
    portal: dict[str, Any], published: Mapping[str, Any], site: str
) -> None:
    base = published["base"]
    found = portal["services"]
    assert {name: found[f"{base}service/{name}"]["base_api_url"] for name in SERVICES} == {
        name: site + path for name, path in SERVICES.items()
    }
    assert set(found[f"{base}service/sparql"]["datasets"]) == set(portal["datasets"])


def test_a_second_harvest_changes_nothing(harvests: dict[str, Any], portal: dict[str, Any]) -> None:
    last = harvests[PATHS[-1]]
    assert last["services"].keys() == portal["services"].keys()
    for iri, dataset in portal["datasets"].items():
        again = last["datasets"][iri]
        assert again["harvest"] == dataset["harvest"]
        assert {file["url"] for file in again["resources"]} == {file["url"] for file in dataset["resources"]}
