"""/oai from release to release: what is new is told, what is not is left out; and data of all kinds."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from oai_support import DC, OAI, ask, error_of, harvest, records_of
from support import change
from web_support import client_over

from sauran.kg.release.release import make_current
from sauran.server.api.oai.arguments import read_request
from sauran.server.api.oai.repository import set_spec
from sauran.server.api.oai.resumption_tokens import ListPosition, write_token

BASE = "http://127.0.0.1:7777/"
DATASETS = {f"{BASE}dataset/all", f"{BASE}dataset/harbour"}
CLAIMS = {f"{BASE}id/source/harbour-log/claim/{name}" for name in ("c1", "c2")}


def at(history: Path, version: str, folder: Path) -> Path:
    """A releases folder as it was when a version was the newest."""
    shutil.copytree(history, folder, symlinks=True)
    for later in sorted(path for path in folder.glob("0.*") if path.name > version):
        shutil.rmtree(later)
    make_current(folder, version)
    return folder


def since(releases: Path, **days: str) -> set[str]:
    """What a harvester is told that asks for some days only."""
    with client_over(releases) as client:
        asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", **days}
        if error_of(ask(client, **asked)) == "noRecordsMatch":
            return set()
        return set(records_of(harvest(client, asked.pop("verb"), **asked)))


def test_who_comes_back_is_told_what_is_new_and_no_more(history: Path, tmp_path: Path) -> None:
    first = at(history, "0.1", tmp_path / "first")
    assert since(first) == since(first, from_="2026-11-22") == DATASETS | CLAIMS
    assert since(first, from_="2026-11-23") == set()
    # Other words about the dataset, the same claims.
    second = at(history, "0.2", tmp_path / "second")
    assert since(second, from_="2026-11-23") == DATASETS
    assert since(second, until="2026-11-30") == CLAIMS
    assert since(second, until="2026-11-21") == set()
    assert since(second) == DATASETS | CLAIMS
    third = at(history, "0.3", tmp_path / "third")
    assert since(third, from_="2026-12-02") == since(third) == DATASETS | CLAIMS
    assert since(third, from_="2026-12-02", until="2026-12-23") == set()


def test_older_releases_that_are_gone_make_records_newer_never_older(history: Path, tmp_path: Path) -> None:
    releases = at(history, "0.2", tmp_path / "second")
    shutil.rmtree(releases / "0.1")
    assert since(releases, until="2026-11-30") == set()
    assert since(releases, from_="2026-12-01") == DATASETS | CLAIMS


def test_the_earliest_day_is_before_all_records(history: Path, tmp_path: Path) -> None:
    for version, day in (("0.1", "2026-11-22"), ("0.2", "2026-11-22"), ("0.3", "2026-12-24")):
        with client_over(at(history, version, tmp_path / version)) as client:
            assert ask(client, verb="Identify").findtext(f".//{OAI}earliestDatestamp") == day


def test_a_list_does_not_go_on_in_another_release(history: Path, tmp_path: Path) -> None:
    with client_over(at(history, "0.1", tmp_path / "first")) as client:
        token = token_for("0.1")
        assert error_of(ask(client, verb="ListRecords", resumptionToken=token)) is None
        token = token_for("0.2")
        answer = ask(client, verb="ListRecords", resumptionToken=token)
        assert error_of(answer) == "badResumptionToken"
        assert answer.findtext(f"{OAI}error") == (
            "This list was of release 0.2; now it is 0.1. Begin it again."
        )


BEHIND_THE_FIRST = ListPosition(0, f"{BASE}dataset/all", 1)


def token_for(release: str, place: ListPosition = BEHIND_THE_FIRST) -> str:
    """A token as the repository writes them."""
    asked = read_request([("verb", "ListRecords"), ("metadataPrefix", "oai_dc")])
    return write_token(release, asked, place)


@pytest.mark.parametrize(
    ("place", "left"),
    [
        (ListPosition(0, f"{BASE}dataset/nothing", 5), 4),
        (ListPosition(1, f"{BASE}dataset/harbour", 2), 2),
        (ListPosition(2, "http://127.0.0.1:7777/", 3), 2),
        (ListPosition(2, f"{BASE}id/source/harbour-log/claim/c1", 3), 1),
        (ListPosition(2, f"{BASE}id/source/harbour-log/claim/c1> <", 3), 1),
        (ListPosition(2, "zzz", 3), None),
        (ListPosition(99, "urn:a", 3), None),
    ],
)
def test_a_list_goes_on_behind_any_place_there_is(
    history: Path, place: ListPosition, left: int | None
) -> None:
    with client_over(history) as client:
        answer = ask(client, verb="ListRecords", resumptionToken=token_for("0.3", place))
    if left is None:
        assert error_of(answer) == "badResumptionToken"
    else:
        assert len(records_of([answer])) == left


@pytest.fixture
def old(history: Path, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of a release whose manifest says less, as those made before did."""
    releases = at(history, "0.1", tmp_path / "old")
    file = releases / "0.1/manifest.json"
    said = json.loads(file.read_bytes())
    for key in ("statistics", "quality", "tables", "union_triples", "draft"):
        said.pop(key, None)
    said["publication"]["contact"] = {"name": "Somebody"}
    file.write_text(json.dumps(said), "utf-8")
    with client_over(releases) as client:
        yield client


def test_an_older_manifest_is_served_without_made_up_numbers(old: FlaskClient) -> None:
    identify = old.get("/oai?verb=Identify").text
    assert "adminEmail" not in identify
    token = token_for("0.1")
    (answer,) = harvest(old, "ListRecords", resumptionToken=token)
    assert len(records_of([answer])) == 3
    assert next(answer.iter(f"{OAI}resumptionToken")).attrib == {"cursor": "1"}


def test_what_xml_cannot_hold_breaks_no_record(history: Path, tmp_path: Path) -> None:
    # A build refuses it today; releases made before may have it.
    file = at(history, "0.1", tmp_path / "releases") / "0.1/dumps/all.nq"
    assert change(file, "Patrols might be seen there again.", "Patrols \x01 <might> & \ufffe ]]> come!.")
    with client_over(tmp_path / "releases") as client:
        for prefix in ("oai_dc", "rdf"):
            records = records_of(harvest(client, "ListRecords", metadataPrefix=prefix, set="claim"))
            text = "".join(records[f"{BASE}id/source/harbour-log/claim/c2"].itertext())
            assert "Patrols \ufffd <might> & \ufffd ]]> come!." in text


def test_titles_are_in_the_languages_of_the_publication(history: Path) -> None:
    with client_over(history) as client:
        record = ask(client, verb="GetRecord", identifier=f"{BASE}dataset/harbour", metadataPrefix="oai_dc")
    found = [element.text for element in record.iter(f"{DC}title")]
    assert found == ["The port of Veldon", "Le port de Veldon", "Порт Велдон", "Велдон айлағы"]


def test_sets_have_names_that_the_protocol_allows() -> None:
    specs = [set_spec(slug) for slug in ("a-b_c.1", "порт", "a:b", "a~b", "~61")]
    assert specs[0] == "claim:a-b_c.1"
    assert specs[2:] == ["claim:a~3ab", "claim:a~7eb", "claim:~7e61"]
    assert len(set(specs)) == len(specs)
    allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.!~*'():"
    assert {letter for spec in specs for letter in spec} <= set(allowed)
