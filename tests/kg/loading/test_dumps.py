"""The dumps of a release: in every format the same graph, as it was written, for other readers too."""

import gzip
import itertools
import json
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
    parse,
)
from rdflib.compare import to_canonical_graph
from support import change

from sauran.kg.loading.load import load_files
from sauran.kg.loading.serialisation import make_context, write_rdf
from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.model.namespaces import PREFIXES, RDF, SH
from sauran.kg.model.rdflib_terms import to_rdflib
from sauran.kg.publication.publication import load_publication
from sauran.kg.release.build import build
from sauran.kg.release.release import Release

NAMES = ("reference", "kazakhstan", "kazakhstan-derived", "ontology", "shapes", "alignments")
FORMATS = pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda f: f.name)
TRIPLES = tuple(f for f in RDF_FORMATS if not f.has_graphs)
QUADS = tuple(f for f in RDF_FORMATS if f.has_graphs)
# Names of the formats in rdflib, whose readers share no code with ours.
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "jsonld": "json-ld",
    "rdfxml": "xml",
    "trig": "trig",
    "nquads": "nquads",
}
S, P = NamedNode("http://e.example/s"), NamedNode("http://e.example/p")


def read(release: Release, name: str, wanted: Format) -> list[Quad]:
    assert wanted.rdf is not None
    return list(parse(path=str(release.folder / f"dumps/{name}.{wanted.suffix}"), format=wanted.rdf))


def canonical(quads: list[Quad]) -> Dataset:
    """Two of these are equal where the datasets are isomorphic (RDFC-1.0)."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def without_graphs(quads: list[Quad]) -> list[Quad]:
    return [Quad(*quad.triple) for quad in quads]


@pytest.mark.parametrize("name", NAMES)
def test_all_formats_of_a_dump_are_isomorphic(briefing: Release, name: str) -> None:
    graphs = [canonical(without_graphs(read(briefing, name, wanted))) for wanted in RDF_FORMATS]
    assert len(graphs[0]) == briefing.files[f"dumps/{name}.nt"]["triples"] > 0
    assert all(graph == graphs[0] for graph in graphs)
    named = [canonical(read(briefing, name, wanted)) for wanted in QUADS]
    assert all(dataset == named[0] for dataset in named)
    # A dump of one graph names that graph.
    assert len({quad.graph_name for quad in named[0]}) == 1


def test_all_formats_of_everything_are_isomorphic(briefing: Release) -> None:
    """`all` has the derived triples only where graphs have names."""
    named = [read(briefing, "all", wanted) for wanted in QUADS]
    assert len(named) == 3
    assert all(canonical(quads) == canonical(named[0]) for quads in named)
    derived = {quad.graph_name for quad in named[0] if str(quad.graph_name).endswith("/derived>")}
    assert len(derived) == 1
    plain = [quad for quad in named[0] if quad.graph_name not in derived]
    expected = canonical(without_graphs(plain))
    assert all(canonical(read(briefing, "all", wanted)) == expected for wanted in TRIPLES)
    parts = itertools.chain.from_iterable(
        read(briefing, name, QUADS[-1]) for name in NAMES if name != "alignments"
    )
    assert canonical(list(parts)) == canonical(named[0])


@FORMATS
@pytest.mark.parametrize("name", ["reference", "shapes"])
def test_another_reader_finds_the_same_graph(briefing: Release, name: str, wanted: Format) -> None:
    expected = rdflib.Graph()
    for quad in read(briefing, name, RDF_FORMATS[1]):
        expected.add(tuple(to_rdflib(term) for term in quad.triple))  # type: ignore[arg-type]
    found = rdflib.Dataset(default_union=True) if wanted.has_graphs else rdflib.Graph()
    found.parse(briefing.folder / f"dumps/{name}.{wanted.suffix}", format=RDFLIB[wanted.name])
    triples = rdflib.Graph()
    for triple in found.triples((None, None, None)):
        triples.add(triple)
    assert len(triples) == len(expected) > 100
    assert set(to_canonical_graph(triples)) == set(to_canonical_graph(expected))


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("-derived")])
def test_a_dump_says_what_the_files_say(briefing: Release, name: str, checkout: Path) -> None:
    """Literals too are as they were written: no store stood between."""
    publication = load_publication(checkout / "kg/publication.toml")
    files = {
        "ontology": [checkout / "ontology" / file for file in ("sauran.ttl", "schemes.ttl")],
        "alignments": [checkout / "ontology/alignments.ttl"],
        "shapes": sorted((checkout / "shapes").glob("*.ttl")),
    }
    sources = files[name] if name in files else publication.dataset(name).files
    written = load_files(sources, NamedNode("http://e.example/g")).quads
    dumped = without_graphs(read(briefing, name, RDF_FORMATS[1]))
    assert canonical(without_graphs(list(written))) == canonical(dumped)


def test_blank_nodes_are_only_where_a_standard_needs_lists_and_paths(briefing: Release) -> None:
    allowed = {RDF.first, RDF.rest, SH.alternativePath, SH.inversePath}
    for name in NAMES:
        blank = [q for q in read(briefing, name, RDF_FORMATS[1]) if isinstance(q.subject, BlankNode)]
        assert {quad.predicate for quad in blank} <= allowed if name == "shapes" else not blank, name


@pytest.mark.parametrize("path", ["nt", "nq"])
def test_lines_are_sorted_and_none_stands_twice(briefing: Release, path: str) -> None:
    for name in (*NAMES, "all"):
        lines = (briefing.folder / f"dumps/{name}.{path}").read_text("utf-8").splitlines()
        assert len(lines) == len(set(lines)) == briefing.files[f"dumps/{name}.{path}"]["triples"]


def test_the_packed_files_hold_the_plain_ones(briefing: Release) -> None:
    packed = {path for path, entry in briefing.files.items() if entry.get("compression") == "gzip"}
    assert len(packed) > 40
    for path in packed:
        plain = briefing.folder / path.removesuffix(".gz")
        assert gzip.decompress((briefing.folder / path).read_bytes()) == plain.read_bytes()


def test_json_ld_needs_nobody_else(briefing: Release) -> None:
    """The context stands in the file, and nothing in it has to be fetched; by itself it is there too."""
    context = json.loads((briefing.folder / "dumps/context.jsonld").read_bytes())["@context"]
    for name in (*NAMES, "all"):
        document = json.loads((briefing.folder / f"dumps/{name}.jsonld").read_bytes())
        assert document["@context"] == context
        assert not any(isinstance(value, str) and key == "@import" for key, value in context.items())


@FORMATS
@pytest.mark.parametrize(
    "text",
    [
        "a\rb",
        "a\r\nb",
        "a\tb",
        " a ",
        "a\nb\n",
        "😀",
        "a\u2028b",
        "]]>",
        "<&>\"'",
        "\\n",
        "é",
        "e\u0301",
        "\x85",
        "",
    ],
    ids=ascii,
)
@pytest.mark.parametrize(
    "kind", [{}, {"language": "en-gb"}, {"datatype": NamedNode("http://e.example/d")}], ids=str
)
def test_odd_texts_come_through_to_another_reader(wanted: Format, text: str, kind: dict[str, object]) -> None:
    literal = Literal(text, **kind)  # type: ignore[arg-type]
    assert read_by_rdflib(wanted, Quad(S, P, literal)) == [Triple(S, P, literal)]


@FORMATS
@pytest.mark.parametrize("end", ["p", "a/b", "a#1x", "é", "a'b", "a,b", "x?y=z", "%20x", "-p", "_1", "p.q"])
def test_odd_properties_come_through_to_another_reader(wanted: Format, end: str) -> None:
    quad = Quad(S, NamedNode(f"http://e.example/{end}"), Literal("x"))
    assert read_by_rdflib(wanted, quad) == [quad.triple]


def read_by_rdflib(wanted: Format, quad: Quad) -> list[Triple]:
    data = write_rdf([quad], wanted, {"e": "http://e.example/"}, {"e": "http://e.example/"})
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=data, format=RDFLIB[wanted.name])
    return [
        Triple(
            NamedNode(str(s)),
            NamedNode(str(p)),
            Literal(str(o), language=o.language)
            if o.language
            else Literal(str(o), datatype=NamedNode(str(o.datatype)) if o.datatype else None),
        )
        for s, p, o in graph.triples((None, None, None))
    ]


@pytest.mark.slow
def test_a_text_that_no_xml_can_hold_stops_the_build_with_its_place(harbour: Path, tmp_path: Path) -> None:
    claims = harbour.parent / "datasets/harbour/claims.ttl"
    line = change(claims, '"Patrols might be seen there again."@en', '"Patrols\\u0007 again."@en')
    result = build(harbour, tmp_path / "releases")
    assert result.release is None
    (finding,) = [found for found in result.findings if found.rule == "fits-every-format"]
    assert finding.message == "RDF/XML cannot hold the character U+0007. Remove it."
    assert (finding.place.file, finding.place.line) == (str(claims), line)  # type: ignore[union-attr]


def test_the_context_names_the_terms_of_the_ontology(briefing: Release) -> None:
    context = json.loads((briefing.folder / "dumps/context.jsonld").read_bytes())["@context"]
    ontology = read(briefing, "ontology", RDF_FORMATS[1])
    assert make_context(ontology, PREFIXES).items() <= context.items()
