"""The official shapes of DCAT-AP 3.0.1: the catalogue conforms, by both engines, at any size."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from catalogue_support import SITE, catalogue_quads, generated_manifest, official_shapes, triples_of
from pyoxigraph import NamedNode, Triple

from sauran.kg.describe.catalogue import catalogue_slugs, dataset_quads, page_quads
from sauran.kg.describe.catalogue.terms import DCAT
from sauran.kg.model.findings import Finding, Severity
from sauran.kg.model.namespaces import RDF
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.release.release import Release
from sauran.kg.validate.engines import ENGINES
from sauran.kg.validate.rust_engine import NAME as FAST

pytestmark = pytest.mark.needs("shared")
MUST = ["dcat-ap-SHACL.ttl", "split-shapes.ttl", "split-range.ttl"]
EU = "http://data.europa.eu/r5r#"
BOTH = [FAST, "pyshacl"]


def findings_of(data: Sequence[Triple], shapes: Sequence[Triple], engine: str) -> list[Finding]:
    return ENGINES[engine](data, TripleIndex(shapes), language="en", most=10_000)


def pages(count: int, size: int) -> Iterator[list[Triple]]:
    manifest = generated_manifest(count, formats=("turtle",))
    slugs = catalogue_slugs(manifest)
    for start in range(0, len(slugs), size):
        quads = page_quads(manifest, SITE, slugs[start : start + size], {"d1": ["1.0.0", "2.0.0"]})
        yield [quad.triple for quad in quads]


@pytest.fixture(scope="module")
def ours(briefing: Release) -> list[Triple]:
    versions = {"kazakhstan": ["0.1", "0.2"], "all": ["0.1"]}
    return [quad.triple for quad in catalogue_quads(briefing.manifest, SITE, versions)]


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("name", MUST)
def test_our_publication_conforms(ours: list[Triple], shared: Path, name: str, engine: str) -> None:
    assert findings_of(ours, official_shapes(shared, f"3.0.1/must/{name}"), engine) == []


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("count", [0, 1, 100])
@pytest.mark.slow
def test_generated_publications_conform(shared: Path, count: int, engine: str) -> None:
    (data,) = pages(count, 1000)
    for name in MUST:
        assert findings_of(data, official_shapes(shared, f"3.0.1/must/{name}"), engine) == [], name


@pytest.mark.slow
@pytest.mark.parametrize(("count", "size"), [(500, 125), pytest.param(5000, 1250, marks=pytest.mark.long)])
def test_every_page_of_a_large_catalogue_conforms(shared: Path, count: int, size: int) -> None:
    shapes = {name: official_shapes(shared, f"3.0.1/must/{name}") for name in MUST}
    seen = 0
    for data in pages(count, size):
        seen += sum(t.predicate == RDF["type"] and t.object == DCAT.Dataset for t in data)
        for name, shape in shapes.items():
            assert findings_of(data, shape, FAST) == [], name
    assert seen == count + 1


@pytest.mark.parametrize("engine", BOTH)
def test_one_dataset_alone_conforms(briefing: Release, shared: Path, engine: str) -> None:
    data = [quad.triple for quad in dataset_quads(briefing.manifest, "kazakhstan", SITE)]
    for name in MUST:
        assert findings_of(data, official_shapes(shared, f"3.0.1/must/{name}"), engine) == [], name


@pytest.mark.parametrize("engine", BOTH)
def test_codes_are_of_the_controlled_vocabularies(ours: list[Triple], shared: Path, engine: str) -> None:
    """Two rules cannot be kept: one asks for an IRI that SPDX has not, one for corporate bodies of the EU."""
    shapes = official_shapes(shared, "3.0.1/should/split-mdr-vocabularies.shape.ttl")
    background = triples_of(shared / "data/dcat-ap/background/eu-authority-excerpt.ttl")
    found = findings_of([*ours, *background], shapes, engine)
    paths = {str(finding.path) for finding in found}
    assert {path.strip("<>") for path in paths} == {
        "http://spdx.org/rdf/terms#algorithm",
        "http://purl.org/dc/terms/publisher",
    }
    assert {f.severity for f in found if "publisher" in str(f.path)} == {Severity.WARNING}


def test_recommended_properties_are_there_but_for_those_that_we_know_nothing_of(
    ours: list[Triple], shared: Path
) -> None:
    shapes = official_shapes(shared, "3.0.1/should/split-shapes_recommended.ttl")
    found = findings_of(ours, shapes, FAST)
    assert {f.severity for f in found} == {Severity.WARNING}
    # Older versions are no datasets to be listed: what they lack stands at the dataset.
    missing = {
        (
            str(f.focus.value).removeprefix("https://w3id.org/sauran/"),
            str(f.path).rpartition("/")[2].strip(">"),
        )
        for f in found
        if isinstance(f.focus, NamedNode) and "release/" not in f.focus.value
    }
    assert {pair for pair in missing if "bbox" not in pair[1] and "centroid" not in pair[1]} == {
        ("id/sauran", "type"),
        *((f"record/{slug}", "adms#status") for slug in ("all", "kazakhstan", "reference")),
        ("dataset/all", "temporal"),
        ("dataset/reference", "temporal"),
        ("dataset/kazakhstan#temporal", "dcat#endDate"),
        ("service/validation", "dcat#servesDataset"),
    }


@pytest.mark.parametrize(
    ("subject", "predicate"),
    [
        ("dataset/kazakhstan", "http://purl.org/dc/terms/title"),
        ("distribution/kazakhstan-turtle", "http://www.w3.org/ns/dcat#accessURL"),
        ("service/sparql", "http://www.w3.org/ns/dcat#endpointURL"),
        ("distribution/kazakhstan-turtle#checksum", "http://spdx.org/rdf/terms#checksumValue"),
        ("record/kazakhstan", "http://purl.org/dc/terms/modified"),
    ],
)
@pytest.mark.parametrize("engine", BOTH)
def test_the_shapes_would_notice(
    ours: list[Triple], shared: Path, subject: str, predicate: str, engine: str
) -> None:
    """A canary for each class: what is mandatory is taken away, and is missed."""
    node = NamedNode(f"https://w3id.org/sauran/{subject}")
    data = [t for t in ours if not (t.subject == node and t.predicate.value == predicate)]
    assert len(data) < len(ours)
    found = findings_of(data, official_shapes(shared, "3.0.1/must/split-shapes.ttl"), engine)
    assert {finding.focus for finding in found} == {node}


def test_nothing_claims_to_be_of_high_value(ours: list[Triple]) -> None:
    """Security is none of the six themes of the law, whose shapes would then have to hold."""
    assert not [t for t in ours if "hvdCategory" in t.predicate.value or "Legislation" in t.predicate.value]
