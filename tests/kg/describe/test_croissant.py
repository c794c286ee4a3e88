"""Croissant: tables, files and columns as they are in the release."""

import csv
import hashlib

import pytest

from sauran.kg.describe.croissant import CROISSANT, croissant_json
from sauran.kg.release.release import Release

SITE = "https://example.org/kg/"


@pytest.fixture(scope="module")
def described(briefing: Release) -> dict:
    found = croissant_json(briefing.manifest, "kazakhstan", SITE)
    assert found is not None
    return found


def test_what_the_standard_requires_of_a_dataset_is_there(described: dict) -> None:
    assert described["@type"] == "sc:Dataset"
    assert described["conformsTo"] == CROISSANT
    needed = ("name", "description", "license", "url", "creator", "datePublished", "citeAs", "version")
    assert all(described[word] for word in needed)
    assert described["@context"]["@vocab"] == "https://schema.org/"


def test_files_are_those_of_the_release(briefing: Release, described: dict) -> None:
    assert [f["@id"] for f in described["distribution"]] == [
        "kazakhstan-claims.csv",
        "kazakhstan-entities.csv",
    ]
    for file in described["distribution"]:
        path = file["contentUrl"].removeprefix(f"{SITE}release/{briefing.version}/")
        data = (briefing.folder / path).read_bytes()
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
        assert file["contentSize"] == f"{len(data)} B"
        assert file["encodingFormat"] == "text/csv"


def test_fields_are_the_columns_of_the_files_each_with_a_text(briefing: Release, described: dict) -> None:
    assert len(described["recordSet"]) == 2
    for records in described["recordSet"]:
        with (briefing.folder / f"dumps/{records['name']}.csv").open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        assert [field["source"]["extract"]["column"] for field in records["field"]] == columns
        assert records["key"] == {"@id": f"{records['name']}/{columns[0]}"}
        assert len({field["@id"] for field in records["field"]}) == len(columns)
        for field in records["field"]:
            assert field["description"], field["name"]
            assert field["source"]["fileObject"] == {"@id": f"{records['name']}.csv"}
            assert field["dataType"] in ("sc:URL", "sc:Boolean", "sc:Float", "sc:Integer", "sc:Text")
            assert field.get("repeated", False) is ("transform" in field["source"])


@pytest.mark.parametrize(
    ("version", "said"),
    [("1.0.0-dev.0a1b", "1.0.0-dev.0a1b"), ("0.1", "0.1.0"), ("2-dev.ff", "2.0.0-dev.ff"), ("v2", "v2")],
)
def test_a_version_has_three_numbers(briefing: Release, version: str, said: str) -> None:
    found = croissant_json({**briefing.manifest, "version": version}, "kazakhstan", SITE)
    assert found is not None
    assert found["version"] == said


def test_without_tables_there_is_no_description(briefing: Release) -> None:
    assert croissant_json({**briefing.manifest, "tables": []}, "kazakhstan", SITE) is None
    manifest = {key: value for key, value in briefing.manifest.items() if key != "tables"}
    assert croissant_json(manifest, "kazakhstan", SITE) is None
