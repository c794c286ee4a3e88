"""What harvesters get while things break: the last good release or an error, never a shorter list.

A portal deletes what it no longer finds in a catalogue.
"""

import json
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from support import change, free_port, wait_for
from web_support import Site, harbour_at

from sauran.kg.release.release import CURRENT, current_release

pytestmark = pytest.mark.slow

_DCAT = "http://www.w3.org/ns/dcat#"
LISTED = tuple(NamedNode(_DCAT + name) for name in ("dataset", "distribution"))
KIB = 1024


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The small publication on a server of its own, whose releases a test may damage."""
    with harbour_at(tmp_path) as found:
        yield found


def read(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def harvest(site: Site) -> dict[str, set[str]]:
    """What the catalogue lists, by property."""
    status, body = read(f"{site.address}catalogue.nt")
    assert status == 200
    quads = list(parse(body, format=RdfFormat.N_TRIPLES))
    return {p.value: {str(q.object) for q in quads if q.predicate == p} for p in LISTED}


def build_in_a_process(site: Site, prepare: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sauran", "build"]
    command += ["--publication", str(site.publication), "--releases", str(site.releases)]
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=prepare,  # noqa: PLW1509 (sets a limit of the new process, nothing else)
    )


def edit(site: Site) -> None:
    change(site.publication.parent / "datasets/harbour/claims.ttl", "was shut in May", "was closed in May")


def served(site: Site) -> str:
    return str(json.loads(read(f"{site.address}health")[1])["release"])


@pytest.mark.parametrize(
    ("most_kib", "code"), [(50, 4), (600, 2), (1000, 2)], ids=["reading", "dumps", "search index"]
)
def test_a_full_disk_stops_a_build_and_changes_nothing(site: Site, most_kib: int, code: int) -> None:
    """A limit on the size of files, set by the system, stands for the disk."""
    before, listed = served(site), harvest(site)
    assert all(listed.values())
    edit(site)
    most = (most_kib * KIB, most_kib * KIB)
    process = build_in_a_process(site, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, most))
    said = process.communicate(timeout=120)[1]
    assert process.returncode == code, said
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("error: ")
    assert "Make room" in said
    assert not list(site.releases.glob(".building-*"))
    assert (served(site), harvest(site)) == (before, listed)
    # There is room again.
    process = build_in_a_process(site)
    assert process.communicate(timeout=120)[1].splitlines()[-1].startswith("built ")
    wait_for(lambda: served(site) != before, seconds=20)
    assert harvest(site).keys() == listed.keys()


@pytest.mark.parametrize(
    "moments",
    [(1.0, 2.0), pytest.param((0.5, 1.0, 1.5, 2.0, 2.5, 3.0), marks=pytest.mark.long)],
    ids=["twice", "often"],
)
def test_builds_that_are_killed_change_nothing_for_harvesters(site: Site, moments: tuple[float, ...]) -> None:
    before, listed = served(site), harvest(site)
    status, dump = read(f"{site.address}dumps/all.nq.gz")
    assert status == 200
    edit(site)
    for moment in moments:
        process = build_in_a_process(site)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (site.releases / CURRENT).resolve().name != before:
            break  # it was quicker than we
        assert (served(site), harvest(site)) == (before, listed)
        assert read(f"{site.address}dumps/all.nq.gz") == (200, dump)
    last = build_in_a_process(site)
    assert last.communicate(timeout=120)[1].splitlines()[-1].startswith(("built ", "unchanged "))
    wait_for(lambda: served(site) != before, seconds=20)
    assert harvest(site).keys() == listed.keys()


def test_a_next_release_that_lacks_a_file_is_not_taken_up(site: Site) -> None:
    before, listed = served(site), harvest(site)
    made = current_release(site.releases)
    assert made is not None
    damaged = site.releases / "damaged"
    shutil.copytree(made.folder, damaged)
    manifest = json.loads((damaged / "manifest.json").read_bytes())
    manifest["version"] = "damaged"
    manifest["publication"]["datasets"] = []
    (damaged / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (damaged / "dumps/harbour.ttl").unlink()
    (site.releases / "next").symlink_to("damaged")
    (site.releases / "next").replace(site.releases / CURRENT)
    for _ in range(20):
        assert (served(site), harvest(site)) == (before, listed)
        time.sleep(0.1)


def test_a_dump_that_is_lost_is_503_and_stays_in_the_catalogue(site: Site) -> None:
    listed = harvest(site)
    version = served(site)
    (site.releases / version / "dumps/harbour.ttl").unlink()
    assert harvest(site) == listed
    assert read(f"{site.address}release/{version}/dumps/harbour.ttl")[0] == 503
    assert read(f"{site.address}dumps/harbour.ttl")[0] == 503
    assert read(f"{site.address}dumps/harbour.nt")[0] == 200


def test_a_server_that_is_started_on_a_damaged_release_says_which_file(site: Site) -> None:
    made = current_release(site.releases)
    assert made is not None
    (made.folder / "dumps/harbour.ttl").unlink()
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "sauran.server.cli.main",
            "serve",
            "--releases",
            site.releases,
            "--port",
            str(free_port()),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode != 0
    assert "is incomplete: dumps/harbour.ttl" in result.stderr
    # The other one serves on.
    assert read(f"{site.address}dumps/harbour.nt")[0] == 200
