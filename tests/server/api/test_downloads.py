"""/release and /dumps: the bytes, types, checksums and parts that the manifest promises."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.release.release import Release

DUMP = "dumps/reference.nt"


@pytest.fixture(scope="module")
def address(briefing: Release) -> str:
    """Where a dump of this release stays."""
    return f"/release/{briefing.version}/{DUMP}"


def test_every_file_is_what_the_manifest_says(client: FlaskClient, briefing: Release) -> None:
    assert len(briefing.files) > 60
    for path, said in briefing.files.items():
        response = client.get(f"/release/{briefing.version}/{path}")
        assert response.status_code == 200, path
        assert len(response.data) == response.content_length == said["bytes"]
        assert hashlib.sha256(response.data).hexdigest() == said["sha256"]
        assert response.mimetype == said["media_type"]
        assert response.get_etag() == (said["sha256"], False)
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Content-Encoding" not in response.headers


def test_every_name_without_a_version_leads_to_the_current_release(
    client: FlaskClient, briefing: Release
) -> None:
    for path in (*(path for path in briefing.files if path.startswith("dumps/")), "dumps/SHA256SUMS"):
        for method in ("GET", "HEAD"):
            response = client.open(f"/{path}", method=method)
            assert response.status_code == 302
            place = path if path in briefing.files else "SHA256SUMS"
            assert response.headers["Location"] == f"/release/{briefing.version}/{place}"
            # Tomorrow it leads elsewhere.
            assert response.headers["Cache-Control"] == "no-cache"
            assert "ETag" not in response.headers


def test_the_way_leads_below_the_path_of_the_site(briefing: Release) -> None:
    with client_over(briefing.folder.parent, site="https://example.org/kg/") as client:
        location = client.get("/dumps/all.nt.gz").headers["Location"]
    assert location == f"/kg/release/{briefing.version}/dumps/all.nt.gz"


def test_head_says_what_get_says(client: FlaskClient, briefing: Release) -> None:
    for path in (DUMP, f"{DUMP}.gz", "dumps/all.zip", "dumps/kazakhstan-claims.csv", "manifest.json"):
        for headers in ({}, {"Range": "bytes=0-9"}, {"Accept-Encoding": "gzip"}):
            got = client.get(f"/release/{briefing.version}/{path}", headers=headers)
            asked = client.head(f"/release/{briefing.version}/{path}", headers=headers)
            if "Range" in headers:
                # Ranges are for GET only: HEAD tells of the whole.
                assert (got.status_code, asked.status_code) == (206, 200)
            else:
                assert dict(asked.headers) == dict(got.headers)
            assert asked.data == b""


def test_the_date_is_that_of_the_content(client: FlaskClient, briefing: Release, address: str) -> None:
    newest = max(dataset["modified"] for dataset in briefing.manifest["publication"]["datasets"])
    modified = client.get(address).last_modified
    assert modified is not None
    assert modified.isoformat() == f"{newest}T00:00:00+00:00"


def test_a_day_to_come_is_told_to_nobody(briefing: Release, tmp_path: Path) -> None:
    """RFC 9110, section 8.8.2.1."""
    made = copy_release(briefing, tmp_path / "releases")
    manifest = json.loads((made / "manifest.json").read_bytes())
    manifest["publication"]["datasets"][0]["modified"] = "9999-12-31"
    (made / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with client_over(tmp_path / "releases") as client:
        response = client.get(f"/release/{briefing.version}/{DUMP}")
        assert (response.status_code, response.last_modified) == (200, None)


def test_a_packed_dump_holds_the_plain_one_and_is_not_unpacked_on_the_way(
    client: FlaskClient, address: str
) -> None:
    plain = client.get(address)
    for accepted in ("gzip", "identity", "gzip;q=0.5, identity;q=0"):
        packed = client.get(f"{address}.gz", headers={"Accept-Encoding": accepted})
        assert (packed.mimetype, packed.headers.get("Content-Encoding")) == ("application/gzip", None)
        assert gzip.decompress(packed.data) == plain.data
        assert client.get(address, headers={"Accept-Encoding": accepted}).data == plain.data


def test_a_packed_dump_knows_no_time(client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}.gz").data[4:8] == bytes(4)


def test_who_has_it_already_gets_304(client: FlaskClient, address: str) -> None:
    whole = client.get(address)
    etag, modified = whole.headers["ETag"], whole.headers["Last-Modified"]
    for headers in ({"If-None-Match": etag}, {"If-None-Match": f"W/{etag}"}, {"If-Modified-Since": modified}):
        for method in ("GET", "HEAD"):
            response = client.open(address, method=method, headers=headers)
            assert (response.status_code, response.data) == (304, b""), headers
            for name in ("ETag", "Cache-Control", "Access-Control-Allow-Origin"):
                assert response.headers[name] == whole.headers[name]
            assert not {"Content-Length", "Content-Type"} & set(response.headers.keys())


def test_who_has_another_one_gets_412(client: FlaskClient, address: str) -> None:
    for headers in ({"If-Match": '"other"'}, {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}):
        response = client.get(address, headers=headers)
        assert (response.status_code, response.mimetype) == (412, "application/problem+json")
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=0-9,20-29", 200, slice(0, None)),
        ("bytes=nonsense", 200, slice(0, None)),
        ("bytes=999999999-", 416, None),
    ],
)
def test_a_part_can_be_had(
    client: FlaskClient, address: str, asked: str, status: int, span: slice | None
) -> None:
    whole = client.get(address)
    response = client.get(address, headers={"Range": asked})
    assert response.status_code == status
    if span is None:
        assert response.headers["Content-Range"] == f"bytes */{len(whole.data)}"
        assert response.headers["Cache-Control"] == "no-store"
        return
    assert response.data == whole.data[span]
    assert response.content_length == len(response.data)
    assert response.headers["ETag"] == whole.headers["ETag"]
    if status == 206:
        start, stop, _ = span.indices(len(whole.data))
        assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole.data)}"


def test_a_part_of_another_file_than_expected_is_the_whole(client: FlaskClient, address: str) -> None:
    whole = client.get(address)
    for if_range, status in (
        (whole.headers["ETag"], 206),
        ('"other"', 200),
        # Two drafts of one day have the same date.
        (whole.headers["Last-Modified"], 200),
    ):
        response = client.get(address, headers={"Range": "bytes=0-9", "If-Range": if_range})
        assert response.status_code == status, if_range


def test_a_large_file_comes_in_small_pieces(client: FlaskClient, briefing: Release) -> None:
    path = "dumps/all.nt"
    assert briefing.files[path]["bytes"] > 1_000_000
    response = client.get(f"/release/{briefing.version}/{path}", buffered=False)
    pieces = [len(piece) for piece in response.iter_encoded()]
    response.close()
    assert max(pieces) == 65_536
    assert sum(pieces) == briefing.files[path]["bytes"]


def test_a_table_names_what_describes_it(client: FlaskClient, briefing: Release) -> None:
    folder = f"/release/{briefing.version}/dumps"
    response = client.get(f"{folder}/kazakhstan-claims.csv")
    assert response.content_type == "text/csv; charset=utf-8"
    link = f'<{folder}/kazakhstan-claims.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    assert link in response.headers.getlist("Link")
    described = client.get(f"{folder}/kazakhstan-claims.csv-metadata.json")
    assert described.content_type == "application/csvm+json"
    assert link not in client.get(f"{folder}/kazakhstan.nt").headers.getlist("Link")


def test_scripts_of_any_site_may_take_parts(client: FlaskClient, address: str) -> None:
    asked = {
        "Origin": "https://app.test",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "range, if-range",
    }
    allowed = client.options(address, headers=asked).headers["Access-Control-Allow-Headers"].lower()
    assert {"range", "if-range", "if-none-match", "if-modified-since"} <= set(allowed.split(", "))
    for path in (address, f"/{DUMP}"):
        headers = client.get(path, headers={"Origin": "https://app.test", "Range": "bytes=0-9"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        exposed = set(headers["Access-Control-Expose-Headers"].split(", "))
        assert {"Accept-Ranges", "Content-Range", "ETag", "Link"} <= exposed


def test_checksums_and_manifest_are_there(client: FlaskClient, briefing: Release) -> None:
    sums = client.get(f"/release/{briefing.version}/SHA256SUMS")
    assert sums.content_type == "text/plain; charset=utf-8"
    listed = dict(line.split("  ", 1)[::-1] for line in sums.text.splitlines())
    manifest = client.get(f"/release/{briefing.version}/manifest.json")
    assert manifest.content_type == "application/json"
    assert hashlib.sha256(manifest.data).hexdigest() == listed["manifest.json"]


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/nothing.nt",
        "/dumps/manifest.json",
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


@pytest.mark.parametrize("fault", ["gone", "cut", "a folder"])
def test_a_file_that_is_lost_is_no_empty_answer(briefing: Release, tmp_path: Path, fault: str) -> None:
    made = copy_release(briefing, tmp_path / "releases")
    with client_over(tmp_path / "releases") as client:
        file = made / DUMP
        data = file.read_bytes()
        file.unlink()
        if fault == "cut":
            file.write_bytes(data[:-1])
        elif fault == "a folder":
            file.mkdir()
        for method in ("GET", "HEAD"):
            response = client.open(f"/release/{briefing.version}/{DUMP}", method=method)
            assert (response.status_code, response.headers["Cache-Control"]) == (503, "no-store")
        told = client.get(f"/release/{briefing.version}/{DUMP}").json["detail"]  # type: ignore[index]
        assert told == (f"release {briefing.version}: has lost its file {DUMP}. Build the release again.")
        # The others are there as before.
        assert client.get(f"/release/{briefing.version}/{DUMP}.gz").status_code == 200


def test_older_releases_stay(briefing: Release, tmp_path: Path) -> None:
    copy_release(briefing, tmp_path)
    old = tmp_path / "0.9"
    old.mkdir()
    manifest = (briefing.folder / "manifest.json").read_text("utf-8")
    (old / "manifest.json").write_text(manifest.replace(f'"{briefing.version}"', '"0.9"', 1), "utf-8")
    (tmp_path / "renamed").symlink_to("0.9")
    with client_over(tmp_path) as client:
        assert client.get("/release/0.9/manifest.json").json["version"] == "0.9"  # type: ignore[index]
        assert client.get("/release/renamed/manifest.json").status_code == 404
        assert client.get("/release/0.9/dumps/all.nt").status_code == 503


def test_a_release_from_before_the_tables_is_served_and_nothing_is_made_up(
    briefing: Release, tmp_path: Path
) -> None:
    made = copy_release(briefing, tmp_path / "releases")
    manifest = json.loads((made / "manifest.json").read_bytes())
    for key in ("tables", "statistics", "quality"):
        del manifest[key]
    new = {entry["path"] for entry in manifest["files"] if entry.get("format") in ("csv", "zip")}
    new |= {entry["path"] for entry in manifest["files"] if entry["path"].endswith("-metadata.json")}
    assert len(new) == 10
    manifest["files"] = [entry for entry in manifest["files"] if entry["path"] not in new]
    (made / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with client_over(tmp_path / "releases") as client:
        listed = client.get("/downloads.json").json
        assert listed is not None
        assert all(dump["rows"] is None for dump in listed)
        # Files of one dump may differ: those with graphs hold the derived triples too.
        assert [dump["name"] for dump in listed if dump["triples"] is None] == ["all"]
        assert {file["format"] for dump in listed for file in dump["files"]}.isdisjoint({"CSV", "ZIP"})
        for page in ("/en/downloads", "/en/dataset/kazakhstan", "/en/", "/catalogue"):
            response = client.get(page)
            assert response.status_code == 200, page
            assert "all.zip" not in response.text
            assert ".csv" not in response.text
        assert client.get("/dumps/all.zip").status_code == 404
        assert client.get(f"/release/{briefing.version}/dumps/all.nt").status_code == 200


def copy_release(release: Release, releases: Path) -> Path:
    """A copy that a test may damage, as the current release of another folder."""
    made = releases / release.version
    shutil.copytree(release.folder, made)
    (releases / "current").symlink_to(release.version)
    return made
