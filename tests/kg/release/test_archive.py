"""The .zip of a release: readable by others, the same bytes each time, whole beyond four gigabytes."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from support import output_of

from sauran.kg.loading.dumps import ReleaseFile, write_file, write_packed
from sauran.kg.release.archive import ARCHIVE, write_archive
from sauran.kg.release.release import Release

LINES = b"<http://a.example/s> <http://a.example/p> <http://a.example/o> .\n" * 50


@pytest.fixture
def files(tmp_path: Path) -> list[ReleaseFile]:
    """A dump with its gzip, and a file of few letters, one of them not of ASCII, without."""
    report = write_file(tmp_path, "validation.json", '{"à": 1}\n'.encode(), "application/json")
    return [*write_packed(tmp_path, "dumps/all.nt", LINES, "application/n-triples"), report]


def test_it_holds_every_plain_file_of_the_release_and_its_checksum(briefing: Release) -> None:
    with zipfile.ZipFile(briefing.folder / ARCHIVE) as archive:
        assert archive.testzip() is None
        plain = {path for path, entry in briefing.files.items() if "compression" not in entry} - {ARCHIVE}
        assert len(plain) > 40
        assert set(archive.namelist()) == plain | {"SHA256SUMS"}
        listed = dict(line.split("  ", 1)[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        assert set(listed) == plain
        for path in plain:
            assert hashlib.sha256(archive.read(path)).hexdigest() == listed[path]
            assert listed[path] == briefing.files[path]["sha256"]


def test_the_manifest_lists_it(briefing: Release) -> None:
    said = briefing.files[ARCHIVE]
    data = (briefing.folder / ARCHIVE).read_bytes()
    assert (said["dump"], said["format"], said["media_type"]) == ("all", "zip", "application/zip")
    assert (said["bytes"], said["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_the_same_files_in_any_order_give_the_same_bytes(tmp_path: Path, files: list[ReleaseFile]) -> None:
    first = write_archive(tmp_path, files)
    data = (tmp_path / ARCHIVE).read_bytes()
    assert write_archive(tmp_path, files[::-1]) == first
    assert (tmp_path / ARCHIVE).read_bytes() == data


def test_entries_know_no_time_and_no_owner(tmp_path: Path, files: list[ReleaseFile]) -> None:
    write_archive(tmp_path, files)
    with zipfile.ZipFile(tmp_path / ARCHIVE) as archive:
        entries = archive.infolist()
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
        assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}


@pytest.mark.parametrize("full", [0xFFFFFFFF, 200, 20, 0], ids=["never", "places", "some sizes", "always"])
def test_what_is_beyond_four_gigabytes_is_read_too(
    tmp_path: Path, files: list[ReleaseFile], full: int
) -> None:
    """With a smaller limit the wide fields are used for what is small."""
    write_archive(tmp_path, files, full)
    with zipfile.ZipFile(tmp_path / ARCHIVE) as archive:
        assert archive.testzip() is None
        assert archive.read("dumps/all.nt") == LINES
        assert archive.read("validation.json") == '{"à": 1}\n'.encode()
        assert len(archive.namelist()) == 3


@pytest.mark.needs("unzip")
@pytest.mark.parametrize("full", [0xFFFFFFFF, 0], ids=["narrow", "wide"])
def test_unzip_reads_it_and_the_checksums_hold(tmp_path: Path, files: list[ReleaseFile], full: int) -> None:
    write_archive(tmp_path, files, full)
    assert "No errors detected" in output_of("unzip", "-t", tmp_path / ARCHIVE)
    output_of("unzip", "-q", tmp_path / ARCHIVE, "-d", tmp_path / "out")
    checked = output_of("sh", "-c", f"cd '{tmp_path}/out' && sha256sum --check SHA256SUMS")
    assert checked == "dumps/all.nt: OK\nvalidation.json: OK\n"
