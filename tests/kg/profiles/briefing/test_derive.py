"""The derived graph: only what the author asserts and no note blocks, in plain triples."""

import pytest
from pyoxigraph import NamedNode, Quad

from sauran.kg.loading.content import Content, load_content
from sauran.kg.model.namespaces import RDF, SEC
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.publication.package_paths import packaged_publication
from sauran.kg.publication.publication import load_publication

ID = "https://w3id.org/sauran/id/"
CLAIM = ID + "source/kazakhstan-security/claim/"


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(load_publication(packaged_publication()), derive)


def triple(subject: str, predicate: NamedNode, value: str) -> tuple[NamedNode, NamedNode, NamedNode]:
    return NamedNode(ID + subject), predicate, NamedNode(ID + value)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (triple("kazakhstan", SEC.participatesIn, "sco"), True),
        (triple("united-states", SEC.inTensionWith, "china"), True),
        (triple("china", SEC.inTensionWith, "united-states"), True),
        (triple("infiltration-by-extremist-groups", SEC.affects, "regional-security"), False),
        (triple("kazakhstan", SEC.characterisedAs, "stable-nation"), False),
        (triple("crossroads-position", SEC.involves, "central-asia"), False),
        (triple("kazakhstan", SEC.dependsOn, "russia"), False),
        (triple("kazakhstan", SEC.pursues, "peace"), False),
    ],
    ids=[
        "asserted",
        "symmetric as said",
        "symmetric mirrored",
        "only possible",
        "held by Kazakhstan",
        "inconsistent by note N02",
        "presupposed",
        "contradicted by note N05",
    ],
)
def test_a_triple_is_derived_or_not(
    content: Content, expected: tuple[NamedNode, NamedNode, NamedNode], found: bool
) -> None:
    graph = content.publication.dataset("kazakhstan").derived_graph
    assert (Quad(*expected, graph) in set(content.derived["kazakhstan"])) is found


def test_each_claim_that_derives_says_so_and_gives_its_triple(content: Content) -> None:
    quads = content.derived["kazakhstan"]
    claims = {q.subject for q in quads if q.predicate == SEC.derives}
    said = {(q.subject, q.predicate): q.object for q in content.datasets["kazakhstan"]}
    derived = {(q.subject, q.predicate, q.object) for q in quads}
    for claim in claims:
        assert (said[claim, RDF.subject], said[claim, RDF.predicate], said[claim, RDF.object]) in derived
    assert len(claims) == 105


def test_reference_derives_nothing(content: Content) -> None:
    assert content.derived["reference"] == []
