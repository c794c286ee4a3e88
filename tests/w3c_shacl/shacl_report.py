"""The W3C's SHACL suite run by the code of `sauran validate`, as outcomes and as EARL; holds no test."""

import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from shacl_suite import BASE, Case, agrees, read_suite, unpack

from sauran.kg.model.errors import SauranError
from sauran.kg.validate.job import AUTO

__all__ = ["passes", "run_shacl_suite", "write_shacl_report"]

_HEAD = """# Made by: make conformance
@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix earl: <http://www.w3.org/ns/earl#> .

# Engine `auto`; reports are compared as multisets of focus node, path, value, component, severity and shape.

<https://w3id.org/sauran/>
  a doap:Project , earl:Software , earl:TestSubject ;
  doap:name "Sauran" ;
  doap:release [ doap:revision "{version}" ] ;
.
"""
_ROW = """
[]
  a earl:Assertion ;
  earl:assertedBy <https://w3id.org/sauran/> ;
  earl:mode earl:automatic ;
  earl:result [ a earl:TestResult ; earl:outcome earl:{outcome} ] ;
  earl:subject <https://w3id.org/sauran/> ;
  earl:test <{test}> ;
.
"""


def passes(case: Case, engine: str = AUTO) -> bool:
    """Whether a test passes; where validation must fail, an error is a pass."""
    try:
        return agrees(case, case.run(engine))
    except SauranError:
        return case.expected is None


def run_shacl_suite(shared: Path) -> dict[str, bool]:
    """Run all tests; whether each passes, by name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases: Iterable[Case] = read_suite(unpack(shared, folder), folder / "cut")
        return {case.name: passes(case) for case in cases}


def write_shacl_report(passed: dict[str, bool]) -> bytes:
    """Write one assertion for each test in Turtle."""
    rows = [
        _ROW.format(test=BASE + name, outcome="passed" if good else "failed") for name, good in passed.items()
    ]
    return (_HEAD.format(version=version("sauran")) + "".join(rows)).encode()
