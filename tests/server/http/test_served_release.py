"""The release in use: swapped when the next is whole, kept when it is not."""

import contextlib
import logging
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import wait_for

from sauran.kg.model.errors import ReleaseError
from sauran.kg.model.formats import RESULT_FORMATS
from sauran.kg.release.release import Release, make_current
from sauran.server.http import served_release as module
from sauran.server.http.served_release import CurrentRelease, ServedRelease
from sauran.server.http.settings import Settings, read_settings
from sauran.server.query.question import Question

QUESTION = Question("ASK {}", RESULT_FORMATS[0])


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


def settings_for(releases: Path) -> Settings:
    given = {"query_processes": 1, "query_wait_s": 0.1, "query_timeout_s": 1}
    return read_settings({}, releases=releases, site="http://e/", **given)


@pytest.fixture
def now(releases: Path) -> Iterator[CurrentRelease]:
    """What is current in that folder."""
    with contextlib.closing(CurrentRelease(settings_for(releases))) as current:
        yield current


def serves(now: CurrentRelease, version: str) -> bool:
    return now.served_release().release.version == version


def test_the_next_release_is_taken_up_by_itself_which_is_news_and_no_warning(
    now: CurrentRelease, releases: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert serves(now, "1")
    with caplog.at_level(logging.INFO, logger="sauran.server.http.served_release"):
        for version in ("2", "1"):
            make_current(releases, version)
            wait_for(lambda version=version: serves(now, version), seconds=20)  # type: ignore[misc]
            line = ("sauran.server.http.served_release", logging.INFO, f"now serving release {version}")
            wait_for(lambda line=line: line in caplog.record_tuples, seconds=20)  # type: ignore[misc]


def test_nothing_is_opened_while_nothing_changes(now: CurrentRelease) -> None:
    assert now.served_release() is now.served_release()


def test_the_processes_of_the_last_release_end_after_a_while(now: CurrentRelease, releases: Path) -> None:
    last = now.served_release().pool
    make_current(releases, "2")
    wait_for(lambda: serves(now, "2"), seconds=20)
    assert last.ask(QUESTION).whole is not None  # for requests that began before
    wait_for(lambda: last.closed, seconds=20)


@pytest.mark.parametrize(
    "fault", ["no manifest", "no dump", "a lost file", "a cut file", "broken manifest", "dangling", "gone"]
)
def test_an_unreadable_release_leaves_the_last_one_in_use_and_is_logged_once(
    now: CurrentRelease, releases: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    if fault == "no manifest":
        (releases / "2/manifest.json").unlink()
    elif fault == "no dump":
        (releases / "2/dumps/all.nq").unlink()
    elif fault == "a lost file":
        (releases / "2/dumps/reference.ttl.gz").unlink()
    elif fault == "a cut file":
        (releases / "2/dumps/kazakhstan.rdf").write_bytes(b"<")
    elif fault == "broken manifest":
        (releases / "2/manifest.json").write_text('{"version": "2"}')
    elif fault == "dangling":
        shutil.rmtree(releases / "2")
    make_current(releases, "2")
    if fault == "gone":
        (releases / "current").unlink()
    with caplog.at_level(logging.ERROR):
        assert serves(now, "1")
        if fault != "gone":
            wait_for(lambda: bool(caplog.records), seconds=20)
        assert all(serves(now, "1") for _ in range(3))
    assert len(caplog.records) == (0 if fault == "gone" else 1)
    assert all("still serving release 1: " in record.getMessage() for record in caplog.records)
    make_current(releases, "1")
    wait_for(lambda: serves(now, "1"), seconds=20)


def test_everybody_is_answered_while_the_next_release_is_opened(
    now: CurrentRelease, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, go_on = threading.Event(), threading.Event()
    real = module.open_served_release

    def slow(*arguments: Any) -> ServedRelease:
        opening.set()
        assert go_on.wait(20)
        return real(*arguments)

    monkeypatch.setattr(module, "open_served_release", slow)
    make_current(releases, "2")
    assert serves(now, "1")
    assert opening.wait(20)
    assert serves(now, "1")
    go_on.set()
    wait_for(lambda: serves(now, "2"), seconds=20)


def test_a_server_does_not_start_on_a_release_that_cannot_be_opened(releases: Path) -> None:
    (releases / "1/dumps/all.nq").unlink()
    with pytest.raises(ReleaseError):
        CurrentRelease(settings_for(releases))
