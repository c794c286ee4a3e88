"""/dumps and /release: the bytes, types, checksums and parts that the manifest promises."""

import gzip
import hashlib
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_support import client_over

from kg.release import Release


def test_every_file_is_what_the_manifest_says(client: FlaskClient, briefing: Release) -> None:
    assert len(briefing.files) > 60
    for path, said in briefing.files.items():
        response = client.get(f"/release/{briefing.version}/{path}")
        assert response.status_code == 200, path
        assert len(response.data) == said["bytes"]
        assert hashlib.sha256(response.data).hexdigest() == said["sha256"]
        assert response.mimetype == said["media_type"]
        assert response.get_etag() == (said["sha256"], False)
        assert "Last-Modified" not in response.headers
        if path.startswith("dumps/"):
            assert client.get(f"/{path}").data == response.data


def test_a_packed_dump_holds_the_plain_one_and_is_not_unpacked_on_the_way(client: FlaskClient) -> None:
    packed = client.get("/dumps/reference.ttl.gz")
    assert (packed.mimetype, packed.headers.get("Content-Encoding")) == ("application/gzip", None)
    assert gzip.decompress(packed.data) == client.get("/dumps/reference.ttl").data


def test_who_has_it_already_gets_304(client: FlaskClient) -> None:
    etag = client.get("/dumps/all.nt").headers["ETag"]
    response = client.get("/dumps/all.nt", headers={"If-None-Match": etag})
    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", etag)


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=999999999-", 416, None),
    ],
)
def test_a_part_can_be_had(client: FlaskClient, asked: str, status: int, span: slice | None) -> None:
    whole = client.get("/dumps/reference.nt").data
    response = client.get("/dumps/reference.nt", headers={"Range": asked})
    assert response.status_code == status
    if span is not None:
        assert response.data == whole[span]
        assert response.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_part_of_another_file_than_expected_is_the_whole(client: FlaskClient) -> None:
    response = client.get("/dumps/reference.nt", headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert response.status_code == 200


def test_checksums_and_manifest_are_there(client: FlaskClient, briefing: Release) -> None:
    sums = client.get("/dumps/SHA256SUMS")
    assert sums.content_type == "text/plain; charset=utf-8"
    assert sums.data == client.get(f"/release/{briefing.version}/SHA256SUMS").data
    listed = dict(line.split("  ", 1)[::-1] for line in sums.text.splitlines())
    manifest = client.get(f"/release/{briefing.version}/manifest.json")
    assert manifest.content_type == "application/json"
    assert hashlib.sha256(manifest.data).hexdigest() == listed["manifest.json"]


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/nothing.nt",
        "/dumps/../manifest.json",
        "/dumps/%2e%2e/manifest.json",
        "/dumps/%2fetc%2fpasswd",
        "/release/current/manifest.json",
        "/release/.lock/manifest.json",
        "/release/..%2f/manifest.json",
        "/release/9.9.9/manifest.json",
        "/release/1.0.0/manifest.json",
    ],
)
def test_no_other_file_is_reached(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (404, 308)


def test_older_releases_stay(briefing: Release, tmp_path: Path) -> None:
    shutil.copytree(briefing.folder, tmp_path / briefing.version)
    old = tmp_path / "0.9"
    old.mkdir()
    manifest = (briefing.folder / "manifest.json").read_text("utf-8")
    (old / "manifest.json").write_text(manifest.replace(f'"{briefing.version}"', '"0.9"', 1), "utf-8")
    (tmp_path / "renamed").symlink_to("0.9")
    (tmp_path / "current").symlink_to(briefing.version)
    with client_over(tmp_path) as client:
        assert client.get("/release/0.9/manifest.json").json["version"] == "0.9"  # type: ignore[index]
        assert client.get("/release/renamed/manifest.json").status_code == 404
        lost = client.get("/release/0.9/dumps/all.nt")
        assert (lost.status_code, lost.json["detail"]) == (404, "Release 0.9 has lost its file dumps/all.nt.")  # type: ignore[index]
