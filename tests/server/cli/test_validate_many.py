"""`sauran validate` with very many findings: who shows few holds few, and memory is bounded."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support import CHECKOUT, sauran

from sauran.kg.model.findings import Finding, Severity
from sauran.kg.reports import Results
from sauran.kg.shacl.result import Report
from sauran.kg.validate.job import Verdict
from sauran.kg.validate.job_messages import plain_verdict, verdict_of
from sauran.kg.validate.reporting import capped

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
ex:TeaShape a sh:NodeShape ; sh:targetClass ex:Tea ; sh:property ex:tea-name , ex:tea-leaf .
ex:tea-name sh:path ex:name ; sh:minCount 1 .
ex:tea-leaf sh:path ex:leaf ; sh:minCount 1 ; sh:severity sh:Info .
"""
MANY = 2000


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with many teas without a leaf; the last has no name either."""
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")
    lines = [f'ex:t{n} a ex:Tea ; ex:name "T" .' for n in range(MANY)]
    text = "@prefix ex: <http://example.org/> .\n" + "\n".join(lines)
    (tmp_path / "teas.ttl").write_text(text + "\nex:last a ex:Tea .\n", "utf-8")
    return tmp_path


def test_the_worst_are_shown_and_all_are_counted(here: Path) -> None:
    result = sauran(
        "validate", "teas.ttl", "--shapes", "shapes.ttl", "--max-results", "2", "--json", cwd=here
    )
    said = json.loads(result.stdout)
    assert [(f["rule"], f["line"]) for f in said["findings"]][-1] == ("tea-name", MANY + 2)
    assert (said["counts"], said["hidden"]) == ({"violation": 1, "warning": 0, "info": MANY + 1}, MANY)
    table = sauran(
        "validate", "teas.ttl", "--shapes", "shapes.ttl", "--max-results", "0", "--summary", cwd=here
    )
    assert table.stdout.splitlines()[1].split() == ["tea-leaf", str(MANY + 1)]
    assert (result.returncode, table.returncode) == (1, 1)


def test_only_what_is_shown_is_handed_over() -> None:
    warning = Finding("b", Severity.WARNING, "")
    found = (*(Finding("a", Severity.INFO, str(n)) for n in range(9)), warning)
    verdict = Verdict(Report(found, False, {"s": 10}), findings=found)
    for most in (0, 1):
        few = verdict_of(plain_verdict(capped(verdict, most)))
        assert (few.findings, few.left_out) == ((warning,), (("a", "info", 9),))
        results = Results(few.findings, max_results=most, left_out=few.left_out, focus_nodes={"s": 10})
        assert results.counts == {"violation": 0, "warning": 1, "info": 9}
        assert results.hidden == 10 - most
        assert {row.shape: sum(row.found.values()) for row in results.by_shape} == {"a": 9, "b": 1, "s": 0}
    assert capped(verdict, 10) == verdict
    assert capped(replace(verdict, report=None), 1).report is None


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux only")
def test_the_command_itself_has_no_more_memory_than_it_may(here: Path) -> None:
    script = (
        "import sauran.server.cli.validation_of_files as v\n"
        "v._validate_files = lambda asked: len(bytearray(asked.memory << 21))\n"
        "from sauran.server.cli.main import main\n"
        "main()\n"
    )
    (here / "bounded.py").write_text(script, "utf-8")
    result = subprocess.run(
        [sys.executable, str(here / "bounded.py"), "validate", "teas.ttl", "--memory", "300"],
        cwd=here,
        env={"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 4
    assert result.stderr == (
        "error: validate: reporting needs more than 300 MiB of memory. "
        "Set --max-results, or raise --memory.\n"
    )
