"""The release in use: swapped when the next is whole, kept when it is not."""

import logging
import shutil
import threading
from pathlib import Path

import pytest
from web_support import client_over

from kg.errors import ReleaseError
from kg.release import Release, make_current
from server import current
from server.current import Current
from server.edition import Edition


@pytest.fixture
def releases(briefing: Release, tmp_path: Path) -> Path:
    """A releases folder with two versions, 1 current."""
    for version in ("1", "2"):
        folder = tmp_path / version
        shutil.copytree(briefing.folder, folder)
        manifest = folder / "manifest.json"
        text = manifest.read_text("utf-8").replace(f'"{briefing.version}"', f'"{version}"', 1)
        manifest.write_text(text, "utf-8")
    make_current(tmp_path, "1")
    return tmp_path


def test_the_next_release_is_taken_up_at_the_next_request(releases: Path) -> None:
    client = client_over(releases)
    assert client.get("/health").json["release"] == "1"  # type: ignore[index]
    make_current(releases, "2")
    assert client.get("/health").json["release"] == "2"  # type: ignore[index]
    make_current(releases, "1")
    assert client.get("/health").json["release"] == "1"  # type: ignore[index]


def test_nothing_is_opened_while_nothing_changes(releases: Path) -> None:
    now = Current(releases, "http://e/")
    assert now.edition() is now.edition()


@pytest.mark.parametrize("fault", ["no manifest", "no dump", "broken manifest", "dangling", "gone"])
def test_an_unreadable_release_leaves_the_last_one_in_use_and_is_logged_once(
    releases: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    now = Current(releases, "http://e/")
    if fault == "no manifest":
        (releases / "2/manifest.json").unlink()
    elif fault == "no dump":
        (releases / "2/dumps/all.nq").unlink()
    elif fault == "broken manifest":
        (releases / "2/manifest.json").write_text('{"version": "2"}')
    elif fault == "dangling":
        shutil.rmtree(releases / "2")
    make_current(releases, "2")
    if fault == "gone":
        (releases / "current").unlink()
    with caplog.at_level(logging.ERROR):
        assert [now.edition().release.version for _ in range(3)] == ["1", "1", "1"]
    assert len(caplog.records) == (0 if fault == "gone" else 1)
    assert all("still serving release 1: " in record.getMessage() for record in caplog.records)
    make_current(releases, "1")
    assert now.edition().release.version == "1"


def test_others_are_answered_while_one_request_opens_the_next_release(
    releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = Current(releases, "http://e/")
    opening, go_on = threading.Event(), threading.Event()
    real = current.open_edition

    def slow(release: Release, site: str) -> Edition:
        opening.set()
        assert go_on.wait(20)
        return real(release, site)

    monkeypatch.setattr(current, "open_edition", slow)
    make_current(releases, "2")
    seen = []
    opener = threading.Thread(target=lambda: seen.append(now.edition().release.version))
    opener.start()
    assert opening.wait(20)
    assert now.edition().release.version == "1"
    go_on.set()
    opener.join(20)
    assert (seen, now.edition().release.version) == (["2"], "2")


def test_a_server_does_not_start_on_a_release_that_cannot_be_opened(releases: Path) -> None:
    (releases / "1/dumps/all.nq").unlink()
    with pytest.raises(ReleaseError):
        Current(releases, "http://e/")
