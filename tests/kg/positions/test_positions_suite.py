"""The W3C test suites of Turtle, TriG, N-Triples and N-Quads, judged with pyoxigraph as the second reader."""

import os
import tarfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)
from support import CHECKOUT

from sauran.kg.positions import (
    PlacedTriple,
    Statements,
    TurtleSyntaxError,
    find_subjects_of_rdfxml,
    match_blanks,
    parse_nquads,
    parse_ntriples,
    parse_trig,
    parse_turtle,
)

pytestmark = pytest.mark.needs("shared")

_Reader = Callable[[str, str | None], Iterator[PlacedTriple]]
_ROOT = CHECKOUT
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
        kind = kind.rpartition("#Test")[2]
        for language in ("Turtle", "Trig", "NTriples", "NQuads"):
            kind = kind.removeprefix(language)
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


def _quad(triple: PlacedTriple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, triple.graph)


def _judge(case: _Case, read: _Reader, language: RdfFormat) -> str:
    text = case.file.read_bytes().decode()
    try:
        triples = list(read(text, case.base_iri))
    except TurtleSyntaxError as error:
        return "RDF 1.2" if "RDF 1.2 syntax" in error.message else "refused"
    ours = _canonical(map(_quad, triples))
    if case.expected and ours != _canonical(parse(path=case.expected)):
        return "not as expected"
    theirs = _canonical(parse(text, format=language, base_iri=case.base_iri))
    return "equal" if ours == theirs else "not as pyoxigraph"


def _judge_all(
    folder: Path, read: _Reader = parse_turtle, language: RdfFormat = RdfFormat.TURTLE
) -> Counter[tuple[str, str]]:
    return Counter((case.kind, _judge(case, read, language)) for case in _read_cases(folder))


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
    positive = {verdict: count for (kind, verdict), count in judged.items() if kind == "PositiveSyntax"}
    assert positive == {"equal": 41}


@pytest.mark.parametrize(
    ("folder", "read", "language", "expected"),
    [
        pytest.param(
            "rdf-trig",
            parse_trig,
            RdfFormat.TRIG,
            {
                ("Eval", "equal"): 143,
                ("PositiveSyntax", "equal"): 98,
                ("NegativeSyntax", "refused"): 114,
                ("NegativeSyntax", "RDF 1.2"): 1,
            },
            id="TriG",
        ),
        pytest.param(
            "rdf-n-triples",
            parse_ntriples,
            RdfFormat.N_TRIPLES,
            {("PositiveSyntax", "equal"): 41, ("NegativeSyntax", "refused"): 29},
            id="N-Triples",
        ),
        pytest.param(
            "rdf-n-quads",
            parse_nquads,
            RdfFormat.N_QUADS,
            {("PositiveSyntax", "equal"): 53, ("NegativeSyntax", "refused"): 34},
            id="N-Quads",
        ),
    ],
)
def test_the_other_formats_are_read_as_the_suites_and_pyoxigraph_do(
    suites: Path,
    folder: str,
    read: _Reader,
    language: RdfFormat,
    expected: dict[tuple[str, str], int],
) -> None:
    assert _judge_all(suites / "rdf11" / folder, read, language) == expected


def test_blank_nodes_are_matched_with_those_of_pyoxigraph(suites: Path) -> None:
    seen = 0
    for folder, read, language in (
        ("rdf-turtle", parse_turtle, RdfFormat.TURTLE),
        ("rdf-trig", parse_trig, RdfFormat.TRIG),
        ("rdf-n-quads", parse_nquads, RdfFormat.N_QUADS),
    ):
        for case in _read_cases(suites / "rdf11" / folder):
            if not case.kind.startswith("Negative"):
                text = case.file.read_bytes().decode()
                ours = list(read(text, case.base_iri))
                theirs = list(parse(text, format=language, base_iri=case.base_iri))
                known = match_blanks(ours, theirs)
                assert {(t.subject, t.predicate, t.object) for t in ours} == {
                    (known.get(q.subject, q.subject), q.predicate, known.get(q.object, q.object))
                    for q in theirs
                }, case.file.name
                seen += 1
    assert seen > 500


def test_every_subject_of_the_turtle_suite_is_found_without_the_others(suites: Path) -> None:
    seen = 0
    for case in _read_cases(suites / "rdf11" / "rdf-turtle"):
        if not case.kind.startswith("Negative"):
            text = case.file.read_bytes().decode()
            whole = list(parse_turtle(text, case.base_iri))
            for subject in {t.subject for t in whole if isinstance(t.subject, NamedNode)}:
                part = Statements(text, case.base_iri).read({subject})
                assert [t[3:6] for t in part if t.subject == subject] == [
                    t[3:6] for t in whole if t.subject == subject
                ], case.file.name
                seen += 1
    assert seen > 200


def test_every_named_subject_of_the_rdf_xml_suite_is_found(suites: Path) -> None:
    seen = 0
    for file in sorted((suites / "rdf11/rdf-xml").rglob("*.rdf")):
        text = file.read_bytes().decode("utf-8", "replace")
        try:
            quads = list(parse(text, format=RdfFormat.RDF_XML, base_iri="http://base/doc"))
        except SyntaxError:
            continue
        found = {node for node, _ in find_subjects_of_rdfxml(text, "http://base/doc")}
        assert found >= {q.subject for q in quads if isinstance(q.subject, NamedNode)}, file.name
        seen += 1
    assert seen > 100


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
