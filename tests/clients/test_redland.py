"""Redland's rapper and roqet: parsers that share no code with ours follow our redirects, read our answers."""

from pathlib import Path

import pytest
from pyoxigraph import Store
from support import output_of

ONE_GRAPH = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH <https://w3id.org/sauran/graph/kazakhstan> { ?s ?p ?o } }"
CLAIMS = "SELECT ?c WHERE { ?c a <https://w3id.org/sauran/ontology#Claim> } ORDER BY ?c LIMIT 3"


def triples(*arguments: str) -> int:
    return len(output_of("rapper", "-q", *arguments, "-o", "ntriples").splitlines())


@pytest.mark.needs("rapper")
@pytest.mark.parametrize(
    ("suffix", "syntax"), [("ttl", "turtle"), ("nt", "ntriples"), ("rdf", "rdfxml"), ("nq", "nquads")]
)
def test_rapper_reads_a_dump(site: str, truth: Store, suffix: str, syntax: str) -> None:
    wanted = int(next(iter(truth.query(ONE_GRAPH)))["n"].value)
    assert triples("-i", syntax, f"{site}dumps/kazakhstan.{suffix}") == wanted


@pytest.mark.needs("rapper")
def test_rapper_guesses_what_stands_behind_an_identifier(site: str) -> None:
    followed = triples("-g", f"{site}id/kazakhstan")
    assert followed == triples("-i", "rdfxml", f"{site}doc/kazakhstan.rdf") > 100


@pytest.mark.needs("roqet")
def test_roqet_asks_the_endpoint(endpoint: str, rows: list) -> None:
    printed = output_of("roqet", "-q", "-p", endpoint, "-e", CLAIMS, "-r", "csv")
    assert printed.split() == ["c", *(iri for iri, _ in rows[:3])]


@pytest.mark.needs("roqet", "curl")
@pytest.mark.parametrize(
    ("accept", "syntax"),
    [("application/sparql-results+xml", "xml"), ("text/csv", "csv"), ("text/tab-separated-values", "tsv")],
)
def test_roqet_reads_our_results(endpoint: str, rows: list, tmp_path: Path, accept: str, syntax: str) -> None:
    file = tmp_path / "rows"
    output_of(
        "curl", "-sSf", "-H", f"Accept: {accept}", "--data-urlencode", f"query={CLAIMS}", "-o", file, endpoint
    )
    printed = output_of("roqet", "-q", "-t", file, "-R", syntax, "-r", "csv")
    assert printed.split() == ["c", *(iri for iri, _ in rows[:3])]
