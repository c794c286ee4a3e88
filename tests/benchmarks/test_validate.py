"""The measurement of the validator runs, on little data, and gives a page of tables."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from benchmarks.validate.events import FAULTS, QUERIED, VOCABULARY, write_events
from benchmarks.validate.measuring import measure

CHECKOUT = Path(__file__).resolve().parents[2]
SHAPES = CHECKOUT / "benchmarks/validate/shapes.ttl"


@pytest.mark.slow
def test_a_short_run_compares_answers_and_gives_tables(tmp_path: Path) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.validate", "--size", "1k", "--rounds", "1"),
            *("--engines", "sauran validate", "shacl alone", "pyshacl", "--cache", tmp_path),
            *("--json", tmp_path / "results.json", "--report", tmp_path / "page.md"),
        ],
        cwd=CHECKOUT,
        timeout=170,
        check=True,
    )
    found = json.loads((tmp_path / "results.json").read_bytes())["sizes"]["1k"]
    assert 900 < found["triples"] < 1100
    assert len(found["records"]) == 2 * 3
    for record in found["records"]:
        assert (record["absent"], record["results"], record["more"], record["fewer"]) == ("", 1, {}, {})
        assert record["runs"][0]["memory_mib"] > 10
    assert [r["wrong_lines"] for r in found["records"] if "wrong_lines" in r] == [0, 0]
    page = (tmp_path / "page.md").read_text("utf-8")
    assert page.count("| pyshacl ") == 2
    assert page.startswith("<!-- generated: validate -->") and page.endswith("<!-- end: validate -->\n")


def test_the_same_number_gives_the_same_events_and_every_kind_of_fault(tmp_path: Path) -> None:
    seeded = [write_events(20_000, tmp_path / name) for name in ("one.ttl", "two.ttl")]
    text = (tmp_path / "one.ttl").read_text("utf-8")
    assert text == (tmp_path / "two.ttl").read_text("utf-8")
    assert seeded[0] == seeded[1]
    assert Counter(shape for shape, _ in seeded[0][: len(FAULTS)]) == Counter(f.shape for f in FAULTS)
    triples = sum(1 for _ in parse(text, format=RdfFormat.TURTLE))
    assert 19_000 < triples < 21_000
    assert len(seeded[0]) == 20
    lines = text.splitlines()
    (caused,) = {line for shape, line in seeded[0] if shape == QUERIED}
    assert lines[caused - 1].endswith(" a v:Event ;")
    assert "  v:causedBy b:event-00000000 ." in lines


def test_there_are_twenty_shapes_and_each_fault_is_at_one() -> None:
    triples = parse(path=SHAPES, format=RdfFormat.TURTLE)
    named = {t.subject.value for t in triples if str(t.subject).startswith(f"<{VOCABULARY}")}
    assert len(named) == 20
    assert {VOCABULARY + fault.shape for fault in FAULTS} <= named


def test_memory_is_that_of_all_processes_and_time_has_an_end(tmp_path: Path) -> None:
    hold = "import sys; held = b'x' * (int(sys.argv[1]) << 20); import time; time.sleep(0.5)"
    both = (
        "import subprocess, sys; held = b'x' * (40 << 20); "
        f"subprocess.run([sys.executable, '-c', {hold!r}, '60'])"
    )
    took = measure([sys.executable, "-c", both], tmp_path / "out.txt", 60)
    assert took.code == 0
    assert took.memory_mib > 100
    endless = measure([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "out.txt", 0.3)
    assert endless.code is None
