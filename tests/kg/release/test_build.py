"""The pipeline: the same content gives the same bytes, and a build can be killed at any moment."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import CHECKOUT, change, sauran

from sauran.kg.loading.content import load_content
from sauran.kg.model.findings import Place
from sauran.kg.model.formats import RDF_FORMATS
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.publication.publication import load_publication
from sauran.kg.release.build import BuildOptions, build
from sauran.kg.release.release import CURRENT, Release, current_release


def digests(folder: Path) -> dict[str, str]:
    """The digest of every file of a release but its store."""
    files = [path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts]
    assert len(files) > 70
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.mark.slow
def test_two_builds_elsewhere_give_the_same_bytes(harbour: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a folder" / "наш"
    shutil.copytree(harbour.parent, elsewhere)
    chances = (
        (harbour, {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}),
        (elsewhere / "publication.toml", {"PYTHONHASHSEED": "2", "TZ": "Asia/Almaty", "LC_ALL": "C.UTF-8"}),
    )
    found = []
    for n, (publication, chance) in enumerate(chances):
        releases = tmp_path / f"releases {n}"
        result = sauran("build", "--publication", publication, "--releases", releases, cwd=tmp_path, **chance)
        assert result.returncode == 0, result.stderr
        # Another time of the files must not matter either.
        os.utime(publication, (1, 1))
        found.append(digests((releases / CURRENT).resolve()))
    assert found[0] == found[1]


@pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda f: f.name)
def test_dumps_keep_lexical_forms_that_a_store_would_rewrite(odd: Release, wanted: object) -> None:
    suffix = wanted.suffix  # type: ignore[attr-defined]
    text = (odd.folder / f"dumps/harbour.{suffix}").read_text("utf-8")
    assert "00106" in text
    assert "00106" in (odd.folder / f"dumps/all.{suffix}").read_text("utf-8")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of a publication where canonical forms are not demanded."""
    folder = tmp_path_factory.mktemp("odd")
    shutil.copytree(CHECKOUT / "tests/publications/harbour", folder / "harbour")
    publication = folder / "harbour/publication.toml"
    change(publication, 'datasets = ["harbour"]', 'datasets = ["harbour"]\ncanonical_literals = false')
    change(folder / "harbour/datasets/harbour/source.ttl", 'oa:start "106"', 'oa:start "00106"')
    release = build(publication, folder / "releases").release
    assert release is not None
    return release


def test_findings_of_all_kinds_come_at_once_with_their_places(harbour: Path, tmp_path: Path) -> None:
    folder = harbour.parent / "datasets/harbour"
    claim = change(folder / "claims.ttl", "polarity:affirmed ;\n  sec:wording wording:plain", "wording:plain")
    blank = change(
        folder / "entities.ttl", "  sec:eventType event-type:unrest ;\n", "  sec:possiblySameAs [] ;\n"
    )
    result = build(harbour, tmp_path / "releases")
    assert result.release is None
    places = {finding.rule: finding.place for finding in result.findings}
    assert places["claim-polarity"] == Place(str(folder / "claims.ttl"), claim, 16)
    assert places["claim-wording"].line < claim  # type: ignore[union-attr]
    assert places["no-blank-node"] == Place(str(folder / "entities.ttl"), blank, 3)
    assert not (tmp_path / "releases" / CURRENT).exists()


def test_the_draft_is_named_by_its_input(harbour: Path) -> None:
    def digest() -> str:
        return load_content(load_publication(harbour), derive).digest("x")

    first = digest()
    text = harbour.read_text("utf-8")
    harbour.write_text("# a comment is no input\n" + text, "utf-8")
    assert digest() == first
    change(harbour, "issued = 2026-11-22", "issued = 2026-11-23")
    assert digest() != first


def test_progress_names_each_step(harbour: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    build(harbour, tmp_path / "releases", BuildOptions(), steps.append)
    assert steps[:3] == ["load", "validate", "evidence"]
    assert steps[-1] == "publish"


@pytest.mark.slow
@pytest.mark.parametrize("moments", [3, pytest.param(12, marks=pytest.mark.long)])
def test_a_build_killed_at_any_moment_leaves_the_last_release_whole(
    harbour: Path, tmp_path: Path, moments: int
) -> None:
    releases = tmp_path / "releases"
    started = time.monotonic()
    first = sauran("build", "--publication", harbour, "--releases", releases)
    took = time.monotonic() - started
    assert first.returncode == 0
    change(harbour.parent / "datasets/harbour/claims.ttl", "was shut in May", "was shut throughout May")
    command = [sys.executable, "-m", "sauran", "build"]
    command += ["--publication", str(harbour), "--releases", str(releases)]
    killed = 0
    for n in range(moments):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=took * (n + 1) / moments)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        release = current_release(releases)
        assert release is not None
        assert release.faults() == []
        assert release.store().query("ASK { GRAPH ?g { ?s ?p ?o } }")
    assert killed >= moments // 3
    last = sauran("build", "--publication", harbour, "--releases", releases)
    assert last.returncode == 0
    assert not list(releases.glob(".building-*"))
    after = current_release(releases)
    assert after is not None
    assert "throughout May" in (after.folder / "dumps/harbour.ttl").read_text("utf-8")


def test_two_builds_at_once_do_not_harm_each_other(harbour: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    command = [sys.executable, "-m", "sauran", "build"]
    command += ["--publication", str(harbour), "--releases", str(releases)]
    both = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    talk = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted("unchanged" in said for said in talk) == [False, True]
