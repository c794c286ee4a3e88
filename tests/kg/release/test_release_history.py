"""Kept releases: which there are, in which order, and since when claims are published as they are."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sauran.kg.release.build import BuildOptions, build
from sauran.kg.release.release import Release
from sauran.kg.release.release_history import kept_releases, stated_since, versions_before

BASE = "https://example.org/"


def entry(dump: str, digest: str) -> dict[str, Any]:
    return {
        "path": f"dumps/{dump}.nq",
        "dump": dump,
        "format": "nquads",
        "media_type": "application/n-quads",
        "bytes": 1,
        "sha256": digest,
    }


def manifest(version: str, issued: str, digests: dict[str, str], **said: Any) -> dict[str, Any]:
    """A manifest with what is remembered of it; `digests` are those of its dumps."""
    datasets = [
        {
            "slug": slug,
            "title": {"en": slug},
            "modified": said.get("modified", "2026-01-01"),
            "licence": said.get("licence", "https://example.org/licence"),
            "requires": ["shared"] if slug != "shared" else [],
        }
        for slug in digests
        if slug != "ontology"
    ]
    publication = {
        "base": said.get("base", BASE),
        "issued": issued,
        "title": {"en": "Data"},
        "publisher": {"name": "Someone"},
        "languages": ["en"],
        "datasets": datasets,
    }
    return {
        "version": version,
        "draft": said.get("draft", False),
        "publication": publication,
        "files": [entry(dump, digest) for dump, digest in digests.items()],
    }


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return tmp_path


def keep(releases: Path, *manifests: dict[str, Any]) -> None:
    for said in manifests:
        (releases / said["version"]).mkdir()
        (releases / said["version"] / "manifest.json").write_text(json.dumps(said), "utf-8")


def test_they_stand_by_day_and_then_by_version(releases: Path) -> None:
    days = {
        "1.10": "2026-03-01",
        "1.9": "2026-03-01",
        "1.10rc1": "2026-03-01",
        "1.10.1": "2026-03-01",
        "2.0": "2026-02-01",
    }
    keep(releases, *(manifest(version, day, {"a": "1"}) for version, day in days.items()))
    found = [kept.version for kept in kept_releases(releases, BASE)]
    assert found == ["2.0", "1.9", "1.10rc1", "1.10", "1.10.1"]


def test_what_is_no_finished_release_of_the_publication_is_left_out(releases: Path) -> None:
    keep(
        releases,
        manifest("1.0", "2026-01-01", {"a": "1"}),
        manifest("1.1-dev.0123456789ab", "2026-01-01", {"a": "1"}, draft=True),
        manifest("7.0", "2026-01-01", {"a": "1"}, base="https://other.example/"),
        manifest(".building-x", "2026-01-01", {"a": "1"}),
    )
    shutil.copytree(releases / "1.0", releases / "renamed")
    (releases / "current").symlink_to("1.0")
    (releases / "empty").mkdir()
    for name, text in (("torn", "{"), ("list", "[]"), ("bare", '{"version": "bare"}')):
        (releases / name).mkdir()
        (releases / name / "manifest.json").write_text(text, "utf-8")
    (releases / "file").write_text("")
    assert [kept.version for kept in kept_releases(releases, BASE)] == ["1.0"]


def test_what_a_manifest_does_not_say_is_not_made_up(releases: Path) -> None:
    keep(releases, manifest("1.0", "2026-01-01", {"a": "1"}))
    (kept,) = kept_releases(releases, BASE)
    assert (kept.triples, kept.enclosures, dict(kept.contents)) == (None, (), {"a": "1"})


HISTORY = (
    manifest("1.0", "2026-02-01", {"shared": "s", "a": "1", "b": "1", "c": "1", "ontology": "o"}),
    manifest("1.1", "2026-03-01", {"shared": "s", "a": "1", "b": "2", "c": "2", "ontology": "o"}),
    manifest("1.2", "2026-04-01", {"shared": "s", "a": "1", "b": "2", "c": "1", "ontology": "o"}),
)


def since(releases: Path, this: dict[str, Any]) -> dict[str, str]:
    return stated_since(this, kept_releases(releases, BASE))


def test_claims_are_of_the_first_release_in_a_row_that_has_them_so(releases: Path) -> None:
    keep(releases, *HISTORY)
    assert since(releases, HISTORY[2]) == {
        "shared": "2026-04-01",  # c requires it, and may hold notes on its claims
        "a": "2026-02-01",
        "b": "2026-03-01",
        "c": "2026-04-01",  # as it once was, but not without a break
    }


def test_a_draft_goes_on_from_the_releases(releases: Path) -> None:
    keep(releases, *HISTORY)
    digests = {"shared": "s", "a": "1", "b": "3", "ontology": "o"}
    draft = manifest("1.3-dev.0123456789ab", "2026-05-01", digests, draft=True)
    assert since(releases, draft) == {"shared": "2026-05-01", "a": "2026-02-01", "b": "2026-05-01"}


@pytest.mark.parametrize(
    ("digests", "said"),
    [
        ({"shared": "S"}, {}),
        ({"ontology": "O"}, {}),
        ({}, {"licence": "https://example.org/other"}),
    ],
    ids=["a dataset it needs", "words", "its licence"],
)
def test_what_records_of_claims_also_show_makes_them_new(
    releases: Path, digests: dict[str, str], said: dict[str, Any]
) -> None:
    keep(releases, *HISTORY)
    kept = {"shared": "s", "a": "1", "b": "2", "c": "1", "ontology": "o"}
    this = manifest("1.3", "2026-05-01", kept | digests, **said)
    assert since(releases, this)["a"] == "2026-05-01"


def test_a_dataset_that_requires_another_makes_its_claims_new(releases: Path) -> None:
    """It may hold notes on them; what requires neither does not count."""
    keep(releases, *HISTORY)
    this = manifest("1.3", "2026-05-01", {"shared": "s", "a": "2", "b": "2", "c": "1", "ontology": "o"})
    assert since(releases, this) == {
        "shared": "2026-05-01",
        "a": "2026-05-01",
        "b": "2026-03-01",
        "c": "2026-04-01",
    }


def test_no_day_is_before_the_dataset_s_own(releases: Path) -> None:
    assert since(releases, manifest("1.0", "2026-02-01", {"a": "1"}, modified="2026-02-02")) == {
        "a": "2026-02-02"
    }


def test_without_older_releases_everything_is_of_the_newest(releases: Path) -> None:
    keep(releases, HISTORY[2])
    assert set(since(releases, HISTORY[2]).values()) == {"2026-04-01"}


def test_versions_before_are_those_that_a_dataset_is_in(releases: Path) -> None:
    keep(releases, *HISTORY, manifest("1.0.1", "2026-02-02", {"a": "1"}))
    assert versions_before(HISTORY[1], kept_releases(releases, BASE)) == {
        "all": ["1.0", "1.0.1"],
        "shared": ["1.0"],
        "a": ["1.0", "1.0.1"],
        "b": ["1.0"],
        "c": ["1.0"],
    }


@pytest.mark.slow
def test_real_releases_are_remembered(harbour: Path, tmp_path: Path) -> None:
    release = build(harbour, tmp_path / "releases", BuildOptions(final=True)).release
    assert release is not None
    (kept,) = kept_releases(tmp_path / "releases", release.base)
    assert (kept.version, kept.issued, kept.triples) == ("0.1", "2026-11-22", release.union_triples)
    assert kept.contents == {"harbour": release.files["dumps/harbour.nq"]["sha256"]}
    for enclosure in kept.enclosures:
        assert Release.open(release.folder).files[enclosure.path]["bytes"] == enclosure.size
    assert len(kept.enclosures) == 1
