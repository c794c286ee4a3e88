"""The release folder: whole or not there, never half."""

import datetime
from pathlib import Path

import pytest
from support import CHECKOUT, change

from sauran.kg.model.errors import ReleaseError
from sauran.kg.release.build import BuildOptions, build
from sauran.kg.release.release import (
    CURRENT,
    Release,
    current_release,
    lock_releases,
    make_current,
    publish,
    seal,
    workplace,
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the small publication; tests must not change it."""
    publication = CHECKOUT / "tests/publications/harbour/publication.toml"
    release = build(publication, tmp_path_factory.mktemp("releases")).release
    assert release is not None
    return release


def empty_release(releases: Path, version: str) -> Release:
    with lock_releases(releases), workplace(releases) as folder:
        seal(folder, {"version": version}, [])
        return publish(folder, releases, version)


def test_a_release_holds_every_dump_and_says_what_it_is(built: Release) -> None:
    names = ["harbour", "harbour-derived", "ontology", "shapes", "alignments", "all"]
    suffixes = [
        f"{suffix}{gz}" for suffix in ("ttl", "nt", "jsonld", "rdf", "trig", "nq") for gz in ("", ".gz")
    ]
    expected = {f"dumps/{name}.{suffix}" for name in names for suffix in suffixes}
    tables = {f"dumps/harbour-{name}.csv" for name in ("claims", "entities")}
    expected |= {f"{table}{end}" for table in tables for end in ("", ".gz", "-metadata.json")}
    others = {"dumps/context.jsonld", "queries.json", "validation.json", "validation.ttl", "dumps/all.zip"}
    assert set(built.files) == expected | others
    on_disk = {p.relative_to(built.folder).as_posix() for p in built.folder.rglob("*") if p.is_file()}
    assert on_disk == set(built.files) | {"manifest.json", "SHA256SUMS", "search.sqlite"}


def test_the_manifest_measures_each_file_truly(built: Release) -> None:
    assert built.faults() == []
    for path, entry in built.files.items():
        assert entry["bytes"] == (built.folder / path).stat().st_size, path
    assert built.files["dumps/harbour.nt"]["triples"] == 128
    assert built.files["dumps/harbour.nt.gz"]["triples"] == 128


def test_a_file_that_is_gone_or_cut_is_seen_at_once(harbour: Path, tmp_path: Path) -> None:
    release = build(harbour, tmp_path / "releases").release
    assert release is not None
    assert release.losses() == []
    (release.folder / "dumps/all.zip").unlink()
    with (release.folder / "dumps/all.nt").open("ab") as file:
        file.write(b"\n")
    assert release.losses() == ["dumps/all.nt", "dumps/all.zip"]


def test_the_day_of_change_is_the_newest_that_the_datasets_tell(built: Release, tmp_path: Path) -> None:
    (said,) = built.manifest["publication"]["datasets"]
    assert built.modified == datetime.date.fromisoformat(said["modified"])
    assert empty_release(tmp_path, "1.0").modified is None


def test_all_has_graph_names_and_derived_triples_only_where_the_format_has_graphs(built: Release) -> None:
    nquads = (built.folder / "dumps/all.nq").read_text("utf-8")
    assert "<http://127.0.0.1:7777/graph/harbour/derived>" in nquads
    assert 'sauran/ontology#derives> "true"' in nquads
    assert 'sauran/ontology#derives> "true"' not in (built.folder / "dumps/all.nt").read_text("utf-8")
    difference = built.files["dumps/all.nq"]["triples"] - built.files["dumps/all.nt"]["triples"]
    assert difference == built.files["dumps/harbour-derived.nt"]["triples"]


def test_a_damaged_file_is_named(harbour: Path, tmp_path: Path) -> None:
    release = build(harbour, tmp_path / "releases").release
    assert release is not None
    (release.folder / "dumps/harbour.ttl").write_text("")
    (release.folder / "dumps/harbour.nt.gz").unlink()
    assert release.faults() == ["dumps/harbour.nt.gz", "dumps/harbour.ttl"]


def test_current_points_at_the_newest_and_old_drafts_go(tmp_path: Path) -> None:
    assert current_release(tmp_path) is None
    for n in range(5):
        empty_release(tmp_path, f"1-dev.{n}")
    release = current_release(tmp_path)
    assert release is not None
    assert release.version == "1-dev.4"
    assert len(list(tmp_path.glob("1-dev.*"))) == 3


def test_a_released_version_is_never_pruned(tmp_path: Path) -> None:
    for version in ("1.0", *(f"1.1-dev.{n}" for n in range(5))):
        empty_release(tmp_path, version)
    assert (tmp_path / "1.0").is_dir()
    make_current(tmp_path, "1.0")
    assert (tmp_path / CURRENT).readlink() == Path("1.0")


def test_an_opened_release_stays_the_one_it_was(tmp_path: Path) -> None:
    empty_release(tmp_path, "1.0")
    opened = current_release(tmp_path)
    empty_release(tmp_path, "2.0")
    assert opened is not None
    assert opened.folder.name == "1.0"


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".building-left").mkdir()
    (tmp_path / ".building-left/manifest.json").write_text("{")
    (tmp_path / ".current-1").symlink_to("nowhere")
    with lock_releases(tmp_path):
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock"]


def test_a_folder_without_a_manifest_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is not a complete release"):
        Release.open(tmp_path)


def test_a_version_released_with_other_content_is_refused(harbour: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    first = build(harbour, releases, BuildOptions(final=True))
    assert first.release is not None
    assert first.release.folder.name == "0.1"
    again = build(harbour, releases, BuildOptions(final=True))
    assert again.reused
    for result in (first, again):
        assert [finding.rule for finding in result.findings] == ["contact-address"]
    assert first.release.manifest["findings"] == {"violation": 0, "warning": 0, "info": 0}
    claims = harbour.parent / "datasets/harbour/claims.ttl"
    claims.write_text(claims.read_text("utf-8").replace("was shut in", "was shut during"), "utf-8")
    with pytest.raises(ReleaseError, match=r"version 0\.1 was released with different content"):
        build(harbour, releases, BuildOptions(final=True))
    result = build(harbour, releases)
    draft = result.release
    assert draft is not None
    assert draft.version.startswith("0.1-dev.")
    assert result.findings == ()


def test_a_damaged_draft_is_built_anew_and_a_damaged_release_is_not(harbour: Path, tmp_path: Path) -> None:
    for final in (False, True):
        releases = tmp_path / f"releases-{final}"
        release = build(harbour, releases, BuildOptions(final=final)).release
        assert release is not None
        (release.folder / "dumps/all.nq").write_text("")
        if final:
            with pytest.raises(ReleaseError, match="is damaged"):
                build(harbour, releases, BuildOptions(final=True))
        else:
            rebuilt = build(harbour, releases)
            assert rebuilt.release is not None
            assert not rebuilt.reused
            assert rebuilt.release.faults() == []


def test_a_large_release_answers_from_a_store_folder(harbour: Path, tmp_path: Path) -> None:
    release = build(harbour, tmp_path / "releases", BuildOptions(memory_quads=10)).release
    assert release is not None
    assert (release.folder / "store").is_dir()
    assert "store" not in (release.folder / "SHA256SUMS").read_text("utf-8")
    store = release.store()
    query = "SELECT (COUNT(*) AS ?n) { GRAPH <http://127.0.0.1:7777/graph/harbour> { ?s ?p ?o } }"
    assert [str(row[0].value) for row in store.query(query).rows() if row[0]] == ["128"]


def test_data_that_changed_under_the_same_day_are_no_release(harbour: Path, tmp_path: Path) -> None:
    """Portals ask what is newer than a day: a change that has no day of its own would never reach them."""
    releases, folder = tmp_path / "releases", harbour.parent / "datasets/harbour"
    assert build(harbour, releases, BuildOptions(final=True)).release is not None
    change(harbour, 'version = "0.1"', 'version = "0.2"')
    change(folder / "claims.ttl", "was shut in", "was shut during")
    with pytest.raises(ReleaseError, match=r"dataset\.toml: modified is 2026-11-22, but its data differ"):
        build(harbour, releases, BuildOptions(final=True))
    assert (releases / "current").readlink().name == "0.1"
    assert not (releases / "0.2").exists()
    draft = build(harbour, releases).release
    assert draft is not None
    change(folder / "dataset.toml", "modified = 2026-11-22", "modified = 2026-11-23")
    release = build(harbour, releases, BuildOptions(final=True)).release
    assert release is not None
    assert release.version == "0.2"
