"""/catalogue once more: what a harvester that comes back tomorrow is told, for the price of a header."""

from pathlib import Path

from flask.testing import FlaskClient
from support import change
from web_support import client_over, publication_at

from sauran.kg.release.build import BuildOptions, build
from sauran.kg.release.release import Release


def test_tomorrow_it_costs_a_header(client: FlaskClient) -> None:
    for path in ("/catalogue", "/catalog.rdf", "/catalogue?profile=schema.org"):
        whole = client.get(path)
        assert whole.headers["Last-Modified"] == "Sun, 22 Nov 2026 00:00:00 GMT"
        tag = whole.headers["ETag"]
        assert tag.startswith('"')
        for headers in (
            {"If-None-Match": tag},
            {"If-Modified-Since": whole.headers["Last-Modified"]},
            {"If-Modified-Since": "Mon, 23 Nov 2026 10:00:00 GMT"},
        ):
            for method in ("GET", "HEAD"):
                again = client.open(path, method=method, headers=headers)
                assert (again.status_code, again.data) == (304, b""), (path, headers)
        for headers in (
            {"If-None-Match": '"other"', "If-Modified-Since": whole.headers["Last-Modified"]},
            {"If-Modified-Since": "Sat, 21 Nov 2026 00:00:00 GMT"},
            {"If-Modified-Since": "tomorrow"},
        ):
            assert client.get(path, headers=headers).data == whole.data


def test_a_day_still_to_come_is_not_told(tmp_path: Path) -> None:
    publication = publication_at(tmp_path / "harbour", 7777)
    change(publication, "issued = 2026-11-22", "issued = 2999-01-01")
    build(publication, tmp_path / "releases", BuildOptions(final=True))
    with client_over(tmp_path / "releases") as client:
        whole = client.get("/catalogue", headers={"If-Modified-Since": "Tue, 01 Jan 2999 00:00:00 GMT"})
        assert (whole.status_code, "Last-Modified" in whole.headers) == (200, False)
        again = client.get("/catalogue", headers={"If-None-Match": whole.headers["ETag"]})
        assert again.status_code == 304


def test_without_a_cache_conditions_hold_as_well(briefing: Release) -> None:
    with client_over(briefing.folder.parent, cache_mb=0) as client:
        whole = client.get("/catalogue")
        for headers in (
            {"If-None-Match": whole.headers["ETag"]},
            {"If-Modified-Since": whole.headers["Last-Modified"]},
        ):
            assert client.get("/catalogue", headers=headers).status_code == 304
        other = {"If-None-Match": '"other"', "If-Modified-Since": whole.headers["Last-Modified"]}
        assert client.get("/catalogue", headers=other).status_code == 200


def test_head_is_get_without_its_body(client: FlaskClient) -> None:
    for path in ("/catalogue", "/catalogue.rdf", "/distribution/kazakhstan-turtle"):
        head, whole = client.head(path), client.get(path)
        assert list(head.headers) == list(whole.headers)
        assert int(head.headers["Content-Length"]) == len(whole.data)
