"""`serve --watch`: a changed line is live soon; a broken one is shown, and the last release serves on."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import change, free_port, wait_for

pytestmark = pytest.mark.slow


class Served:
    """A server under watch: its address, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str], site: str, talk: Path) -> None:
        self.process, self.site, self._talk = process, site, talk

    def said(self, words: str) -> bool:
        return words in self._talk.read_text("utf-8")

    def shows(self, words: str) -> bool:
        with urllib.request.urlopen(f"{self.site}id/source/harbour-log/claim/c1", timeout=10) as answer:
            return words in answer.read().decode()


@pytest.fixture
def served(harbour: Path, tmp_path: Path) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "sauran", "serve", "--watch", "--port", str(port)]
    command += ["--publication", str(harbour), "--releases", str(tmp_path / "releases")]
    talk = tmp_path / "talk.txt"
    with talk.open("w") as file:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=file, text=True)
        server = Served(process, f"http://127.0.0.1:{port}/", talk)
        try:
            wait_for(lambda: server.said("Serving Harbour watch"), seconds=60)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_a_line_is_changed_broken_and_fixed(served: Served, harbour: Path) -> None:
    claims = harbour.parent / "datasets/harbour/claims.ttl"
    assert served.shows("was shut in May 2024")

    change(claims, "was shut in May", "was shut throughout May")
    wait_for(lambda: served.shows("was shut throughout May 2024"), seconds=60)

    line = change(claims, "claim-type:event ;", "claim-type:event")
    wait_for(lambda: served.said(f"{claims}:{line + 1}:3: error syntax: "), seconds=60)
    wait_for(lambda: served.said("still serving the last good release"), seconds=60)
    assert served.shows("was shut throughout May 2024")

    change(claims, "claim-type:event\n", "claim-type:event ;\n")
    change(claims, "was shut throughout May", "was shut for part of May")
    wait_for(lambda: served.shows("was shut for part of May 2024"), seconds=60)
    assert served.process.poll() is None
