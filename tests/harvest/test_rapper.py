"""Raptor, the RDF parser of the C world, reads everything that is RDF here, by its media type."""

import subprocess
import urllib.request

import pytest
from pyoxigraph import RdfFormat, parse

pytestmark = [pytest.mark.slow, pytest.mark.needs("rapper")]

FORMS = {"ttl": "turtle", "rdf": "rdfxml", "nt": "ntriples"}
DESCRIPTIONS = ("catalogue", "ontology", "shapes")


def triples(address: str, form: str) -> set[str]:
    """What rapper makes of an address, as lines; nothing may be wrong with it, not even a warning."""
    result = subprocess.run(
        ["rapper", "--input", form, "--output", "ntriples", address],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    told = [line for line in result.stderr.splitlines() if "Error" in line or "Warning" in line]
    assert (result.returncode, told) == (0, []), result.stderr
    # raptor writes letters beyond ASCII as escapes: read by a parser, they are the same again.
    return {str(quad.triple) for quad in parse(result.stdout, format=RdfFormat.N_TRIPLES)}


@pytest.fixture(scope="module")
def catalogue(site: str) -> set[str]:
    """The triples of the catalogue, read by another parser."""
    with urllib.request.urlopen(f"{site}catalogue.nt") as answer:
        return {str(quad.triple) for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_of_the_catalogue_says_the_same(site: str, catalogue: set[str], suffix: str) -> None:
    assert triples(f"{site}catalogue.{suffix}", FORMS[suffix]) == catalogue
    assert len(catalogue) > 2000


def test_the_catalogue_is_read_by_negotiation(site: str, catalogue: set[str]) -> None:
    assert triples(f"{site}catalogue", "guess") == catalogue


@pytest.mark.parametrize("path", [".well-known/void", "dataset/kazakhstan", "ontology", "shapes"])
def test_what_describes_is_read_by_negotiation(site: str, path: str) -> None:
    assert len(triples(site + path, "guess")) > 20


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("dump", ["kazakhstan", "reference", "ontology", "shapes"])
def test_every_dump_says_what_its_n_triples_say(site: str, dump: str, suffix: str) -> None:
    with urllib.request.urlopen(f"{site}dumps/{dump}.nt") as answer:
        whole = {str(quad.triple) for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)}
    assert triples(f"{site}dumps/{dump}.{suffix}", FORMS[suffix]) == whole
