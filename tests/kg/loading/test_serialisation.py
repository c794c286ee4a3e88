"""Quads to bytes: lexical forms survive, the bytes do not depend on chance, readers agree."""

import os
import re
import subprocess
import sys

import pytest
import rdflib
from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, Quad, parse

from sauran.kg.loading.content import Content, load_content
from sauran.kg.loading.serialisation import canonical_quads, sort_quads, write_rdf
from sauran.kg.model.errors import ContentError
from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.model.namespaces import PREFIXES, XSD
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.publication.package_paths import packaged_publication
from sauran.kg.publication.publication import load_publication

GRAPH = NamedNode("http://e/graph")
FORMATS = pytest.mark.parametrize("wanted", RDF_FORMATS, ids=lambda f: f.name)


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(load_publication(packaged_publication()), derive)


@FORMATS
def test_lexical_forms_survive(wanted: Format) -> None:
    written = ["01", "1.50", "1.0e6", "yes"]
    kinds = [XSD.integer, XSD.decimal, XSD.double, XSD.boolean]
    p = NamedNode("http://e/p")
    quads = [
        Quad(NamedNode(f"http://e/{n}"), p, Literal(text, datatype=kind), GRAPH)
        for n, (text, kind) in enumerate(zip(written, kinds, strict=True))
    ]
    data = write_rdf(quads, wanted, PREFIXES, {"xsd": XSD.iri})
    assert wanted.rdf is not None
    read = sorted(parse(data, format=wanted.rdf), key=lambda quad: str(quad.subject))
    assert [quad.object for quad in read] == [quad.object for quad in quads]


@FORMATS
def test_the_briefing_is_read_back_as_it_was(content: Content, wanted: Format) -> None:
    quads = content.datasets["kazakhstan"]
    data = write_rdf(quads, wanted, content.prefixes, content.context)
    assert wanted.rdf is not None
    read = list(parse(data, format=wanted.rdf))
    assert {quad.triple for quad in read} == {quad.triple for quad in quads}
    graphs = {quad.graph_name for quad in read}
    expected = {content.publication.dataset("kazakhstan").graph}
    assert graphs == expected if wanted.has_graphs else len(graphs) == 1


@pytest.mark.parametrize("name", ["turtle", "jsonld", "rdfxml", "ntriples"])
def test_rdflib_reads_the_same_number_of_triples(content: Content, name: str) -> None:
    wanted = next(f for f in RDF_FORMATS if f.name == name)
    quads = content.datasets["reference"]
    data = write_rdf(quads, wanted, content.prefixes, content.context)
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format={"jsonld": "json-ld", "rdfxml": "xml", "ntriples": "nt"}.get(name, name))
    assert len({(s, p, o) for s, p, o, _ in dataset.quads()}) == len(quads)


def test_json_ld_says_types_and_terms_in_short(content: Content) -> None:
    wanted = next(f for f in RDF_FORMATS if f.name == "jsonld")
    text = write_rdf(content.datasets["kazakhstan"], wanted, content.prefixes, content.context).decode()
    assert '"claimType": "claim-type:event"' in text
    assert re.search(r'"@type": \[\s+"rdf:Statement",\s+"Claim"\s+\]', text)


@pytest.mark.slow
def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "import hashlib, sys\n"
        "from sauran.kg.loading.content import load_content\n"
        "from sauran.kg.profiles.briefing.derive import derive\n"
        "from sauran.kg.publication.publication import load_publication\n"
        "from sauran.kg.publication.package_paths import packaged_publication\n"
        "from sauran.kg.loading.serialisation import write_rdf\n"
        "from sauran.kg.model.formats import RDF_FORMATS\n"
        "c = load_content(load_publication(packaged_publication()), derive)\n"
        "h = hashlib.sha256()\n"
        "for f in RDF_FORMATS:\n"
        "    for quads in (c.datasets['reference'], c.shapes):\n"
        "        h.update(write_rdf(quads, f, c.prefixes, c.context))\n"
        "sys.stdout.write(h.hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("0", "UTC"), ("1", "Asia/Almaty"), ("2", "America/New_York"))
    }
    assert len(digests) == 1
    assert len(digests.pop()) == 64


def test_blank_nodes_are_named_by_what_they_say() -> None:
    def quads(first: str, second: str) -> list[Quad]:
        p = NamedNode("http://e/p")
        a, b = BlankNode(first), BlankNode(second)
        return [Quad(a, p, b, GRAPH), Quad(b, p, Literal("end"), GRAPH)]

    assert canonical_quads(quads("x", "y")) == canonical_quads(quads("y", "x"))


def test_too_many_blank_nodes_are_refused() -> None:
    p = NamedNode("http://e/p")
    quads = [Quad(BlankNode(f"b{n}"), p, Literal("x"), GRAPH) for n in range(10_001)]
    with pytest.raises(ContentError, match="10001 blank nodes are too many to name canonically"):
        canonical_quads(quads)


def test_types_come_first_below_a_subject() -> None:
    s = NamedNode("http://e/s")
    rdf_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    quads = [Quad(s, NamedNode("http://a/p"), Literal("x"), GRAPH), Quad(s, rdf_type, s, GRAPH)]
    assert sort_quads(quads)[0].predicate == rdf_type


def test_only_prefixes_in_use_are_declared_and_sorted() -> None:
    s = NamedNode(PREFIXES["skos"] + "x")
    turtle = RDF_FORMATS[0]
    text = write_rdf([Quad(s, NamedNode(PREFIXES["dcterms"] + "y"), s, GRAPH)], turtle, PREFIXES).decode()
    assert text.splitlines()[:3] == [
        f"@prefix dcterms: <{PREFIXES['dcterms']}> .",
        f"@prefix skos: <{PREFIXES['skos']}> .",
        "",
    ]
    assert len(Dataset(parse(text.encode(), format=turtle.rdf))) == 1
