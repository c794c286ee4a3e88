"""The W3C SHACL suite run by `sauran validate`, as a report in EARL.

Run: python -m benchmarks.shacl_earl SHARED docs/conformance/shacl-earl.ttl
"""

import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from shacl_suite import BASE, Case, agrees, read_suite, unpack

from sauran.kg.model.errors import SauranError

HEAD = """@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix earl: <http://www.w3.org/ns/earl#> .

# Made by benchmarks/shacl_earl.py: engine `auto`, reports compared as multisets of focus node, path, value,
# component, severity and source shape.

<https://w3id.org/sauran/>
  a doap:Project , earl:Software , earl:TestSubject ;
  doap:name "Sauran" ;
  doap:release [ doap:revision "{version}" ] ;
.
"""
ROW = """
[]
  a earl:Assertion ;
  earl:assertedBy <https://w3id.org/sauran/> ;
  earl:mode earl:automatic ;
  earl:result [ a earl:TestResult ; earl:outcome earl:{outcome} ] ;
  earl:subject <https://w3id.org/sauran/> ;
  earl:test <{test}> ;
.
"""


def passes(case: Case) -> bool:
    """Whether a test passes."""
    try:
        return agrees(case, case.run())
    except SauranError:
        return case.expected is None


def earl(shared: Path) -> str:
    """Run all tests, and write their outcomes as Turtle."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = read_suite(unpack(shared, folder), folder / "cut")
        rows = [
            ROW.format(test=BASE + case.name, outcome="passed" if passes(case) else "failed")
            for case in cases
        ]
    return HEAD.format(version=version("sauran")) + "".join(rows)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(earl(Path(sys.argv[1])), "utf-8")
