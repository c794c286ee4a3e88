"""Each example passes, or fails by its rule alone; each rule has both kinds."""

import re

import pyoxigraph as ox
import pytest
from shape_examples import (
    FOLDER,
    TARGETS,
    Example,
    Outcome,
    common,
    examples,
    in_processes,
    name_of,
    outcome,
    shapes,
)

from sauran.kg.model.namespaces import RDF, SH
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.paths import path_text
from sauran.kg.validate.pyshacl_engine import validate

GOOD = [name for name, example in examples().items() if not example.is_bad]
BAD = [name for name, example in examples().items() if example.is_bad]
# Rules that forbid a property: a good example meets them by not having it.
FORBIDDING = {"no-domain-or-range", "no-source-text"}


@pytest.fixture(scope="session")
def outcomes() -> dict[str, Outcome]:
    names = list(examples())
    return dict(zip(names, in_processes(outcome, names), strict=True))


def test_common_triples_conform() -> None:
    assert validate(common(), shapes().triples).findings == ()


@pytest.mark.parametrize("name", GOOD)
def test_good_example_conforms(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].found == frozenset()


@pytest.mark.parametrize("name", BAD)
def test_bad_example_is_rejected_by_its_rule_alone(name: str, outcomes: dict[str, Outcome]) -> None:
    example = examples()[name]
    assert example.expected, f"{example.path}: write a line # expect: <rule> <node> <message>"
    assert outcomes[name].found == example.expected


@pytest.mark.parametrize("name", BAD)
def test_bad_example_is_named_after_its_rule(name: str) -> None:
    example = examples()[name]
    (rule,) = example.rules
    assert re.fullmatch(rf"bad-{re.escape(rule)}(-[a-z0-9-]+)?", example.path.stem)


def test_every_constraint_component_of_every_rule_has_a_bad_example(outcomes: dict[str, Outcome]) -> None:
    wanted = {
        (slug, _component(parameter.predicate))
        for slug, shape in shapes().rules.items()
        for parameter in shapes().parameters(shape, links=False)
    }
    seen = {pair for name in BAD for pair in outcomes[name].pairs}
    assert len(wanted) > 100
    assert wanted - seen == set()


def _component(parameter: ox.NamedNode) -> str:
    name = name_of(parameter)
    return ("SPARQL" if name == "sparql" else name[0].upper() + name[1:]) + "ConstraintComponent"


def test_every_target_is_met_by_a_good_example() -> None:
    graph = _good_graph()
    unmet = [
        (name_of(shape), str(value))
        for shape in shapes().targeted
        for target in TARGETS
        for value in shapes().values(shape, target)
        if not graph.query(f"ASK {{ {_pattern(target, value)} }}")
    ]
    # A good example cannot have what the rule forbids.
    assert {shape for shape, _ in unmet} <= {"SourceTextShape"}
    assert len(unmet) <= 3


@pytest.mark.parametrize("slug", sorted(shapes().rules))
def test_rule_is_met_by_a_good_example(slug: str) -> None:
    shape = shapes().rules[slug]
    paths = shapes().values(shape, SH.path)
    owners = [s for s in shapes().targeted if shape in shapes().reach(s)]
    assert owners
    graph = _good_graph()
    if paths and slug not in FORBIDDING:
        path = path_text(_shapes_index(), paths[0])
        path = path if path.startswith(("<", "(", "^")) else f"<{path}>"
        # A rule inside a rule about other nodes: its own path is enough.
        assert graph.query(f"ASK {{ ?this {path} ?value }}")
    assert any(
        graph.query(f"ASK {{ {_pattern(target, value)} }}")
        for owner in owners
        for target in TARGETS
        for value in shapes().values(owner, target)
    )


def _good_graph() -> ox.Store:
    """The good examples alone, so that what is met is theirs; with the classes and concepts of common.ttl."""
    store = ox.Store()
    own = [triple for name in GOOD for triple in examples()[name].triples]
    classes = [t for t in common() if name_of(t.predicate) == "subClassOf"]
    shared = [t for t in common() if str(t.subject).startswith("<https://w3id.org/sauran/id/scheme/")]
    # Rules about all data hang on the node of the ontology, which is not among the examples.
    home = ox.Triple(ox.NamedNode("https://w3id.org/sauran/ontology"), RDF.type, ox.NamedNode("urn:home"))
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in (*own, *classes, *shared, home))
    return store


def _shapes_index() -> TripleIndex:
    return TripleIndex(shapes().triples)


def _pattern(target: ox.NamedNode, value: object) -> str:
    if target == SH.targetClass:
        return (
            f"?this <{RDF.type.value}>/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* {value} ."
            f" FILTER(!STRSTARTS(STR(?this), 'https://w3id.org/sauran/id/scheme/')"
            f" || CONTAINS(STR({value}), 'skos/core#'))"
        )
    if target == SH.targetNode:
        return f"{value} ?property ?object"
    return f"?this {value} ?object" if target == SH.targetSubjectsOf else f"?subject {value} ?this"


def test_examples_are_there() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {"claims", "entities", "labels", "notes", "terms", "texts", "times"}
    assert len(GOOD) > 20
    assert len(BAD) > 150


def test_a_wrong_expectation_is_noticed() -> None:
    """The canary: the comparison is not vacuous."""
    example = examples()["claims/bad-claim-derives"]
    wrong = Example(example.path, frozenset({("claim-derives", "<urn:x>", "")}), example.triples)
    assert outcome(example.name).found != wrong.expected
