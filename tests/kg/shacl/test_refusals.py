"""What validation refuses: ill-formed shapes, queries that reach outside, terms that are no RDF 1.1."""

import logging
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.plugins.sparql as rdflib_sparql
from rdflib.plugins.sparql import prepareQuery
from small_shapes import EX, NAMELESS, PERSON, check, of_query, triples

from sauran.kg.model.errors import ContentError, EngineError
from sauran.kg.model.namespaces import RDF
from sauran.kg.model.rdflib_terms import to_oxigraph
from sauran.kg.validate.pyshacl_engine import ClosedGraph, located_at, validate

ILL_FORMED = {
    "ex:S a sh:NodeShape ; sh:path ex:p ; sh:targetClass ex:Human .": "A shape defined as a NodeShape",
    PERSON + "ex:one-name sh:minCount 2 .": "",
    'ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:pattern "(" .': (
        "a pattern is not a valid regular expression"
    ),
}


@pytest.mark.parametrize(("shapes", "error"), ILL_FORMED.items())
def test_ill_formed_shapes_are_refused(shapes: str, error: str) -> None:
    with pytest.raises(ContentError) as caught:
        check(NAMELESS, shapes)
    assert str(caught.value).startswith(f"shapes: {error}")


REFUSED = {
    "SELEC": "a query does not parse: ",
    "SELECT $this { $this nowhere:p ?o }": "a query cannot be used: Unknown namespace prefix : nowhere.",
    "SELECT $this FROM <http://127.0.0.1:9/> { $this ?p ?o }": (
        "a query has FROM, which reaches outside the data. Remove FROM."
    ),
    "SELECT $this { ?s ?p ?o FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }": (
        "a query has SERVICE, which reaches outside the data. Remove SERVICE."
    ),
}


@pytest.mark.parametrize(("select", "error"), REFUSED.items())
def test_query_that_cannot_be_used_is_refused(select: str, error: str) -> None:
    with pytest.raises(ContentError) as caught:
        ClosedGraph().query(select)
    assert str(caught.value).startswith(f"shapes: {error}")


def test_refusal_of_a_query_comes_through() -> None:
    with pytest.raises(ContentError, match="a query has FROM"):
        of_query("SELECT $this FROM <http://127.0.0.1:9/> WHERE { $this ?p ?o }")


def test_query_that_was_prepared_elsewhere_is_run() -> None:
    assert list(ClosedGraph().query(prepareQuery("SELECT ?s { ?s ?p ?o }"))) == []


def test_other_failures_of_the_parser_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> NoReturn:
        raise RecursionError("too deep")

    monkeypatch.setattr("sauran.kg.validate.pyshacl_engine.prepareQuery", fail)
    with pytest.raises(EngineError, match="could not decide the result: too deep"):
        of_query("SELECT $this WHERE { $this ?deep ?o }")


def test_what_is_no_term_is_refused() -> None:
    with pytest.raises(ContentError, match="Variable is not an RDF term"):
        to_oxigraph(rdflib.Variable("x"))


def test_blank_focus_keeps_its_label() -> None:
    data = [ox.Triple(ox.BlankNode("b7"), RDF.type, ox.NamedNode(EX + "Human"))]
    assert validate(data, triples(PERSON)).findings[0].focus == ox.BlankNode("b7")


def test_query_that_the_standard_forbids_gives_no_verdict() -> None:
    with pytest.raises(EngineError) as caught:
        of_query("SELECT $this WHERE { VALUES ?x { 1 } $this ?p ?o }")
    what = "Validation Failure - A SPARQL Constraint must not contain a VALUES clause."
    assert str(caught.value) == f"pySHACL: could not decide the result: {what}"


def test_shape_that_names_a_missing_shape_gives_no_verdict() -> None:
    with pytest.raises(EngineError):
        check(NAMELESS, "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:property ex:missing .")


@pytest.mark.parametrize(
    "term",
    [ox.Literal("a", language="en", direction=ox.BaseDirection.LTR), ox.Triple(*[ox.NamedNode("urn:x")] * 3)],
    ids=str,
)
def test_terms_of_rdf_12_are_refused(term: ox.Literal | ox.Triple) -> None:
    data = [ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), term)]
    with pytest.raises(ContentError, match=r"is RDF 1\.2"):
        validate(data, [])


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> NoReturn:
        pytest.fail("something was fetched")

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", refuse)
    yield


@pytest.mark.usefixtures("no_network")
def test_imports_are_not_fetched() -> None:
    imports = """
      <http://example.org/> a <http://www.w3.org/2002/07/owl#Ontology> ;
        <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:9/x> .
    """
    assert not check(NAMELESS + imports, PERSON + imports).conforms


def test_rdflib_is_left_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    before = rdflib_sparql.SPARQL_LOAD_GRAPHS, logging.getLogger("rdflib.term").disabled
    check('ex:a a ex:Human ; ex:v "P1XY"^^xsd:duration .', PERSON)
    assert (rdflib_sparql.SPARQL_LOAD_GRAPHS, logging.getLogger("rdflib.term").disabled) == before
    assert caplog.records == []


def _read(files: Iterable[Path]) -> list[ox.Triple]:
    return [quad.triple for file in sorted(files) for quad in ox.parse(path=str(file))]


@pytest.mark.slow
def test_published_data_conform(checkout: Path) -> None:
    files = [*checkout.glob("kg/datasets/**/*.ttl"), *checkout.glob("ontology/*.ttl")]
    data, shapes = _read(files), _read(checkout.glob("shapes/*.ttl"))
    report = validate(data, shapes)
    assert [(f.rule, str(located_at(f))) for f in report.findings] == []
    assert report.idle_shapes == ()
    assert len(data) > 7000
