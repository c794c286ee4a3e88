"""The W3C test suites of Turtle, judged with pyoxigraph as the second reader."""

import os
import tarfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, QuerySolutions, RdfFormat, Store, parse

from kg.positions import TurtleSyntaxError, parse_turtle

pytestmark = pytest.mark.needs("shared")

_ROOT = Path(__file__).parents[2]
_CASES = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
SELECT ?base ?kind ?action ?result
WHERE {
  ?test a ?kind ; mf:action ?action
  OPTIONAL { ?manifest mf:assumedTestBase ?base }
  OPTIONAL { ?test mf:result ?result }
}
"""


@dataclass(frozen=True)
class _Case:
    kind: str
    file: Path
    base_iri: str
    expected: Path | None


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shared = Path(os.environ.get("SAURAN_SHARED", _ROOT.parent / "shared"))
    archive = shared / "data/w3c/rdf-tests.tar.xz"
    if not archive.exists():
        pytest.skip(f"{archive} is missing; set SAURAN_SHARED to the folder that holds data/w3c")
    folder = tmp_path_factory.mktemp("w3c")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "rdf"


def _read_cases(folder: Path) -> list[_Case]:
    manifest = Store()
    manifest.load(path=folder / "manifest.ttl", format=RdfFormat.TURTLE, base_iri="http://manifest/")
    rows = manifest.query(_CASES)
    assert isinstance(rows, QuerySolutions)
    cases = []
    for row in rows:
        base_iri, kind, action, result = (str(term).strip("<>") if term else "" for term in row)
        name, expected = action.rpartition("/")[2], result.rpartition("/")[2]
        kind = kind.rpartition("#Test")[2].removeprefix("Turtle")
        cases.append(
            _Case(
                kind,
                folder / name,
                (base_iri or "http://base/") + name,
                folder / expected if expected else None,
            )
        )
    return cases


def _canonical(quads: Iterable[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _judge(case: _Case) -> str:
    text = case.file.read_bytes().decode()
    try:
        triples = list(parse_turtle(text, case.base_iri))
    except TurtleSyntaxError as error:
        return "RDF 1.2" if "RDF 1.2 syntax" in error.message else "refused"
    ours = _canonical(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    if case.expected and ours != _canonical(parse(path=case.expected, format=RdfFormat.N_TRIPLES)):
        return "not as expected"
    theirs = _canonical(parse(text, format=RdfFormat.TURTLE, base_iri=case.base_iri))
    return "equal" if ours == theirs else "not as pyoxigraph"


def _judge_all(folder: Path) -> Counter[tuple[str, str]]:
    return Counter((case.kind, _judge(case)) for case in _read_cases(folder))


def test_turtle_11_is_read_as_the_suite_and_pyoxigraph_do(suites: Path) -> None:
    """`refused` holds an unescaped ~ in a name, which Turtle 1.2 reads as a reifier."""
    assert _judge_all(suites / "rdf11/rdf-turtle") == {
        ("Eval", "equal"): 145,
        ("PositiveSyntax", "equal"): 74,
        ("NegativeSyntax", "refused"): 93,
        ("NegativeSyntax", "RDF 1.2"): 1,
    }


def test_n_triples_11_is_read_as_turtle(suites: Path) -> None:
    judged = _judge_all(suites / "rdf11/rdf-n-triples")
    positive = {
        verdict: count for (kind, verdict), count in judged.items() if kind == "NTriplesPositiveSyntax"
    }
    assert positive == {"equal": 41}


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("eval", {("Eval", "RDF 1.2"): 29}),
        (
            "syntax",
            {
                ("PositiveSyntax", "RDF 1.2"): 41,
                ("NegativeSyntax", "RDF 1.2"): 25,
                ("NegativeSyntax", "refused"): 8,
            },
        ),
    ],
)
def test_turtle_12_is_refused_by_name(
    suites: Path, folder: str, expected: dict[tuple[str, str], int]
) -> None:
    """Not applicable: 29 evaluation and 41 positive tests, all of syntax that RDF 1.1 has not."""
    assert _judge_all(suites / "rdf12/rdf-turtle" / folder) == expected
