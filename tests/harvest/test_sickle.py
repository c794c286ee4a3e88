"""sickle, the OAI-PMH harvester of the Python world, takes every record of ours."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse

pytestmark = [pytest.mark.slow, pytest.mark.needs("sickle")]

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
DCAT = "http://www.w3.org/ns/dcat#"
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(read: Callable[..., Any], site: str) -> Ask:
    """Make requests in one go; give an answer for each, lists whole however many pages they had."""
    return lambda *asked: read("sickle", f"{site}oai", *map(json.dumps, asked))


@pytest.fixture(scope="module")
def records(ask: Ask) -> dict[str, Any]:
    """All records in Dublin Core, by identifier."""
    (found,) = ask({"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    assert len({record["identifier"] for record in found}) == len(found)
    return {record["identifier"]: record for record in found}


def identifiers(found: list[dict[str, Any]]) -> set[str]:
    assert isinstance(found, list), found
    return {record["identifier"] for record in found}


def test_the_repository_says_who_it_is(ask: Ask, site: str, published: Mapping[str, Any]) -> None:
    who, formats = ask({"verb": "Identify"}, {"verb": "ListMetadataFormats"})
    assert (who["baseURL"], who["protocolVersion"]) == (f"{site}oai", "2.0")
    assert who["adminEmail"] == published["contact"]["email"]
    assert {each["metadataPrefix"] for each in formats} >= {"oai_dc", "dcat"}


def test_every_dataset_and_every_claim_is_a_record(
    records: dict[str, Any], published: Mapping[str, Any]
) -> None:
    datasets = {iri for iri, record in records.items() if record["sets"] == ["dataset"]}
    slugs = ["all", *(dataset["slug"] for dataset in published["datasets"])]
    assert datasets == {f"{published['base']}dataset/{slug}" for slug in slugs}
    claims = records.keys() - datasets
    assert len(claims) == 148
    assert {*records[min(claims)]["sets"]} == {"claim:kazakhstan"}


def test_dublin_core_is_in_four_languages(records: dict[str, Any], published: Mapping[str, Any]) -> None:
    (said,) = [each for each in published["datasets"] if each["slug"] == "kazakhstan"]
    record = records[f"{published['base']}dataset/kazakhstan"]
    assert set(record["metadata"]["title"]) == set(said["title"].values())
    assert set(record["metadata"]["description"]) == set(said["description"].values())
    assert record["metadata"]["rights"] == [said["licence"]]
    titles = [len(each["metadata"]["title"]) for each in records.values()]
    assert set(titles) == {4}


def test_sets_together_are_the_whole(ask: Ask, records: dict[str, Any]) -> None:
    wanted = [
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": name} for name in ("dataset", "claim")
    ]
    datasets, claims = map(identifiers, ask(*wanted))
    assert datasets | claims == records.keys()
    assert datasets & claims == set()


def test_days_bound_what_is_listed(ask: Ask, records: dict[str, Any]) -> None:
    days = sorted({record["datestamp"] for record in records.values()})
    listed = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}
    since, until, none = ask(
        {**listed, "from": days[-1]}, {**listed, "until": days[0]}, {**listed, "until": "1999-12-31"}
    )
    assert identifiers(since) == {key for key, each in records.items() if each["datestamp"] >= days[-1]}
    assert identifiers(until) == {key for key, each in records.items() if each["datestamp"] <= days[0]}
    assert none["error"] in ("NoRecordsMatch", "BadArgument")


def test_dcat_in_a_record_is_what_the_site_says_of_the_dataset(
    ask: Ask, site: str, published: Mapping[str, Any]
) -> None:
    iri = f"{published['base']}dataset/kazakhstan"
    (record,) = ask({"verb": "GetRecord", "metadataPrefix": "dcat", "identifier": iri})
    inner = ElementTree.fromstring(record["xml"]).find(f".//{RDF}")  # noqa: S314 (our own)
    assert inner is not None
    found = {str(quad.triple) for quad in parse(ElementTree.tostring(inner), format=RdfFormat.RDF_XML)}
    with urllib.request.urlopen(f"{site}catalogue.nt") as answer:
        catalogue = {str(quad.triple) for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)}
    assert f"<{iri}> <{A}> <{DCAT}Dataset>" in {line.rstrip(" .") for line in found}
    assert found <= catalogue
    assert len(found) > 500


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "CannotDisseminateFormat"),
        ({"verb": "ListRecords"}, "BadArgument"),
        ({"verb": "ListRecords", "resumptionToken": "no-token"}, "BadResumptionToken"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "none"}, "IdDoesNotExist"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "none"}, "NoRecordsMatch"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_errors_are_those_of_the_protocol(ask: Ask, asked: dict[str, str], error: str) -> None:
    (found,) = ask(asked)
    assert found["error"] == error
    assert found["message"]
