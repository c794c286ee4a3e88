"""The measurements of the endpoint run, on little data, and give a page of tables."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal

from benchmarks.endpoint.events import GRAPHS, write_events
from benchmarks.endpoint.queries import KINDS
from sauran.kg.loading.serialisation import sort_quads
from sauran.kg.loading.store import Store
from sauran.server.http.quads_by_subject import QuadFile

CHECKOUT = Path(__file__).resolve().parents[2]
NAME = "sauran memory 1"


@pytest.mark.slow
def test_a_short_run_gives_results_and_tables(tmp_path: Path) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.endpoint", "--size", "5k", "--rounds", "1", "--seconds", "1"),
            *("--repeats", "20", "--clients", "4", "--attack-seconds", "1", "--servers", NAME),
            *("--parts", "servers", "workers", "attack", "--cache", tmp_path),
            *("--json", tmp_path / "results.json", "--report", tmp_path / "page.md"),
        ],
        cwd=CHECKOUT,
        timeout=170,
        check=True,
    )
    results = json.loads((tmp_path / "results.json").read_bytes())
    answers = results["servers"]["answers"]
    assert set(answers) == {kind.name for kind in KINDS}
    assert all(answer[NAME]["right"] and answer[NAME]["rows"] for answer in answers.values())
    assert sum(window["failed"] for window in results["servers"]["windows"]) == 0
    assert all(window["requests"] for window in results["servers"]["windows"])
    assert results["attack"]["alive"]
    page = (tmp_path / "page.md").read_text("utf-8")
    # Rates and processor time, cold and hot; the cost of a process. Ratios need the other server.
    assert page.count("| q01 point |") == 5
    assert page.startswith("<!-- generated: 5k -->") and page.endswith("<!-- end: 5k -->\n")


def test_the_same_number_gives_the_same_quads_in_the_order_of_a_release(tmp_path: Path) -> None:
    counts = [write_events(5000, tmp_path / name) for name in ("one.nq", "two.nq")]
    assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "two.nq").read_bytes()
    assert list(counts[0]) == list(GRAPHS)
    assert 4900 < sum(counts[0].values()) < 5100
    counted = Store.of_file(tmp_path / "one.nq").query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert [row[0] for row in counted.rows()] == [Literal(sum(counts[0].values()))]
    event = "https://bench.example/event/0000007"
    about = QuadFile(tmp_path / "one.nq").exactly(event)
    assert len(about) == 9
    assert sort_quads(about) == about
